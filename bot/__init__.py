"""bcrag: the repair bot for Blender add-ons."""

__version__ = "0.1.0"
