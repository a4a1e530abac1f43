"""`bot init`: the workflows and the configuration a repository needs, asked for, explained and written."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Cancelled, UsageError

HELP = """Set bcrag up for a repository on GitHub: write its workflows, and bcrag.toml where a setting is needed.

It looks at the repository, asks what it cannot see, shows what it is going to write and what each permission is
for. Nothing that was changed since is overwritten without --force. Afterwards it says what is left to do on GitHub.

Examples:

  bot init                          in the add-on's repository

  bot init --dry-run                print the files, write nothing

  bot init --yes --llm openai       ask nothing; a model for what rules leave
"""

NOBODY = "There is nobody to ask here: standard input is no terminal."
NOBODY_CURE = "Take the defaults with --yes, or look at what they give with --dry-run."
WRITTEN = "{count} written."
NOTHING = "Everything is as it should be; nothing was written."
DRY = "Nothing was written: that is what --dry-run is for."


def init(
    checkout: Annotated[Path, typer.Argument(help="The add-on's repository.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take flags and defaults.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print every file; write nothing, ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are different.")] = False,
    addon: Annotated[str | None, typer.Option("--addon", help="The add-on's path, where there are several.")] = None,
    blender: Annotated[str | None, typer.Option("--blender", metavar="4.2,4.5", help="Releases to work in.")] = None,
    llm: Annotated[
        str | None,
        typer.Option("--llm", metavar="none|openai|openrouter[:MODEL]|ADDRESS", help="The model. Default: none."),
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", min=0, metavar="USD", help="What the models of a run may cost.")
    ] = None,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="A job that says which step is running.")
    ] = None,
    weekly: Annotated[bool | None, typer.Option("--weekly/--no-weekly", help="A run each Monday.")] = None,
    branch: Annotated[str | None, typer.Option("--branch", help="The default branch. Default: what git knows.")] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", metavar="OWNER/NAME@COMMIT", help="The Action. Default: what this bot is made of."),
    ] = None,
) -> None:
    """Set bcrag up for a repository on GitHub."""
    from bot.commands import common
    from bot.commands.initialising import asking, files, showing
    from bot.reporting.text import plural
    from bot.repository import Repository
    from bot.settings import load
    from bot.workflows import filling

    ask = not (yes or dry_run)
    if ask and not _somebody():
        raise UsageError(NOBODY, NOBODY_CURE)
    repository = Repository.open(checkout)
    settings = load(repository.root, addon=addon, blender=common.releases(blender))
    given = {"llm": llm, "max_cost": max_cost, "progress": progress, "weekly": weekly, "branch": branch}
    there = asking.addons(repository)
    _say(showing.found(there, repository.root) if there else ())
    try:
        about = asking.addon(there, settings.addon, str(repository.root), asking=ask)
        answers = asking.answers(repository, settings, about, asking.pin(action, asking=ask), given, asking=ask)
        workflows = tuple(filling.workflows(answers))
        planned = files.planned(repository, about, len(there) > 1, answers, workflows)
        _say(showing.plan(planned, workflows, whole=dry_run))
        if dry_run:
            typer.echo(DRY)
            return
        count = files.write(planned.files, force=force, asking=ask)
    except typer.Abort as error:
        raise Cancelled(files.STOPPED) from error
    typer.echo((WRITTEN.format(count=plural(count, "file")) if count else NOTHING) + "\n")
    _say(showing.left_to_do(repository.root, answers, planned))


def _somebody() -> bool:
    return sys.stdin.isatty()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
