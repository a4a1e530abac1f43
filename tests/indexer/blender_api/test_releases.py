"""Releases are ordered as Blender made them, whatever their digits look like."""

from __future__ import annotations

import pytest

from indexer.blender_api.releases import RELEASES, between, order


def test_the_releases_stand_in_their_order() -> None:
    assert list(RELEASES) == sorted(RELEASES, key=order)
    assert order("4.5") < order("4.10")


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [("4.0", "4.5", ("4.1", "4.2", "4.3", "4.4")), ("4.4", "4.5", ()), ("2.93", "3.1", ("3.0",)), ("5.1", "5.0", ())],
)
def test_what_lies_between_two_releases(old: str, new: str, names: tuple[str, ...]) -> None:
    assert between(old, new) == names
