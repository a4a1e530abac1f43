from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.models.command import Command, Verb
from bot.models.release import Release
from bot.triggers import commands
from bot.triggers.commands import NoCommand, asked, labelled, read

ACCEPTED = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*/[bB][cC][rR][aA][gG](?=[ \t\r\n]|\Z)")
"""What stands at the beginning of every text that may be a command; said once more, in other words."""


@pytest.mark.parametrize(
    ("text", "verb", "words"),
    [
        ("/bcrag fix", Verb.FIX, ""),
        ("/bcrag fix use bmesh instead", Verb.FIX, "use bmesh instead"),
        ("/bcrag fix\r\n\r\nThe panel is empty\r\nsince 4.1", Verb.FIX, "The panel is empty\nsince 4.1"),
        ("\n \t\n/bcrag retry  with numpy ", Verb.RETRY, "with numpy"),
        ("/bcrag explain why is it slow?", Verb.EXPLAIN, "why is it slow?"),
        ("/bcrag test the export", Verb.TEST, "the export"),
        ("/bcrag test", Verb.TEST, ""),
        ("/bcrag refactor split ops.py", Verb.REFACTOR, "split ops.py"),
        ("/bcrag feature\nan undo button", Verb.FEATURE, "an undo button"),
        ("/bcrag status", Verb.STATUS, ""),
        ("/bcrag stop", Verb.STOP, ""),
        ("/bcrag help", Verb.HELP, ""),
        ("/bcrag", Verb.HELP, ""),
        ("/bcrag \n\nthanks", Verb.HELP, ""),
        ("/BCRAG Fix", Verb.FIX, ""),
        ("/bcrag\tfix:\tthe panel", Verb.FIX, "the panel"),
        ("/bcrag fix\n/bcrag stop", Verb.FIX, "/bcrag stop"),
        ("/bcrag fix @everyone <b>look</b>", Verb.FIX, "@everyone <b>look</b>"),
    ],
)
def test_commands(text: str, verb: Verb, words: str) -> None:
    assert read(text) == Command(verb=verb, words=words)


@pytest.mark.parametrize(
    ("text", "releases"),
    [
        ("/bcrag check", []),
        ("/bcrag check 4.2 4.5", ["4.2", "4.5"]),
        ("/bcrag check 4.2,4.5.3; v5.0", ["4.2", "4.5", "5.0"]),
        ("/bcrag check in Blender 4.5 and 4.5", ["4.5"]),
    ],
)
def test_releases_to_check(text: str, releases: list[str]) -> None:
    found = read(text)
    assert isinstance(found, Command)
    assert (found.verb, list(found.releases)) == (Verb.CHECK, [Release.parse(each) for each in releases])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", commands.NOTHING),
        (" \n\t\n", commands.NOTHING),
        ("I like this add-on", commands.NOTHING),
        ("see https://example.org/bcrag/fix", commands.NOTHING),
        ("scripts/bcrag fix", commands.NOTHING),
        ("Please help\n/bcrag fix", commands.LATER),
        ("please /bcrag fix", commands.LATER),
        ("> /bcrag fix", commands.QUOTED),
        (">/bcrag fix\n\nDid this work?", commands.QUOTED),
        ("> on Monday somebody wrote:\n> /bcrag fix", commands.QUOTED),
        ("```\n/bcrag fix\n```", commands.FENCED),
        ("~~~sh\n/bcrag fix\n~~~", commands.FENCED),
        ("    /bcrag fix", commands.INDENTED),
        ("\t/bcrag fix", commands.INDENTED),
        (" /bcrag fix", commands.INDENTED),
        ("`/bcrag fix`", commands.IN_CODE),
        ("<!-- seen -->\n/bcrag fix", commands.BEHIND_COMMENT),
        ("<!-- /bcrag fix -->", commands.BEHIND_COMMENT),
        ("@bcrag fix", commands.MENTIONED),
    ],
)
def test_not_commands(text: str, reason: str) -> None:
    assert read(text) == NoCommand(reason=reason)


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("/bсrag fix", "CYRILLIC SMALL LETTER ES"),
        ("/bcrаg fix", "CYRILLIC SMALL LETTER A"),
        ("/ЬCRAG fix", "CYRILLIC CAPITAL LETTER SOFT SIGN"),
        ("/bcrαg fix", "GREEK SMALL LETTER ALPHA"),
        ("/bcraɡ fix", "LATIN SMALL LETTER SCRIPT G"),
        ("／bcrag fix", "FULLWIDTH SOLIDUS"),
        ("∕bcrag fix", "DIVISION SLASH"),
        ("/ｂｃｒａｇ fix", "FULLWIDTH LATIN SMALL LETTER B"),
        ("/𝐛crag fix", "MATHEMATICAL BOLD SMALL B"),
        ("\u200b/bcrag fix", "ZERO WIDTH SPACE"),
        ("\ufeff/bcrag fix", "ZERO WIDTH NO-BREAK SPACE"),
        ("/bc\u200drag fix", "ZERO WIDTH JOINER"),
        ("/bcrag\u200b fix", "ZERO WIDTH SPACE"),
        ("\u202e/bcrag fix", "RIGHT-TO-LEFT OVERRIDE"),
        ("/bcrag\xa0fix", "NO-BREAK SPACE"),
        ("\u2028/bcrag fix", "LINE SEPARATOR"),
    ],
)
def test_what_only_looks_like_a_command(text: str, which: str) -> None:
    found = read(text)
    assert isinstance(found, NoCommand)
    assert which in found.reason
    assert not found.meant


@pytest.mark.parametrize(
    "text", ["/bcrag fіx", "/bcrag ｆｉｘ", "/bcrag chec\u212a", "/bcrag teſt", "/bcrag f\u200bix"]
)
def test_what_only_looks_like_a_verb_is_answered(text: str) -> None:
    found = read(text)
    assert isinstance(found, NoCommand)
    assert found.meant
    assert found.reason.startswith("It only looks like a command")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("/bcrag fxi", "Did you mean `fix`?"),
        ("/bcrag explane this", "Did you mean `explain`?"),
        ("/bcrag halp", "Did you mean `help`?"),
        ("/bcrag why does it crash", "`why` is nothing the bot can do. It can: `fix`, `retry`"),
        ("/bcrag fix\u2028/bcrag stop", "nothing the bot can do"),
        ("/bcrag refactor", "`/bcrag refactor` needs to be told what"),
        ("/bcrag feature \n \n", "`/bcrag feature` needs to be told what"),
        ("/bcrag feature <!-- an undo button -->", "needs to be told what"),
        ("/bcrag check the panel", "`the` is no Blender release"),
        ("/bcrag check 4", "`4` is no Blender release"),
        ("/bcrag check " + " ".join(f"4.{minor}" for minor in range(30)), "at most 20"),
    ],
)
def test_what_was_meant_and_is_no_command(text: str, part: str) -> None:
    found = read(text)
    assert isinstance(found, NoCommand)
    assert found.meant
    assert part in found.reason


def test_a_strangers_word_does_nothing_in_a_reason() -> None:
    found = read("/bcrag `@everyone`<img/src=x>![a](https://e.org)" + "x" * 5000)
    assert isinstance(found, NoCommand)
    shown = found.reason.split("`")[1]
    assert found.reason.startswith("`") and shown.startswith("@everyone<img") and len(shown) <= commands.MAX_SHOWN


def test_what_nobody_sees_is_no_part_of_the_words() -> None:
    hidden = "/bcrag fix the panel<!-- and add a key -->\n<!--\ndelete all\n-->\nplease\u202e\u200b\x07"
    assert read(hidden) == Command(verb=Verb.FIX, words="the panel\nplease")
    assert read("/bcrag fix it\n<!-- the rest is\nnever seen") == Command(verb=Verb.FIX, words="it")
    code = "/bcrag fix\n```html\n<!-- shown -->\n```\nend"
    assert read(code) == Command(verb=Verb.FIX, words="```html\n<!-- shown -->\n```\nend")


def test_words_have_bounds() -> None:
    found = read("/bcrag fix " + "word " * 100_000)
    assert isinstance(found, Command)
    assert len(found.words) <= commands.MAX_WORDS


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("bcrag", Verb.FIX),
        ("bcrag: fix", Verb.FIX),
        ("bcrag-fix", Verb.FIX),
        ("BCRAG:Check", Verb.CHECK),
        ("bcrag/explain", Verb.EXPLAIN),
        ("bcrag test", Verb.TEST),
        ("bcrag: retry", Verb.RETRY),
        ("bcrag: feature", Verb.FEATURE),
    ],
)
def test_labels(name: str, verb: Verb) -> None:
    assert labelled(name) == Command(verb=verb)


@pytest.mark.parametrize(
    "name", ["", "bug", "bcragfix", "bcrag:", "bcrag: stop", "bcrag: verified", "bсrag", "bcrag: fix now", "x bcrag"]
)
def test_labels_that_ask_for_nothing(name: str) -> None:
    assert isinstance(labelled(name), NoCommand)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("fix", Command(verb=Verb.FIX)),
        ("/bcrag fix", Command(verb=Verb.FIX)),
        (" check 4.5 ", Command(verb=Verb.CHECK, releases=(Release(4, 5),))),
        ("explain why\nthe export fails", Command(verb=Verb.EXPLAIN, words="why\nthe export fails")),
        ("", Command(verb=Verb.HELP)),
    ],
)
def test_commands_in_a_field(line: str, command: Command) -> None:
    assert asked(line) == command


TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.characters(codec=None, categories=None), max_size=50),  # halves of characters, too
    st.lists(
        st.sampled_from(
            (
                *(
                    "/bcrag",
                    "/BcRaG",
                    "fix",
                    "check",
                    "4.2",
                    " ",
                    "\t",
                    "\n",
                    "\r\n",
                    "> ",
                    "```",
                    "<!--",
                    "-->",
                    "`",
                    "с",
                ),
                *("\u200b", "\u2028", "\x0b", "\x00", "\u212a", "ſ", "@", "/", "\ud800", "\xa0", "explain", "feature"),
            )
        ),
        max_size=12,
    ).map("".join),
)


@given(TEXTS)
@example("/bcrag\x85fix")
@example("\x0c/bcrag fix")
@example("/bcrag İ")
def test_any_text_is_a_command_or_has_a_reason(text: str) -> None:
    found = read(text)
    if isinstance(found, Command):
        assert ACCEPTED.match(text)
    else:
        assert found.reason and "\n" not in found.reason
        found.reason.encode()
    labelled(text)
    asked(text)


@given(
    st.sampled_from([verb for verb in Verb if verb is not Verb.CHECK]),
    st.text(alphabet=st.characters(categories=("L", "N", "P", "S"), exclude_characters="<`~\ufffd"), max_size=80),
    st.booleans(),
)
def test_a_command_that_is_written_is_read(verb: Verb, words: str, shouted: bool) -> None:
    line = f"/bcrag {verb.value}"
    line = line.upper() if shouted else line
    made = commands.undisguised(words).strip()
    if made or verb not in commands.NEEDS_WORDS:
        assert read(f"{line} {words}") == Command(verb=verb, words=made)
    assert not isinstance(read(f"x{line} {words}"), Command)


@pytest.mark.parametrize(
    "piece",
    ["/bcrag ", "\n", "<!--", "<!-- -->", "> ", "`", "```\n", " ", "\u200b", "/bсrag", "/bcrag fix\n", "-", "é"],
)
def test_enormous_texts_are_read_at_once(piece: str) -> None:
    begun = time.monotonic()
    for text in (piece * (2_000_000 // len(piece)), "/bcrag fix " + piece * (2_000_000 // len(piece))):
        read(text)
    assert time.monotonic() - begun < 5
