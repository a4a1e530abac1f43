"""Exceptions: those raised, those Blender only prints, and what is told of them."""
