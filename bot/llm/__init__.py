"""Models: one small protocol, and what stands between a step's question and an endpoint."""
