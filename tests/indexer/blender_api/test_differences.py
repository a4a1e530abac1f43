"""What changed between two releases: on small tables, on the real ones, and as a real Blender has it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blender.base import Runtime
from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.differences import Change, about, between, dated, to_dict, to_row
from indexer.blender_api.known_changes import known_changes
from indexer.blender_api.releases import order
from indexer.blender_api.table import ApiTable, Entry
from indexer.errors import UsageError

T = "bpy.types."


def table(release: str, *entries: Entry, items: tuple[tuple[str, ...], ...] = ()) -> ApiTable:
    everything = (Entry("bpy.types", "module"), Entry(f"{T}bpy_struct", "class"), *entries)
    return ApiTable(release, "1", {entry.symbol: entry for entry in everything}, items)


def cls(name: str, *bases: str) -> Entry:
    return Entry(T + name, "class", bases=tuple(T + base for base in bases) or (f"{T}bpy_struct",))


def prop(name: str, text: str = "") -> Entry:
    return Entry(T + name, "property", text)


def only(changes: tuple[Change, ...], symbol: str) -> Change:
    (found,) = [change for change in changes if change.symbol == symbol]
    return found


def test_what_is_gone_is_removed_and_what_is_new_is_added() -> None:
    old = table("4.4", cls("Lamp"), prop("Lamp.watt", "How bright it shines"))
    new = table("4.5", cls("Lamp"), prop("Lamp.zone", "Where in the house it hangs"))
    changes = between(old, new)
    assert {(change.symbol, change.what) for change in changes} == {
        (f"{T}Lamp.watt", "removed"), (f"{T}Lamp.zone", "added"),
    }  # fmt: skip
    gone = only(changes, f"{T}Lamp.watt")
    assert gone.confidence == "certain" and gone.replacement == ""
    assert gone.citations == ("https://docs.blender.org/api/4.4/bpy.types.Lamp.html#bpy.types.Lamp.watt",)


def test_a_member_that_went_to_a_base_class_is_neither_removed_nor_added() -> None:
    old = table("4.4", cls("Light"), cls("Lamp", "Light"), prop("Lamp.watt"))
    new = table("4.5", cls("Light"), cls("Lamp", "Light"), prop("Light.watt"))
    assert [change for change in between(old, new) if change.symbol.startswith(f"{T}Lamp")] == []


def test_a_class_that_lost_a_base_lost_its_members() -> None:
    old = table("4.4", cls("Paint"), prop("Paint.brush"), cls("Sculpt", "Paint"), prop("Sculpt.own"))
    new = table("4.5", cls("Paint"), prop("Paint.brush"), cls("Sculpt"), prop("Sculpt.own"))
    assert [(change.symbol, change.what) for change in between(old, new)] == [(f"{T}Sculpt.brush", "removed")]


def test_nothing_is_claimed_of_a_class_whose_bases_are_not_known() -> None:
    old = table("4.4", cls("Lamp"), prop("Lamp.watt"))
    new = table("4.5", Entry(f"{T}Lamp", "class", bases=("_bpy_types.Elsewhere",)))
    assert between(old, new) == ()


def test_nothing_is_claimed_of_a_class_the_stubs_know_nothing_of() -> None:
    old = table("4.4", cls("Lamp"), prop("Lamp.watt"))
    new = table("4.5", Entry(f"{T}Lamp", "class"))
    assert between(old, new) == ()


def test_a_like_name_with_the_same_description_is_likely_the_new_name() -> None:
    text = "Unique identifier of the data in this session"
    old = table("4.0", cls("Thing"), prop("Thing.session_uuid", text))
    new = table("4.1", cls("Thing"), prop("Thing.session_uid", text), prop("Thing.other", "Something else"))
    change = only(between(old, new), f"{T}Thing.session_uuid")
    assert (change.what, change.replacement, change.confidence) == ("renamed", f"{T}Thing.session_uid", "likely")


def test_what_was_there_before_is_no_replacement() -> None:
    old = table("4.0", cls("Thing"), prop("Thing.use_fast_mode"), prop("Thing.use_fast_modes"))
    new = table("4.1", cls("Thing"), prop("Thing.use_fast_modes"))
    assert only(between(old, new), f"{T}Thing.use_fast_mode").what == "removed"


def test_members_of_a_class_that_is_gone_are_listed_only_when_asked_for() -> None:
    old = table("4.4", cls("Lamp"), prop("Lamp.watt"), cls("Else"))
    new = table("4.5", cls("Else"))
    assert [change.symbol for change in between(old, new)] == [f"{T}Lamp"]
    assert [change.symbol for change in about("Lamp.watt", old, new)] == [f"{T}Lamp.watt"]
    assert {change.symbol for change in about("Lamp", old, new)} == {f"{T}Lamp", f"{T}Lamp.watt"}


def call(name: str, signature: str, **enums: int) -> Entry:
    return Entry(T + name, "method", signatures=(signature,), enums=enums or None)


def test_parameters_that_are_gone_are_named() -> None:
    old = table("4.4", cls("L"), call("L.split", "percentage=, align="))
    new = table("4.5", cls("L"), call("L.split", "factor=, align="))
    change = only(between(old, new), f"{T}L.split")
    assert (change.what, change.parts) == ("signature", ("percentage",))
    assert about("percentage", old, new) == (change,)


def test_a_new_optional_parameter_breaks_nobody_and_a_required_one_does() -> None:
    old = table("4.4", cls("L"), call("L.a", "x"), call("L.b", "x"))
    new = table("4.5", cls("L"), call("L.a", "x, y="), call("L.b", "x, y"))
    assert [change.symbol for change in between(old, new)] == [f"{T}L.b"]


@pytest.mark.parametrize(("begin", "claimed"), [("4.2", False), ("4.3", True)])
def test_by_name_only_is_claimed_of_stubs_that_know_it(begin: str, claimed: bool) -> None:
    old = table(begin, cls("L"), call("L.label", "text="))
    new = table("4.5", cls("L"), call("L.label", "*, text="))
    assert bool(between(old, new)) is claimed


def test_a_name_that_became_a_mere_place_is_no_loss() -> None:
    old = table("4.4", cls("V"), call("V.cross", "vec"))
    new = table("4.5", cls("V"), call("V.cross", "other, /"))
    assert between(old, new) == ()


def test_enum_items_that_came_and_went_are_told() -> None:
    items = (("FAST", "EXACT"), ("FLOAT", "EXACT"))
    old = table("4.5", cls("Mod"), replace(prop("Mod.solver"), enums={"": 0}), items=items)
    new = table("5.0", cls("Mod"), replace(prop("Mod.solver"), enums={"": 1}), items=items)
    change = only(between(old, new), f"{T}Mod.solver")
    assert (change.what, change.before, change.after, change.parts) == ("enum", "FAST", "FLOAT", ("FAST",))
    assert about("FAST", old, new) == (change,)


def test_a_list_of_one_stands_for_items_nobody_can_list() -> None:
    items = (("A", "B"), ("DUMMY",))
    old = table("4.5", cls("Mod"), replace(prop("Mod.tree"), enums={"": 0}), items=items)
    new = table("5.0", cls("Mod"), replace(prop("Mod.tree"), enums={"": 1}), items=items)
    assert [change.parts for change in between(old, new) if change.before] == []


def test_a_real_blenders_word_on_types_counts() -> None:
    def asked(readonly: bool, kind: str) -> Mapping[str, ApiSymbol]:
        return {f"{T}L.x": ApiSymbol(f"{T}L.x", "property", type=kind, readonly=readonly, source="introspection")}

    old, new = table("4.4", cls("L"), prop("L.x")), table("4.5", cls("L"), prop("L.x"))
    same = between(old, new, old_symbols=asked(False, "float"), new_symbols=asked(False, "float"))
    typed = between(old, new, old_symbols=asked(False, "float"), new_symbols=asked(False, "float[3]"))
    locked = between(old, new, old_symbols=asked(False, "float"), new_symbols=asked(True, "float"))
    assert same == ()
    assert [(change.before, change.after) for change in typed] == [("float", "float[3]")]
    assert [(change.before, change.after) for change in locked] == [("can be assigned", "read-only")]


def test_a_chain_of_releases_tells_since_when() -> None:
    tables = [table(release, cls("L"), *(() if late else (prop("L.x"),))) for release, late in
              (("4.2", False), ("4.3", False), ("4.4", True), ("4.5", True))]  # fmt: skip
    (change,) = dated(between(tables[0], tables[-1]), tables[1:])
    assert change.since == "4.4"


def test_the_newer_release_cannot_be_the_old_one() -> None:
    with pytest.raises(UsageError, match=r"4\.5 is not older than 4\.0"):
        between(table("4.5"), table("4.0"))


releases = st.tuples(st.integers(2, 9), st.integers(0, 99)).map(lambda pair: f"{pair[0]}.{pair[1]}")
names = st.sampled_from(["Lamp", "Lamp.watt", "Lamp.zone", "Room", "Room.watt", "Room.door"])


@given(st.frozensets(names), st.frozensets(names))
def test_every_change_is_true_of_the_two_tables(before: frozenset[str], after: frozenset[str]) -> None:
    def made(release: str, wanted: frozenset[str]) -> ApiTable:
        whole = {name for name in wanted if name.partition(".")[0] in wanted}  # no member without its class
        return table(release, *(cls(name) if "." not in name else prop(name) for name in sorted(whole)))

    old, new = made("4.4", before), made("4.5", after)
    for change in between(old, new):
        assert (change.symbol in old.entries) is (change.what != "added")
        assert (change.symbol in new.entries) is (change.what == "added")
        assert not change.replacement or change.replacement in new.entries
        assert json.loads(json.dumps(to_dict(change))) == to_dict(change)
        assert all(isinstance(cell, str) for cell in to_row(change))
    assert between(old, made("4.5", before)) == ()


@given(st.lists(releases, min_size=2, max_size=2, unique=True))
def test_releases_sort_by_number_not_by_letter(pair: list[str]) -> None:
    first, second = pair
    numbers = [tuple(int(part) for part in release.split(".")) for release in (first, second)]
    assert (order(first) < order(second)) is (numbers[0] < numbers[1])


# ------------------------------------------------------------------------------------ the real releases


def test_auto_smooth_is_found_with_its_replacement_and_sources(api: Callable[[str], ApiTable]) -> None:
    change = only(about("use_auto_smooth", api("4.0"), api("4.5")), f"{T}Mesh.use_auto_smooth")
    assert (change.what, change.since, change.confidence) == ("removed", "4.1", "certain")
    assert change.replacement == f"{T}Mesh.set_sharp_from_angle"
    assert any("/api/4.0/" in url for url in change.citations)
    assert any("/api/4.5/" in url for url in change.citations)
    assert any("release_notes" in url or "developer.blender" in url for url in change.citations)


@pytest.mark.parametrize(
    "spelled", ["calc_normals_split", "Mesh.calc_normals_split", "bpy.types.Mesh.calc_normals_split()"]
)
def test_a_name_may_be_spelled_any_way(api: Callable[[str], ApiTable], spelled: str) -> None:
    assert [change.symbol for change in about(spelled, api("4.0"), api("4.5"))] == [f"{T}Mesh.calc_normals_split"]


def test_what_is_written_down_is_found_between_its_releases(api: Callable[[str], ApiTable]) -> None:
    """Everything that happened from 4.1 to 4.5: the whole range is checked by `benchmarks/api_differences.py`."""
    old, new = api("4.0"), api("4.5")
    for symbol, changes in known_changes().items():
        for known in changes:
            if not (order("4.0") < order(known.since) <= order("4.5")) or old.lookup(symbol) is None:
                continue
            found = [change for change in about(symbol, old, new) if change.symbol.startswith(symbol)]
            found = [change for change in found if not known.part or known.part in change.parts]
            assert any(known.url in change.citations for change in found), known


ASK = """
import json, os, sys
import bpy
def has(symbol):
    owner, _, name = symbol.rpartition('.')
    if owner == 'bpy.types':
        return hasattr(bpy.types, name)
    if symbol.startswith('bpy.ops.'):
        group, _, name = symbol.removeprefix('bpy.ops.').partition('.')
        return name in dir(getattr(bpy.ops, group)) if name else group in dir(bpy.ops)
    cls = getattr(bpy.types, owner.removeprefix('bpy.types.'), None)
    return cls is not None and (name in cls.bl_rna.properties or name in cls.bl_rna.functions or hasattr(cls, name))
json.dump([has(symbol) for symbol in json.load(open(sys.argv[1]))], open(sys.argv[2], 'w'))
sys.stdout.flush(); os._exit(0)
"""


def ask(runtime: Runtime, symbols: list[str], folder: Path) -> list[bool]:
    question, answer = folder / "q.json", folder / f"{runtime.version}.json"
    question.write_text(json.dumps(symbols))
    home = {"HOME": str(folder), "BLENDER_USER_RESOURCES": str(folder), "PATH": "/usr/bin:/bin"}
    script = folder / "ask.py"
    script.write_text(ASK)
    command = [str(runtime.path), "-I", str(script), str(question), str(answer)]
    subprocess.run(command, check=True, env=home, timeout=120, capture_output=True)
    told: list[bool] = json.loads(answer.read_text())
    return told


def test_no_removal_is_claimed_that_a_real_blender_contradicts(
    runtimes: tuple[Runtime, ...], api: Callable[[str], ApiTable], tmp_path: Path
) -> None:
    wheels = [runtime for runtime in runtimes if runtime.kind == "module"]
    if len(wheels) < 2:
        pytest.skip("needs two releases of bpy")
    first, last = wheels[0], wheels[-1]
    gone = [
        change.symbol
        for change in between(api(str(first.release)), api(str(last.release)))
        if change.what in ("removed", "renamed", "moved") and change.symbol.startswith(("bpy.types.", "bpy.ops."))
    ]
    was, still = ask(first, gone, tmp_path), ask(last, gone, tmp_path)
    checkable = [(symbol, now) for symbol, before, now in zip(gone, was, still, strict=True) if before]
    assert len(checkable) > 100
    assert [symbol for symbol, now in checkable if now] == []
