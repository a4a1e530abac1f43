"""One file per command of `indexer`."""
