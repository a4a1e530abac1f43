"""No sandbox: limits and a process group, for one's own code on one's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished
from bot.sandbox.limits import limited
from bot.sandbox.process import supervise


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
        try:
            return supervise(
                limited(command.argv, command.limits, processes=False),
                command=command,
                environment=command.environment,
            )
        except OSError as error:
            raise MissingError(f"{command.argv[0]} cannot be started: {error.strerror}.") from error
