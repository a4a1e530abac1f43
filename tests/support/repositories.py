"""Real git repositories for tests, made on the spot."""

from __future__ import annotations

import subprocess
from pathlib import Path

PANEL = '''"""Panels."""

import bpy


class HELLO_PT_panel(bpy.types.Panel):
    """Says hello."""

    bl_idname = "HELLO_PT_panel"
    bl_label = "Hello"

    def draw(self, context):
        self.layout.label(text="hello")
        self.layout.operator("hello.say")

    def poll_it(self, context):
        return context.object is not None
'''
TOOLS = '''"""Tools."""


def smooth(mesh):
    """Smooth a mesh."""
    for polygon in mesh.polygons:
        polygon.use_smooth = True


def unwrap(context):
    """Unwrap what is selected."""
    raise RuntimeError("nothing selected")
'''
README = "# Hello\n\nAn add-on that says hello.\n\n## Usage\n\nOpen the sidebar.\n"


class Repository:
    """A folder under git."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """What a git command prints."""
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"]
        command = ["git", "-C", str(self.root), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def commit(self, message: str = "Change") -> str:
        """Commit everything; returns the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def addon(root: Path) -> Repository:
    """A small add-on with one commit."""
    repository = Repository(root)
    repository.write("hello/__init__.py", PANEL)
    repository.write("hello/tools.py", TOOLS)
    repository.write("README.md", README)
    repository.commit("Start")
    return repository
