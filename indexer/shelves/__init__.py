"""Where indexes are kept: one protocol, one file per kind of place."""
