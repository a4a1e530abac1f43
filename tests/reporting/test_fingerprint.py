from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models.fault import FaultKind, Proof
from bot.models.release import Release
from bot.reporting.fingerprint import Marked, marked
from faulty import FAULTS, OPS, TEXTS, fault


def only(line: int = 9, text: str = OPS, **changes: object) -> Marked:
    (one,) = marked([fault(line, **changes)], {"src/kiln/ops.py": text})
    return one


@given(st.integers(0, 50), st.sampled_from(["\n", "\r\n"]))
def test_moved_lines_change_nothing(above: int, end: str) -> None:
    text = ("# new\n" * above + OPS).replace("\n", end)
    assert only(9 + above, text).fingerprint == only().fingerprint


def test_spaces_and_comments_change_nothing() -> None:
    text = OPS.replace("mesh.use_auto_smooth = True\n", "mesh.use_auto_smooth  =  True  # why\n", 1)
    assert only(text=text).fingerprint == only().fingerprint


def test_who_saw_it_where_and_how_surely_changes_nothing() -> None:
    for changes in (
        {"release": Release(5, 0), "proof": Proof.API, "kind": FaultKind.API, "exception": None},
        {"owner": "bpy.types.Mesh", "message": "bpy.types.Mesh has no use_auto_smooth in Blender 4.5"},
        {"subject": "kiln.fire", "kind": FaultKind.PANEL, "end_line": 10},
    ):
        assert only(**changes).fingerprint == only().fingerprint


def test_another_function_file_member_or_rule_is_another_fault() -> None:
    others = [
        only(text=OPS.replace("execute", "invoke")),
        only(text=OPS.replace("KILN_OT_fire", "KILN_OT_cool")),
        only(path="src/kiln/__init__.py"),
        only(member="auto_smooth_angle"),
        only(rule="MSH101"),
        only(8),
    ]
    assert len({one.fingerprint for one in (only(), *others)}) == len(others) + 1
    assert only().where == "KILN_OT_fire.execute: mesh.use_auto_smooth = True"


def test_of_equal_lines_each_has_its_own_count_from_the_top() -> None:
    below, above = marked([fault(10), fault(9)], TEXTS)
    assert below.fingerprint == above.fingerprint
    assert (above.occurrence, below.occurrence) == (1, 2)


def test_numbers_in_a_message_are_no_part_of_it() -> None:
    told = [
        only(owner=None, member=None, message=f"<bpy_struct at 0x{number:x}> has {number} left").fingerprint
        for number in (7, 4711)
    ]
    assert told[0] == told[1]


@given(st.lists(FAULTS, max_size=6), st.text(max_size=200))
def test_any_fault_of_any_file_is_marked_in_its_order(faults: list, text: str) -> None:
    done = marked(faults, {"src/kiln/ops.py": text})
    assert [one.fault for one in done] == faults
    assert len({(one.fingerprint, one.occurrence) for one in done}) == len(faults)
    assert done == marked(faults, {"src/kiln/ops.py": text})
