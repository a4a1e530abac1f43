"""Actions and F-Curves."""
