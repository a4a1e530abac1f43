"""The scenes probes run in, and what is given to operators and functions."""
