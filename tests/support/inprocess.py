"""The command `bot` in this process: the same function, the same errors, without the seconds Python needs to start."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bot.__main__ import main


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int
    stdout: str
    stderr: str


def bot(*arguments: str, cwd: Path) -> Done:
    """Run `bot ARGUMENTS` in a folder."""
    out, said = io.StringIO(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    status = 0
    with (
        mock.patch.object(sys, "argv", ["bot", *arguments]),
        mock.patch.dict(os.environ, {"COLUMNS": "200"}),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(said),
    ):
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        finally:
            signal.signal(signal.SIGTERM, handler)
    return Done(status, out.getvalue(), said.getvalue())
