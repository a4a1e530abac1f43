"""Type checkers as sensors: one protocol, several checkers, findings that become questions."""
