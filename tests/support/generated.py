"""Small repositories of every shape, for property-based tests."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from repositories import Repository

INFO = 'bl_info = {"name": "Generated", "blender": (4, 2, 0), "category": "Object"}\n'
_NAMES = st.one_of(
    st.sampled_from(["a", "math", "bpy", "-x", "class", "my add-on", "é", "2.80", "C:", "back\\slash", '"q"', "n\nl"]),
    st.text(st.characters(blacklist_characters="/\0", codec="utf-8"), min_size=1, max_size=12),
).filter(lambda name: not name.startswith(".") and "git~" not in name.lower())
"""Git refuses names that could be its own folder on some file system."""
_ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])
_LINES = st.lists(
    st.one_of(
        st.sampled_from(["x = 1", "import bpy", "\tif 1:", "def f(:", "s = 'é'", "# coding: latin-1", "\x0c", ""]),
        st.text(st.characters(blacklist_characters="\0", codec="utf-8"), max_size=20),
    ),
    max_size=6,
)  # fmt: skip
_CODES = st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])


@st.composite
def texts(draw: st.DrawFn, head: str = "") -> bytes:
    """A file: lines in some encoding, with some line ends, or any bytes at all."""
    if not head and draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=80))
    ending = draw(_ENDINGS)
    text = ending.join([*head.splitlines(), *draw(_LINES)]) + draw(st.sampled_from(["", ending]))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])) if head else draw(_CODES), "replace")


@dataclass(frozen=True)
class Plan:
    """What a repository holds: files and links of the last commit, and what became of them since."""

    addon: str
    files: dict[str, bytes]
    links: dict[str, str] = field(default_factory=dict)
    changed: dict[str, bytes | None] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()
    detached: bool = False

    def make(self, root: Path) -> Repository:
        """The repository, with its changes not committed."""
        repository = Repository(root)
        for path, data in self.files.items():
            repository.write(path, data)
        for path in self.executable:
            (root / path).chmod(0o755)
        for path, target in self.links.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
        repository.git("-c", "core.autocrlf=false", "add", "-A", "-f")
        repository.git("commit", "-q", "-m", "Start")
        if self.detached:
            repository.git("checkout", "-q", "--detach")
        for path, changed in self.changed.items():
            (root / path).unlink() if changed is None else repository.write(path, changed)
        return repository


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A repository with exactly one add-on: a file, a folder, or the repository itself."""
    shape = draw(st.sampled_from(["file", "folder", "root", "below"]))
    name = draw(_NAMES)
    addon = {"file": f"{name}.py", "folder": name, "root": ".", "below": f"source/{name}"}[shape]
    main = addon if shape == "file" else os.path.normpath(f"{addon}/__init__.py")
    files = {main: draw(texts(INFO))}
    inside = "" if shape in ("file", "root") else addon + "/"
    for other in draw(st.lists(_NAMES, max_size=4, unique=True)):
        files.setdefault(f"{inside}{other}.py" if shape != "file" else f"other/{other}.txt", draw(texts()))
    links = {
        f"{inside}link{number}.py": target
        for number, target in enumerate(
            draw(st.lists(st.sampled_from(["/etc/passwd", "..", ".", "no", "__init__.py", "link0.py"]), max_size=3))
        )
    }
    changed = draw(st.dictionaries(st.sampled_from(sorted(files)), st.one_of(st.none(), texts()), max_size=2))
    executable = draw(st.frozensets(st.sampled_from(sorted(files)), max_size=1))
    return Plan(addon, files, links, changed, executable, draw(st.booleans()))
