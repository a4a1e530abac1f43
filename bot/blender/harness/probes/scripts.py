"""Scripts: what a person expects of the add-on, said in Python and run in the scene a user begins with."""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import shutil
import sys
import traceback
from collections.abc import Iterator
from types import ModuleType

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.probes.loading import enable_afresh
from bot.blender.harness.scene.contents import contents
from bot.blender.harness.scene.datablocks import datablocks, growth, unsteady
from bot.blender.harness.scene.measuring import measures, unmet
from bot.blender.harness.seeing.describing import is_harness
from bot.blender.harness.seeing.printed import Printed
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, SKIPPED, Json, bounded, probe

FILE = "<script:{name}>"
"""What a script is called in tracebacks."""
NOT_IN_TIME = "it did not end in time"
HANDED_ON = frozenset({"execute", "invoke", "modal"})
"""Functions whose exceptions reach whoever called the operator, in Blender's words."""
IN_RUN = "In run {number} of {runs}. "


def probe_script(bench: Bench, script: Json) -> Json:
    """Run it once, or as often as it is to be run, in one scene; it passes when it comes to its end each time.

    It fails, too, for an exception of the add-on that Blender only printed: no script could have caught that.
    The add-on is enabled afresh and Blender's factory scene is loaded before, so that it finds nothing of what
    the harness or another script did.
    """
    name, runs = script["name"], int(script.get("runs") or 1)
    addon, why = enable_afresh(bench)
    if addon is None:
        return probe("script", name, SKIPPED, why)
    folder = empty_folder(bench.scratch, name)
    printed, counts, error = Printed(sys.stderr), [datablocks() | contents()], None
    earlier = bench.coverage.set_aside()
    bench.witness.clear()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), bench.stage.view():
            for _ in range(runs):
                run(name, script["text"], {"bpy": bpy, "addon": addon, "MODULE": bench.addon.module, "TMP": folder})
                counts.append(datablocks() | contents())
            if script.get("expects"):
                expect(script["expects"], folder, counts)
    except BaseException as caught:  # whatever a script raises is what it says
        error = caught
    error = error or only_printed(bench)
    reached = bench.coverage.take_back(earlier)
    detail = bench.describer.clean(printed.end)
    if error is not None and runs > 1:
        detail = IN_RUN.format(number=len(counts), runs=runs) + detail
    result = probe("script", name, PASS if error is None else FAIL, detail)
    if error is not None:
        result["raised"] = fault_of(bench, error, FILE.format(name=name))
    return {**result, "reached": reached, "made": growth(counts)}


def expect(expects: Json, folder: str, counts: list[dict[str, int]]) -> None:
    """Hold the scene, what was written and what there was after each run against what is expected.

    Raises:
        AssertionError: something is not so.
    """
    said = [unmet(expects, measures(folder), folder), *unsteady(expects.get("steady") or (), counts)]
    if any(said):
        raise AssertionError("; ".join(filter(None, said)))


def empty_folder(scratch: str, name: str) -> str:
    """A folder of its own with nothing in it; the same name in every run, because it may be in what is said."""
    folder = os.path.join(scratch, "of-scripts", name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def run(name: str, text: str, names: Json) -> None:
    """Run a text as Blender's text editor does.

    Raises whatever it raises.
    """
    file = FILE.format(name=name)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # tracebacks quote its lines
    with main_module() as module:
        # Not the harness's own built-in functions, which it would be given otherwise.
        vars(module).update(names, __builtins__=builtins)
        exec(compile(text, file, "exec", dont_inherit=True), vars(module))  # noqa: S102  (that is what it is for)


@contextlib.contextmanager
def main_module() -> Iterator[ModuleType]:
    """A module in the place of `__main__`: scripts ask whether they are it, and `pickle` looks things up there."""
    before, module = sys.modules.get("__main__"), ModuleType("__main__")
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        if before is not None:
            sys.modules["__main__"] = before


def fault_of(bench: Bench, error: BaseException, file: str) -> Json:
    """The `Raised` of what a script ended with.

    Where Blender made a text of an exception, it is the exception. What the script raises itself is told as it is,
    whatever it was handling then; anything else is looked at as in every other probe.
    """
    error = behind(bench, error)
    own = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)][-1:] == [file]
    fault = bench.describer.described(error) if own else bench.fault(error)
    if isinstance(error, OutOfTimeError):
        return {**fault, "type": "TimeoutError", "message": NOT_IN_TIME}
    operator = operator_of(error)
    if operator and type(error) is RuntimeError:
        return {**fault, "message": bounded(f"{fault['message']} (bpy.ops.{operator})", 4000)}
    return fault


def only_printed(bench: Bench) -> BaseException | None:
    """The first exception of the add-on that Blender handed on to nobody: of an update, a handler, some polls."""
    for error in bench.witness.seen:
        frames = bench.describer.frames(error)
        if bench.inside(error) and frames[0]["function"] not in HANDED_ON:
            return error
    return None


def behind(bench: Bench, error: BaseException) -> BaseException:
    """The exception of an operator or its poll that Blender turned into the text of this one, or this one."""
    cause = bench.witness.cause()
    if cause is None or not isinstance(error, RuntimeError):
        return error
    message = str(error)
    if "Error: Python: " in message:
        return cause
    frames = bench.describer.frames(cause)
    return cause if "poll() failed" in message and frames and frames[0]["function"] == "poll" else error


def operator_of(error: BaseException) -> str:
    """The operator whose call raised it: Blender's text does not say; empty for anything else."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    called = [frame.f_locals.get("name") for frame in frames if is_harness(frame.f_code)]
    return next((name for name in called if isinstance(name, str)), "")
