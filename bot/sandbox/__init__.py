"""Where code from strangers runs."""
