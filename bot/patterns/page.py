"""The page `docs/patterns.md`: every error pattern of the catalogue, with what is different once it is mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bot.models.pattern import Domain, Pattern, Seen
from bot.patterns.catalogue import patterns

PAGE = """# Error patterns

{count} mistakes everybody makes who writes add-ons, by what the code is for. Each is a small add-on in
`bot/patterns/known/`, once broken and once mended; `tests/blender/test_patterns.py` runs both in real Blender and holds
them against what stands here. Those the exerciser meets by itself name the probe that does. The others need a scene it
does not build, or raise nothing: a script says what has to be so, as a `[[scenario]]` of a repository would
([config.md](config.md)).

What Blender says was looked at in 3.4, 4.2, 4.5 and 5.0; where no release stands beside it, it is the same in all four.
"""
HEADER = "| pattern | what a developer sees | met by |\n|---|---|---|\n"
ROW = "| [{name}](#{anchor}) | {sees} | {met} |\n"
SECTION = """### {name}

{sees}

- **Why:** {cause}
- **Cure:** {cure}
- **Where:** line {line}, `{place}`
- **Met by:** {met}
- [Blender's documentation]({url})

```diff
{diff}```
"""
SCRIPT = """
What has to be so{runs}:

```python
{text}```
"""
EXPECTS = "\nand afterwards {expects}.\n"
A_SCRIPT = "a script"
NOTHING = "Nothing is raised"
_DIFF_LINES = 2


def page() -> str:
    """The page, without the remark that it was generated."""
    known = patterns()
    parts = [PAGE.format(count=len(known))]
    for domain in Domain:
        if found := [one for one in known if one.domain is domain]:
            parts.append(f"\n## {domain.capitalize()}\n\n{HEADER}{''.join(map(_row, found))}\n")
            parts.append("\n".join(map(_section, found)))
    return "".join(parts).rstrip() + "\n"


def _row(one: Pattern) -> str:
    sees = "; ".join(
        dict.fromkeys([*(f"`{seen.exception}`" for seen in one.seen), *(["nothing"] if one.shows else [])])
    )
    return ROW.format(name=one.name, anchor=_anchor(one.name), sees=sees, met=_met(one))


def _section(one: Pattern) -> str:
    sees = [_seen(seen) for seen in one.seen]
    sees += [one.shows if one.seen else f"{NOTHING}. {one.shows}"] if one.shows else []
    text = SECTION.format(
        name=one.name,
        sees="  \n".join(sees),
        cause=one.cause,
        cure=one.cure,
        line=one.line,
        place=one.place,
        met=_met(one),
        url=one.url,
        diff="".join(_difference(one)),
    )
    return text + _script(one)


def _script(one: Pattern) -> str:
    script = one.script
    if script is None:
        return ""
    runs = f", run {script.runs} times in one scene" if script.runs > 1 else ""
    told = [*_expectations(one)]
    return SCRIPT.format(runs=runs, text=script.text) + (EXPECTS.format(expects="; ".join(told)) if told else "")


def _expectations(one: Pattern) -> Iterator[str]:
    expects = one.script.expects if one.script else None
    if expects is None:
        return
    if expects.steady:
        names = ", ".join(f"`{name}`" for name in expects.steady)
        yield f"there are as many {names} after the last run as after the first"
    if isinstance(expects.vertices, dict):
        for name, number in expects.vertices.items():
            yield f"`{name}` has {number} vertices"
    elif expects.vertices is not None:
        yield f"all meshes together have {expects.vertices} vertices"
    if isinstance(expects.objects, tuple):
        yield "there is " + ", ".join(f"`{name}`" for name in expects.objects)
    elif expects.objects is not None:
        yield f"there are {expects.objects} objects"
    yield from (f"the file `{name}` is written" for name in expects.files)


def _met(one: Pattern) -> str:
    return f"`{one.met}`" if one.met else A_SCRIPT


def _seen(seen: Seen) -> str:
    span = f" (up to {seen.until})" if seen.until and not seen.since else ""
    span = f" (since {seen.since})" if seen.since and not seen.until else span
    span = f" ({seen.since} to {seen.until})" if seen.since and seen.until else span
    return f"`{seen.exception}`: `{seen.words}`{span}"


def _difference(one: Pattern) -> Iterator[str]:
    """The lines that are another, each with those around it; no names of files, no line numbers."""
    broken, mended = one.broken.splitlines(keepends=True), one.mended.splitlines(keepends=True)
    for number, line in enumerate(difflib.unified_diff(broken, mended, n=_DIFF_LINES)):
        if number >= 2:
            yield "@@\n" if line.startswith("@@") else line


def _anchor(name: str) -> str:
    """What GitHub calls a heading."""
    kept = "".join(letter for letter in name.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
