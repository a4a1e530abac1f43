"""Where an index is kept: one protocol, one file per kind of store."""
