"""Every case under every configuration, each in a process of its own, which hands its keys to its own broker.

What has a result is not run again, and Ctrl-C costs only what is under way.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ExitStatus, UsageError
from bot.evaluation.ablations import Configuration
from bot.evaluation.bench import Bench
from bot.evaluation.preparing import prepare
from bot.evaluation.running import run
from bot.models.evaluation import Case, Result
from bot.reporting.terminal import Progress

DIED = "the run ended with status {status}: {said}"
UNUSABLE = "{case} cannot be run: {said}"
ABOVE = "what it said stands above"

_ENDING = 20.0
"""Seconds that what is under way is given to clean up after Ctrl-C."""

Tell = Callable[[Result, int, int], None]
"""Hears of every result: how many there are now, and how many there will be."""

Command = Callable[[Case, Configuration], Sequence[str]]
"""The command that comes to `work` for one case under one configuration."""


def work(bench: Bench, case: Case, configuration: Configuration, progress: Progress) -> None:
    """Run one case under one configuration, and keep the result; once more, if there is one already.

    Raises:
        ConfigurationError: no case can be run so.
    """
    known = bench.prepared(case)
    if known is None:
        known = prepare(bench, case)
        bench.keep(known)
    bench.keep(run(bench, known, configuration, progress))


@dataclass(frozen=True)
class Evaluation:
    """What is to be run. With `again` results that are there already do not count."""

    bench: Bench
    cases: Sequence[Case]
    configurations: Sequence[Configuration]
    command: Command
    jobs: int = 1
    again: bool = False

    def run(self, tell: Tell) -> tuple[Result, ...]:
        """The results, by configuration and then by case. A single job shows its steps.

        Raises:
            UsageError: no case can be run so.
        """
        heard = _Heard(tell, len(self.cases) * len(self.configurations))
        started = _Started()
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            jobs = [pool.submit(self._case, case, heard, started) for case in self.cases]
            try:
                done, _ = wait(jobs, return_when=FIRST_EXCEPTION)
                for job in done:
                    job.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                started.stop()
                raise
        return heard.ordered(self.configurations, self.cases)

    def _case(self, case: Case, heard: _Heard, started: _Started) -> None:
        if self.again or self.bench.prepared(case) is None:
            self.bench.forget(case, reports=self.again)
        self.bench.ask(case)
        for configuration in self.configurations:
            result = self.bench.result(case, configuration.name)
            if result is None:
                result = self._work(case, configuration, started)
            if result is None:
                return  # stopped
            heard.add(result)

    def _work(self, case: Case, configuration: Configuration, started: _Started) -> Result | None:
        """The result of a process; null where it was stopped."""
        log = None if self.jobs == 1 else self.bench.log(case, configuration.name)
        status = started.run(self.command(case, configuration), log)
        if started.stopped:
            return None
        result = self.bench.result(case, configuration.name)
        if result is not None and status == ExitStatus.OK:
            return result
        said = _last_line(log) if log else ABOVE
        if status in (ExitStatus.USAGE, ExitStatus.MISSING):
            raise UsageError(UNUSABLE.format(case=case.id, said=said))
        error = DIED.format(status=status, said=said)
        return Result(case=case.id, configuration=configuration.name, model=self.bench.settings.llm, error=error)


@dataclass
class _Started:
    """The processes under way."""

    stopped: bool = False
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, command: Sequence[str], log: Path | None) -> int:
        """Run one to its end, in a session of its own, so that Ctrl-C reaches it once."""
        with contextlib.ExitStack() as stack:
            errors = stack.enter_context(log.open("wb")) if log else None
            with self.lock:
                if self.stopped:
                    return int(ExitStatus.INTERRUPTED)
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
                )
                self.running.add(process)
            try:
                return process.wait()
            finally:
                with self.lock:
                    self.running.discard(process)

    def stop(self) -> None:
        """Interrupt all of them; kill what does not end in time."""
        with self.lock:
            self.stopped = True
            left = set(self.running)
        for process in left:
            process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + _ENDING
        for process in left:
            try:
                process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass
class _Heard:
    """The results so far."""

    tell: Tell
    expected: int
    results: list[Result] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, result: Result) -> None:
        """Take one in, and tell of it."""
        with self.lock:
            self.results.append(result)
            self.tell(result, len(self.results), self.expected)

    def ordered(self, configurations: Sequence[Configuration], cases: Sequence[Case]) -> tuple[Result, ...]:
        """All of them, in the order of what was asked for."""
        found = {(result.configuration, result.case): result for result in self.results}
        wanted = ((configuration.name, case.id) for configuration in configurations for case in cases)
        return tuple(found[key] for key in wanted if key in found)


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][:500] if lines else "nothing"
