from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.blender_api.usage import AGES, age_of, parse, prior, usage

TABLE = [
    "# add-ons\t10\t10\t10\t10\t10",
    "bpy.types.Mesh.vertices\t9\t9\t9\t9\t9",
    "bpy.types.Mesh.use_auto_smooth\t5\t5\t1",
    "bpy.types.Lattice.points\t\t\t\t1",
    ".points\t\t\t\t8\t8\t4",
    ".strange\t\t\t\t8\t8\t4",
    "# written\t20",
    "~mesh.bevel\t10",
]


def test_more_use_is_a_higher_prior() -> None:
    known = parse(TABLE)
    order = ["bpy.types.Mesh.vertices", "bpy.types.Lattice.points", "bpy.types.Curve.points", "bpy.types.Curve.nothing"]
    values = [known.prior(symbol, "4.5") for symbol in order]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)
    assert values[-1] == 0


def test_what_is_used_no_more_is_asked_for_less() -> None:
    known = parse(TABLE)
    values = [known.prior("bpy.types.Mesh.use_auto_smooth", release) for release in ("2.79", "3.6", "4.5", "5.1")]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1] > 0


def test_a_class_is_asked_for_when_its_members_are() -> None:
    known = parse(TABLE)
    assert 0 < known.prior("bpy.types.Mesh", "4.5") < known.prior("bpy.types.Mesh.vertices", "4.5")


def test_names_as_code_writes_them_stand_in() -> None:
    assert 0 < parse(TABLE).prior("bpy.ops.mesh.bevel", "4.5") < 1


def test_every_release_belongs_to_an_age() -> None:
    assert [AGES[age_of(release)].name for release in ("2.79", "2.80", "2.93", "3.6", "4.0", "5.1", "6.0")] == [
        "2.7", "2.8", "2.8", "3", "4", "5", "5",
    ]  # fmt: skip
    assert AGES[age_of("some documentation")] is AGES[-1]


@given(st.text(max_size=40) | st.sampled_from(sorted(usage().exact)), st.sampled_from(["2.79", "4.5", "5.1", "x"]))
def test_a_prior_is_a_share(symbol: str, release: str) -> None:
    assert 0 <= prior(symbol, release) <= 1


@pytest.mark.parametrize(
    ("often", "rarely"),
    [
        ("bpy.types.UILayout.prop", "bpy.types.UILayout.prop_with_menu"),
        ("bpy.types.Mesh.vertices", "bpy.types.Mesh.remesh_voxel_size"),
        ("bpy.ops.object.select_all", "bpy.ops.object.paths_update"),
        ("mathutils.Vector", "mathutils.kdtree.KDTree.find_range"),
        ("bpy.types.Operator.execute", "bpy.types.Operator.cancel"),
    ],
)
def test_the_shipped_counts_know_what_add_ons_use(often: str, rarely: str) -> None:
    assert prior(often, "4.5") > prior(rarely, "4.5")


def test_the_shipped_counts_follow_the_times() -> None:
    assert prior("bpy.types.Mesh.use_auto_smooth", "2.93") > prior("bpy.types.Mesh.use_auto_smooth", "5.0")
    assert prior("bpy.types.Mesh.tessfaces", "2.79") > prior("bpy.types.Mesh.tessfaces", "5.0")
    assert prior("bpy.types.Mesh.color_attributes", "4.5") > prior("bpy.types.Mesh.color_attributes", "2.79")


def test_a_corpus_of_priors_takes_no_time() -> None:
    names = [*usage().exact] * 3
    start = time.process_time()
    for name in names:
        prior(name, "4.5")
    assert (time.process_time() - start) / len(names) < 0.001
