"""The pages of `docs/` that are made from the code: `python -m bot.pages --write`.

A test compares them with the files, so that neither can drift.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel

COMMAND = "python -m bot.pages --write"
DOCS = Path(__file__).resolve().parent.parent / "docs"

_MADE = f"<!-- Made by `{COMMAND}`; do not edit. -->\n\n"

_CONFIG = """# Configuration

`bcrag.toml` in the root of the repository, or `[tool.bcrag]` in its `pyproject.toml`. A flag wins over the environment,
the environment over the file, the file over the default. An unknown key is an error that names the nearest one.

Keys marked *machine* decide what runs on your machine: a repository may not set them (a stranger can commit a file
there). They go into `config.toml` in your own configuration folder (`~/.config/bcrag/` on Linux), into the
environment, or on the command line.

`github.labels` is the key `labels` of the table `[github]`, and so are the others that begin like it: they say what the
bot does on GitHub. There they count as they stand on the default branch, whatever a proposed change makes of them.

A *scenario* says what an add-on has to do, and is held against it before and after a repair, in each Blender that is
run. Its script is run in Blender's own default scene over the add-on, which was just enabled; it fails by what it
raises, or by what is not there afterwards. Repeat the table for another one:

```toml
[[scenario]]
name = "grid"
script = "scenarios/grid.py"
objects = ["Grid"]
vertices = { Grid = 2304 }
files = ["grid.obj"]
render = "scenarios/grid.png"
```

While there is no such picture in the repository, nothing is compared: look at what a run puts into its folder
`scenarios/`, and commit that under the name you gave if it is what you want.

| key | environment | default | what it is |
|---|---|---|---|
"""


def pages() -> Mapping[str, str]:
    """Every generated page, by its path below `docs/`."""
    from bot.evaluation.definitions import page as evaluation
    from bot.patterns.page import page as patterns
    from bot.rules import pages as rules

    return {
        "cli.md": cli_page(),
        "config.md": config_page(),
        "eval.md": _MADE + evaluation(),
        "patterns.md": _MADE + patterns(),
        **{f"rules/{name}": text for name, text in rules.pages().items()},
    }


def config_page() -> str:
    """`docs/config.md`, from the settings' own descriptions."""
    from pydantic import BaseModel

    from bot.settings import MACHINE_ONLY_KEYS, Settings

    rows = []
    for key, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            for inner, each in type(field.default).model_fields.items():
                rows.append(_row(f"{key}.{inner}", f"{key}__{inner}", each.default, each.description))
            continue
        if (listed := _listed(field.annotation)) is not None:
            rows.append(_row(key, key, field.default, field.description))
            for inner, each in listed.model_fields.items():
                rows.append(f"| `{key}.{inner}` | — | {_value(each.default)} | {each.description} |\n")
            continue
        machine = "*machine*. " if key in MACHINE_ONLY_KEYS else ""
        rows.append(_row(key, key, field.default, f"{machine}{field.description}"))
    return _MADE + _CONFIG + "".join(rows)


def _listed(annotation: Any) -> type[BaseModel] | None:
    """What each entry of a list of tables is; none for other keys."""
    from pydantic import BaseModel

    inner = get_args(annotation)[:1]
    return inner[0] if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel) else None


def _row(key: str, variable: str, default: object, description: str | None) -> str:
    return f"| `{key}` | `BCRAG_{variable.upper()}` | {_value(default)} | {description} |\n"


def cli_page() -> str:
    """`docs/cli.md`, from the commands' own help."""
    import typer.main

    from bot.cli import EPILOG, app
    from indexer.cli import app as index

    group: Any = typer.main.get_command(app)
    parts = [_MADE, "# Commands\n\n", f"{EPILOG}\n"]
    parts += _commands(group, "bot")
    group = typer.main.get_command(index)
    parts += ["\n# The index\n\n", f"{_help(group)}\n"]
    parts += _commands(group, "indexer")
    return "".join(parts).rstrip() + "\n"


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        full = f"{path} {name}"
        yield f"\n## `{full}`\n\n{_help(command)}\n"
        if getattr(command, "commands", None):
            yield from _commands(command, full)
        else:
            yield from _parameters(command)


def _help(command: Any) -> str:
    """A command's help; its examples, indented in the terminal, as one block of code."""
    text = (command.help or "").strip()
    if "\b\n" in text:
        return "\n\n".join(
            f"```text\n{part.removeprefix(chr(8)).strip()}\n```" if part.startswith("\b") else part
            for part in text.split("\n\n")
        )
    before, separator, after = text.partition("Examples:")
    if not separator:
        return str(text)
    examples = "\n".join(line.strip() for line in after.splitlines() if line.strip())
    return f"{before.strip()}\n\n```text\n{examples}\n```"


def _parameters(command: Any) -> Iterator[str]:
    shown = [one for one in command.params if one.name != "help" and not getattr(one, "hidden", False)]
    if shown:
        yield "\n| | |\n|---|---|\n"
    for parameter in shown:
        name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
        value = f" {parameter.metavar}" if parameter.metavar and parameter.metavar != name else ""
        yield f"| `{f'{name}{value}'.replace('|', chr(92) + '|')}` | {parameter.help} |\n"


def _value(default: object) -> str:
    if default is None or default == ():
        return "—"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"


def main() -> None:
    """Write the pages, or with no argument say which ones differ."""
    found = pages()
    if "--write" in sys.argv[1:]:
        for old in (DOCS / "rules").glob("*.md"):
            if f"rules/{old.name}" not in found:
                old.unlink()
        for name, text in found.items():
            path = DOCS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return
    stale = [name for name, text in found.items() if not (DOCS / name).exists() or (DOCS / name).read_text() != text]
    sys.stdout.write("".join(f"docs/{name} is out of date\n" for name in stale))
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
