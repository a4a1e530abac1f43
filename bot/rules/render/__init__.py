"""Render engines and lights."""
