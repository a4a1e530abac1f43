"""`indexer stats`: what an index holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from indexer.commands.common import CacheOption, JsonOption, RepositoryArgument, printable, shelf_of
from indexer.commands.update import reasons
from indexer.errors import ExitStatus, IndexerError

ALL_WELL = "The index is whole."


def stats(
    repo: RepositoryArgument = Path(),
    release: Annotated[str | None, typer.Option("--release", help="The API of this Blender instead, as 4.5.")] = None,
    skipped: Annotated[bool, typer.Option("--skipped", help="List the files that were left out, and why.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Read all of it and see that it is whole.")] = False,
    as_json: JsonOption = False,
    cache: CacheOption = None,
) -> None:
    """Show what an index holds, how large it is, and what was left out."""
    from indexer.stores.schema import CORRUPT, CORRUPT_CURE
    from indexer.wiring import reading

    with reading(repo, release, shelf_of(cache)) as store:
        left_out = store.skipped()
        if skipped:
            print(json.dumps(left_out, indent=2) if as_json else _listed(left_out))
            return
        info, counted = store.info(), store.summary()
        figures = {
            "corpus": info.corpus, "source": info.source, "model": info.model, "dimensions": info.dimensions,
            "embedder": info.embedder, "files": len(store.files()) - len(left_out), "skipped": len(left_out),
            "chunks": store.count(), **counted, "bytes": store.size(), "path": store.place,
        }  # fmt: skip
        if as_json:
            print(json.dumps(figures, indent=2))
        else:
            print(_table(figures, reasons(left_out)))
        if verify:
            if wrong := store.verify():
                raise IndexerError(CORRUPT.format(path=store.place, detail=wrong), CORRUPT_CURE)
            if not as_json:
                print(ALL_WELL)
    raise typer.Exit(ExitStatus.OK)


def _listed(left_out: object) -> str:
    rows = dict(left_out)  # type: ignore[call-overload]
    return printable("\n".join(f"{path}: {why}" for path, why in rows.items()))


def _table(figures: dict[str, object], left_out: str) -> str:
    rows = []
    for key, value in figures.items():
        if isinstance(value, dict):
            shown = ", ".join(f"{number:,} {name}" for name, number in value.items())
        elif key == "bytes":
            key, shown = "size", f"{int(str(value)) / 1e6:,.1f} MB"
        else:
            shown = f"{value:,}" if isinstance(value, int) else str(value)
        if key == "skipped" and left_out:
            shown = f"{shown} ({left_out})"
        rows.append(f"{key:<12} {shown or '-'}")
    return printable("\n".join(rows))
