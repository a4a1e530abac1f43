"""Text from outside made into requests and faults; no I/O."""
