"""One file per validator: what it sees of a tree, always compared with the baseline."""
