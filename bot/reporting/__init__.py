"""A report made into what people and tools read."""
