"""Where knowledge of Blender's Python API comes from."""
