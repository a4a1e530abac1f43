"""First answers are kept, and their API names are looked up; without healing nobody is asked a second time."""

from __future__ import annotations

from bot.evaluation.grounded import of_firsts
from bot.evaluation.recording import First, Recorder
from bot.llm.scripted import Entry, Scripted
from bot.models.exchange import Call, Exchange, Failure, Message, Reply, Role
from bot.models.release import Release
from fixes import MEASURE, MENDS
from indexer.blender_api.table import ApiTable
from indexer.blender_api.table import Entry as Symbol

FILES = {"line_up/measure.py": MEASURE}
MODULES = {name: Symbol(name, "module") for name in ("bpy", "bpy.data")}
TABLE = ApiTable("4.5", "1", MODULES, ())


class Asked:
    """A scripted model as steps meet it."""

    available = True
    why = ""

    def __init__(self, *entries: Entry) -> None:
        self._script = Scripted(entries)

    def ask(self, call: Call, step: str, say: object = None) -> Reply | Failure:
        return self._script.complete(call, 1, lambda _: None)

    def taken(self) -> tuple[Exchange, ...]:
        return ()

    def preload(self, exchanges: object) -> None:
        """Nothing is counted here."""


def call(role: Role, *texts: str) -> Call:
    speakers = ("user", "assistant", "user")
    messages = tuple(Message(speaker=who, text=text) for who, text in zip(speakers, texts, strict=False))  # type: ignore[arg-type]
    return Call(role=role, prompt="patch/1", messages=messages)


def test_only_first_answers_to_requests_for_patches_are_kept() -> None:
    recorder = Recorder(Asked(Entry(reply=MENDS, repeat=True)), lambda: FILES)
    recorder.ask(call(Role.PATCHER, "mend it"), "patch")
    recorder.ask(call(Role.PATCHER, "mend it", "x", "no"), "patch")
    recorder.ask(call(Role.CRITIC, "mark it"), "critique")
    recorder.ask(call(Role.HEALER, "again"), "patch")
    assert [first.text for first in recorder.firsts] == [MENDS.strip()] * 2
    assert recorder.firsts[0].before == FILES


def test_without_healing_there_is_one_patch() -> None:
    recorder = Recorder(Asked(Entry(reply=MENDS, repeat=True)), lambda: FILES, heals=False)
    assert isinstance(recorder.ask(call(Role.PATCHER, "mend it"), "patch"), Reply)
    assert isinstance(recorder.ask(call(Role.HEALER, "again"), "patch"), Failure)


def test_names_that_do_not_exist_are_counted_in_first_answers() -> None:
    new = "    import bpy\n+    bpy.made_up(gap)\n+    return bpy.data"
    answer = MENDS.replace("return gap / max(count - 1, 1)", new.removeprefix("    "))
    found = of_firsts([First(answer, FILES), First("no patch at all", FILES)], {Release(4, 5): TABLE})
    assert found is not None
    assert (found.good, found.total) == (1, 2)
    assert of_firsts([First(MENDS, FILES)], {Release(4, 5): TABLE}) is None
