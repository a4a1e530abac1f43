"""What every script defines at its beginning, for the other parts to use."""

from __future__ import annotations

ADDON = ""
"""The add-on's folder, or its one file, in the repository."""
FAULTY = ""
"""The file, in the repository, the exception is raised in: by it the repository is known."""
NAME = ""
"""What the add-on's folder has to be called."""
MODULE = ""
"""The name Blender enables it by."""
EXPECTED = ("", "", 0)
"""The exception's type, the file and the line it is raised at; no file: anywhere."""
RELEASE = (0, 0)
"""The Blender it was seen in."""
FOLDER = ""
"""Everything a user would have, made anew."""
TMP = ""
"""An empty folder in it."""
PRINTED = False
"""Blender only prints what is raised."""
