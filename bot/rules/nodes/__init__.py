"""Shader nodes and node groups."""
