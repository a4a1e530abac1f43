from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.fault import FaultKind, FaultSource, Proof
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.models.validation import Outcome
from bot.validators.api import ApiValidator, answer
from bot.validators.base import Subject
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable
from indexer.errors import Unreachable

R280, R283, R293, R40, R41 = Release(2, 80), Release(2, 83), Release(2, 93), Release(4, 0), Release(4, 1)
ADDON = Addon(
    path="addon", module="addon", kind=AddonKind.LEGACY, single_file=False, name="A", declared_minimum=None, files=()
)
SMOOTH = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="use_auto_smooth")


@pytest.fixture(scope="session")
def load(pytestconfig: pytest.Config) -> Callable[[Release], ApiTable | None]:
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("api")
    tables: dict[Release, ApiTable] = {}

    def get(release: Release) -> ApiTable | None:
        if release not in tables:
            table = stubs.load(str(release), folder)
            if table is None:
                try:
                    stubs.fetch(str(release), folder)
                except Unreachable as error:
                    pytest.skip(f"the package index is not reachable: {error}")
                table = stubs.load(str(release), folder)
            assert table is not None
            tables[release] = table
        return tables[release]

    return get


def unavailable(release: Release) -> ApiTable | None:
    return None


def repair(*requires: Requirement) -> Repair:
    return Repair(
        rule="MSH101", path="addon/a.py", line=7, end_line=8, message="gone", title="use the new one", requires=requires
    )


def subject(*repairs: Repair, static: tuple[Release, ...] = (R40, R41)) -> Subject:
    return Subject(Path("/nowhere"), Path("/nowhere"), ADDON, {}, static_releases=static, repairs=repairs)


def test_what_a_repair_uses_must_exist_in_every_static_release(load: Callable[[Release], ApiTable | None]) -> None:
    old, new = ApiValidator(load).observe(subject(repair(Requirement(question=SMOOTH))))
    assert (old.release, old.static, old.reached) == (R40, True, True)
    assert [(check.id, check.outcome) for check in old.checks] == [
        ("api:member:bpy.types.Mesh.use_auto_smooth", Outcome.PASS)
    ]
    (check,) = new.checks
    assert check.outcome is Outcome.FAIL
    assert check.fault is not None
    assert (check.fault.kind, check.fault.source, check.fault.proof) == (FaultKind.API, FaultSource.API, Proof.STATIC)
    assert (check.fault.place, check.fault.release, check.fault.rule) == ("addon/a.py:7", R41, "MSH101")
    assert check.fault.message == "bpy.types.Mesh has no use_auto_smooth in Blender 4.1"
    assert new.answers[0].exists is False


def test_a_guarded_requirement_is_asked_only_where_it_is_reached(load: Callable[[Release], ApiTable | None]) -> None:
    guarded = Requirement(question=SMOOTH, until=R41)
    old, new = ApiValidator(load).observe(subject(repair(guarded)))
    assert [check.outcome for check in old.checks] == [Outcome.PASS]
    assert new.checks == ()
    assert new.reached


def test_what_stubs_cannot_know_is_skipped(load: Callable[[Release], ApiTable | None]) -> None:
    socket = Question(kind=QuestionKind.SOCKET, owner="ShaderNodeBsdfPrincipled", name="Specular")
    (seen,) = ApiValidator(load).observe(subject(repair(Requirement(question=socket)), static=(R40,)))
    assert [check.outcome for check in seen.checks] == [Outcome.SKIPPED]


def test_a_question_is_one_check_however_often_it_is_asked(load: Callable[[Release], ApiTable | None]) -> None:
    twice = (repair(Requirement(question=SMOOTH)), repair(Requirement(question=SMOOTH)))
    (seen,) = ApiValidator(load).observe(subject(*twice, static=(R40,)))
    assert len(seen.checks) == len(seen.answers) == 1


def test_missing_stubs_are_said_so() -> None:
    (seen,) = ApiValidator(unavailable).observe(subject(repair(Requirement(question=SMOOTH)), static=(R40,)))
    assert not seen.reached
    assert "4.0" in seen.note
    assert seen.checks == ()


def test_without_repairs_nothing_is_asked_or_loaded() -> None:
    seen = ApiValidator(unavailable).observe(subject())
    assert [(one.release, one.checks, one.reached) for one in seen] == [(R40, (), True), (R41, (), True)]


@pytest.mark.parametrize(
    ("kind", "owner", "name", "release", "exists"),
    [
        (QuestionKind.KEYWORD, "bpy.types.UILayout.label", "text", R280, True),
        (QuestionKind.POSITIONAL, "bpy.types.UILayout.label", "1", R280, False),
        (QuestionKind.POSITIONAL, "bpy.ops.object.modifier_apply", "1", R280, True),
        (QuestionKind.POSITIONAL, "bpy.ops.object.modifier_apply", "1", R40, False),
        (QuestionKind.POSITIONAL, "bpy.ops.object.modifier_apply", "override", R280, True),
        (QuestionKind.POSITIONAL, "bpy.ops.object.modifier_apply", "override", R40, False),
        (QuestionKind.POSITIONAL, "bpy.types.UILayout.label", "one", R40, None),
        (QuestionKind.ENUM_ITEM, "bpy.types.RenderSettings.engine", "BLENDER_EEVEE_NEXT", R40, False),
        (QuestionKind.MODULE, "gpu.state", "", R280, False),
        (QuestionKind.WRITABLE, "bpy.types.Mesh", "use_auto_smooth", R40, True),
        (QuestionKind.ASSIGNED_PROPERTY, "bpy.types.Operator", "", R283, True),
        (QuestionKind.ASSIGNED_PROPERTY, "bpy.types.Operator", "", R293, False),
        (QuestionKind.PRODUCT, "mathutils.Matrix", "mathutils.Vector", R280, False),
    ],
)
def test_every_kind_of_question(
    load: Callable[[Release], ApiTable | None],
    kind: QuestionKind,
    owner: str,
    name: str,
    release: Release,
    exists: bool | None,
) -> None:
    table = load(release if release in (R280, R40) else R280)
    assert table is not None
    assert answer(Question(kind=kind, owner=owner, name=name), table, release).exists is exists
