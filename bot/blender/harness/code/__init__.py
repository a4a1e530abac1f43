"""The code of the add-on: where it lies, its classes, its functions, which of its lines ran."""
