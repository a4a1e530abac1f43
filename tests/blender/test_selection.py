"""What a run must prove, where it runs, what must be installed first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blender.selection import decide
from bot.models.addon import Addon, AddonKind
from bot.models.release import KNOWN, Release

R34, R42, R45, R50 = Release(3, 4), Release(4, 2), Release(4, 5), Release(5, 0)


def addon(minimum: Release | None) -> Addon:
    return Addon(
        path="a", module="a", kind=AddonKind.LEGACY, single_file=False, name="A",
        declared_minimum=minimum, files=("a/__init__.py",),
    )  # fmt: skip


def test_by_default_the_newest_there_is_and_the_oldest_supported_one() -> None:
    chosen = decide(addon(Release(4, 0)), [R34, R42, R45], default=R50)
    assert (chosen.targets, chosen.runs_on, chosen.missing) == ((R45,), (R42, R45), ())
    assert str(chosen.support) == "4.0 to 4.5"


def test_a_declaration_below_280_counts_as_280() -> None:
    chosen = decide(addon(Release(2, 79)), [R34, R45], default=R50)
    assert chosen.support.oldest == Release(2, 80)
    assert chosen.runs_on == (R34, R45)


def test_with_no_blender_at_all_the_default_is_installed() -> None:
    chosen = decide(addon(Release(2, 80)), [], default=R50)
    assert (chosen.targets, chosen.missing) == ((R50,), (R50,))


def test_named_releases_are_proven_and_older_support_is_kept() -> None:
    chosen = decide(addon(Release(3, 0)), [R34, R45], wanted=[R45, R42], default=R50)
    assert (chosen.targets, chosen.runs_on, chosen.missing) == ((R42, R45), (R34, R42, R45), (R42,))


def test_an_add_on_that_declares_nothing_supports_what_is_proven() -> None:
    chosen = decide(addon(None), [R34, R45], wanted=[R45], default=R50)
    assert str(chosen.support) == "4.5"


def test_an_add_on_newer_than_every_blender_here_gets_a_newer_one() -> None:
    chosen = decide(addon(R50), [R34, R45], default=R45)
    assert chosen.targets == (R50,)


def test_who_looks_ahead_proves_the_newest_blender_there_is_beside_what_is_named() -> None:
    ahead = decide(addon(R42), [R34, R42, R45], wanted=[R42], default=R50, newest=True)
    assert (ahead.targets, ahead.missing, ahead.support.newest) == ((R42, R45), (), R45)
    assert decide(addon(R42), [R34, R42], wanted=[R45], default=R50, newest=True).targets == (R45,)
    assert decide(addon(R42), [R34, R45], default=R50, newest=True).targets == (R45,)
    assert decide(addon(R50), [R34, R45], wanted=[R50], default=R50, newest=True).targets == (R50,)


@given(
    minimum=st.none() | st.sampled_from(KNOWN),
    installed=st.sets(st.sampled_from(KNOWN)),
    wanted=st.sets(st.sampled_from(KNOWN)),
)
def test_whatever_is_asked_the_answer_hangs_together(
    minimum: Release | None, installed: set[Release], wanted: set[Release]
) -> None:
    chosen = decide(addon(minimum), sorted(installed), wanted=sorted(wanted), default=R50)
    assert set(chosen.targets) <= set(chosen.runs_on)
    assert all(release in chosen.support for release in chosen.runs_on)
    assert set(chosen.missing) == set(chosen.runs_on) - installed
    assert list(chosen.runs_on) == sorted(chosen.runs_on)
    if wanted:
        assert set(chosen.targets) == wanted


@pytest.mark.parametrize(
    ("text", "release"), [("4.5.15", R45), ("v3.4", R34), ("2.8", Release(2, 80)), ("5.0.0 Beta", R50)]
)
def test_releases_are_read_in_every_spelling(text: str, release: Release) -> None:
    assert Release.parse(text) == release


@pytest.mark.parametrize("text", ["", "4", "four", "4.x", "-1.0"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no Blender release"):
        Release.parse(text)
