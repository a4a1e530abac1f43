from __future__ import annotations

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.reporting import rulewise, story
from bot.reporting.ledger import Told, key


def fault(message: str, line: int, rule: str | None = "PRP101") -> Fault:
    return Fault(
        kind=FaultKind.API, path="wave/ui.py", line=line, message=message, source=FaultSource.API, proof=Proof.API,
        release=Release(major=4, minor=5), rule=rule,
    )  # fmt: skip


def told(*faults: Fault) -> str:
    gone = {key(each): (Told("4.5", "1 place", "gone", True),) for each in faults if "left" not in each.message}
    left = {key(each): (Told("4.5", "2 places", "1 left", False),) for each in faults if "left" in each.message}
    return rulewise.found(rulewise.groups(story.group(faults), gone | left))


def page(path: str, start: int, end: int) -> str | None:
    return None if ".." in path else f"https://x/{path}#L{start}-L{end}"


def change(*places: str, titles: tuple[str, ...] = ("Annotate `a`",)) -> story.Change:
    done = tuple(story.Done("m", title, "", places) for title in titles)
    return story.Change("PRP101", "Properties are annotated", done, None, ())


def test_faults_of_one_rule_stand_together_and_what_they_share_is_said_once() -> None:
    assert told(fault("a is assigned", 3), fault("x", 9, None), fault("b is assigned", 4)) == (
        "- 2 faults of rule `PRP101`, _api: Blender 4.5 was asked, and says so_ · now gone\n"
        "  - `a is assigned` at `wave/ui.py:3`\n"
        "  - `b is assigned` at `wave/ui.py:4`\n"
        "- `x` at `wave/ui.py:9`  \n  _api: Blender 4.5 was asked, and says so_ · now gone\n"
    )


def test_what_is_left_stands_apart_from_what_is_gone() -> None:
    text = told(fault("a", 3), fault("b left", 4))
    assert text.count("\n- ") + 1 == 2
    assert "_ · now gone\n" in text and "_ · Blender 4.5: 2 places, now 1 left\n" in text


def test_what_no_rule_knows_stands_alone() -> None:
    assert "faults of rule" not in told(fault("a", 3, None), fault("b", 4, None))


def test_however_many_there_are_the_page_stays_short() -> None:
    assert told(*(fault(f"m{n}", n) for n in range(1, 100))).endswith("\n  - and 83 more\n")
    assert told(*(fault(f"m{n}", n, f"R{n}") for n in range(1, 100))).endswith("\n- and 59 more\n")


def test_faults_that_say_the_same_are_counted_each() -> None:
    same = [fault(f"m{number % 20}", number) for number in range(1, 101)]
    text = told(*same)
    assert text.startswith("- 100 faults of rule `PRP101`")
    assert text.count("wave/ui.py:") == 80 and text.endswith("\n  - and 20 more\n")
    apart = [fault(f"m{number % 50}", number, f"R{number % 50}") for number in range(1, 101)]
    assert told(*apart).endswith("\n- and 20 more\n")


def test_a_change_leads_to_its_lines_in_their_order() -> None:
    made = rulewise.changes([change("wave/ui.py:92-94", "wave/ui.py:7", "wave/__init__.py:1")], "wave", page)
    assert made.removeprefix(rulewise.HEAD) == (
        "| `PRP101` | Annotate `a` | [`__init__.py:1`](https://x/wave/__init__.py#L1-L1), "
        "[`ui.py:7`](https://x/wave/ui.py#L7-L7), [`92-94`](https://x/wave/ui.py#L92-L94) |\n"
    )


def test_different_things_done_have_the_title_of_their_rule() -> None:
    made = rulewise.changes([change("a.py:1", titles=("Annotate a", "Annotate b"))], ".", page)
    assert "| Properties are annotated | [`a.py:1`]" in made


def test_a_place_that_is_none_or_leads_away_is_no_link() -> None:
    made = rulewise.changes([change("../a|b.py:1", "x.py:٣", "y.py:", "")], ".", page)
    assert "](" not in made
    assert "`../a\\|b.py:1`" in made


def test_places_beyond_the_first_are_counted() -> None:
    assert " and 6 more |" in rulewise.changes([change(*(f"a.py:{n}" for n in range(1, 11)))], ".", page)
