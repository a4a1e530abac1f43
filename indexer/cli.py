"""The command line of the index: argv in, one function per command."""

from __future__ import annotations

import typer

from indexer.commands.docs import docs
from indexer.commands.eval import eval_
from indexer.commands.portable import export, import_
from indexer.commands.search import search
from indexer.commands.stats import stats
from indexer.commands.update import build, update
from indexer.commands.watch import watch

HELP = """Search a repository and Blender's Python API; only what changed is ever indexed again.

\b
indexer build                                   indexes this repository
indexer search "where is the exporter registered"
indexer docs 4.5                                gets and indexes Blender's API
indexer search "dropdown in a panel" --release 4.5 --kind api
indexer docs diff 4.0 4.5 --member use_auto_smooth

Nothing of the repository is run, and nothing leaves this machine unless a setting names a server.
Exit status: 0 done or found, 1 nothing found, 2 wrong use, 3 something is missing (the message says
how to get it), 130 interrupted.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

app.command()(build)
app.command()(update)
app.command()(search)
app.command()(watch)
app.add_typer(docs, name="docs")
app.command()(stats)
app.command(name="eval")(eval_)
app.command()(export)
app.command(name="import")(import_)
