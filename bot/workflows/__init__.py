"""The workflows `bot init` writes: templates, what each of their permissions is for, and how they are filled in."""
