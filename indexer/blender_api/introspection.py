"""What a real Blender says about its own API: enum items, ranges, defaults, what is read-only or deprecated.

`inside.py` is run by the Blender itself and writes one JSON file; here it is started, its file is
checked like any other stranger's, and kept per release and version.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from indexer.blender_api import inside
from indexer.blender_api.described import MAX_TEXT, ApiSymbol, EnumItem, Parameter
from indexer.blender_api.table import EntryKind
from indexer.errors import IndexerError, MissingError, UsageError

SECONDS = 120
"""A Blender needs 1 to 3; a busy machine's first start from a slow disk may need much more."""

MAX_BYTES = 64 * 1024**2
"""A real file has 5 MB."""

MAX_SYMBOLS = 200_000
MAX_ITEMS = 20_000
"""Of one enum; icons, the longest, have about a thousand."""

MAX_PARAMETERS = 500
_MAX_SHORT = 300

_FOLDERS = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "BLENDER_USER_RESOURCES": "user",
    "BLENDER_USER_CONFIG": "user/config",
    "BLENDER_USER_SCRIPTS": "user/scripts",
    "BLENDER_USER_DATAFILES": "user/datafiles",
    "BLENDER_USER_EXTENSIONS": "user/extensions",
}
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_KINDS = frozenset(get_args(EntryKind))
_SYMBOL = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,9}", re.ASCII)
_RELEASE = re.compile(r"\d{1,2}\.\d{1,3}", re.ASCII)
_VERSION = re.compile(r"\d{1,2}\.\d{1,3}\.\d{1,3}", re.ASCII)
_SIGNATURE = re.compile(
    r"^[ \t]*\.\. (?:class)?(?:static)?(?:method|function|class):: *\w[\w.]*\((.*)\)[^)]*$", re.MULTILINE
)
_DIRECTIVE = re.compile(r"^[ \t]*\.\. .*$", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*:\w+[^:\n]*:(?!`)", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`]*)`")

AGAIN = "Delete it and try again."
FAILED = "{executable} did not describe its API. {why}"


def introspect(executable: Path, folder: Path) -> dict[str, ApiSymbol]:
    """Ask a Blender (a `blender` executable, or the Python of an environment with `bpy`) about its API.

    What it said is kept in `folder`, and given back from there the next time. Nothing of an add-on
    or of the user's own Blender is loaded.

    Raises:
        MissingError: the executable cannot be started, or has no Blender.
        IndexerError: it does not answer in time, or with what cannot be read.
    """
    version = known_version(executable)
    if version is not None:
        for path in folder.glob(f"*-{version}.introspected.v{inside.FORMAT}.json"):
            with contextlib.suppress(IndexerError):
                return read(path)
    path = _store(_run(executable), folder)
    return read(path)


def load(release: str, folder: Path) -> dict[str, ApiSymbol] | None:
    """What the newest Blender of a release said when it was asked; null if none was.

    Raises:
        UsageError: that is no release.
    """
    if not _RELEASE.fullmatch(release):
        raise UsageError(f"{release!r} is no Blender release.", "Write it as 4.5.")
    found = folder.glob(f"{release}-*.introspected.v{inside.FORMAT}.json")
    for path in sorted(found, key=_age, reverse=True):
        with contextlib.suppress(IndexerError):
            return read(path)
    return None


def known_version(executable: Path) -> str | None:
    """The version of a Blender (`4.5.15`), as far as it can be known without starting it."""
    if is_blender(executable):
        return None
    environment = executable.parent.parent
    for pattern in ("lib/python*/site-packages", "Lib/site-packages"):
        for info in sorted(environment.glob(f"{pattern}/bpy-*.dist-info")):
            version = info.name.removeprefix("bpy-").removesuffix(".dist-info")
            if _VERSION.fullmatch(version):
                return version
    return None


def is_blender(executable: Path) -> bool:
    """Whether it is Blender's own program; else it is a Python that can import `bpy`."""
    return executable.name.lower().startswith("blender")


def read(path: Path) -> dict[str, ApiSymbol]:
    """Read what `inside.py` wrote. Every symbol has `introspection` as its source.

    Raises:
        IndexerError: the file cannot be read, or is not what such a file has to be.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise IndexerError(f"{path.name} is far too large for a description of Blender's API.", AGAIN)
        return parse(path.read_bytes())
    except OSError as error:
        raise IndexerError(f"{path.name} cannot be read: {error.strerror}", AGAIN) from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise IndexerError(f"{path.name} is no description of Blender's API: {error}", AGAIN) from error


def parse(content: bytes) -> dict[str, ApiSymbol]:
    """The symbols of a file's content.

    Raises:
        ValueError, LookupError, TypeError: it is not of the shape that `inside` describes.
    """
    data = json.loads(content)
    if data["format"] != inside.FORMAT:
        raise ValueError(f"its format is {data['format']!r}")
    release, version = _text(data["release"], 20), _text(data["version"], 20)
    if not _RELEASE.fullmatch(release) or not _VERSION.fullmatch(version):
        raise ValueError(f"it is of Blender {version!r}")
    enums = tuple(_items(one) for one in _list(data["enums"], MAX_SYMBOLS))
    symbols = data["symbols"]
    if not isinstance(symbols, dict) or len(symbols) > MAX_SYMBOLS:
        raise ValueError("its symbols are no table, or too many")
    if "bpy.types" not in symbols:
        raise ValueError("bpy.types is missing")
    return {name: _symbol(name, fields, enums) for name, fields in symbols.items()}


# ---------------------------------------------------------------------------------------------- starting


def _run(executable: Path) -> bytes:
    script = str(Path(inside.__file__).resolve())
    with tempfile.TemporaryDirectory(prefix="blender-", ignore_cleanup_errors=True) as scratch:
        out = Path(scratch) / "api.json"
        if is_blender(executable):
            command = [str(executable), "-b", "--factory-startup", "--python", script, "--", str(out)]
        else:
            command = [str(executable), "-I", script, str(out)]
        try:
            done = subprocess.run(
                command,
                cwd=scratch,
                env=_environment(Path(scratch)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise IndexerError(
                FAILED.format(executable=executable, why=f"It took longer than {SECONDS} s."), "Try again later."
            ) from error
        except OSError as error:
            raise MissingError(f"{executable} cannot be started: {error.strerror}", "Name another Blender.") from error
        if "No module named 'bpy'" in done.stderr:
            raise MissingError(
                f"{executable} has no Blender: it cannot import bpy.", f"Install it: {executable} -m pip install bpy"
            )
        if not out.is_file() or out.stat().st_size > MAX_BYTES:
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            why = lines[-1][:_MAX_SHORT] if lines else f"It ended with status {done.returncode}."
            raise IndexerError(
                FAILED.format(executable=executable, why=why), "Does it start by itself? Try: -b --version"
            )
        return out.read_bytes()


def _environment(scratch: Path) -> dict[str, str]:
    """Nothing of the user's: neither settings nor add-ons, nor a display."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    for name, part in _FOLDERS.items():
        folder = scratch / part
        folder.mkdir(parents=True, exist_ok=True)
        environment[name] = str(folder)
    return environment | {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _store(content: bytes, folder: Path) -> Path:
    """Check what came and keep it; another process that reads meanwhile sees the old file or the new one."""
    try:
        parse(content)
        data = json.loads(content)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise IndexerError(f"What Blender said about its API makes no sense: {error}", "Report it, please.") from error
    path = folder / f"{data['release']}-{data['version']}.introspected.v{inside.FORMAT}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".introspected-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise MissingError(
            f"{folder} cannot be written: {error.strerror}", "Free some space, or name another folder."
        ) from error
    return path


def _age(path: Path) -> tuple[int, ...]:
    version = path.name.partition("-")[2].partition(".introspected")[0]
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


# ---------------------------------------------------------------------------------------------- reading


def _symbol(name: str, fields: Mapping[str, Any], enums: Sequence[tuple[EnumItem, ...]]) -> ApiSymbol:
    if not _SYMBOL.fullmatch(name) or len(name) > _MAX_SHORT:
        raise ValueError(f"{name[:80]!r} is no symbol")
    if not isinstance(fields, dict):
        raise ValueError(f"{name} is no table")
    kind: Any = _text(fields["kind"], _MAX_SHORT)
    if kind not in _KINDS:
        raise ValueError(f"{name} is of the kind {kind!r}")
    text = _text(fields.get("text", ""), None)
    parameters = tuple(_parameter(one, enums) for one in _list(fields.get("parameters", []), MAX_PARAMETERS))
    minimum, maximum = _range(fields.get("hard"))
    readonly = fields.get("readonly")
    if readonly is not None and not isinstance(readonly, bool):
        raise ValueError(f"{name} is neither read-only nor not")
    signature = written(parameters)
    if not parameters and (found := _SIGNATURE.search(text)):
        signature = found[1][:MAX_TEXT]
    return ApiSymbol(
        symbol=name,
        kind=kind,
        signature=signature,
        text=plain_text(text),
        type=_text(fields.get("type", ""), _MAX_SHORT),
        default=_optional(fields.get("default")),
        parameters=parameters,
        returns=_text(fields.get("returns", ""), MAX_TEXT),
        enum=_enum(fields.get("enum"), enums),
        minimum=minimum,
        maximum=maximum,
        readonly=readonly,
        deprecated=_text(fields.get("deprecated", ""), MAX_TEXT),
        ui_name=_text(fields.get("ui_name", ""), _MAX_SHORT),
        bases=tuple(_text(base, _MAX_SHORT) for base in _list(fields.get("bases", []), 50)),
        source="introspection",
    )


def _parameter(fields: Mapping[str, Any], enums: Sequence[tuple[EnumItem, ...]]) -> Parameter:
    if not isinstance(fields, dict):
        raise ValueError("a parameter is no table")
    minimum, maximum = _range(fields.get("hard"))
    return Parameter(
        name=_text(fields["name"], _MAX_SHORT),
        type=_text(fields.get("type", ""), _MAX_SHORT),
        default=_optional(fields.get("default")),
        text=_text(fields.get("text", ""), MAX_TEXT),
        keyword_only=fields.get("keyword_only") is True,
        positional_only=fields.get("positional_only") is True,
        enum=_enum(fields.get("enum"), enums),
        minimum=minimum,
        maximum=maximum,
    )


def written(parameters: Sequence[Parameter]) -> str:
    """Parameters as a signature writes them, between the parentheses."""
    parts: list[str] = []
    placed = starred = False
    for parameter in parameters:
        if placed and not parameter.positional_only:
            parts.append("/")
            placed = False
        placed = placed or parameter.positional_only
        if parameter.keyword_only and not starred:
            parts.append("*")
            starred = True
        starred = starred or (parameter.name.startswith("*") and not parameter.name.startswith("**"))
        parts.append(parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}")
    return ", ".join([*parts, "/"] if placed else parts)


def plain_text(text: str) -> str:
    """A docstring's description: what comes before its fields, without directives and roles."""
    body = _DIRECTIVE.sub("", text)
    if found := _FIELD.search(body):
        body = body[: found.start()]
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", _ROLE.sub(r"\1", body)))
    return "\n\n".join(filter(None, paragraphs))[:MAX_TEXT]


def _items(items: Any) -> tuple[EnumItem, ...]:
    found = []
    for item in _list(items, MAX_ITEMS):
        identifier, name, text = item
        found.append(EnumItem(_text(identifier, _MAX_SHORT), _text(name, _MAX_SHORT), _text(text, MAX_TEXT)))
    return tuple(found)


def _enum(place: Any, enums: Sequence[tuple[EnumItem, ...]]) -> tuple[EnumItem, ...]:
    if place is None:
        return ()
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(enums):
        raise ValueError("it names enum items that are not there")
    return enums[place]


def _range(bounds: Any) -> tuple[float | None, float | None]:
    if bounds is None:
        return None, None
    low, high = bounds
    for end in (low, high):
        if end is not None and (isinstance(end, bool) or not isinstance(end, (int, float))):
            raise ValueError("the end of a range is no number")
    return low, high


def _list(value: Any, limit: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > limit:
        raise ValueError("a list is none, or too long")
    return value


def _text(value: Any, limit: int | None) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")
    return value if limit is None else value[:limit]


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value, _MAX_SHORT)
