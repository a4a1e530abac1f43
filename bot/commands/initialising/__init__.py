"""`bot init`: what it asks, what it shows, what it writes, one file each."""
