"""What `bot doctor` looks at, a file for each part of the machine."""
