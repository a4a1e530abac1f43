from __future__ import annotations

from collections.abc import Mapping

from bot.models.report import Report
from bot.reporting import scripts


def test_every_script_is_shown_those_that_count_first(models: Mapping[str, Report]) -> None:
    found = scripts.shown(models["everything"])
    assert [(one.number, one.counts) for one in found] == [(3, True), (1, False), (2, False)]
    assert {one.who for one in found} == {"the bot"}
    assert (found[0].after, found[0].mended) == ("passes in Blender 4.2 and 4.5", True)
    assert (found[1].after, found[1].mended) == ("", False)


def test_that_they_disagree_is_said(models: Mapping[str, Report]) -> None:
    found = scripts.shown(models["everything"])
    assert scripts.told(found).startswith(
        "The bot wrote 3 scripts to show the fault before anything was changed. They do"
    )
    assert "They do not agree: 1 failed on the untouched commit for the reason stated, and counts; 2 do not." in (
        scripts.told(found)
    )
    assert scripts.told(found[:1]).startswith("The bot wrote this script")
    assert "nothing rests on it" in scripts.told(found[1:2])
    assert "nothing rests on them" in scripts.told(found[1:])
    assert scripts.title(found[:1]) == scripts.TITLE_ONE and scripts.title(found[1:2]) == scripts.TITLE_MANY


def test_a_person_s_script_is_a_person_s(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    (one,) = (one.model_copy(update={"author": "person"}) for one in made.reproductions if one.counts)
    theirs = made.model_copy(update={"reproductions": (one,)})
    assert scripts.told(scripts.shown(theirs)).startswith("A person wrote this script")
    both = made.model_copy(update={"reproductions": (one, *made.reproductions)})
    assert scripts.told(scripts.shown(both)).startswith("The bot and a person wrote 4 scripts")


def test_what_still_fails_is_not_called_mended(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    rows = tuple(
        row.model_copy(update={"fixed": (), "remaining": row.fixed}) if str(row.release) == "4.2" else row
        for row in made.validation
    )
    one = scripts.shown(made.model_copy(update={"validation": rows}))[0]
    assert (one.after, one.mended) == ("passes in Blender 4.5; fails in Blender 4.2", False)
    assert scripts.shown(made.model_copy(update={"patch": None}))[0].after == ""


def test_without_scripts_there_is_nothing_to_show(report: Report) -> None:
    assert scripts.shown(report) == ()
