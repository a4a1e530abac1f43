"""report.html: the whole report on one page that needs nothing else: no network, no script.

Everything from outside is escaped by the template, and the page's own policy forbids whatever could
still get through: it may load nothing but its inline pictures.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from bot.models.report import Report, Status
from bot.models.validation import Difference
from bot.reporting import diff as diffs
from bot.reporting import story
from bot.reporting.text import block, line, listed, plural, seconds, sentence, shell_word
from bot.rules.base import Rule

MOST_DIFF_LINES = 3_000
LONGEST_LINE = 400
MOST_HIGHLIGHTED = 200_000
"""Characters of a file's changes that are coloured; a larger change is shown in one colour."""
LARGEST_PICTURE = 4 * 1024 * 1024
"""Bytes of a render that is shown; a larger one is left out."""

_TEMPLATES = Path(__file__).parent / "templates"
_PNG = b"\x89PNG\r\n\x1a\n"
_TONES = {Status.CLEAN: "good", Status.REPAIRED: "good", Status.PARTIAL: "warn"}
_CLASSES: Mapping[_TokenType, str] = {
    Comment: "c",
    String: "s",
    Number: "m",
    Keyword: "k",
    Operator.Word: "k",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
}


@dataclass(frozen=True)
class _Figure:
    """One number worth reading from afar."""

    name: str
    value: int
    of: int = 0
    tone: str = ""


@dataclass(frozen=True)
class _Picture:
    data: str
    width: int
    height: int
    caption: str


@dataclass(frozen=True)
class _Row:
    kind: str
    old: int | None
    new: int | None
    code: Markup
    anchor: str = ""


@dataclass(frozen=True)
class _File:
    path: str
    added: int
    removed: int
    rows: tuple[_Row, ...]


def render(report: Report, diff: str, bundle: Path, rules: Sequence[Rule] | None = None) -> str:
    """The text of report.html; renders are read from the bundle and stand in the page itself."""
    told = story.tell(report, rules)
    files, cut = _files(diff)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters.update(
        line=lambda value, limit=300: line(str(value), limit),
        block=lambda value, limit=20_000: block(str(value), limit),
        secs=seconds,
        sentence=sentence,
        prose=_prose,
    )
    patch = report.patch
    return environment.get_template(
        "report.html.j2"
    ).render(
        report=report,
        told=told,
        rows=story.rows(report.validation),
        tone=_tone(report),
        css=Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704  (our own file)
        releases=listed(map(str, report.ran_in)),
        found_line=_found_line(report),
        changed_line=_changed_line(report, told),
        proven_line=_proven_line(report),
        figures=_figures(report),
        pictures=tuple(_pictures(report, bundle)),
        files=files,
        cut=cut,
        anchors=_anchors(told, files),
        command=f"git apply {shell_word(f'{_folder(bundle)}/{patch.path}')}" if patch else "",
        safe_url=story.safe_url,
        how=_how,
        tried=story.tried,
        graded=story.graded,
        sources=_sources,
        commit=report.request.commit[:7],
        differences=_differences,
    )


def _tone(report: Report) -> str:
    if report.status is Status.REPAIRED and not report.verified:
        return "warn"
    return _TONES.get(report.status, "bad")


def _found_line(report: Report) -> str:
    proofs = {proof: sum(fault.proof is proof for fault in report.faults) for proof in story.PROOFS}
    told = listed(f"{count} {story.PROOFS[proof]}" for proof, count in proofs.items() if count)
    return f"{plural(len(report.faults), 'fault')}: {told}."


def _changed_line(report: Report, told: story.Story) -> str:
    patch = report.patch
    places = sum(len(change.places) for change in told.changes)
    where = f" in {plural(len(patch.files), 'file')}, +{patch.added} −{patch.removed}" if patch else ""
    rules = len({change.rule for change in told.changes})
    return f"{plural(rules, 'rule')} changed {plural(places, 'place')}{where}."


def _proven_line(report: Report) -> str:
    releases = listed(map(str, report.ran_in))
    if not report.validation or not releases:
        return ""
    static = story.spans([row.release for row in report.validation if row.static and row.release is not None])
    also = f" Checked against stubs only: Blender {static}." if static else ""
    return f"Run in real Blender {releases}.{also}"


def _figures(report: Report) -> tuple[_Figure, ...]:
    best = story.best_attempt(report)
    if report.patch is None or best is None:
        return ()
    rows = [row for row in report.validation if not row.static]
    fixed, broken = sum(len(row.fixed) for row in rows), sum(len(row.broken) for row in rows)
    left = sum(len(row.remaining) + len(row.revealed) for row in rows)
    ran, changed = best.verdict.executed_lines, best.verdict.changed_lines
    figures = [
        _Figure(f"{'check fails' if fixed == 1 else 'checks fail'} no longer", fixed, tone="good" if fixed else ""),
        _Figure("broken by the patch", broken, tone="bad" if broken else "good"),
    ]
    figures += [_Figure("still failing", left, tone="warn")] if left else []
    figures += [_Figure("changed lines ran in Blender", ran, changed)] if changed else []
    return tuple(figures)


def _differences(row: Difference) -> list[tuple[str, str, str, tuple[str, ...]]]:
    every = (
        ("broken", "✗", "bad", row.broken),
        ("fixed", "✓", "good", row.fixed),
        ("revealed", "◌", "warn", row.revealed),
        ("still failing", "–", "warn", row.remaining),
    )
    return [each for each in every if each[3]]


def _how(found: story.Found) -> str:
    """How it is known, without the proof's own word, which stands beside it."""
    told = story.how(found).partition(": ")[2]
    return told[:1].upper() + told[1:]


def _sources(change: story.Change) -> list[tuple[str, str]]:
    """What a change rests on besides the places it shows: label and address, the latter empty where none is safe."""
    pages = {url: story.page(url) for url in (change.note.references if change.note else ())}
    cited: list[tuple[str, str]] = []
    for citation in change.citations:
        url = story.safe_url(citation.url)
        if url is not None and url not in pages:
            cited.append((citation.label, url))
        elif citation.url is None and citation.label.rpartition("@")[0] not in change.places:
            cited.append((citation.label, ""))
    return [*cited, *((label, url) for url, label in pages.items())]


def _folder(bundle: Path) -> str:
    """The bundle as typed from the root of the repository, where it lies in the usual place."""
    parts = bundle.parts
    return "/".join(parts[parts.index(".bcrag") :]) if ".bcrag" in parts else str(bundle)


def _pictures(report: Report, bundle: Path) -> Iterator[_Picture]:
    for artifact in story.images(report)[:4]:
        path = bundle / artifact.path
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_PICTURE:
            continue
        data = path.read_bytes()
        if not data.startswith(_PNG) or data[12:16] != b"IHDR":
            continue
        yield _Picture(
            data="data:image/png;base64," + base64.b64encode(data).decode(),
            width=int.from_bytes(data[16:20], "big"),
            height=int.from_bytes(data[20:24], "big"),
            caption=artifact.caption or path.stem,
        )


def _files(diff: str) -> tuple[tuple[_File, ...], bool]:
    """The files of the diff, ready to show, and whether some of it was left out."""
    shown: list[_File] = []
    left = MOST_DIFF_LINES
    for number, file in enumerate(diffs.read(diff)):
        if left <= 0:
            return tuple(shown), True
        rows = tuple(_rows(file.path, file.lines[:left], f"f{number}"))
        shown.append(_File(file.path, file.added, file.removed, rows))
        left -= len(file.lines)
    return tuple(shown), left < 0


def _rows(path: str, lines: Sequence[diffs.DiffLine], prefix: str) -> Iterator[_Row]:
    python = path.endswith((".py", ".pyi")) and sum(len(each.text) for each in lines) <= MOST_HIGHLIGHTED
    lexer = PythonLexer(stripnl=False) if python else TextLexer(stripnl=False)
    old = iter(_highlighted(lexer, [each.text for each in lines if each.kind in ("context", "removed")]))
    new = iter(_highlighted(lexer, [each.text for each in lines if each.kind in ("context", "added")]))
    for each in lines:
        if each.kind == "hunk":
            yield _Row("hunk", None, None, escape(line(each.text, 200)))
            continue
        before = next(old) if each.kind != "added" else Markup()
        after = next(new) if each.kind != "removed" else before
        anchor = f"{prefix}-{each.old}" if each.old is not None else f"{prefix}-n{each.new}"
        yield _Row(each.kind, each.old, each.new, after, anchor)


def _highlighted(lexer: Lexer, lines: Sequence[str]) -> list[Markup]:
    """Lines of code as HTML, one each; lexed together so that strings over several lines are seen."""
    text = "\n".join(block(each, LONGEST_LINE).replace("\n", " ") for each in lines)
    done = [""]
    for kind, value in lexer.get_tokens(text):
        shade = _shade(kind)
        for number, piece in enumerate(value.split("\n")):
            if number:
                done.append("")
            if piece:
                done[-1] += f'<span class="{shade}">{escape(piece)}</span>' if shade else str(escape(piece))
    parts = [Markup(each) for each in done]  # noqa: S704  (escaped piece by piece above)
    return [*parts, *([Markup()] * len(lines))][: len(lines)]


def _shade(kind: _TokenType | None) -> str:
    while kind is not None:
        if kind in _CLASSES:
            return _CLASSES[kind]
        kind = kind.parent
    return ""


def _anchors(told: story.Story, files: Sequence[_File]) -> dict[str, str]:
    """By place (`path:line` or `path:start-end`), the row of the diff that shows its first line."""
    rows = {(file.path, row.old): row.anchor for file in files for row in file.rows if row.old is not None}
    places = {place for found in (*told.found, *told.remaining) for place in found.places}
    places |= {place for change in told.changes for place in change.places}
    anchors: dict[str, str] = {}
    for place in places:
        path, _, lines = place.rpartition(":")
        first = lines.partition("-")[0]
        if first.isascii() and first.isdigit() and (path, int(first)) in rows:
            anchors[place] = rows[path, int(first)]
    return anchors


_CODE = re.compile(r"`([^`\n]+)`")
_BULLET = re.compile(r"^[-*] ", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n")


def _prose(text: str) -> Markup:
    """A rule's own prose: paragraphs, bullets and code spans, nothing else."""
    done: list[Markup] = []
    for part in _BLANK.split(text.strip()):
        items = _BULLET.split(part)
        if items[0].strip():
            done.append(Markup("<p>{}</p>").format(_inline(items[0])))
        if len(items) > 1:
            bullets = Markup().join(Markup("<li>{}</li>").format(_inline(item)) for item in items[1:])
            done.append(Markup("<ul>{}</ul>").format(bullets))
    return Markup().join(done)


def _inline(text: str) -> Markup:
    pieces = _CODE.split(line(text, 4_000))
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )
