"""What came to Blender with its Python and NumPy."""
