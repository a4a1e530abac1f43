"""A bundle as a run leaves it, small and made without a Blender, of a real commit of a real repository."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from bot.host.surroundings import Surroundings
from bot.models.addon import Addon, AddonKind
from bot.models.attempt import Attempt, Verdict
from bot.models.command import Command, Verb
from bot.models.errand import Asker, Errand, Subject
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch
from bot.models.plan import Plan
from bot.models.release import Release, SupportRange
from bot.models.report import PatchSummary, Report, Status
from bot.models.request import Mode, RepairRequest, Trigger
from bot.models.validation import Difference, ValidationReport
from bot.patches import to_bytes, to_patch
from bot.publishing import origin
from bot.secrets import redacted
from repositories import Repository

RUN = 9001
WORKFLOW = "owner/addon/.github/workflows/bcrag.yml@refs/heads/main"
RELEASE = Release(4, 5)
INIT = """bl_info = {"name": "Kiln", "blender": (3, 6, 0), "category": "Object"}
import bpy


def fire(mesh):
    mesh.use_auto_smooth = True
"""
REPAIRED = INIT.replace("    mesh.use_auto_smooth = True\n", "    mesh.shade_smooth()\n")
FILES: Mapping[str, str | bytes] = {
    "kiln/__init__.py": INIT,
    "kiln/glaze.py": "COLOURS = 3\n",
    "other/__init__.py": 'bl_info = {"name": "Other", "blender": (3, 6, 0)}\n',
    "plain/tool.py": "x = 1\n",
    "tests/test_kiln.py": "def test_kiln():\n    assert 1 + 1 == 2\n",
    "README.md": "# Kiln\n",
    ".github/CODEOWNERS": "* @triager\n/kiln/ @maintainer @stranger @owner/core\n",
}


def repository(folder: Path, files: Mapping[str, str | bytes] = FILES) -> Repository:
    """A repository with one commit."""
    made = Repository(folder)
    for path, text in files.items():
        made.write(path, text)
    made.git("add", "-A")
    made.git("commit", "-qm", "kiln")
    return made


def diff(made: Repository, changes: Mapping[str, str | bytes]) -> bytes:
    """What git writes of changes to the commit's files, which are taken back afterwards."""
    for path, text in changes.items():
        made.write(path, text)
    made.git("add", "--intent-to-add", "-A")
    text = made.git("diff", "--no-color", "--text", "--no-renames", "--full-index", "HEAD")
    made.git("reset", "-q", "--hard")
    return f"{text}\n".encode() if text else b""


def png(colour: str = "red", size: tuple[int, int] = (8, 8)) -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def errand(commit: str, number: int | None = 12, **more: Any) -> Errand:
    """What somebody asked for on an issue."""
    given: dict[str, Any] = {
        "repository": "owner/addon",
        "run": RUN,
        "command": Command(verb=Verb.FIX),
        "trigger": Trigger.SLASH_COMMAND,
        "problem": f"fix-{number or 'f00'}",
        "subject": Subject(number=number) if number else None,
        "base": "main",
        "commit": commit,
        "asked_by": Asker(login="maintainer", id=2),
        "asked_at": datetime(2026, 1, 31, 12, tzinfo=UTC),
    }
    return Errand(**{**given, **more})


def surroundings(**changes: str) -> Surroundings:
    """The environment of a job of the workflow."""
    known = {
        "GITHUB_REPOSITORY": "owner/addon",
        "GITHUB_RUN_ID": str(RUN),
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_WORKFLOW_REF": WORKFLOW,
        "GITHUB_SERVER_URL": "https://github.test",
        "GITHUB_SHA": "c" * 40,
    }
    return Surroundings({**known, **changes})


def patched(text: bytes, by: Literal["rules", "model"] = "rules") -> Patch:
    """A diff as an attempt has it."""
    return to_patch(text).model_copy(update={"by": by})


def report(commit: str, patch: Patch | None, *, verified: bool = True, **more: Any) -> Report:
    """The report of a run that made this patch."""
    addon = Addon(
        path="kiln", module="kiln", kind=AddonKind.LEGACY, single_file=False, name="Kiln",
        declared_minimum=Release(3, 6), files=("kiln/__init__.py", "kiln/glaze.py"),
    )  # fmt: skip
    request = RepairRequest(
        id="20260131-120000-abcd", commit=commit, addon=addon, mode=more.pop("mode", Mode.FIX),
        support=SupportRange(oldest=Release(3, 6), newest=RELEASE), targets=(RELEASE,), runs_on=(RELEASE,),
    )  # fmt: skip
    fault = Fault(
        kind=FaultKind.API, path="kiln/__init__.py", line=6, end_line=6, exception="AttributeError",
        message="'Mesh' object has no attribute 'use_auto_smooth'", source=FaultSource.RUNTIME,
        proof=Proof.REPRODUCED, release=RELEASE,
    )  # fmt: skip
    seen = Difference(
        validator="exercise", release=RELEASE, baseline="1 of 2 fail", after="2 pass", fixed=("operator:x",)
    )
    attempts = ()
    if patch is not None:
        verdict = Verdict(accepted=True, verified=verified, reason="it works", repaired=(fault,))
        checked = ValidationReport(observations=(), differences=(seen,), faults=())
        clean = patch.model_copy(update={"diff": redacted(patch.diff)})
        attempts = (Attempt(number=1, patch=clean, validation=checked, verdict=verdict),)
    given: dict[str, Any] = {
        "id": request.id,
        "status": Status.REPAIRED if patch else Status.CLEAN,
        "verified": verified and patch is not None,
        "summary": "Kiln loads and 1 operator runs in Blender 4.5.",
        "request": request,
        "faults": (fault,) if patch else (),
        "plan": Plan(),
        "attempts": attempts,
        "best": 1 if patch else None,
        "validation": (seen,),
    }
    if patch is not None:
        given["patch"] = PatchSummary(
            path="patch.diff", files=patch.files, added=patch.added, removed=patch.removed, rules=patch.rules
        )
    return Report(**{**given, **more})


@dataclass
class Made:
    """A bundle in a folder, to be spoilt by a test."""

    folder: Path
    errand: Errand
    report: Report
    patch: Patch | None
    around: Surroundings = field(default_factory=surroundings)

    def write(self) -> Path:
        """Write it down, its origin last."""
        (self.folder / "renders").mkdir(parents=True, exist_ok=True)
        text = self.report.model_dump_json(by_alias=True, indent=2) + "\n"
        (self.folder / "report.json").write_text(text, encoding="utf-8")
        (self.folder / "report.md").write_text("# x\n")
        (self.folder / "report.html").write_text("<p>x\n")
        if self.patch is not None:
            (self.folder / "patch.diff").write_bytes(to_bytes(self.patch))
            (self.folder / "renders" / "before.png").write_bytes(png("red"))
            (self.folder / "renders" / "after.png").write_bytes(png("green"))
        origin.write(self.folder, self.errand, self.around)
        return self.folder

    def alter(self, name: str, **changes: Any) -> None:
        """Change keys at the top of one of its JSON files, and nothing else."""
        file = self.folder / name
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}), encoding="utf-8")

    def raw(self, name: str, data: bytes) -> None:
        """Put a file there as it is."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def sign(self) -> None:
        """Write the origin anew, for what the report is now."""
        origin.write(self.folder, self.errand, self.around)


def made(
    folder: Path, commit: str, text: bytes | None, *, verified: bool = True, by: Literal["rules", "model"] = "rules",
    asked: Errand | None = None, **more: Any,
) -> Made:  # fmt: skip
    """The bundle of a run on a commit that came to this diff."""
    patch = patched(text, by) if text else None
    return Made(folder, asked or errand(commit), report(commit, patch, verified=verified, **more), patch)


def zipped(folder: Path, target: Path) -> Path:
    """A bundle as the archive GitHub makes of an artifact."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return target
