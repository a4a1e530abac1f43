"""Reports of runs in which a model had a part: everything there can be, an answer, a patch nothing shows to help.

`python tests/reporting/sample_model.py FOLDER` writes their bundles, to be looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path as Folder

from bot.models.attempt import Attempt, Verdict
from bot.models.citation import Citation
from bot.models.exchange import Exchange, FailureKind, Role
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.opinion import Opinion
from bot.models.patch import Patch
from bot.models.plan import Path, Plan, Route, SubTask
from bot.models.release import Release
from bot.models.report import Answer, Cost, PatchSummary, Report, Status
from bot.models.reproduction import Reproduction, Script
from bot.models.request import Mode
from bot.models.validation import Difference, ValidationReport

TASK = (
    "Spread puts a single object at infinity. I select one object, run Object > Spread, and it is gone. With two or "
    "more it works."
)
FILE = "spread/layout.py"
HERE = Folder(__file__).parent


def diff() -> str:
    """The model's patch."""
    return (HERE / "sample_model.diff").read_text(encoding="utf-8")


def scripts() -> tuple[Reproduction, ...]:
    """Three that do not agree."""
    old, new = Release(4, 2), Release(4, 5)
    shown = (HERE / "sample_model_script.txt").read_text(encoding="utf-8")
    return (
        Reproduction(
            script=Script(name="reproduction-1", text="import spread\n\nassert spread.positions([], 4.0) == []\n"),
            expects="ZeroDivisionError",
            path=FILE,
            claim="A user spreads nothing at all and gets an exception.",
            release=new,
            said="It passed: the fault did not show.",
        ),
        Reproduction(
            script=Script(name="reproduction-2", text="assert bpy.ops.object.spred() == {'FINISHED'}\n"),
            expects="ZeroDivisionError",
            path=FILE,
            claim="A user spreads one object and gets an exception.",
            release=new,
            said="It raised AttributeError at line 1 of the script itself: Calling operator "
            '"bpy.ops.object.spred" error, could not be found',
        ),
        Reproduction(
            script=Script(name="reproduction-3", text=shown, runs=2, releases=(old, new)),
            expects="ZeroDivisionError",
            path=FILE,
            claim="A user selects one object and runs Spread; it should stay where it is, and is not found any more.",
            release=new,
            counts=True,
            said=f"It raised ZeroDivisionError in {FILE}:15, as stated.",
        ),
    )


def calls() -> tuple[Exchange, ...]:
    """A bill with everything on it: paid, failed, estimated, answered from memory."""

    def call(step: str, role: Role, sent: int, received: int, usd: float | None, **more: object) -> Exchange:
        known = {"step": step, "role": role, "prompt": f"{role}/1", "provider": "openrouter", "model": "qwen3-coder"}
        counted = {"input_tokens": sent, "output_tokens": received, "usd": usd, "seconds": 4.2}
        return Exchange(**{**known, **counted, **more})

    return (
        call("reproduce", Role.REPRODUCER, 4_810, 402, 0.0123, cached=True),
        call("reproduce", Role.REPRODUCER, 5_122, 388, 0.0131),
        call("reproduce", Role.REPRODUCER, 5_460, 420, 0.0138),
        call("plan", Role.PLANNER, 3_204, 190, 0.0079),
        call("patch", Role.PATCHER, 0, 0, 0.0, failure=FailureKind.RATE_LIMITED, provider="openai", model="gpt-5"),
        call("patch", Role.PATCHER, 5_380, 512, 0.0149),
        call("patch", Role.HEALER, 6_010, 498, 0.0158),
        call("patch", Role.HEALER, 0, 0, 0.03, failure=FailureKind.TIMED_OUT, note="counted at its most"),
        call("critique", Role.CRITIC, 2_210, 96, 0.0056),
    )


def everything(base: Report) -> Report:
    """A model wrote the patch, after scripts that disagree, sub-tasks, failed attempts and a critic's objections."""
    addon = base.request.addon.model_copy(
        update={"path": "spread", "module": "spread", "name": "Spread", "files": ("spread/__init__.py", FILE)}
    )
    request = base.request.model_copy(update={"addon": addon, "task": TASK, "id": "20260301-77aa01"})
    fault = Fault(
        kind=FaultKind.SCENARIO, path=FILE, line=15, exception="ZeroDivisionError", message="division by zero",
        source=FaultSource.TEST, proof=Proof.REPRODUCED, release=Release(4, 5), subject="reproduction-3",
        traceback=f'Traceback (most recent call last):\n  File "<script:reproduction-3>", line 8, in <module>\n'
        f'  File "{FILE}", line 15, in positions\n    step = length / (len(things) - 1)\n'
        "ZeroDivisionError: division by zero",
    )  # fmt: skip
    rows = tuple(
        Difference(
            validator="exercise", release=release, baseline="1 of 7 fail", after="7 pass",
            fixed=("script:reproduction-3",), seconds=2.4,
        )
        for release in (Release(4, 2), Release(4, 5))
    )  # fmt: skip
    validation = (Difference(validator="syntax", baseline="2 pass", after="2 pass", seconds=0.1), *rows)
    nothing = ValidationReport(observations=(), differences=(), faults=(fault,))

    def failed(number: int, reason: str, **patch: object) -> Attempt:
        verdict = Verdict(accepted=False, verified=False, reason=reason, remaining=(fault,))
        return Attempt(number=number, patch=Patch(diff="", by="model", **patch), validation=nothing, verdict=verdict)

    wish, refusal = "how Vector.copy behaves", "bpy.types.Object.position does not exist in Blender 4.2; near: location"
    objection = "`copy()` is fine, but an empty selection still returns early without a message to the user."
    best = Attempt(
        number=4,
        patch=Patch(
            diff=diff(), files=(FILE,), added=3, removed=0, changed_lines={FILE: (15, 16, 17)}, by="model",
            summary="`positions()` divided by `len(things) - 1`, which is **zero for one object** [c1].\n\n"
            "- One object now stays where it is [c1], as the operator's description says [c2].\n"
            "- Two or more are placed as before; nothing else is touched.",
            cites=(
                Citation(label=f"{FILE}:12-20@4be1f0c", text="    step = length / (len(things) - 1)\n"),
                Citation(
                    label="bpy.types.Object.location",
                    url="https://docs.blender.org/api/4.5/bpy.types.Object.html#bpy.types.Object.location",
                    text="Location of the object.",
                ),
            ),
        ),
        validation=ValidationReport(observations=(), differences=validation, faults=()),
        verdict=Verdict(
            accepted=True, verified=True, reason="1 fault repaired, 3 of 3 changed lines ran in Blender, nothing that "
            "worked broke.", repaired=(fault,), executed_lines=3, changed_lines=3,
            opinion=Opinion(api=1.0, context=0.8, idempotence=0.95, side_effects=0.9, objections=(objection,)),
        ),
    )  # fmt: skip
    return base.model_copy(
        update={
            "id": request.id,
            "request": request,
            "summary": "Spread loads, 3 operators run and 1 panel draws in Blender 4.2 and 4.5.",
            "faults": (fault,),
            "remaining": (),
            "plan": Plan(
                by="model",
                route=Route(
                    path=Path.AGENTIC, by="model",
                    reason="The operator and the layout disagree on what one object means; both have to be looked at.",
                ),
                tasks=(
                    SubTask(id="t1", title="Let positions() answer for one object", files=(FILE,)),
                    SubTask(id="t2", title="say in the operator's description what one object does",
                            files=("spread/__init__.py",), needs=("t1",)),
                ),
            ),
            "attempts": (
                failed(1, f"The patch is refused: It would first see: {wish}.", query=wish, refused=(wish,)),
                failed(2, f"The patch is refused: {refusal}.", refused=(refusal,)),
                failed(3, "It breaks what worked: operator:object.spread."),
                best,
            ),
            "best": 4,
            "patch": PatchSummary(path="patch.diff", files=(FILE,), added=3, removed=0, rules=()),
            "validation": validation,
            "citations": (*best.patch.cites, *base.citations[3:]),
            "reproductions": scripts(),
            "cost": Cost.of(calls()),
            "timings": {"evidence": 6.1, "reproduce": 21.4, "plan": 3.0, "patch": 14.2, "validate": 9.9, "report": 1.2},
            "notes": (),
        }
    )  # fmt: skip


def answered(base: Report, by: str = "model") -> Report:
    """A question and its answer; nothing is changed."""
    text = (
        "Spread fails for **one object** because `positions()` divides by `len(things) - 1` [c2], which is zero then. "
        "Blender turns the exception into an error of the operator, and the object keeps a location of "
        "`(nan, nan, nan)` [c2, c5].\n\n"
        "What helps:\n\n"
        "1. Return the object's own location where there is only one [c2].\n"
        "2. Set `location` only from finite numbers; it is a plain vector, and nothing checks it [c5].\n\n"
        "```python\nif len(things) == 1:\n    return [things[0].location.copy()]\n```\n\n"
        "What was shown does not say *how the panel is drawn*, so whether it should be greyed out cannot be told."
    )
    cites: tuple[Citation, ...] = (
        Citation(label=f"c2: {FILE}:12-20@4be1f0c", text="    step = length / (len(things) - 1)\n"),
        Citation(
            label="c5: bpy.types.Object.location",
            url="https://docs.blender.org/api/4.5/bpy.types.Object.html#bpy.types.Object.location",
            text="Location of the object.",
        ),
    )
    full = everything(base)
    request = full.request.model_copy(
        update={"mode": Mode.EXPLAIN, "task": "Why is a single object gone after Object > Spread, and what helps?"}
    )
    if by == "rules":
        text = (
            f"No model could be asked, so this is only what checks and rules know:\n\n- `{FILE}:15`: division by zero"
        )
        cites = tuple(one.model_copy(update={"label": one.label[4:]}) for one in cites)
    made = (calls()[-1].model_copy(update={"step": "answer", "role": Role.EXPLAINER, "prompt": "explain/1"}),)
    return full.model_copy(
        update={
            "request": request, "status": Status.ANSWERED, "verified": False, "attempts": (), "best": None,
            "patch": None, "plan": Plan(), "remaining": full.faults, "reproductions": (), "citations": cites,
            "answer": Answer(text=text, cites=cites, by=by), "cost": Cost.of(made if by == "model" else ()),
            "artifacts": (), "summary": "A question about Spread, answered; nothing is changed.",
            "timings": {"evidence": 6.1, "answer": 5.2},
            "validation": tuple(row.model_copy(update={"after": row.baseline, "fixed": (), "remaining": row.fixed})
                                for row in full.validation),
        }
    )  # fmt: skip


def unproven(base: Report) -> Report:
    """A model's patch that nothing shows to help: no script counted, nothing was seen to fail."""
    full = everything(base)
    best = full.attempts[-1]
    reason = "Nothing broke; not verified: nothing was seen to fail before."
    verdict = best.verdict.model_copy(update={"verified": False, "repaired": (), "reason": reason})
    return full.model_copy(
        update={
            "status": Status.PARTIAL, "verified": False, "faults": (), "remaining": (),
            "summary": f"A patch for Spread, which nothing shows to help yet. {reason}",
            "attempts": (best.model_copy(update={"verdict": verdict}),),
            "reproductions": full.reproductions[:2],
            "validation": tuple(row.model_copy(update={"fixed": (), "baseline": row.after}) for row in full.validation),
        }
    )  # fmt: skip


def silent(base: Report) -> Report:
    """No rule repairs it, and no model answers: this is what remains."""
    full = everything(base)
    why = "No model answered. openrouter: the key is missing or wrong (401)."
    attempt = full.attempts[0].model_copy(
        update={
            "patch": Patch(diff="", by="model", unanswered=why),
            "verdict": full.attempts[0].verdict.model_copy(update={"reason": why}),
        }
    )
    failure = calls()[4].model_copy(update={"failure": FailureKind.UNAUTHORISED, "provider": "openrouter"})
    return full.model_copy(
        update={
            "status": Status.UNREPAIRED, "verified": False, "attempts": (attempt,), "best": None, "patch": None,
            "remaining": full.faults, "artifacts": (), "cost": Cost.of((failure,)),
            "summary": "1 fault found in Spread; no rule repairs it, and no model answered.",
            "validation": tuple(row.model_copy(update={"after": row.baseline, "fixed": (), "remaining": row.fixed})
                                for row in full.validation),
        }
    )  # fmt: skip


SAMPLES = {"everything": everything, "answered": answered, "unproven": unproven, "silent": silent}


if __name__ == "__main__":
    import sample
    from rich.console import Console

    from bot.reporting import html, markdown, terminal

    for name, make in SAMPLES.items():
        target = Folder(sys.argv[1]) / name
        target.mkdir(parents=True, exist_ok=True)
        made = make(sample.report())
        text = diff() if made.patch else ""
        if made.patch:
            sample.write_bundle(target)
            (target / "patch.diff").write_text(diff(), encoding="utf-8")
        (target / "report.json").write_text(made.model_dump_json(indent=2, by_alias=True), encoding="utf-8")
        (target / "report.md").write_text(markdown.render(made, text), encoding="utf-8")
        (target / "report.html").write_text(html.render(made, text, target), encoding="utf-8")
        terminal.summary(made, target, Console(width=100, highlight=False))
