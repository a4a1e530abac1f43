"""Make the pictures of the documentation: `python benchmarks/pictures.py BUNDLE [--out docs/images]`.

BUNDLE is what `bot run examples/wave_279 --blender 4.5` left in `.bcrag/runs/`. Its pull request and its comments are
drawn as GitHub shows them (`tests/support/github_page.py`), in a real Chromium.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import github_page
from bot.models.command import Command, Verb
from bot.models.errand import Asker, Errand, Subject
from bot.models.report import Report
from bot.models.request import Trigger
from bot.models.result import Delivery, Ending, Result
from bot.reporting import progress, pull_request
from browser import Browser, chromium, executable

WIDTH = 900
MOST_BYTES = 300_000
SERVER, REPOSITORY, ISSUE, PULL, RUN = "https://github.com", "ann/wave", 12, 13, 77
RUN_URL = f"{SERVER}/{REPOSITORY}/actions/runs/{RUN}"
BOT = "bcrag"
TOP = 2_053
"""Pixels of a pull request that are shown; below are its sources and costs, folded, and how to talk to the bot."""


def errand(report: Report) -> Errand:
    """Somebody asked for a repair, in a comment on an issue."""
    return Errand(
        repository=REPOSITORY, run=RUN, command=Command(verb=Verb.FIX), trigger=Trigger.SLASH_COMMAND,
        problem=f"fix-{ISSUE}", subject=Subject(number=ISSUE), base="main", commit=report.request.commit,
        asked_by=Asker(login="ann", id=5), asked_at=datetime.now(UTC),
    )  # fmt: skip


def pull(report: Report, bundle: Path) -> str:
    """The pull request's page, with the bundle's own renders."""
    asked = errand(report)
    urls = {name: f"https://raw.githubusercontent.com/{REPOSITORY}/{name}.png" for name in ("before", "after")}
    links = pull_request.Links(server=SERVER, repository=REPOSITORY, commit=asked.commit, run=RUN_URL, **urls)
    shown = {url: data(bundle / "renders" / f"{name}.png") for name, url in urls.items()}
    body = github_page.Said(BOT, pull_request.body(report, asked, links))
    return github_page.pull_request(pull_request.title(report, asked), PULL, asked.base, asked.branch, body, shown)


def comment(report: Report) -> str:
    """What was asked, and the bot's one comment, while it works and when it is done."""
    asked = errand(report)
    url = f"{SERVER}/{REPOSITORY}/pull/{PULL}"
    done = Result(ending=Ending.FINISHED, report=report, delivery=Delivery.OPENED, pull=PULL, url=url, run_url=RUN_URL)
    return github_page.page(
        github_page.Said("ann", "/bcrag fix", bot=False),
        github_page.Said(BOT, progress.progress(asked, "repairing", RUN_URL)),
        github_page.Said(BOT, progress.result(asked, done), when="edited"),
    )


def data(file: Path) -> str:
    """A picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode()


def shot(browser: Browser, page: str, file: Path, top: int | None = None) -> int:
    """Take a picture of a page; its size in bytes, few enough for a documentation."""
    with tempfile.TemporaryDirectory() as folder:
        tab = browser.open(github_page.written(page, Path(folder) / "page.html"), WIDTH)
        height = round(tab.ask("document.querySelector('main').getBoundingClientRect().height"))
        tab.picture(file, min(top or height, height))
    with Image.open(file) as whole:
        whole.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def main() -> int:
    """Make them; the exit status is 1 if one is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    program = executable()
    if program is None:
        parser.error("no Chromium here (Debian: apt-get install chromium)")
    report = Report.model_validate_json((given.bundle / "report.json").read_bytes())
    with chromium(program) as browser:
        sizes = {
            "pull-request.png": shot(browser, pull(report, given.bundle), given.out / "pull-request.png", TOP),
            "comment.png": shot(browser, comment(report), given.out / "comment.png"),
        }
    for name, size in sizes.items():
        sys.stdout.write(f"{given.out / name}: {size:,} bytes\n")
    return int(max(sizes.values()) > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
