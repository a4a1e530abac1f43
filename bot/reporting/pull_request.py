"""The pull request of a repair: its title, and a body that tells what was wrong, what was done and what proves it.

What strangers wrote stands in code spans and fences or is escaped; links go to pages that were given (`Links`), to
documentation a report may link to, and to lines of this very repository. The whole stays below what GitHub takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.models.errand import Errand
from bot.models.fault import Proof
from bot.models.report import Report
from bot.models.request import Mode, Trigger
from bot.reporting import (
    asked,
    bill,
    commits,
    coverage,
    ledger,
    markdown,
    markdown_model,
    markdown_reproducers,
    reproducers,
    rulewise,
    scripts,
    story,
    tale,
)
from bot.reporting.marked import cell, code, fenced, prose, quoted
from bot.reporting.permalinks import Commit
from bot.reporting.progress import marker
from bot.reporting.text import line, listed, plural, seconds, shell_word

LIMIT = 64_000
"""Characters, a little below the 65,536 GitHub takes."""

MOST_SHOWN = 6
MOST_ROWS = 40
MOST_NOTES = 12
MOST_SOURCES = 30
LONGEST_TASK = 400
TOO_LONG = "\n_The rest is too long for this page: {run} has the whole report._\n"

VERIFIED = "**Verified** in Blender {releases}: what failed before works now, and nothing that worked is broken."
VERIFIED_PARTLY = (
    "**Verified** in Blender {releases}: what was asked about failed before and works now, and nothing that worked is "
    "broken."
)
ALREADY = "Something else was wrong already and is still there, see *What remains*."
VERIFIED_TESTS = "**Verified** in Blender {releases}: the tests pass, and fail when what they test is taken away."
VERIFIED_UNCHANGED = "**Verified** in Blender {releases}: what worked before works now, and the changed lines ran."
UNVERIFIED = "**Not verified.** {why}"
UNSEEN = "Nobody could see it fail and then work; look at it before you merge it."
DOUBTED = "{reason} Look at it before you merge it."
LEFT = "{faults} still there, see *What remains*."
WISH = "No machine can prove a wish done; the checks below show that nothing else broke."
WEEKLY = "Nobody asked for this: it is the weekly look at the newest Blender."
STATIC = "Where it says *static*, no Blender of that release ran: the code was checked against its API."
MORE = "{count}, {known}"
CHANGED = "What changed"
WHY = "Why, place by place, and how safe each change is"
PROCESS = "How the model came to it"
PROVEN = "What was proven"
TALK = """
## Talk to it

Comment here, as the first line:

{retry}
- `/bcrag explain <question>` answers
- `/bcrag stop` stops what is going on

Push to the branch to take it over: from then on the bot leaves it alone. {closed}
"""
REVISE = "- `/bcrag retry <hint>` revises this pull request: `/bcrag retry use bmesh instead`"
RENEW = "- `/bcrag retry` makes this pull request anew, from the newest commit of {base}"
"""Where no model had a part in it: only a model reads a hint."""
CLOSED = "Close it, and it stays closed."
CLOSED_CHANGES = "Close it, and these changes are not proposed again."
SAME = "Before and after look the same; both are in the bundle."
LOCALLY = "Do it again on your machine, from the commit it was made for"
FOOT = "[The run, its log and the whole report]({run})"


class Links(Frozen):
    """Where things are. All of it is known to whoever publishes, and nothing of it is a bundle's."""

    server: str
    repository: str
    commit: str
    run: str = ""
    before: str | None = None
    """The render before, where it can be shown."""
    after: str | None = None
    same: bool = False
    """Whether the two look the same, and are not shown for that."""

    @property
    def lines(self) -> Commit:
        """Where lines of the untouched files are."""
        return Commit(server=self.server, repository=self.repository, commit=self.commit)


def title(report: Report, errand: Errand) -> str:
    """At most 72 characters, as a conventional commit begins."""
    return commits.subject(report, errand)


def body(report: Report, errand: Errand, links: Links, notes: Sequence[str] = ()) -> str:
    """The text of the pull request; `notes` are sentences of ours about how it was made."""
    end = _closing(report, errand) + _foot(links)
    cut = TOO_LONG.format(run=f"[the run]({links.run})" if links.run else "the run")
    left = LIMIT - len(cut) - len(end)
    parts: list[str] = [marker(errand) + "\n"]
    for section in _sections(report, errand, links, notes):
        if len(section) > left:
            parts.append(cut)
            break
        parts.append(section)
        left -= len(section)
    return "".join((*parts, end))


def _sections(report: Report, errand: Errand, links: Links, notes: Sequence[str]) -> Iterator[str]:
    told = story.tell(report)
    yield "\n\n".join(_beginning(report, errand)) + "\n"
    yield _renders(report, links)
    yield _notes(notes)
    yield _asked(report, errand)
    yield _wrong(report, told)
    yield _scripts(report)
    yield _folded(reproducers.TITLE, markdown_reproducers.folded(report))
    yield _changed(told.changes, report.request.addon.path, links)
    yield markdown_model.written(report, links.lines.cite)
    yield _folded(PROCESS, markdown_model.process(report))
    yield markdown.found("What remains", told.remaining, {})
    yield _proven(report, told)
    yield markdown.changed("What is left to you", told.explained)
    yield _folded(coverage.TITLE, markdown.looked(report, ""))
    yield _folded("Sources", _sources(told.citations, links))
    yield _folded("Cost and time", _cost(report, told, links))
    yield _folded(LOCALLY, _again(report, errand))
    yield TALK.format(
        retry=REVISE if asked.answered(report) else RENEW.format(base=code(errand.base)),
        closed=CLOSED if errand.about is not None else CLOSED_CHANGES,
    )


def _beginning(report: Report, errand: Errand) -> Iterator[str]:
    """Whether it is proven, what came of it, and why it came where nobody asked."""
    best = story.best_attempt(report)
    if not report.verified and not report.remaining and best is not None and best.verdict.repaired:
        yield UNVERIFIED.format(why=DOUBTED.format(reason=prose(best.verdict.reason)))  # what the summary says, too
    else:
        yield _verdict(report)
        yield prose(report.summary, 2_000)
    if errand.trigger is Trigger.SCHEDULE:
        yield WEEKLY


def _verdict(report: Report) -> str:
    if report.verified:
        return _verified(report).format(releases=listed(map(str, story.tried_in(report))))
    if left := len(report.remaining):
        return UNVERIFIED.format(why=LEFT.format(faults=f"{plural(left, 'fault')} {'is' if left == 1 else 'are'}"))
    return UNVERIFIED.format(why=UNSEEN if report.request.mode is Mode.FIX else WISH)


def _verified(report: Report) -> str:
    if report.request.mode is Mode.TEST:
        return VERIFIED_TESTS
    if story.unseen(report):
        return VERIFIED_UNCHANGED + (f" {ALREADY}" if report.remaining else "")
    return f"{VERIFIED_PARTLY} {ALREADY}" if report.remaining else VERIFIED


def _asked(report: Report, errand: Errand) -> str:
    """What was asked, where no issue says it."""
    task = report.request.task.strip()[:LONGEST_TASK]
    return f"\n## {tale.ASKED_FOR}\n\n{quoted(prose(task, LONGEST_TASK))}" if task and not errand.subject else ""


def _wrong(report: Report, told: story.Story) -> str:
    """What was wrong: what Blender raised, with its traceback; the rest rule by rule, behind a line that opens it."""
    raised = [one for one in told.found if one.fault.proof is Proof.REPRODUCED]
    rest = [one for one in told.found if one.fault.proof is not Proof.REPRODUCED]
    by_rule = rulewise.groups([*raised[MOST_SHOWN:], *rest], ledger.told(report))
    shown = () if raised else by_rule[:MOST_SHOWN]
    folded = by_rule[len(shown) :]
    if not raised and not shown:
        return ""
    heading = tale.wrong(report)
    plainly = next((each.answer for each in tale.passages(report) if each.question == heading), "")
    more = [one for group in folded for one in group.found]
    proofs = {one.fault.proof for one in more}
    known = listed(words for proof, words in story.PROOFS.items() if proof in proofs)
    title = MORE.format(count=plural(story.counted(more), "more fault"), known=known)
    first = markdown.found("", raised[:MOST_SHOWN], markdown.fates(report)).partition("\n\n")[2]
    return (
        f"\n## {heading}\n\n{plainly}\n\n" + (first or rulewise.found(shown)) + _folded(title, rulewise.found(folded))
    )


def _scripts(report: Report) -> str:
    found = scripts.shown(report)
    return _folded(scripts.title(found), markdown_model.each_script(found)) if found else ""


def _changed(changes: Sequence[story.Change], root: str, links: Links) -> str:
    """A row for each rule, and its reasons behind a line that opens them."""
    if not changes:
        return ""
    why = markdown.changed("", changes).partition("\n\n")[2]
    return f"\n## {CHANGED}\n\n" + rulewise.changes(changes, root, links.lines.page) + _folded(WHY, why)


def _renders(report: Report, links: Links) -> str:
    shown = [(name, url) for name, url in (("before", links.before), ("after", links.after)) if url]
    if not shown:
        return ""
    captions = {image.path: image.caption for image in story.images(report)}
    heads = " | ".join(cell(prose(captions.get(f"renders/{name}.png") or name, 200)) for name, _ in shown)
    rule = " | ".join("---" for _ in shown)
    row = " | ".join(f"![What the add-on makes, {name}]({url})" for name, url in shown)
    return f"\n| {heads} |\n| {rule} |\n| {row} |\n"


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    return "\n> [!NOTE]\n" + ">\n".join(f"> {note}\n" for note in notes[:MOST_NOTES])


def _proven(report: Report, told: story.Story) -> str:
    rows = story.rows(report.validation)
    if not rows:
        return ""
    lines = [*(f"- {said}" for said in told.proven), ""]
    lines += ["| check | Blender | before | after | fixed | broken |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows[:MOST_ROWS]:
        first = row.first
        where = f"{row.releases} *static*" if first.static else row.releases
        columns = [
            code(first.validator, 60), where, prose(first.baseline, 160), prose(first.after, 160),
            str(len(first.fixed) or ""), f"**{len(first.broken)}**" if first.broken else "",
        ]  # fmt: skip
        lines.append("| " + " | ".join(map(cell, columns)) + " |")
    more = f"\n_And {len(rows) - MOST_ROWS} more, in the report._\n" if len(rows) > MOST_ROWS else ""
    static = f"\n{STATIC}\n" if any(row.first.static for row in rows) else ""
    same = markdown.same_result(report, "\n")
    return f"\n## {PROVEN}\n\n" + "\n".join(lines) + "\n" + more + static + same


def _sources(citations: Sequence[Citation], links: Links) -> str:
    return "".join(f"- {links.lines.cite(citation)}\n" for citation in citations[:MOST_SOURCES])


def _cost(report: Report, told: story.Story, links: Links) -> str:
    lines = [f"- **Models** {bill.total(report.cost)}", f"- **Time** {seconds(told.seconds)}"]
    if told.starts:
        lines.append(f"- **Blender starts** {prose(told.starts)}")
    ran = {name: version for name, version in report.versions.items() if "stubs" not in version}
    versions = ", ".join(f"{prose(name, 60)} {prose(version, 60)}" for name, version in ran.items())
    if versions:
        lines.append(f"- **Versions** {versions}")
    if links.same:
        lines.append(f"- **Renders** {SAME}")
    return "\n".join(lines) + "\n"


def _again(report: Report, errand: Errand) -> str:
    """Two lines that fetch the very commit, which no clone needs to have, and run the bot as it was run."""
    releases = ",".join(map(str, report.ran_in))
    flags = [f"--blender {releases}" if releases else ""]
    if report.request.addon.path != ".":
        flags.append(f"--addon {shell_word(report.request.addon.path)}")
    if report.request.mode is not Mode.FIX:
        flags.append(f"--mode {report.request.mode}")
    if errand.about is not None:
        flags.append(f"--issue {errand.about}")
    elif errand.command.words:
        flags.append(f"--task {shell_word(line(errand.command.words, LONGEST_TASK))}")
    run = " ".join(filter(None, ("bot run .", *flags)))
    return fenced(f"git fetch origin {errand.commit} && git switch --detach FETCH_HEAD\n{run}", "sh")


def _closing(report: Report, errand: Errand) -> str:
    if errand.about is None:
        return ""
    return f"\n{commits.closing(report, errand) or f'For #{errand.about}'}\n"


def _foot(links: Links) -> str:
    return f"\n<sub>{FOOT.format(run=links.run)}</sub>\n" if links.run else ""


def _folded(summary: str, text: str) -> str:
    """Text of ours and ready-made Markdown behind a line that opens it."""
    return f"\n<details><summary>{summary}</summary>\n\n{text.strip()}\n\n</details>\n" if text.strip() else ""
