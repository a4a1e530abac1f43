"""report.md: the report as GitHub shows it.

Everything from outside stands in a code span or a fence, or is escaped, so that it can become no
HTML, mention, link or image; the whole stays below GitHub's limit for a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from bot.models.report import Report
from bot.reporting import (
    applying,
    authors,
    coverage,
    effects,
    ledger,
    markdown_model,
    markdown_reproducers,
    story,
    tale,
)
from bot.reporting.marked import cell, cited, code, fenced, prose
from bot.reporting.text import block, flowing, plural, rootless, seconds, sentence
from bot.rules.base import Rule

LIMIT = 64_000
"""Characters, a little below the 65,536 GitHub takes."""

MOST_FAULTS = 40
MOST_CHANGES = 40
MOST_ROWS = 60
MOST_PLACES = 12
MOST_UNTRIED = 20
IN_ROOT = "In the root of the repository:"
UNZIPPED = "Unzip the artifact `bcrag-bundle` into the root of the repository, and type there:"
"""Where the page is that of a workflow run."""
TOO_LONG = "\n_The rest is too long for this page; report.html has it._\n"
DIFF_TOO_LONG = "\n_The diff is cut here; {path} has all of it._\n"


def render(
    report: Report, diff: str, rules: Sequence[Rule] | None = None, bundle: str | None = None, *, images: bool = True
) -> str:
    """The text of report.md.

    `diff` is the patch. `bundle` is the bundle's folder as a reader would type it (default: where runs
    leave it, `.bcrag/runs/<id>`); images are relative to the page, which stands in it;
    a page that stands elsewhere has none.
    """
    told = story.tell(report, rules)
    folder = bundle if bundle is not None else f".bcrag/runs/{report.id}"
    parts: list[str] = []
    left = LIMIT - len(TOO_LONG)
    for section in _sections(report, told, folder, images):
        if len(section) > left:
            return "".join((*parts, TOO_LONG))
        parts.append(section)
        left -= len(section)
    return "".join((*parts, _diff(report, diff, left)))


def _sections(report: Report, told: story.Story, folder: str, images: bool) -> Iterator[str]:
    known = fates(report)
    yield _head(report, told)
    yield markdown_model.answer(report)
    yield _short(report)
    yield _apply(report, folder)
    yield _images(report) if images else ""
    yield found(tale.wrong(report, still=not told.mended), told.found, known)
    yield markdown_model.scripts(report)
    yield markdown_reproducers.section(report, folder)
    yield changed("What was changed, and why", told.changes)
    yield markdown_model.authors(report)
    yield found("What remains", told.remaining if told.remaining != told.found else (), {})
    yield _proven(report, told)
    yield same_result(report, f"\n## {effects.TITLE}\n\n")
    yield changed("What is left to you", told.explained)
    yield looked(report, f"\n## {coverage.TITLE}\n\n")
    yield _untried(report)
    yield _bullets("Notes", [prose(sentence(note, 1000), 1000) for note in report.notes[:20]])
    yield _bullets("Sources", [cited(citation) for citation in told.citations[:40]])
    yield _cost(report, told)
    yield markdown_model.bill(report)


def _head(report: Report, told: story.Story) -> str:
    addon = report.request.addon
    facts = [
        f"**Add-on** {prose(addon.name, 120)} ({code(addon.path)})",
        f"**Base** {code(report.request.commit[:12])}",
        f"**Run in** Blender {', '.join(map(str, report.ran_in)) or 'none'}",
        f"**Supports** {report.request.support}",
        f"**Run** {code(report.id, 80)}",
    ]
    alarms = [
        *([report.error] if report.error and report.error != report.summary else []),
        *story.tampering(report)[:5],
    ]
    error = "".join(f"\n> {prose(alarm, 2000)}\n" for alarm in alarms)
    return f"# {told.headline}\n\n{prose(report.summary, 2000)}\n{error}\n{' · '.join(facts)}\n"


def _short(report: Report) -> str:
    lines = [
        " ".join(filter(None, (f"- **{passage.question}**", passage.answer, prose(sentence(passage.said)))))
        for passage in tale.passages(report)
    ]
    return "\n## In short\n\n" + "\n".join(lines) + "\n"


def fates(report: Report) -> Mapping[ledger.Key, str]:
    """What became of each fault, in a few words."""
    return {
        key: "; ".join(f"Blender {fate.releases}: {fate.before}, now {fate.after}" for fate in told)
        for key, told in ledger.told(report).items()
    }


def found(title: str, faults: Sequence[story.Found], known: Mapping[ledger.Key, str]) -> str:
    """Faults under a title, each with where it is, how it is known and what became of it."""
    if not faults:
        return ""
    lines = []
    for one in faults[:MOST_FAULTS]:
        fault = one.fault
        exception = f"{fault.exception}: " if fault.exception else ""
        rule = f" — rule {code(fault.rule, 60)}" if fault.rule else ""
        lines.append(f"- {code(exception + fault.message, 400)}{places(one.places)}{rule}  ")
        doing, subject = story.tried(fault)
        while_ = f", {doing} {code(subject, 120)}".rstrip() if doing else ""
        fate = known.get(ledger.key(fault), "")
        lines.append(f"  _{story.how(one)}_{while_}" + (f" · {fate}" if fate else ""))
        if fault.traceback and len(lines) < 20:
            lines.append(_traceback(fault.traceback))
    more = _more(story.counted(faults), story.counted(faults[:MOST_FAULTS]))
    return f"\n## {title}\n\n" + "\n".join(lines) + "\n" + more


def _traceback(text: str) -> str:
    # the end of a traceback says most
    body = fenced(block(rootless(text))[-2_000:], "text")
    inner = "".join(f"  {row}\n" for row in body.splitlines())
    return f"\n  <details><summary>Traceback</summary>\n\n{inner}\n  </details>\n"


def changed(title: str, changes: Sequence[story.Change]) -> str:
    """What rules did under a title, each with its reason, its safety and its sources."""
    if not changes:
        return ""
    lines = []
    for change in changes[:MOST_CHANGES]:
        note = change.note
        name = f" {note.name}" if note else ""
        lines.append(f"### {code(change.rule, 60)}{name}: {prose(sentence(change.title), 200)}\n")
        lines += [_done(done, len(change.done) > 1) for done in change.done[:MOST_PLACES]]
        if len(change.done) > MOST_PLACES:
            lines.append(f"- and {len(change.done) - MOST_PLACES} more")
        lines.append("")
        if note:
            lines.append(f"{flowing(note.why)}\n")
            lines.append(f"**Fix safety.** {flowing(story.graded(note))}\n")
        pages = note.references if note else ()
        sources = [cited(citation) for citation in change.citations[:10] if citation.url not in pages]
        sources += [f"[{prose(story.page(url), 160)}]({url})" for url in pages]
        lines += [f"- {source}" for source in sources]
        lines.append("")
    return f"\n## {title}\n\n" + "\n".join(lines) + _more(len(changes), MOST_CHANGES)


def _done(done: story.Done, one_of_many: bool) -> str:
    what = f"- {prose(sentence(done.title), 200)}: " if one_of_many else ""
    message = prose(done.message if one_of_many else sentence(done.message), 300).rstrip(".")
    reason = f" {prose(sentence(done.reason))}" if done.reason else ""
    return f"{what}{message}{places(done.places)}.{reason}"


def _images(report: Report) -> str:
    images = story.images(report)[:4]
    if not images:
        return ""
    row = " | ".join(f"![{cell(prose(image.caption or image.path, 200))}]({image.path})" for image in images)
    captions = " | ".join(cell(prose(image.caption or PurePosixPath(image.path).stem, 200)) for image in images)
    rule = " | ".join("---" for _ in images)
    return f"\n## Before and after\n\n| {captions} |\n| {rule} |\n| {row} |\n"


def _proven(report: Report, told: story.Story) -> str:
    if not report.validation:
        return ""
    lines = [f"- {sentence}" for sentence in told.proven]
    lines += [
        "",
        "| check | Blender | before | after | fixed | broken | revealed | still failing | time |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows = story.rows(report.validation)
    lines += [_row(row) for row in rows[:MOST_ROWS]]
    return "\n## What was proven\n\n" + "\n".join(lines) + "\n" + _more(len(rows), MOST_ROWS)


def same_result(report: Report, title: str) -> str:
    """Whether operators make what they made; nothing where none could be compared."""
    said, others = effects.same(report), effects.differing(report)
    lines = [said] if said else []
    if others:
        lines += [effects.lead(others), ""]
        lines += [
            f"- {code(one.operator, 80)}, {one.where}: {prose('; '.join(one.differences), 800)}" for one in others
        ]
    return title + "\n".join(lines) + "\n" if lines else ""


def _row(told: story.Row) -> str:
    row = told.first
    columns = [
        code(row.validator, 60),
        f"{told.releases} (static)" if row.static else told.releases,
        prose(row.baseline, 160),
        prose(row.after, 160),
        *(_ids(ids) for ids in (row.fixed, row.broken, row.revealed, row.remaining)),
        seconds(told.seconds).replace(" ", "\N{NO-BREAK SPACE}"),
    ]
    return "| " + " | ".join(map(cell, columns)) + " |"


def _ids(ids: Sequence[str]) -> str:
    if not ids:
        return ""
    shown = ", ".join(code(name, 80) for name in ids[:3])
    return f"{len(ids)}: {shown}" + (", …" if len(ids) > 3 else "")


def looked(report: Report, title: str) -> str:
    """How much was looked at; nothing where no Blender was run."""
    lines = [f"- {said}" for said in coverage.told(report)]
    dark = coverage.untouched(report)
    if dark:
        more = (
            f" and {plural(len(dark) - coverage.MOST_FILES, 'other file')}" if len(dark) > coverage.MOST_FILES else ""
        )
        files = ", ".join(code(path, 120) for path in dark[: coverage.MOST_FILES])
        lines.append(f"- {coverage.LEAST.format(files=files + more)}")
    return title + "\n".join(lines) + "\n" if lines else ""


def _untried(report: Report) -> str:
    lines = [
        f"{told.ending}: {prose(sentence(told.why, 300)) or 'no reason is known'}"
        + (f" (Blender {told.releases})" if told.releases else "")
        + ": "
        + ", ".join(code(check, 120) for check in told.checks[:8])
        + (f" and {len(told.checks) - 8} more" if len(told.checks) > 8 else "")
        for told in story.untried(report)
    ]
    more = f"_and {len(lines) - MOST_UNTRIED} more reasons, in report.json_"
    return _bullets("What was not tried", [*lines[:MOST_UNTRIED], *([more] if len(lines) > MOST_UNTRIED else [])])


def _apply(report: Report, folder: str) -> str:
    patch = report.patch
    if patch is None or not patch.files:
        return ""
    command = applying.in_root(Path(folder), patch.path)
    files = ", ".join(code(path) for path in patch.files[:MOST_PLACES])
    counts = f"{plural(len(patch.files), 'file')}, +{patch.added} −{patch.removed}"
    where = UNZIPPED if folder == "." else IN_ROOT
    return f"\n## How to apply it\n\n{where}\n\n{fenced(command, 'sh')}\n{counts}: {files}\n"


def _cost(report: Report, told: story.Story) -> str:
    facts = []
    way = authors.routed(report)
    if way is not None and authors.told(report) is None:
        facts.append(f"**Worked on by** {way.path}: {prose(sentence(way.reason, 600))}")
    if told.starts:
        facts.append(f"**Blender starts** {prose(told.starts)}")
    if report.timings:
        steps = ", ".join(f"{prose(name, 40)} {seconds(spent)}" for name, spent in report.timings.items())
        facts.append(f"**Time** {seconds(told.seconds)} ({steps})")
    versions = ", ".join(f"{prose(name, 60)} {prose(version, 60)}" for name, version in report.versions.items())
    if versions:
        facts.append(f"**Versions** {versions}")
    return _bullets("The run", facts)


def _diff(report: Report, diff: str, left: int) -> str:
    if not diff:
        return ""
    head, tail = "\n<details><summary>The diff</summary>\n\n", "\n</details>\n"
    path = code(report.patch.path if report.patch else "patch.diff")
    note = DIFF_TOO_LONG.format(path=path)
    # the fence is as long as the longest run of backticks: leave room for two of them
    room = left - len(head) - len(tail) - len(note) - 2_000
    if room < 500:
        return note
    text = block(diff, len(diff) + 1)
    fits = len(text) <= room
    shown = text if fits else text[:room].rpartition("\n")[0]
    body = fenced(shown, "diff")
    return head + body + ("" if fits else note) + tail if len(body) < left - len(head) - len(tail) - len(note) else note


def places(named: Sequence[str]) -> str:
    """Where something is: ` at` and its places, which a stranger's names may be part of."""
    if not named:
        return ""
    more = f" and {len(named) - MOST_PLACES} more" if len(named) > MOST_PLACES else ""
    return " at " + ", ".join(code(place) for place in named[:MOST_PLACES]) + more


def _bullets(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"- {text}\n" for text in lines)
    return f"\n## {title}\n\n{body}" if body else ""


def _more(count: int, shown: int) -> str:
    return f"\n_And {count - shown} more, in report.json._\n" if count > shown else ""
