"""Text to vectors: one protocol, one file per kind of model, one explicit registry."""
