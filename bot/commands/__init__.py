"""One function per command of `bot`."""
