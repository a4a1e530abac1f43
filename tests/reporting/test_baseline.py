from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models.release import Release
from bot.reporting.baseline import Baseline, compare, looks_like_one, read, record, written
from bot.reporting.fingerprint import marked
from faulty import ADDON, FAULTS, OPS, TEXTS, fault

RELEASES = (Release(4, 2), Release(4, 5))


def baseline_of(*lines: int, text: str = OPS) -> Baseline:
    found = marked([fault(line) for line in lines], {"src/kiln/ops.py": text})
    return record(found, ADDON.path, RELEASES, static=False)


@given(st.lists(FAULTS, max_size=8), st.booleans())
def test_what_is_written_is_read_and_nothing_is_new_against_it(faults: list, static: bool) -> None:
    found = marked(faults, TEXTS)
    text = written(record(found, ADDON.path, RELEASES, static=static))
    text.encode("utf-8")
    known = read(text, "b.json", ADDON.path)
    difference = compare(known, found, RELEASES, static=static)
    assert (difference.new, difference.gone, difference.known) == ((), (), len(faults))
    assert looks_like_one(text)


@given(st.lists(FAULTS, max_size=8), st.randoms(use_true_random=False))
def test_the_same_faults_give_the_same_bytes(faults: list, chance: random.Random) -> None:
    shuffled = sorted(faults, key=lambda _: chance.random())
    one, other = (
        json.loads(written(record(marked(each, TEXTS), ADDON.path, RELEASES, static=False)))
        for each in (faults, shuffled)
    )
    assert [(known["fingerprint"], known["count"]) for known in one["faults"]] == [
        (known["fingerprint"], known["count"]) for known in other["faults"]
    ]


def test_a_fault_is_a_line() -> None:
    text = written(baseline_of(8, 9, 10))
    assert len([line for line in text.splitlines() if '"fingerprint"' in line]) == 2
    assert '"count": 2' in text
    assert json.loads(text)["releases"] == ["4.2", "4.5"]


def test_only_what_is_more_than_recorded_is_new() -> None:
    difference = compare(baseline_of(9), marked([fault(9), fault(10), fault(8)], TEXTS), RELEASES, static=False)
    assert sorted(one.fault.line for one in difference.new) == [8, 10]
    assert difference.known == 1


def test_what_is_mended_is_named_with_its_count() -> None:
    difference = compare(baseline_of(8, 9, 10), marked([fault(9)], TEXTS), RELEASES, static=False)
    assert [(known.where.partition(": ")[2], known.count) for known in difference.gone] == [
        ("mesh = context.object.data", 1),
        ("mesh.use_auto_smooth = True", 1),
    ]


@pytest.mark.parametrize(("releases", "static"), [(RELEASES[:1], False), (RELEASES, True)])
def test_nothing_is_called_gone_by_those_who_looked_at_less(releases: tuple[Release, ...], static: bool) -> None:
    difference = compare(baseline_of(9), (), releases, static=static)
    assert (difference.gone, difference.narrower) == ((), True)


GOOD = json.loads(written(baseline_of(9)))
LINE = GOOD["faults"][0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("# faults\n", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "does not begin"),
        ('{"version": "2.1.0", "runs": []}', "does not begin"),
        (json.dumps({**GOOD, "bcrag_baseline": 2}), "newer version"),
        (json.dumps({**GOOD, "bcrag_baseline": "x"}), "version"),
        (json.dumps({**GOOD, "more": 1}), "more"),
        (json.dumps({**GOOD, "faults": [{**LINE, "count": 0}]}), "count"),
        (json.dumps({**GOOD, "faults": [{**LINE, "count": "1"}]}), "count"),
        (json.dumps({**GOOD, "faults": [{**LINE, "fingerprint": "../../x"}]}), "fingerprint"),
        (json.dumps({**GOOD, "faults": [LINE, LINE]}), "twice"),
        (json.dumps({**GOOD, "releases": ["what"]}), "releases"),
        (json.dumps({**GOOD, "faults": {"a": 1}}), "faults"),
        (written(baseline_of(9))[:-20], "not JSON"),
        (json.dumps({**GOOD, "addon": "\u001b[31m/other"}), "of the add-on"),
    ],
)
def test_what_is_no_baseline_is_one_clear_error(text: str, why: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(text, "b.json", ADDON.path)
    told = str(raised.value)
    assert why in told and "b.json" in told
    assert raised.value.exit_status == 2
    assert len(told) < 500 and told.isprintable()


@given(st.text(max_size=60) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read(text, "b", ADDON.path)


@pytest.mark.parametrize("piece", ["[", '{"a":', " ", '{"bcrag_baseline": 1,', "9"])
def test_a_large_one_is_refused_in_seconds(piece: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(UsageError):
        read(piece * (5_000_000 // len(piece)), "b", ADDON.path)
    assert time.perf_counter() - begun < 5


def test_another_programs_file_is_not_one_to_overwrite() -> None:
    assert not looks_like_one("# README\n")
    assert not looks_like_one('{"name": "x"}')
    assert looks_like_one("\n")
