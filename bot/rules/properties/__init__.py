"""Rules about how properties are defined."""
