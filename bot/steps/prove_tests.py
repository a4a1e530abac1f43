"""Whether tests a model wrote prove anything: they pass on the code, and fail when what they test is taken away."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bot.models.patch import Patch
from bot.models.reproduction import Script
from bot.models.request import RepairRequest
from bot.models.validation import Check, Observation, Outcome
from bot.steps.base import Tools
from bot.steps.tree import tree
from bot.validators.mutants import Mutant, mutants
from bot.weakening import is_test

NAME = "tests"
NOTHING = "It names no function and no operator of the add-on, so nothing can be taken away to see it fail."
NO_TESTS = "It holds no function whose name begins with test_."
SURVIVED = "It passes although {symbol} does nothing."
RUNNER = "\n\n{name}()\n"
MOST_TESTS = 12


def prove(request: RepairRequest, patch: Patch, number: int, tools: Tools) -> Observation:
    """Run the tests of a patch on its tree, then on trees with one behaviour less; the clone holds the patch again.

    Checks: `test:<file>::<function>` passes where the test does; `mutant:<file>:<symbol>` passes where some test
    fails without that behaviour.
    """
    files = {path: data.decode("utf-8", "replace") for path, data in _files(patch, tools).items()}
    checks: list[Check] = []
    for place, (path, text) in enumerate(files.items()):
        checks += _proved(request, path, text, f"{NAME}-{number}-{place}", tools)
    return Observation(validator=NAME, release=request.targets[-1], checks=tuple(checks))


def _proved(request: RepairRequest, path: str, text: str, name: str, tools: Tools) -> Iterator[Check]:
    tests = _tests(text)
    if not tests:
        yield Check(id=f"test:{path}", outcome=Outcome.FAIL, detail=NO_TESTS)
        return
    outcomes = _run(request, text, tests, name, tools)
    for test, check in outcomes.items():
        yield Check(id=f"test:{path}::{test}", outcome=check.outcome, detail=check.detail, fault=check.fault)
    if any(check.outcome is not Outcome.PASS for check in outcomes.values()):
        return
    before = tools.texts(request.addon)
    wanted = mutants(text, before)
    if not wanted:
        yield Check(id=f"mutant:{path}", outcome=Outcome.FAIL, detail=NOTHING)
    for number, mutant in enumerate(wanted):
        yield _noticed(request, path, text, tests, mutant, f"{name}-{number}", tools)


def _noticed(
    request: RepairRequest, path: str, text: str, tests: tuple[str, ...], mutant: Mutant, name: str, tools: Tools
) -> Check:
    sources = {source.path: source for source in tools.sources(request.addon)}
    whole = tools.clone.read((mutant.path,))
    tools.clone.write({mutant.path: sources[mutant.path].encode(mutant.text)})
    try:
        outcomes = _run(request, text, tests, name, tools)
    finally:
        tools.clone.write(whole)
    noticed = any(check.outcome is Outcome.FAIL for check in outcomes.values())
    detail = "" if noticed else SURVIVED.format(symbol=mutant.symbol)
    identity = f"mutant:{path}:{mutant.symbol}"
    return Check(id=identity, outcome=Outcome.PASS if noticed else Outcome.FAIL, detail=detail)


def _run(request: RepairRequest, text: str, tests: tuple[str, ...], name: str, tools: Tools) -> Mapping[str, Check]:
    """What became of each test, in the target."""
    release = request.targets[-1]
    subject = tree(request, release, tools.work / name, tools)
    scripts = {f"test-{place}": test for place, test in enumerate(tests)}
    asked = tuple(Script(name=one, text=text + RUNNER.format(name=test)) for one, test in scripts.items())
    seen = tools.exercise.scripts(subject, release, asked)
    found = {check.id: check for check in seen.checks}
    lost = Check(id="", outcome=Outcome.FAIL, detail=seen.note or "nothing came back")
    return {test: found.get(f"script:{one}", lost) for one, test in scripts.items()}


def _tests(text: str) -> tuple[str, ...]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return ()
    names = [node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return tuple(names[:MOST_TESTS])


def _files(patch: Patch, tools: Tools) -> dict[str, bytes]:
    return tools.clone.read([path for path in patch.files if is_test(path) and path.endswith(".py")])
