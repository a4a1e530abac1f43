"""A second, slower look at the best candidates: one protocol, one file per kind of model."""
