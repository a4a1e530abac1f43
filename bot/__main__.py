"""`python -m bot`: the command `bot`, and the one place where errors become exit statuses."""

from __future__ import annotations

import errno
import os
import signal
import sys
from types import FrameType

from bot.errors import BcragError, ExitStatus
from bot.reporting.log import logged

DEFECT = """bcrag failed with a defect of its own ({name}: {text}).
Nothing in the checkout was changed. Please report it with the traceback: set BCRAG_TRACEBACK=1 and run it again."""

DISK = "bcrag could not write {file}: {reason}."
DISK_CURE = (
    "Make room or make it writable; the cache can be elsewhere with BCRAG_CACHE_DIR=FOLDER, a bundle with --out."
)
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


def main() -> None:
    """Run the command line; never lets a traceback reach a user who did not ask for it."""
    signal.signal(signal.SIGTERM, _terminated)
    from bot.cli import app

    try:
        app()
    except BcragError as error:
        _say(f"{error}\n{error.cure}" if error.cure else str(error))
        sys.exit(int(error.exit_status))
    except KeyboardInterrupt:
        _say("Interrupted; nothing was changed.")
        sys.exit(int(ExitStatus.INTERRUPTED))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(int(ExitStatus.PROBLEMS))
    except Exception as error:
        if os.environ.get("BCRAG_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
            file = error.filename or "a file of its own"
            _say(f"{DISK.format(reason=error.strerror, file=os.fsdecode(file))}\n{DISK_CURE}")
            sys.exit(int(ExitStatus.MISSING))
        _say(DEFECT.format(name=type(error).__name__, text=str(error)[:500]))
        sys.exit(int(ExitStatus.PROBLEMS))


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stderr.write(f"bot: {logged(text.strip(), len(text))}\n")


if __name__ == "__main__":
    main()
