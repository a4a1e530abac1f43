"""Slash commands: the first line of a comment or an issue, or a label, read into a command or a reason why it is none.

Left alone, each with its reason: commands in quotes and in code, behind other text or an HTML comment, and words that
only look like a command because letters of other scripts stand in them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata

from bot.models.base import Frozen
from bot.models.command import Command, Verb
from bot.models.release import Release
from bot.triggers.hidden import undisguised, visible

WORD = "/bcrag"
LABEL = "bcrag"
LIMIT = 300_000
"""Characters of a text that are read; GitHub takes fewer."""
MAX_WORDS = 10_000
MAX_RELEASES = 20
MAX_SHOWN = 40
"""Characters of a stranger's word that a reason repeats."""

NOTHING = "There is no command in it."
LATER = "A command has to be the first line; here other text stands before it."
QUOTED = "The command stands in a quote: quoting what somebody wrote asks for nothing."
FENCED = "The command stands in a block of code."
INDENTED = "The command is indented; it has to stand at the very beginning of its line."
IN_CODE = "The command stands in code marks."
BEHIND_COMMENT = "An HTML comment stands before the command; the command has to be the first line."
MENTIONED = "Commands begin with a slash, not with a mention: `/bcrag fix`."
LOOKS_ALIKE = "It only looks like a command: {which} in it."
WHICH = "there is {name}"
JOINED = "`{word}` is no command; between `/bcrag` and what to do stands a space."
UNKNOWN = "`{word}` is nothing the bot can do."
UNKNOWN_NEAR = "`{word}` is nothing the bot can do. Did you mean `{near}`?"
CAN = "It can: {verbs}."
SAY_WHAT = "`/bcrag {verb}` needs to be told what: write it behind the command, or in the lines below."
NO_RELEASE = "`{word}` is no Blender release: write them as `/bcrag check 4.2 4.5`."
MANY_RELEASES = "These are more releases than there can be: name at most {most}."
NO_LABEL = "The label asks for nothing: those that do are `bcrag`, {labels}."

NEEDS_WORDS = (Verb.REFACTOR, Verb.FEATURE)
FILLERS = frozenset({"blender", "in", "and", "with", "on"})
"""Words between releases that say nothing."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMAND = re.compile(r"/bcrag(?P<joined>[^ \t]*)(?:[ \t]+(?P<rest>.*))?", re.IGNORECASE | re.ASCII)
_WRITTEN = re.compile(r"(?<![\w/.])/bcrag\b", re.IGNORECASE | re.ASCII)
_VERB = re.compile(r"(?P<verb>[^ \t]+)[ \t]*(?P<rest>.*)", re.DOTALL)
_RELEASE = re.compile(r"v?\d{1,2}\.\d{1,3}(?:\.\d{1,3})?")
_LABEL = re.compile(r"bcrag(?:[ ]*[:/ -][ ]*(?P<verb>[a-z]+))?", re.ASCII)
_LOOKALIKES = str.maketrans(
    "аАеЕоОсСхХрРкКіІѕЅтТпгдЬЫвВмМнНаАαοсϲρгɡցḅԁƅһ∕⁄⧸╱",
    "aaeeooccxxppkkiissttnrdbbbbmmhhaaaoccprggbdbh////",
)
"""Letters of other scripts, and strokes, by what they are taken for."""


class NoCommand(Frozen):
    """Why a text is no command, in a sentence of ours; `meant` where somebody plainly wanted something of the bot."""

    reason: str
    meant: bool = False


def read(text: str) -> Command | NoCommand:
    """The command a comment or an issue begins with."""
    lines = _LINE_END.split(text[:LIMIT])
    first = next((at for at, line in enumerate(lines) if line.strip(" \t")), None)
    if first is None:
        return NoCommand(reason=NOTHING)
    line = lines[first].rstrip(" \t")
    begun = _COMMAND.fullmatch(line)
    if begun is None:
        return NoCommand(reason=_why_not(lines, first))
    if begun["joined"]:
        return _joined(line)
    return _of(begun["rest"] or "", "\n".join(lines[first + 1 :]))


def asked(line: str) -> Command | NoCommand:
    """A command somebody gave in a field made for it: `fix`, `check 4.5`; `/bcrag` before it may be left out."""
    text = line[:LIMIT].strip()
    return read(text if _COMMAND.match(text) else f"{WORD} {text}")


def labelled(name: str) -> Command | NoCommand:
    """What a label asks for: `bcrag`, `bcrag: explain`, `bcrag-explain`."""
    verbs = [verb for verb in Verb if verb.runs]
    found = _LABEL.fullmatch(name.strip().lower()) if name.isascii() else None
    verb = (found["verb"] or Verb.FIX.value) if found else None
    if verb not in {each.value for each in verbs}:
        return NoCommand(reason=NO_LABEL.format(labels=", ".join(f"`{LABEL}: {each.value}`" for each in verbs)))
    return Command(verb=Verb(verb))


def _of(line: str, below: str) -> Command | NoCommand:
    """A command, by what stands behind its first word and in the lines below."""
    found = _VERB.match(line.strip(" \t"))
    if found is None:
        return Command(verb=Verb.HELP)
    word = found["verb"]
    name = word.rstrip(".,:;!?").lower() if word.isascii() else word
    if name not in {verb.value for verb in Verb}:
        return _unknown(word)
    verb = Verb(name)
    if verb is Verb.CHECK:
        return _check(found["rest"], below)
    words = _words(f"{found['rest']}\n{below}")
    if verb in NEEDS_WORDS and not words:
        return NoCommand(reason=SAY_WHAT.format(verb=verb.value), meant=True)
    return Command(verb=verb, words=words)


def _check(line: str, below: str) -> Command | NoCommand:
    names = [name for name in re.split(r"[\s,;]+", line) if name and name.lower() not in FILLERS]
    wrong = next((name for name in names if not _RELEASE.fullmatch(name)), None)
    if wrong is not None:
        return NoCommand(reason=NO_RELEASE.format(word=_shown(wrong)), meant=True)
    releases = tuple(dict.fromkeys(Release.parse(name) for name in names))
    if len(releases) > MAX_RELEASES:
        return NoCommand(reason=MANY_RELEASES.format(most=MAX_RELEASES), meant=True)
    return Command(verb=Verb.CHECK, words=_words(below), releases=releases)


def _words(text: str) -> str:
    """What a reader sees of the words."""
    return undisguised(visible(text)).strip()[:MAX_WORDS].strip()


def _unknown(word: str) -> NoCommand:
    plain = _plain(word)
    if not word.isascii() and plain in {verb.value for verb in Verb}:
        return NoCommand(reason=LOOKS_ALIKE.format(which=_which(word)), meant=True)
    names = [verb.value for verb in Verb]
    near = difflib.get_close_matches(plain[:MAX_SHOWN], names, n=1, cutoff=0.6)
    reason = UNKNOWN_NEAR.format(word=_shown(word), near=near[0]) if near else UNKNOWN.format(word=_shown(word))
    return NoCommand(reason=f"{reason} {CAN.format(verbs=', '.join(f'`{name}`' for name in names))}", meant=True)


def _joined(line: str) -> NoCommand:
    word = re.split(r"[ \t]", line, maxsplit=1)[0]
    if not word.isascii():
        return NoCommand(reason=LOOKS_ALIKE.format(which=_which(word)))
    return NoCommand(reason=JOINED.format(word=_shown(word)))


def _why_not(lines: list[str], first: int) -> str:
    """Why a text that does not begin with a command is none, as its author may want to know it."""
    line = lines[first]
    rest = "\n".join(lines[first:])
    bare = line.lstrip(" \t")
    if not _WRITTEN.search(rest):
        return _disguised(bare) or (MENTIONED if bare.lower().startswith("@bcrag") else NOTHING)
    if bare.startswith("<!--"):
        return BEHIND_COMMENT
    if bare.startswith(">"):
        return QUOTED
    if bare.startswith(("```", "~~~")):
        return FENCED
    if bare.startswith("`"):
        return IN_CODE
    if _WRITTEN.match(bare):
        return INDENTED
    return _disguised(bare) or LATER


def _disguised(line: str) -> str:
    """What stands in a line that only looks like a command; nothing where it does not."""
    word = line[: 4 * MAX_SHOWN].partition(" ")[0]
    if word.isascii() or not _plain(word).startswith(WORD):
        return ""
    return LOOKS_ALIKE.format(which=_which(word))


def _plain(word: str) -> str:
    """A word as a hurried reader sees it."""
    return undisguised(unicodedata.normalize("NFKC", undisguised(word)).translate(_LOOKALIKES)).lower().strip()


def _which(word: str) -> str:
    """The first character of a word that is not what it looks like."""
    odd = next(each for each in word if not each.isascii())
    return WHICH.format(name=unicodedata.name(odd, f"U+{ord(odd):04X}"))


def _shown(word: str) -> str:
    """A stranger's word as part of a sentence of ours: short, in code marks, and nothing else than that."""
    kept = "".join(each for each in undisguised(word[: 4 * MAX_SHOWN]) if each.isprintable() and each != "`")
    return (kept if len(kept) <= MAX_SHOWN else kept[: MAX_SHOWN - 1] + "…") or "?"
