"""Whether an exception is a fault of the add-on, or of the way it was tried."""
