"""A fault that was seen in Blender, as a script that shows it by itself, and as a test."""
