"""report.html: the whole report on one page that needs nothing else: no network, and no script to be read.

Everything from outside is escaped by the template, and the page's own policy forbids whatever could
still get through: it may load nothing but its inline pictures, and only the one style sheet and the
one script whose hashes it names. The script adds a slider over the renders and a button that copies;
without it nothing is missing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.models.fault import Proof
from bot.models.release import Release
from bot.models.report import Artifact, Report, Status
from bot.models.validation import Difference
from bot.reporting import (
    answers,
    applying,
    authors,
    bill,
    colours,
    coverage,
    effects,
    ledger,
    pictures,
    reproducers,
    scripts,
    story,
    tale,
    tested,
)
from bot.reporting.text import block, line, listed, plural, seconds, sentence
from bot.rules.base import Rule

MOST_CASES = 120
MOST_FOUND = 60
"""Messages of one rule; more are counted."""
OPEN_FOUND = 6
"""Messages of one rule that are shown unasked."""
MOST_MESSAGES = 600
"""Messages of all rules; more are counted."""
MOST_TRACEBACKS = 60
MOST_SCRIPTS = 8
MOST_REPRODUCERS = 20
MOST_ENTRIES = 60

POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
GONE_BY_MODEL = "Gone with the model's patch"
GONE_ALONG = "Gone with the other repairs"
KNOWN = "Known to a rule, but not repaired"
UNKNOWN = "No rule answers this"
SAME_PICTURE = "No pixel differs between before and after."
DIFFERENCE = "{differing:,} of {pixels:,} pixels differ ({share}); they are marked."
UNDER_ONE = "less than 1 %"

_TEMPLATES = Path(__file__).parent / "templates"
_TONES = {Status.CLEAN: "good", Status.REPAIRED: "good", Status.PARTIAL: "warn", Status.ANSWERED: "plain"}


@dataclass(frozen=True)
class _Figure:
    """One number worth reading from afar."""

    name: str
    value: int
    of: int = 0
    tone: str = ""


@dataclass(frozen=True)
class _Render:
    """A render with its caption; `side` is `before`, `after` or empty."""

    picture: pictures.Picture
    caption: str
    side: str


@dataclass(frozen=True)
class _Renders:
    """The renders, where they differ, and whether a slider makes sense."""

    shown: tuple[_Render, ...] = ()
    difference: pictures.Picture | None = None
    told: str = ""

    @property
    def comparable(self) -> bool:
        """Whether they are a picture before and one after, and not the same."""
        return self.difference is not None


@dataclass(frozen=True)
class _Case:
    """Everything about one rule: what it answers, what it did. Without a code: what no rule answers.

    `more` counts the faults that are left out.
    """

    rule: str
    title: str
    found: tuple[story.Found, ...]
    more: int
    change: story.Change | None


@dataclass(frozen=True)
class _Bar:
    """A step and its time; `width` is its share of the longest, in percent."""

    name: str
    seconds: float
    width: float


def render(report: Report, diff: str, bundle: Path, rules: Sequence[Rule] | None = None) -> str:
    """The text of report.html; renders are read from the bundle and stand in the page itself."""
    told = story.tell(report, rules)
    files, cut = colours.files(diff)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        line=lambda value, limit=300: line(str(value), limit),
        block=lambda value, limit=20_000: block(str(value), limit),
        secs=seconds,
        sentence=sentence,
        ticks=lambda value, limit=600: _inline(sentence(str(value), limit)),
        prose=_prose,
        python=lambda value: colours.python(str(value)),
    )
    style, script = (_own(name) for name in ("report.css", "report.js"))
    fates = ledger.told(report)
    cases = _cases(told, fates, _along(report))
    found_scripts = scripts.shown(report)
    shown = reproducers.shown(report, bundle)
    return environment.get_template("page.html.j2").render(
        report=report,
        told=told,
        passages=tale.passages(report),
        cases=cases[:MOST_CASES],
        more_cases=max(len(cases) - MOST_CASES, 0),
        new=_came_to_light(report),
        fates=fates,
        tracebacks=_tracebacks((*told.found, *told.remaining)),
        remaining=told.remaining[:MOST_FOUND],
        more_remaining=story.counted(told.remaining[MOST_FOUND:]),
        rows=story.rows(report.validation),
        tests=tested.told(report),
        looked=coverage.told(report),
        looked_title=coverage.TITLE,
        dark=coverage.untouched(report),
        most_dark=coverage.MOST_FILES,
        same=effects.same(report),
        differing=effects.differing(report),
        differing_lead=effects.lead(effects.differing(report)),
        tampering=story.tampering(report),
        tone=_tone(report),
        css=style,
        js=script,
        policy=POLICY.format(style=_hash(style), script=_hash(script)),
        releases=listed(map(str, report.ran_in)),
        found_line=_found_line(report),
        figures=_figures(report),
        renders=_renders(report, bundle),
        files=files,
        cut=cut,
        anchors=_anchors(told, files),
        command=applying.in_root(bundle, report.patch.path) if report.patch else "",
        bars=_bars(report.timings),
        answer=answers.told(report),
        answer_title=answers.TITLE,
        answer_rests=answers.RESTS_ON,
        reproducers=shown[:MOST_REPRODUCERS],
        reproducer_words=_reproducer_words(report),
        scripts=found_scripts[:MOST_SCRIPTS],
        script_words=_script_words(found_scripts),
        authors=authors.told(report),
        routed=authors.routed(report),
        author_words={"opinion": authors.OPINION, "tried": authors.TRIED},
        bill=bill.entries(report.cost)[:MOST_ENTRIES],
        bill_title=bill.TITLE,
        bill_total=bill.total(report.cost),
        owed=bill.owed(report.cost, bill.exactly),
        versions=_versions(report.versions),
        untried=story.untried(report),
        commit=report.request.commit[:7],
        safe_url=story.safe_url,
        how=_how,
        briefly=_briefly,
        tried=story.tried,
        counted=story.counted,
        wrong=tale.wrong(report, still=not told.mended),
        graded=story.graded,
        sources=_sources,
        key=ledger.key,
        differences=_differences,
        open_found=OPEN_FOUND,
    )


def _own(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704  (our own file)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _tone(report: Report) -> str:
    if story.tampering(report):
        return "bad"
    if story.undone(report) or (report.status is Status.REPAIRED and not report.verified):
        return "warn"
    return _TONES.get(report.status, "bad")


def _found_line(report: Report) -> str:
    proofs = {proof: sum(fault.proof is proof for fault in report.faults) for proof in story.PROOFS}
    told = listed(f"{count} {story.PROOFS[proof]}" for proof, count in proofs.items() if count)
    return f"{plural(len(report.faults), 'fault')}: {told}."


def _along(report: Report) -> str:
    """What is said of a fault that is gone, and that no rule was about."""
    best = story.best_attempt(report)
    return GONE_BY_MODEL if best is not None and best.patch.by == "model" else GONE_ALONG


def _script_words(found: Sequence[scripts.Shown]) -> tuple[str, str]:
    """The title over the scripts, and the sentence below it."""
    return (scripts.title(found), scripts.told(found)) if found else ("", "")


def _reproducer_words(report: Report) -> Mapping[str, str]:
    """What is said over the scripts that show a fault each, and over the tests they became."""
    title, told = reproducers.proposed(report.proposed_tests)
    words = {"title": reproducers.TITLE, "told": reproducers.told(report.reproducers)}
    return {**words, "tests_title": title, "tests_told": told}


def _cases(told: story.Story, fates: Mapping[ledger.Key, Sequence[ledger.Told]], along: str) -> list[_Case]:
    """What was found and what was done about it, rule by rule; what no rule answers comes first."""
    found: dict[str, list[story.Found]] = {}
    for one in told.found:
        found.setdefault(one.fault.rule or "", []).append(one)
    changes = {change.rule: change for change in told.changes}
    explained = {change.rule: change.title for change in told.explained}
    made: list[_Case] = []
    left = MOST_MESSAGES
    for rule in sorted(found.keys() | changes.keys()):
        change, all_found = changes.get(rule), found.get(rule, [])
        title = change.title if change else explained.get(rule, "") or _untouched(rule, all_found, fates, along)
        shown = tuple(all_found[: min(MOST_FOUND, left)])
        left -= len(shown)
        made.append(_Case(rule, title, shown, story.counted(all_found[len(shown) :]), change))
    return made


def _untouched(
    rule: str, found: Sequence[story.Found], fates: Mapping[ledger.Key, Sequence[ledger.Told]], along: str
) -> str:
    fated = [fate for one in found for fate in fates.get(ledger.key(one.fault), ())]
    if fated and all(fate.gone for fate in fated):
        return along
    return KNOWN if rule else UNKNOWN


def _tracebacks(found: Sequence[story.Found]) -> Mapping[ledger.Key, str]:
    """By key, the tracebacks that are shown."""
    traced = {ledger.key(one.fault): one.fault.traceback for one in found if one.fault.traceback}
    return {key: text for key, text in list(traced.items())[:MOST_TRACEBACKS] if text}


def _came_to_light(report: Report) -> frozenset[ledger.Key]:
    """What is wrong with the patch and was not seen before."""
    return frozenset(map(ledger.key, report.remaining)) - frozenset(map(ledger.key, report.faults))


def _figures(report: Report) -> tuple[_Figure, ...]:
    best = story.best_attempt(report)
    if report.patch is None or best is None:
        return ()
    rows = [row for row in report.validation if not row.static]
    fixed, broken = sum(len(row.fixed) for row in rows), sum(len(row.broken) for row in rows)
    left = sum(len(row.remaining) + len(row.revealed) for row in rows if row.validator == "exercise")
    ran, changed = best.verdict.executed_lines, best.verdict.changed_lines
    figures = [
        _Figure(f"{'check fails' if fixed == 1 else 'checks fail'} no longer", fixed, tone="good" if fixed else ""),
        _Figure("broken by the patch", broken, tone="bad" if broken else "good"),
    ]
    figures += [_Figure("still failing", left, tone="warn")] if left else []
    figures += [_Figure("changed lines ran in Blender", ran, changed)] if changed and story.counts_lines(report) else []
    return tuple(figures)


def _differences(row: Difference) -> list[tuple[str, str, str, tuple[str, ...]]]:
    every = (
        ("broken", "✗", "bad", row.broken),
        ("fixed", "✓", "good", row.fixed),
        ("came to light", "◌", "warn", row.revealed),
        ("still failing" if row.validator == "exercise" else "as before", "–", "warn", row.remaining),
    )
    return [each for each in every if each[3]]


def _how(found: story.Found) -> str:
    """How it is known, without the proof's own word, which stands beside it."""
    told = story.how(found).partition(": ")[2]
    return told[:1].upper() + told[1:]


def _briefly(found: story.Found) -> str:
    """The same where the releases are told anyway."""
    return {Proof.REPRODUCED: "raised", Proof.API: "not there when asked"}.get(found.fault.proof, _how(found))


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


def _renders(report: Report, bundle: Path) -> _Renders:
    artifacts = [artifact for artifact in story.images(report)[:4] if _file(bundle, artifact) is not None]
    made = []
    for artifact in artifacts:
        picture = pictures.shown(bundle / artifact.path)
        if picture is not None:
            stem = Path(artifact.path).stem
            side = stem if stem in ("before", "after") and len(artifacts) > 1 else ""
            made.append(_Render(picture, artifact.caption or stem, side))
    renders = _Renders(tuple(made))
    if [render.side for render in made] != ["before", "after"]:
        return renders
    contrast = pictures.contrast(*(bundle / artifact.path for artifact in artifacts))
    if contrast is None:
        return renders
    if not contrast.differing:
        return _Renders(tuple(made), None, SAME_PICTURE)
    percent = round(100 * contrast.differing / contrast.pixels)
    share = f"{percent} %" if percent else UNDER_ONE
    said = DIFFERENCE.format(differing=contrast.differing, pixels=contrast.pixels, share=share)
    return _Renders(tuple(made), contrast.picture, said)


def _file(bundle: Path, artifact: Artifact) -> Path | None:
    folder = bundle / "renders"  # a bundle is data: its folder could be a link to another
    return None if folder.is_symlink() else bundle / artifact.path


def _bars(timings: Mapping[str, float]) -> tuple[_Bar, ...]:
    longest = max(timings.values(), default=0.0)
    return tuple(
        _Bar(name, spent, round(100 * min(max(spent, 0.0) / longest, 1.0), 1) if longest > 0 else 0.0)
        for name, spent in list(timings.items())[:40]
    )


def _versions(versions: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and versions; names of one kind with one version (the stubs of many releases) share a line."""
    same: dict[tuple[str, str], list[str]] = {}
    for name, version in list(versions.items())[:200]:
        kind, _, rest = name.partition(" ")
        same.setdefault((kind, version) if rest else (name, version), []).append(rest)
    return [(f"{kind} {_together(names)}".strip(), version) for (kind, version), names in same.items()]


def _together(names: Sequence[str]) -> str:
    try:
        return story.spans([Release.parse(name) for name in names])
    except ValueError:
        return listed(filter(None, names))


def _anchors(told: story.Story, files: Sequence[colours.File]) -> dict[str, str]:
    """By place (`path:line` or `path:start-end`), the row of the diff that shows its first line."""
    rows = {(file.path, row.old): row.anchor for file in files for row in file.rows if row.old is not None}
    places = {place for found in (*told.found, *told.remaining) for place in found.places}
    places |= {place for change in told.changes for place in change.places}
    anchors: dict[str, str] = {}
    for place in places:
        path, _, lines = place.rpartition(":")
        first = lines.partition("-")[0]
        if first.isascii() and first.isdigit() and len(first) < 10 and (path, int(first)) in rows:
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
