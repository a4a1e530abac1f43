"""Snippets: code for a task in words, asked of a model, held against the API, run in real Blenders, healed, marked."""
