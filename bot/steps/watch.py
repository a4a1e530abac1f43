"""What is being done at this moment, and in which Blender: told while a step runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.blender.base import HarnessRequest, Runtime, Session
from bot.blender.clean import Clean
from bot.llm.base import Say, quiet
from bot.llm.relay import Relay
from bot.llm.tokens import conversation
from bot.models.exchange import Call, Failure, Reply
from bot.models.release import Release
from bot.reporting.terminal import Progress
from bot.reporting.text import listed, plural, seconds
from bot.sandbox.base import Finished
from bot.steps.base import Tools
from bot.validators.exercise import Starter
from bot.validators.tests.validator import RepositoryTests

RUNNING = "{what} in Blender {releases}"
DONE = "{release} done in {time}"
EXERCISING, DRAWING = "running the add-on", "rendering what it makes"
ALONE = "trying {checks} again alone"
LOADING = "loading the add-on"
TESTING = "running the repository's own tests"
SHOWING = "running {script} in a clean Blender {release}, start {count}"
ASKING = "ask"
CALL = "{role}: about {tokens} tokens"
ANSWERED = "{role}: {name} answered, {sent} tokens in, {got} out{kept}"
NO_ANSWER = "{role}: no answer: {why}"


@dataclass
class Watched:
    """A starter that says which Blenders are at work; several may be at once."""

    starter: Starter
    say: Callable[[str], None]
    _running: dict[Release, str] = field(default_factory=dict)
    _done: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """What the starter does, told before and after."""
        started = time.monotonic()
        with self._lock:
            if not self._running:
                self._done.clear()
            self._running[runtime.release] = _what(request)
            self._tell()
        try:
            return self.starter.exercise(runtime, request, work)
        finally:
            with self._lock:
                self._running.pop(runtime.release, None)
                self._done.append(DONE.format(release=runtime.release, time=seconds(time.monotonic() - started)))
                if self._running:
                    self._tell()

    def _tell(self) -> None:
        what = listed(dict.fromkeys(self._running.values()))
        releases = listed(map(str, sorted(self._running)))
        self.say("; ".join((RUNNING.format(what=what, releases=releases), *self._done)))


@dataclass
class WatchedClean:
    """Blenders without the harness, which are told of while they run a script."""

    clean: Clean
    say: Callable[[str], None]
    _count: int = 0

    def run(self, runtime: Runtime, script: Path, arguments: tuple[str, ...], work: Path) -> Finished:
        """See `Clean.run`."""
        self._count += 1
        self.say(SHOWING.format(script=script.name, release=runtime.release, count=self._count))
        return self.clean.run(runtime, script, arguments, work)


@dataclass
class WatchedModels(Relay):
    """Models whose calls are shown, one step each; the first word of a call is written down, the others pass."""

    progress: Progress

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """See `Asker.ask`."""
        told: list[str] = []

        def tell(text: str) -> None:
            if not told:
                self.progress.note(text)
            told.append(text)
            self.progress.now(text)
            say(text)

        tokens = conversation(call.messages)
        with self.progress.step(ASKING, CALL.format(role=call.role, tokens=f"{tokens:,}")) as shown:
            reply = self.models.ask(call, step, tell)
            shown.say(_came(call, reply))
        return reply


def _came(call: Call, reply: Reply | Failure) -> str:
    if isinstance(reply, Failure):
        return NO_ANSWER.format(role=call.role, why=reply.message)
    sent, got = f"{reply.input_tokens:,}", f"{reply.output_tokens:,}"
    return ANSWERED.format(
        role=call.role, name=reply.provider, sent=sent, got=got, kept=" (kept from before)" if reply.cached else ""
    )


def watched(tools: Tools, progress: Progress) -> Tools:
    """The same tools, whose Blenders and model calls are told of."""
    starting = watching(tools, progress.now)
    return replace(starting, models=WatchedModels(tools.models, progress))


def watching(tools: Tools, say: Callable[[str], None]) -> Tools:
    """The same tools, whose Blenders are told of."""
    starter = Watched(tools.exercise.starter, say)
    exercise = replace(tools.exercise, starter=starter)
    return replace(
        tools,
        exercise=exercise,
        clean=WatchedClean(tools.clean, say) if tools.clean is not None else None,
        validators=tuple(
            exercise
            if validator is tools.exercise
            else replace(validator, starter=starter)
            if isinstance(validator, RepositoryTests)
            else validator
            for validator in tools.validators
        ),
    )


def _what(request: HarnessRequest) -> str:
    if request.tests is not None:
        return TESTING
    if request.only:
        return ALONE.format(checks=plural(len(request.only), "check"))
    if request.exercise:
        return EXERCISING
    return DRAWING if request.picture is not None else LOADING
