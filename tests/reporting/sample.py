"""A realistic report: a 2.79-era add-on, repaired and proven in two releases.

`python tests/reporting/sample.py FOLDER` writes its bundle, to be looked at.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bot.models.addon import Addon, AddonKind
from bot.models.attempt import Attempt, Verdict
from bot.models.citation import Citation
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Decision, Patch, Repair
from bot.models.plan import Plan
from bot.models.release import Release, SupportRange
from bot.models.report import Artifact, PatchSummary, Report, Status
from bot.models.reproducer import Came, ProposedTest, Reproducer, Tried
from bot.models.request import RepairRequest
from bot.models.validation import Difference, ValidationReport

HERE = Path(__file__).parent
COMMIT = "4be1f0c2a95d7e6830f1b2c3d4e5f60718293a4b"
OLD, NEW = Release(4, 2), Release(4, 5)
INIT, SHAPE = "wave_grid/__init__.py", "wave_grid/shape.py"
RULES = {"MET101", "REG101", "PRP101", "SCN101", "SCN102", "SCN103", "UI101", "MTH101", "MSH101"}


def diff() -> str:
    """The patch of the sample."""
    return (HERE / "sample.diff").read_text(encoding="utf-8")


def faults() -> tuple[Fault, ...]:
    """What was wrong, in both releases."""

    def raised(kind: FaultKind, rule: str, path: str, line: int, exception: str, message: str, **more: str) -> Fault:
        return Fault(
            kind=kind,
            path=path,
            line=line,
            exception=exception,
            message=message,
            rule=rule,
            source=FaultSource.RUNTIME,
            proof=Proof.REPRODUCED,
            release=NEW,
            **more,
        )

    def asked(rule: str, path: str, line: int, owner: str, member: str) -> Fault:
        return Fault(
            kind=FaultKind.API,
            path=path,
            line=line,
            owner=owner,
            member=member,
            message=f"{owner}.{member} does not exist",
            rule=rule,
            source=FaultSource.API,
            proof=Proof.API,
            release=NEW,
        )

    operator = {"subject": "mesh.wave_grid_add"}
    return (
        raised(FaultKind.LOAD, "MET101", INIT, 5, "ImportError", "add-on was not upgraded for 2.80, ignoring"),
        raised(
            FaultKind.LOAD,
            "REG101",
            INIT,
            45,
            "AttributeError",
            "module 'bpy.utils' has no attribute 'register_module'",
            owner="bpy.utils",
            member="register_module",
        ),
        raised(
            FaultKind.OPERATOR,
            "PRP101",
            INIT,
            21,
            "AttributeError",
            "'MESH_OT_wave_grid_add' object has no attribute 'size'",
            owner="MESH_OT_wave_grid_add",
            member="size",
            **operator,
        ),
        raised(
            FaultKind.OPERATOR,
            "MTH101",
            SHAPE,
            14,
            "TypeError",
            "Element-wise multiplication: not supported between 'Matrix' and 'Vector' types",
            owner="Matrix",
            member="*",
            **operator,
        ),
        raised(
            FaultKind.OPERATOR,
            "MSH101",
            SHAPE,
            19,
            "AttributeError",
            "'Mesh' object has no attribute 'use_auto_smooth'",
            owner="Mesh",
            member="use_auto_smooth",
            **operator,
        ),
        asked("SCN101", INIT, 27, "bpy.types.SceneObjects", "link"),
        asked("SCN102", INIT, 28, "bpy.types.SceneObjects", "active"),
        asked("SCN103", INIT, 29, "bpy.types.Object", "select"),
        raised(
            FaultKind.PANEL,
            "UI101",
            INIT,
            40,
            "TypeError",
            'UILayout.label(): required parameter "text" to be a keyword argument',
            owner="UILayout",
            member="label",
            subject="VIEW3D_PT_wave",
        ),
    )


def repairs() -> tuple[Repair, ...]:
    """What was changed."""

    def repair(rule: str, path: str, line: int, message: str, title: str, reason: str = "") -> Repair:
        return Repair(rule=rule, path=path, line=line, end_line=line, message=message, title=title, reason=reason)

    return (
        repair("MET101", INIT, 5, "bl_info declares Blender 2.79", "Declare 2.80, the oldest release this can support"),
        repair("PRP101", INIT, 21, "a property is assigned", "Annotate the property"),
        repair("PRP101", INIT, 22, "a property is assigned", "Annotate the property"),
        repair("SCN101", INIT, 27, "scene.objects.link() is gone", "Link the object to the active collection"),
        repair("SCN102", INIT, 28, "scene.objects.active is gone", "Set the view layer's active object"),
        repair("SCN103", INIT, 29, "Object.select is gone", "Call select_set()"),
        repair("UI101", INIT, 40, "label() takes its text as a keyword", "Pass text="),
        repair("REG101", INIT, 45, "register_module() is gone", "Register the classes one by one"),
        repair("REG101", INIT, 49, "register_module() is gone", "Register the classes one by one"),
        repair("MTH101", SHAPE, 14, "Matrix * Vector multiplies element by element", "Multiply with @"),
        repair(
            "MSH101",
            SHAPE,
            19,
            "Mesh.use_auto_smooth is gone since 4.1",
            "Set it only where it exists",
            "2.80 to 4.0 are supported and still need it.",
        ),
    )


def scripts() -> tuple[Reproducer, ...]:
    """Scripts that show one fault each; the last one does not."""
    made = []
    for number, (fault, before) in enumerate(
        zip(faults()[:3], (Came.SHOWS, Came.SHOWS, Came.OTHERWISE), strict=True), 1
    ):
        path = f"reproductions/{number}-{fault.kind}.py"
        said = f"{fault.exception} at {fault.place}, as expected: the fault shows."
        made.append(
            Reproducer(
                path=path,
                text=f'"""{fault.exception} at {fault.place} in Blender 4.5"""\n\nimport bpy\n',
                commands=(f"blender -b --factory-startup --python {path}", f"python {path}"),
                release=NEW,
                exception=fault.exception or "",
                place=fault.place,
                message=fault.message,
                confirmed=before is Came.SHOWS,
                before=Tried(came=before, said=said if before is Came.SHOWS else "Blender died of signal 11."),
                after=Tried(came=Came.PASSES, said="Nothing was raised.") if before is Came.SHOWS else None,
            )
        )
    return tuple(made)


def report() -> Report:
    """The whole report."""
    addon = Addon(
        path="wave_grid",
        module="wave_grid",
        kind=AddonKind.LEGACY,
        single_file=False,
        name="Wave Grid",
        declared_minimum=Release(2, 79),
        files=(INIT, SHAPE),
    )
    request = RepairRequest(
        id="20260214-a1b2c3",
        commit=COMMIT,
        addon=addon,
        support=SupportRange(oldest=Release(2, 80), newest=NEW),
        targets=(NEW,),
        runs_on=(OLD, NEW),
    )
    done = repairs()
    patch = Patch(
        diff=diff(),
        files=(INIT, SHAPE),
        added=20,
        removed=11,
        repairs=done,
        changed_lines={INIT: (5, 21, 22, 27, 28, 29, 40, 44, 45, 46, 47, 51, 52, 56, 57), SHAPE: (14, 19, 20)},
    )
    rows = tuple(
        row
        for release in (OLD, NEW)
        for row in (
            Difference(
                validator="blender",
                release=release,
                baseline="does not load",
                after="loads, disables, loads again",
                fixed=("enable", "disable", "enable-again"),
                seconds=3.1,
            ),
            Difference(
                validator="exercise",
                release=release,
                baseline="not reached",
                after="1 operator, 1 panel: all pass",
                fixed=("operator:mesh.wave_grid_add", "panel:VIEW3D_PT_wave"),
                seconds=1.4,
            ),
        )
    )
    validation = (
        Difference(validator="syntax", baseline="parses", after="parses", seconds=0.1),
        Difference(validator="ruff", baseline="2 findings", after="2 findings, none new", seconds=0.2),
        *rows,
        Difference(
            validator="render",
            release=NEW,
            baseline="nothing to see",
            after="mesh.wave_grid_add makes 2,304 vertices",
            fixed=("render",),
            seconds=1.6,
        ),
        *(
            Difference(
                validator="api",
                release=release,
                static=True,
                baseline="7 members missing",
                after="none missing",
                fixed=("api",),
                seconds=0.4,
                note="No runtime here: checked against the stubs.",
            )
            for release in (Release(2, 80), Release(2, 93), Release(3, 6))
        ),
    )
    first = Attempt(
        number=1,
        patch=Patch(diff=diff(), files=(INIT,), added=9, removed=5, repairs=done[:9]),
        validation=ValidationReport(observations=(), differences=(), faults=faults()[3:5]),
        verdict=Verdict(
            accepted=False,
            verified=False,
            reason="2 faults came to light once the add-on loaded",
            repaired=faults()[:3],
            remaining=faults()[3:5],
            executed_lines=9,
            changed_lines=15,
        ),
    )
    second = Attempt(
        number=2,
        patch=patch,
        validation=ValidationReport(observations=(), differences=validation, faults=()),
        verdict=Verdict(
            accepted=True,
            verified=True,
            reason="every fault is gone, nothing is broken",
            repaired=faults(),
            executed_lines=17,
            changed_lines=18,
        ),
    )
    docs = "https://docs.blender.org/api/4.5"
    return Report(
        id=request.id,
        status=Status.REPAIRED,
        verified=True,
        summary="Wave Grid did not load in Blender 4.2 and 4.5. It loads now, and its operator and its panel run.",
        request=request,
        faults=faults(),
        plan=Plan(
            repairs=done,
            explained=(
                Repair(
                    rule="MET102",
                    path=INIT,
                    line=1,
                    end_line=8,
                    message="The add-on is no extension yet",
                    title="Add blender_manifest.toml",
                    decision=Decision.EXPLAIN,
                    reason="Whether it moves to the extensions platform is for its author to decide.",
                ),
            ),
        ),
        attempts=(first, second),
        best=2,
        patch=PatchSummary(path="patch.diff", files=patch.files, added=20, removed=11, rules=patch.rules),
        validation=validation,
        citations=(
            Citation(label=f"{SHAPE}:19@{COMMIT[:7]}", text="    mesh.use_auto_smooth = True"),
            Citation(label=f"{SHAPE}:14@{COMMIT[:7]}", text="            verts.append(turn * Vector((x, y, …)))"),
            Citation(label=f"{INIT}:45@{COMMIT[:7]}", text="    bpy.utils.register_module(__name__)"),
            Citation(
                label="bpy.types.CollectionObjects.link",
                url=f"{docs}/bpy.types.CollectionObjects.html",
                text="Add this object to a collection.",
            ),
            Citation(
                label="bpy.types.Object.select_set",
                url=f"{docs}/bpy.types.Object.html",
                text="Select or deselect the object. The selection state is per view layer.",
            ),
        ),
        artifacts=(
            Artifact(path="patch.diff", kind="patch"),
            Artifact(path="renders/before.png", kind="render", caption="Before, in Blender 4.5: nothing is made"),
            Artifact(path="renders/after.png", kind="render", caption="After, in Blender 4.5: mesh.wave_grid_add"),
        ),
        reproducers=scripts(),
        proposed_tests=(
            ProposedTest(
                path="tests/test_repaired.py",
                style="pytest",
                tests=("test_enable",),
                text="def test_enable():\n    assert MODULE in bpy.context.preferences.addons\n",
            ),
        ),
        timings={"evidence": 5.2, "retrieve": 0.1, "plan": 0.6, "patch": 0.3, "validate": 11.9, "report": 0.2},
        blender_starts={"4.2": 3, "4.5": 4},
        versions={"bcrag": "0.1.0", "Blender 4.2": "4.2.23 (bpy)", "Blender 4.5": "4.5.15 (bpy)", "Python": "3.11.2"},
        notes=(
            "The declared minimum was 2.79. Today's Python syntax needs 2.80 or newer, so the declaration is raised.",
            "No runtime for 2.80, 2.93 and 3.6 here: those releases were checked against their stubs only (static).",
        ),
    )


def write_bundle(folder: Path) -> None:
    """The files of the bundle the reports are rendered beside."""
    shutil.copytree(HERE / "renders", folder / "renders", dirs_exist_ok=True)
    (folder / "patch.diff").write_text(diff(), encoding="utf-8")


if __name__ == "__main__":
    from bot.reporting import html, markdown

    target = Path(sys.argv[1])
    write_bundle(target)
    (target / "report.json").write_text(report().model_dump_json(indent=2, by_alias=True), encoding="utf-8")
    (target / "report.md").write_text(markdown.render(report(), diff()), encoding="utf-8")
    (target / "report.html").write_text(html.render(report(), diff(), target), encoding="utf-8")
