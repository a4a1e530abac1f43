"""What a real Blender says about its API, and what a stranger's file may not say."""

from __future__ import annotations

import inspect
import json
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blender.base import Runtime
from indexer.blender_api import inside, introspection
from indexer.blender_api.described import ApiSymbol, Parameter
from indexer.blender_api.introspection import introspect, load, parse, plain_text, read, written
from indexer.errors import IndexerError, MissingError, UsageError

SMALL: dict[str, Any] = {
    "format": inside.FORMAT,
    "release": "4.5",
    "version": "4.5.1",
    "enums": [[["MESH", "Mesh", "Made of faces"], ["LIGHT", "Light", ""]]],
    "symbols": {
        "bpy.types": {"kind": "module"},
        "bpy.types.Lamp": {"kind": "class", "text": "A lamp", "bases": ["bpy.types.ID"]},
        "bpy.types.Lamp.kind": {"kind": "readonly", "readonly": True, "enum": 0, "default": "'MESH'", "type": "str"},
        "bpy.types.Lamp.watt": {"kind": "property", "readonly": False, "hard": [0, None], "deprecated": "Since 5.0"},
        "bpy.types.Lamp.aim": {
            "kind": "method",
            "parameters": [
                {"name": "at", "keyword_only": False},
                {"name": "speed", "keyword_only": True, "default": "1.0"},
            ],
        },
        "mathutils.cross": {"kind": "function", "text": ".. function:: cross(a, b, /)\n\nThe product.\n\n:arg a: One."},
    },
}


def written_to(folder: Path, data: object, name: str = "4.5-4.5.1.introspected.v1.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data))
    return path


def test_a_file_is_read_back_as_symbols(tmp_path: Path) -> None:
    found = read(written_to(tmp_path, SMALL))
    kind, watt, aim = (found[f"bpy.types.Lamp.{name}"] for name in ("kind", "watt", "aim"))
    assert [item.identifier for item in kind.enum] == ["MESH", "LIGHT"] and kind.enum[0].text == "Made of faces"
    assert (kind.readonly, watt.readonly, watt.minimum, watt.maximum) == (True, False, 0, None)
    assert watt.deprecated == "Since 5.0"
    assert aim.signature == "at, *, speed=1.0"
    assert (found["mathutils.cross"].signature, found["mathutils.cross"].text) == ("a, b, /", "The product.")
    assert {symbol.source for symbol in found.values()} == {"introspection"}


def changed(path: str, value: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(SMALL))
    *above, last = path.split("/")
    place: Any = data
    for name in above:
        place = place[name]
    place[last] = value
    return data


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        {},
        changed("format", 99),
        changed("release", "../../x"),
        changed("version", "4.5"),
        changed("enums", {}),
        changed("enums", [[["only one"]]]),
        changed("symbols", []),
        changed("symbols", {}),
        changed("symbols/bpy.types.Lamp", {"kind": "weapon"}),
        changed("symbols/bpy.types.Lamp", []),
        changed("symbols/__import__('os')", {"kind": "class"}),
        changed("symbols/bpy.types.Lamp.kind/enum", 7),
        changed("symbols/bpy.types.Lamp.kind/enum", -1),
        changed("symbols/bpy.types.Lamp.kind/enum", True),
        changed("symbols/bpy.types.Lamp.kind/readonly", "yes"),
        changed("symbols/bpy.types.Lamp.kind/text", 5),
        changed("symbols/bpy.types.Lamp.watt/hard", ["a", "b"]),
        changed("symbols/bpy.types.Lamp.watt/hard", 3),
        changed("symbols/bpy.types.Lamp.aim/parameters", [{"keyword_only": True}]),
        changed("symbols/bpy.types.Lamp.aim/parameters", [{"name": "x"}] * 1_000),
    ],
)
def test_a_file_of_another_shape_is_a_clear_error(tmp_path: Path, data: object) -> None:
    with pytest.raises(IndexerError, match="no description of Blender's API") as caught:
        read(written_to(tmp_path, data))
    assert caught.value.cure


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
places = st.sampled_from(
    [
        *SMALL,
        *(f"symbols/{symbol}" for symbol in SMALL["symbols"]),
        *(f"symbols/{symbol}/{key}" for symbol, fields in SMALL["symbols"].items() for key in fields),
    ]
)


@given(places, json_values)
def test_any_content_is_symbols_or_one_of_three_errors(place: str, value: object) -> None:
    try:
        found = parse(json.dumps(changed(place, value)).encode())
    except (ValueError, LookupError, TypeError):
        return
    else:
        assert all(isinstance(symbol, ApiSymbol) for symbol in found.values())


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(introspection.MAX_BYTES + 1)
    with pytest.raises(IndexerError, match="far too large"):
        read(path)


def test_the_newest_of_a_release_is_loaded_and_damaged_ones_are_passed_over(tmp_path: Path) -> None:
    assert load("4.5", tmp_path) is None
    written_to(tmp_path, SMALL)
    newer = changed("symbols/bpy.types.New", {"kind": "class"})
    written_to(tmp_path, newer | {"version": "4.5.15"}, "4.5-4.5.15.introspected.v1.json")
    (tmp_path / "4.5-4.5.99.introspected.v1.json").write_text("{")
    found = load("4.5", tmp_path)
    assert found is not None and "bpy.types.New" in found
    assert load("4.4", tmp_path) is None


@pytest.mark.parametrize("release", ["", "4", "4.5.1", "../4.5", "*"])
def test_what_is_no_release_is_refused(tmp_path: Path, release: str) -> None:
    with pytest.raises(UsageError):
        load(release, tmp_path)


parameters = st.builds(
    Parameter,
    name=st.from_regex(r"[a-z]{1,6}", fullmatch=True),
    default=st.none() | st.sampled_from(["1", "'x'", "()"]),
)


@given(st.lists(parameters, max_size=3), st.lists(parameters, max_size=3), st.lists(parameters, max_size=3))
def test_a_written_signature_is_python(places: list[Parameter], free: list[Parameter], named: list[Parameter]) -> None:
    one = [replace(p, name=f"a{i}", default="0", positional_only=True) for i, p in enumerate(places)]
    two = [replace(p, name=f"b{i}", default="0") for i, p in enumerate(free)]
    three = [replace(p, name=f"c{i}", keyword_only=True) for i, p in enumerate(named)]
    scope: dict[str, Any] = {}
    exec(f"def f({written([*one, *two, *three])}): pass", scope)
    found = list(inspect.signature(scope["f"]).parameters.values())
    kinds = (
        [inspect.Parameter.POSITIONAL_ONLY] * len(one)
        + [inspect.Parameter.POSITIONAL_OR_KEYWORD] * len(two)
        + [inspect.Parameter.KEYWORD_ONLY] * len(three)
    )
    assert [p.kind for p in found] == kinds


def test_descriptions_lose_their_markup() -> None:
    assert plain_text(".. method:: f(x)\n\n   Turn :class:`~bpy.types.Lamp` off.\n\n   :arg x: No.") == (
        "Turn bpy.types.Lamp off."
    )


def test_a_program_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be started"):
        introspect(tmp_path / "bin" / "python", tmp_path)


def test_a_python_without_blender_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot import bpy") as caught:
        introspect(Path(sys.executable), tmp_path)
    assert "install bpy" in caught.value.cure


def program(folder: Path, text: str) -> Path:
    path = folder / "blender"
    path.write_text(f"#!{sys.executable}\nimport sys, os, time, json\nout = sys.argv[-1]\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_blender_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introspection, "SECONDS", 1)
    with pytest.raises(IndexerError, match="longer than 1 s"):
        introspect(program(tmp_path, "time.sleep(60)"), tmp_path / "cache")


def test_a_blender_that_writes_nonsense_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(IndexerError, match="makes no sense"):
        introspect(program(tmp_path, "open(out, 'w').write('{}')"), tmp_path / "cache")
    assert not (tmp_path / "cache").exists() or list((tmp_path / "cache").iterdir()) == []


def test_a_blender_sees_nothing_of_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAG_SECRET", "x")
    seen = tmp_path / "seen.json"
    asked = program(tmp_path, f"json.dump(dict(os.environ), open({str(seen)!r}, 'w')); sys.exit(3)")
    with pytest.raises(IndexerError, match="status 3"):
        introspect(asked, tmp_path / "cache")
    environment = json.loads(seen.read_text())
    assert "BCRAG_SECRET" not in environment and "DISPLAY" not in environment
    assert environment["HOME"] != str(Path.home())


def test_a_real_blender_describes_its_own_api(runtime: Runtime, tmp_path: Path) -> None:
    found = introspect(runtime.path, tmp_path)
    assert len(found) > 15_000
    kind = found["bpy.types.Object.type"]
    assert kind.readonly and {"MESH", "LIGHT", "CAMERA"} <= {item.identifier for item in kind.enum}
    lens = found["bpy.types.Camera.lens"]
    assert (lens.default, lens.minimum, lens.ui_name, lens.readonly) == ("50.0", 1.0, "Focal Length", False)
    cube = found["bpy.ops.mesh.primitive_cube_add"]
    assert cube.ui_name == "Add Cube" and {one.name for one in cube.parameters} >= {"size", "align", "location"}
    label = {one.name: one for one in found["bpy.types.UILayout.label"].parameters}
    assert label["text"].keyword_only and len(label["icon"].enum) > 500
    assert "bpy.types.Mesh.name" not in found and "bpy.types.ID.name" in found  # each with its own class
    assert introspect(runtime.path, tmp_path) == found
    assert load(str(runtime.release), tmp_path) == found
    assert len(list(tmp_path.iterdir())) == 1
