"""Operators: how they are called."""
