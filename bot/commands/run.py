"""`bot run`: find what is wrong with an add-on, repair it, prove it in Blender, leave a bundle."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from bot.errors import Cancelled, MissingError, UsageError

if TYPE_CHECKING:
    from bot.commands.issues import Told
    from bot.runs import Asked
    from bot.wiring import Task

HELP = """Repair a Blender add-on and prove it in real Blender.

Without a task, bcrag looks for what is wrong by itself: it loads the add-on in the sandboxed Blender of each
release, calls its operators and draws its panels, repairs what a rule answers, and runs everything again. The
checkout stays as it is; the patch and the report lie in a bundle.

Examples:

  bot run                                      the add-on in this folder

  bot run ~/my_addon --blender 4.2,4.5         prove it on these releases

  bot run --log blender.log                    aim at the traceback in a log

  bot run --apply                              write the repair into the working tree

  bot run --task "export loses the UV map"     say what is wrong; a model writes the reproduction first

  bot run --llm ollama:qwen3-coder             what rules leave goes to a model on this machine

  bot run --llm manual                         prompts become files, and whoever answers is the model
"""

PINNED = "--resume takes a run up as it was asked for: {flags} cannot be given with it."
PINNED_CURE = "Leave that out, or start a new run without --resume."
LISTED = "{id}  {addon}  Blender {releases}"
TAKE_UP = "Take one up where it was: bot run {checkout} --resume {id}"
NOTHING_LEFT = "No run of this repository was interrupted."
INTERRUPTED = "Interrupted; nothing was changed."
INTERRUPTED_CURE = "Take it up again where it was: bot run {checkout} --resume {id}"
ONE_SOURCE = "Choose one of --issue and --event."
BOTH = "Choose one of --apply and --branch."


class Command(TyperCommand):
    """`bot run`, whose `--resume` may stand without an ID."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See `click.Command.parse_args`."""
        given = [*args, "-"]
        ends = args.index("--") if "--" in args else len(args)
        for place in reversed(range(ends)):
            if args[place] == "--resume" and given[place + 1].startswith("-"):
                args = [*args[:place], "--resume=", *args[place + 1 :]]
        return super().parse_args(ctx, args)


_WHERE = "What to work on"
_HOW = "How"


def run(
    checkout: Annotated[Path, typer.Argument(help="The add-on's repository, or a folder in it.")] = Path(),
    task: Annotated[str | None, typer.Option("--task", help="What is wrong, in words.", rich_help_panel=_WHERE)] = None,
    issue: Annotated[
        int | None,
        typer.Option("--issue", help="The issue of this number on GitHub; takes a token.", rich_help_panel=_WHERE),
    ] = None,
    issue_file: Annotated[
        Path | None,
        typer.Option(
            "--issue-file", help="An issue's text in a file, or - for standard input.", rich_help_panel=_WHERE
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option("--log", help="A log or traceback to aim at, or - for standard input.", rich_help_panel=_WHERE),
    ] = None,
    event: Annotated[
        Path | None, typer.Option("--event", help="An event payload of GitHub, in a file.", rich_help_panel=_WHERE)
    ] = None,
    addon: Annotated[
        str | None,
        typer.Option("--addon", help="The add-on's path, where there are several.", rich_help_panel=_WHERE),
    ] = None,
    blender: Annotated[
        str | None,
        typer.Option(
            "--blender",
            metavar="4.2,4.5",
            help="Releases to prove. Default: the ends of the support range there is a Blender for.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    blender_path: Annotated[
        list[Path] | None,
        typer.Option("--blender-path", metavar="FILE", help="A Blender executable to use.", rich_help_panel=_HOW),
    ] = None,
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            metavar="fix|explain|test|refactor|feature",
            help="What kind of work the task is; test, refactor and feature need a model.",
            rich_help_panel=_WHERE,
        ),
    ] = "fix",
    hint: Annotated[
        str | None,
        typer.Option("--hint", help='What another try should heed: "use bmesh instead".', rich_help_panel=_WHERE),
    ] = None,
    thread: Annotated[
        Path | None,
        typer.Option(
            "--thread",
            metavar="FILE",
            help="What was said before: a JSON list of objects with author, text and ours.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            "--llm",
            metavar="none|auto|NAME[:MODEL]",
            help="The model for what rules leave: none, auto, openai, openrouter, ollama, lmstudio, vllm, azure, "
            "manual, scripted:FILE, or an address.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    max_attempts: Annotated[
        int | None, typer.Option("--max-attempts", min=1, max=50, help="Patches to try.", rich_help_panel=_HOW)
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option("--max-cost", min=0, metavar="USD", help="What models may cost.", rich_help_panel=_HOW),
    ] = None,
    sandbox: Annotated[
        str | None,
        typer.Option(
            "--sandbox", metavar="auto|bubblewrap|docker|none", help="What runs the add-on.", rich_help_panel=_HOW
        ),
    ] = None,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Never download a Blender or its stubs.", rich_help_panel=_HOW)
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the repair to the working tree.", rich_help_panel="What comes of it")
    ] = False,
    branch: Annotated[
        str | None,
        typer.Option("--branch", help="Commit the repair on a new branch.", rich_help_panel="What comes of it"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for the bundle. Default: .bcrag/runs/ID.", rich_help_panel="What comes of it"
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON on stdout.", rich_help_panel="What comes of it")
    ] = False,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume",
            metavar="[ID]",
            help="Take up an interrupted run; without ID: list those there are.",
            rich_help_panel=_HOW,
        ),
    ] = None,
) -> None:
    """Repair a Blender add-on and prove it in real Blender."""
    from bot import __version__, runs, wiring
    from bot.commands import common, issues, repairing
    from bot.commands.sandboxing import settled
    from bot.reporting.terminal import Progress, summary
    from bot.reporting.text import shell_word
    from bot.repository import Repository
    from bot.settings import Settings, load

    if issue is not None and event is not None:
        raise UsageError(ONE_SOURCE, "The payload holds the issue.")
    if apply and branch:
        raise UsageError(BOTH, "--branch leaves the working tree alone, --apply makes no commit.")
    wanted = common.mode(mode)
    repository = Repository.open(checkout)
    if resume == "":
        _list(runs.interrupted(repository.root), checkout, as_json=as_json)
        return
    flags = {
        "addon": addon,
        "blender": common.releases(blender),
        "blender_paths": tuple(blender_path) if blender_path else None,
        "llm": llm,
        "max_attempts": max_attempts,
        "max_cost": max_cost,
        "sandbox": sandbox,
        "install": False if no_install else None,
    }
    progress = Progress()
    with contextlib.ExitStack() as stack:
        if resume is not None:
            pinned = {"--task": task, "--issue-file": issue_file, "--log": log, "--addon": addon, "--blender": blender,
                      "--max-attempts": max_attempts, "--hint": hint, "--thread": thread,
                      "--issue": issue, "--event": event}  # fmt: skip
            if changed := [name for name, value in pinned.items() if value is not None]:
                raise UsageError(PINNED.format(flags=", ".join(changed)), PINNED_CURE)
            # What it was asked for may name a model that today's settings do not.
            common.keyless(load(repository.root, **flags).model_copy(update={"llm": "auto"}))
            kept = stack.enter_context(runs.take_up(resume, repository.root, __version__, checkout))
            given = {key: value for key, value in flags.items() if value is not None}
            job = wiring.resume(repository, Settings(**{**kept.asked.settings, **given}), kept.asked, out)
            apply = apply or (kept.asked.apply and not branch)
            branch = branch or (None if apply else kept.asked.branch)
        else:
            settings = settled(load(repository.root, **flags), repository.root)
            common.keyless(settings)
            if branch:
                repository.check_branch_name(branch)
            told = wiring.Task(
                *common.asked(task, issue_file, log), wanted, hint or "", common.turns(thread) if thread else ()
            )
            if issue is not None:
                told = _from_github(told, issues.of_issue(repository.root, issue))
            elif event is not None:
                told = _from_github(told, issues.of_event(event))
            common.check_words(told.mode, told.task)
            with common.installing(progress) as show:
                job = wiring.prepare(checkout, repository, settings, told, out, show)
            kept = stack.enter_context(repairing.begun(job, apply=apply, branch=branch))
        again = INTERRUPTED_CURE.format(checkout=shell_word(str(checkout)), id=job.request.id)
        try:
            report = repairing.repair(job, kept, progress, branch)
        except KeyboardInterrupt as error:
            raise Cancelled(INTERRUPTED, again) from error
        except MissingError as error:
            raise MissingError(str(error), f"{error.cure}\n{again}") from error
        if apply and report.patch:
            file = job.bundle / report.patch.path
            repository.apply(file.read_bytes(), shell_word(str(file)))
        kept.done()
    if as_json:
        sys.stdout.write(report.model_dump_json(by_alias=True, indent=2) + "\n")
    else:
        from rich.console import Console

        done = f"git switch {branch}" if branch and report.patch else "git diff" if apply and report.patch else None
        summary(report, job.bundle, Console(highlight=False), command=done)
    raise typer.Exit(int(repairing.exit_status(report)))


def _from_github(told: Task, said: Told) -> Task:
    """A task with what an issue says added to it; a command in it says how, where no flag does."""
    from bot.models.request import Mode

    words = "\n\n".join(part for part in (told.task, said.text) if part)
    log = "\n".join(part for part in (told.log, said.text, *(turn.text for turn in said.conversation)) if part)
    mode, hint = told.mode, told.hint
    if said.command is not None:
        mode = said.command.verb.mode if mode is Mode.FIX and said.command.verb.mode is not Mode.CHECK else mode
        hint = hint or said.command.words
    return replace(
        told, task=words, log=log, mode=mode, hint=hint, conversation=(*said.conversation, *told.conversation)
    )


def _list(found: Sequence[Asked], checkout: Path, *, as_json: bool) -> None:
    """Print the runs that can be taken up."""
    from bot.reporting.text import line, shell_word

    if as_json:
        rows = [{"id": one.request.id, "addon": one.request.addon.path, "commit": one.request.commit} for one in found]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for one in found:
        releases = ", ".join(map(str, one.request.runs_on))
        row = LISTED.format(id=one.request.id, addon=one.request.addon.path, releases=releases)
        sys.stdout.write(line(row, 200) + "\n")
    place = shell_word(str(checkout))
    sys.stdout.write((TAKE_UP.format(checkout=place, id=found[0].request.id) if found else NOTHING_LEFT) + "\n")
