"""Files for operators to read: small ones, one of each format."""
