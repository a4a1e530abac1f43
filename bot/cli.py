"""The command line `bot`, assembled: every command is a function of `bot.commands`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__
from bot.commands import blender, check, doctor, evaluate, init, publish, rules, run, snippet
from bot.commands.responding import conclude, listen, progress, repair

EPILOG = (
    "Exit status: 0 clean, or repaired and verified; 1 problems remain; 2 wrong use or configuration; "
    "3 something is missing, and the message says how to get it; 130 interrupted."
)

app = typer.Typer(
    name="bot",
    help="The repair bot for Blender add-ons: a patch that has been run in real Blender, before and after.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", cls=run.Command, help=run.HELP, epilog=EPILOG)(run.run)
app.command("check", help=check.HELP, epilog=EPILOG)(check.check)
app.command("snippet", help=snippet.HELP, epilog=EPILOG)(snippet.snippet)
app.command("publish", help=publish.HELP, epilog=EPILOG)(publish.publish)
app.command("init", help=init.HELP, epilog=EPILOG)(init.init)
app.command("eval", help=evaluate.HELP)(evaluate.evaluate)
app.command("rules")(rules.rules)
app.command("doctor")(doctor.doctor)

_blender = typer.Typer(help="The Blenders of this machine: list, install, remove.", no_args_is_help=True)
_blender.command("list")(blender.blender_list)
_blender.command("install")(blender.blender_install)
_blender.command("remove")(blender.blender_remove)
app.add_typer(_blender, name="blender")

_respond = typer.Typer(help="What the jobs of the workflow on GitHub do; `bot init` writes it.", no_args_is_help=True)
_respond.command("listen", help=listen.HELP, epilog=EPILOG)(listen.listen)
_respond.command("repair", help=repair.HELP, epilog=EPILOG)(repair.repair)
_respond.command("progress", help=progress.HELP, epilog=EPILOG)(progress.progress)
_respond.command("conclude", help=conclude.HELP, epilog=EPILOG)(conclude.conclude)
app.add_typer(_respond, name="respond")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bcrag {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """The repair bot for Blender add-ons."""
