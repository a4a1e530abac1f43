"""Templates of prompts: a Markdown file each, whose version goes into the bill and the key of its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as _Template

_HEAD = re.compile(r"\A---\n(?P<head>.*?)\n---\n\n*# System\n\n*(?P<system>.*?)\n# User\n\n*(?P<user>.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Template:
    """One prompt: what the model is (system), and what it is asked (user), with `$names` to be filled.

    `shape` is one line for a person who answers in a model's place.
    """

    name: str
    version: int
    shape: str
    system: str
    user: str

    @property
    def id(self) -> str:
        """`patch/1`: what the bill and the memory of answers know it by."""
        return f"{self.name}/{self.version}"

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """System and user text. What is put in is not looked at again, so that no text can fill another's place.

        Raises:
            KeyError: a value is missing.
        """
        return self._fill(self.system, values), self._fill(self.user, values)

    def _fill(self, text: str, values: Mapping[str, str]) -> str:
        # An empty section leaves no hole; what is put in keeps its own blank lines, since code is matched by them.
        empty = [name for name, value in values.items() if not value.strip()]
        for name in empty:
            text = re.sub(rf"^\$\{{?{name}\}}?[ \t]*\n(?:[ \t]*\n)?", "", f"{text}\n", flags=re.MULTILINE).rstrip("\n")
        return _Template(text).substitute(values).strip() + "\n"


@cache
def template(name: str) -> Template:
    """The template of this name.

    Raises:
        ValueError: its file is not in the form of one.
    """
    text = (files("bot.prompts") / f"{name}.md").read_text("utf-8")
    match = _HEAD.match(text)
    if match is None:
        raise ValueError(f"bot/prompts/{name}.md needs a head between --- lines, then # System and # User")
    head = dict(line.split(": ", 1) for line in match["head"].splitlines())
    return Template(name, int(head["version"]), head["shape"], match["system"].strip(), match["user"].strip())
