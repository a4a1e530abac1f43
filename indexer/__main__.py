"""`indexer`, and `python -m indexer`."""

from __future__ import annotations


def main() -> None:
    """Run the command line; every error for people becomes a sentence and an exit status."""
    import sys

    from indexer.errors import ExitStatus, IndexerError

    try:
        from indexer.cli import app  # here: it takes a moment, in which somebody may press Ctrl-C

        app()
    except IndexerError as error:
        print(f"indexer: {error}", *filter(None, [error.cure]), sep="\n", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(ExitStatus.INTERRUPTED)


if __name__ == "__main__":
    main()
