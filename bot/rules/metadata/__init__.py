"""Rules about what an add-on says of itself."""
