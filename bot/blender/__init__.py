"""Real Blenders: finding and installing them, and the harness that runs inside."""
