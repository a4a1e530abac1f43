"""Rules about how an add-on registers its classes."""
