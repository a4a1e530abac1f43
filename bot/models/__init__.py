"""The frozen values that travel between steps, one file per word of the design."""
