"""What is signed is believed, in its order; nothing else is, and everything else is counted."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blender.records import Alarm, read_channel, write_channel
from bot.blender.tampering import LATE, MOST, PRINTED, TEXTS, UNSIGNED, tampering_of

KEY = bytes(range(32))
RECORDS: list[dict[str, Any]] = [{"started": {}}, {"sealed": True}, {"running": "enable"}, {"end": {}}]

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
records = st.lists(st.dictionaries(st.text(), _values, max_size=4), min_size=1, max_size=6)
keys = st.binary(min_size=32, max_size=32)


@given(records, keys)
def test_what_was_signed_is_read_as_it_was_said(said: list[dict[str, Any]], key: bytes) -> None:
    channel = read_channel(write_channel(said, key), key)
    assert (list(channel.records), channel.unsigned, channel.alarms) == (said, 0, ())


@given(records, keys, st.data())
def test_a_change_of_one_byte_costs_that_record_and_all_that_follow(
    said: list[dict[str, Any]], key: bytes, data: st.DataObject
) -> None:
    written = bytearray(write_channel(said, key))
    place = data.draw(st.integers(0, len(written) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[place]))
    before = bytes(written[:place]).count(b"\n")
    written[place] = value
    channel = read_channel(bytes(written), key)
    assert list(channel.records) == said[:before]


@given(records, keys, keys)
def test_records_of_another_run_say_nothing(said: list[dict[str, Any]], key: bytes, other: bytes) -> None:
    if key != other:
        assert read_channel(write_channel(said, other), key).records == ()


@given(st.lists(st.binary(max_size=80).filter(lambda line: b"\n" not in line), max_size=5), st.integers(0, 4))
def test_anything_may_come_between(lines: list[bytes], place: int) -> None:
    signed = write_channel(RECORDS, KEY).splitlines(keepends=True)
    mixed = b"".join([*signed[:place], *(line + b"\n" for line in lines), *signed[place:]])
    assert list(read_channel(mixed, KEY).records) == RECORDS


def test_said_twice_out_of_order_or_with_a_gap_is_said_by_somebody_else() -> None:
    first, second, third, fourth = write_channel(RECORDS, KEY).splitlines(keepends=True)
    assert read_channel(first + second + second + third + fourth, KEY).unsigned == 1
    swapped = read_channel(first + third + second + fourth, KEY)
    assert (list(swapped.records), swapped.unsigned) == (RECORDS[:2], 2)
    gap = read_channel(first + third + fourth, KEY)
    assert (list(gap.records), gap.unsigned) == (RECORDS[:1], 2)


def test_a_key_that_is_found_later_signs_nothing_that_was_said_before() -> None:
    key = KEY
    written = write_channel(RECORDS[:3], key)
    from bot.blender.records import _next

    late = _next(_next(_next(key)))
    forged = write_channel([{"started": {"release": "9.9"}}], late)
    assert list(read_channel(written + forged, key).records) == RECORDS[:3]


def test_what_blender_prints_before_the_first_record_is_no_forgery() -> None:
    channel = read_channel(b"Blender 4.5.15\nwarning\n" + write_channel(RECORDS, KEY), KEY)
    assert (list(channel.records), channel.unsigned) == (RECORDS, 0)


def test_an_alarm_cannot_be_unsaid_and_is_worded_here() -> None:
    first, *rest = write_channel(RECORDS, KEY).splitlines(keepends=True)
    channel = read_channel(first + b"!native 'ctypes.dlopen'\n" + b"".join(rest), KEY)
    assert channel.alarms == (Alarm("native", "'ctypes.dlopen'"),)
    assert tampering_of(channel) == (TEXTS["native"].format(detail="ctypes.dlopen"),)
    made_up = read_channel(first + b"!nonsense 'send money'\n" + b"".join(rest), KEY)
    assert tampering_of(made_up) == (UNSIGNED.format(count=1),)


def test_a_flood_of_alarms_is_bounded() -> None:
    first, *rest = write_channel(RECORDS, KEY).splitlines(keepends=True)
    flood = b"".join(b"!process '/proc/%d/mem'\n" % number for number in range(1000))
    assert len(tampering_of(read_channel(first + flood + b"".join(rest), KEY))) == MOST


def test_facts_told_again_and_printed_results_are_told_of() -> None:
    again = read_channel(write_channel([*RECORDS[:2], {"answers": []}, RECORDS[3]], KEY), KEY)
    assert tampering_of(again) == (LATE,)
    printed = "hello\n" + write_channel(RECORDS, bytes(32)).decode()
    assert tampering_of(read_channel(write_channel(RECORDS, KEY), KEY), printed) == (PRINTED,)
