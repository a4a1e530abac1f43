"""What models answered, read leniently into values; nothing of it is believed. No I/O."""
