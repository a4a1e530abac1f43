"""No sandbox: limits and a process group, for one's own code on one's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished
from bot.sandbox.files import contents, drop_unless_file, names_in
from bot.sandbox.limits import limited, without_core
from bot.sandbox.process import supervise
from bot.sandbox.tree import Tree


@dataclass(frozen=True)
class Plain:
    """Runs the command as the user, with the user's files and network in reach."""

    name = "none"

    def run(self, command: Command) -> Finished:
        """Run to the end, or to a limit; children are killed with it.

        Only a child that detaches itself at once (forks twice into a session of its own) gets away;
        in bubblewrap none does.

        Raises:
            MissingError: the program is not there.
        """
        given = contents(command.writable)
        try:
            finished = supervise(
                without_core(limited(command.argv, command.limits, processes=False)),
                command=command,
                environment=command.environment,
                enter=lambda process: Tree(process, command.writable, given),
            )
        except OSError as error:
            raise MissingError(f"{command.argv[0]} cannot be started: {error.strerror}.") from error
        for name in names_in(command):
            drop_unless_file(command.writable / name, command.writable, limit=command.limits.file_bytes)
        return finished
