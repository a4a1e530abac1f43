"""The steps of a run, one file each; every one is a function of values."""
