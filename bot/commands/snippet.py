"""`bot snippet`: code for a task in words, written by a model and run in real Blender."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Cancelled, ExitStatus, MissingError, UsageError

if TYPE_CHECKING:
    from bot.models.snippet import SnippetReport
    from bot.reporting.terminal import Progress
    from bot.wiring_snippet import SnippetJob

HELP = """Write a script for Blender that does what a task says, and prove it in real Blender.

A model writes it, with the pages of Blender's API at hand. What it writes is read first: nothing that needs a window,
no file, no network, no name the API does not have. Then it runs in the sandboxed Blender of each release, twice in the
same scene: the second run must add nothing. What fails goes back to the model in the exact words of the failure.

Examples:

  bot snippet "Create a cube, add a subdivision surface modifier of 2 levels, shade smooth"

  bot snippet "..." --blender 4.2,4.5          it must work in both

  bot snippet "..." --llm ollama:qwen3-coder   a model on this machine

  bot snippet "..." --llm manual               the prompt becomes a file, and whoever answers is the model

  bot snippet - < task.txt                     the task from standard input
"""

NO_TASK = "There is no task."
NO_TASK_CURE = 'Say in words what the code is to do: bot snippet "Create a cube, shade it smooth"'
UNANSWERED = "No model wrote the snippet. {why}"
UNANSWERED_CURE = "Try again later, or name another with --llm: bot snippet --help"
MANUAL = "Each prompt is a file in {folder}; its first lines say where the answer goes."
INTERRUPTED = "Interrupted; there is no snippet."

_HOW = "How"
_WHAT = "What comes of it"


def snippet(
    task: Annotated[str, typer.Argument(help="What the code is to do, in words; - reads standard input.")],
    blender: Annotated[
        str | None,
        typer.Option(
            "--blender",
            metavar="4.2,4.5",
            help="Releases it must work in, each of them. Default: the newest there is.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            "--llm",
            metavar="auto|NAME[:MODEL]",
            help="The model: auto, openai, openrouter, ollama, lmstudio, vllm, azure, manual, scripted:FILE, or an "
            "address.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    max_attempts: Annotated[
        int, typer.Option("--max-attempts", min=1, max=20, help="Drafts to try.", rich_help_panel=_HOW)
    ] = 3,
    max_cost: Annotated[
        float | None,
        typer.Option("--max-cost", min=0, metavar="USD", help="What models may cost.", rich_help_panel=_HOW),
    ] = None,
    sandbox: Annotated[
        str | None,
        typer.Option(
            "--sandbox", metavar="auto|bubblewrap|docker|none", help="What runs the code.", rich_help_panel=_HOW
        ),
    ] = None,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Never download a Blender or its stubs.", rich_help_panel=_HOW)
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Folder for the code, the report and the render. Default: .bcrag/snippets/ID.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON on stdout.", rich_help_panel=_WHAT)
    ] = False,
) -> None:
    """Write a script for Blender that does what a task says, and prove it in real Blender."""
    from bot import wiring_snippet
    from bot.commands import common
    from bot.models.snippet import SnippetStatus
    from bot.reporting.snippet import terminal
    from bot.reporting.terminal import Progress
    from bot.reporting.text import shell_word
    from bot.settings import load

    words = _words(task)
    settings = load(
        Path.cwd(),
        blender=common.releases(blender),
        llm=llm,
        max_cost=max_cost,
        sandbox=sandbox,
        install=False if no_install else None,
    )
    common.keyless(settings)
    progress = Progress()
    try:
        job = wiring_snippet.prepare(words, settings, max_attempts, out)
        report = _written(job, progress)
    except KeyboardInterrupt as error:
        raise Cancelled(INTERRUPTED) from error
    if as_json:
        sys.stdout.write(report.model_dump_json(by_alias=True, indent=2) + "\n")
    else:
        sys.stdout.write(terminal(report, shell_word(str(job.folder))))
    verified = report.status is SnippetStatus.VERIFIED
    raise typer.Exit(int(ExitStatus.OK if verified else ExitStatus.PROBLEMS))


def _words(task: str) -> str:
    """The task as it was given, or from standard input.

    Raises:
        UsageError: there is none.
    """
    from bot.commands import common

    text = common.read_text(common.STANDARD_INPUT, "the task") if task == "-" else task
    words = text.encode("utf-8", "replace").decode("utf-8").strip()[: common.MAX_TASK]
    if not words:
        raise UsageError(NO_TASK, NO_TASK_CURE)
    return words


def _written(job: SnippetJob, progress: Progress) -> SnippetReport:
    """The snippet and its report, left in the folder.

    Raises:
        MissingError: there is no model, none answers, or a Blender is missing and may not be installed.
    """
    from bot import wiring_snippet
    from bot.commands import common
    from bot.llm import manual
    from bot.llm.registry import PROMPTS
    from bot.snippets.report import leave, report
    from bot.snippets.writing import write

    with common.installing(progress) as show, wiring_snippet.tools(job, show) as tools:
        if job.settings.llm == manual.NAME:
            progress.note(MANUAL.format(folder=job.folder / PROMPTS))
        with progress.step("snippet") as step:
            written = write(job.request, tools, progress.now)
            made = report(job.request, written, tools.models.taken())
            step.say(made.summary)
        unanswered = written.unanswered
        if unanswered is not None and not unanswered.spoke and not written.attempts:
            raise MissingError(UNANSWERED.format(why=unanswered.why), UNANSWERED_CURE)
        best = written.best
        leave(made, written.pictures.get(best.number) if best else None, job.folder)
    return made
