from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.blender_api.described import ApiSymbol, EnumItem
from indexer.blender_api.described_reader import Described, read_described
from indexer.blender_api.reader import read_stubs
from indexer.errors import MissingError

TYPES = '''
class bpy_struct:
    """Base."""
class Items[T]:
    """Items."""
class Things(Items[Thing], bpy_struct):
    """All things."""
class Thing(bpy_struct):
    """A thing. Deprecated, use `bpy.types.Things` instead."""

    size: float
    """ How large it is (in [0, 10], default 1.0)"""

    mode: set[bpy.stub_internal.rna_enums.ModeItems]
    kind: typing.Literal["BIG", "SMALL"] | None
    """ (default 'BIG', readonly)"""

    @property
    def parent(self) -> typing_extensions.Self | None: ...
    def __init__(self, name: str = "x") -> None: ...
    def scale(
        self,
        factor: float | None,
        /,
        by: collections.abc.Sequence[
            float
        ]
        | None = (1.0, 1.0),
        *,
        axis: typing.Literal["X", "Y"] | None = "X",
    ) -> list[Thing]:
        """Scale it.

        :param factor: How much
        :param axis: Axis, Along which
        :return: Those that changed
        """
    @typing.overload
    def at(self, index: int) -> float: ...
    @typing.overload
    def at(self, x: float, y: float) -> float: ...
VIEW3D_MT_add: (
    bl_ui.space.VIEW3D_MT_add
)
'''
OPS = '''
class enlarge(bpy.ops._BPyOpsSubModOp):
    def __new__(
        cls, execution_context: int | str | None = None, undo: bool | None = None, /, *, factor: float = 2.0
    ) -> None:
        """Make it larger

        :param execution_context:
        :param factor: Factor, By how much (in [1, 5], optional)
        """
'''
ENUMS = 'type ModeItems = typing.Literal["A",  # An item.Says "B".\n    "C",  # Last.\n]\n'


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Described:
    path = tmp_path_factory.mktemp("stubs") / "fake_bpy_module_9_9-20300101-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bpy-stubs/__init__.pyi", "context: bpy.types.Context\n")
        archive.writestr("bpy-stubs/types/__init__.pyi", TYPES)
        archive.writestr("bpy-stubs/ops/thing/__init__.pyi", OPS)
        archive.writestr("bpy-stubs/stub_internal/rna_enums/__init__.pyi", ENUMS)
        archive.writestr("bl_ui-stubs/space/__init__.pyi", "class VIEW3D_MT_add(bpy.types.Menu):\n    x: int\n")
        archive.writestr("fake_bpy_module_9_9-20300101.dist-info/METADATA", "")
    return read_described(path)


def test_a_class_knows_its_constructor_bases_and_end(read: Described) -> None:
    thing = read.symbols["bpy.types.Thing"]
    assert (thing.kind, thing.bases, thing.signature) == ("class", ("bpy.types.bpy_struct",), 'name="x"')
    assert thing.deprecated == "Deprecated, use `bpy.types.Things` instead."
    assert thing.see_also == ("bpy.types.Things",)
    assert read.symbols["bpy.types.Things"].type == "Thing"


def test_a_property_has_type_default_range_and_items(read: Described) -> None:
    size = read.symbols["bpy.types.Thing.size"]
    assert (size.text, size.type, size.default, size.minimum, size.maximum) == (
        "How large it is",
        "float",
        "1.0",
        0,
        10,
    )
    assert (size.kind, size.readonly) == ("property", False)
    mode = read.symbols["bpy.types.Thing.mode"]
    assert mode.type == "set[enum]"
    assert mode.enum == (EnumItem("A", "An item", 'Says "B".'), EnumItem("C", "Last"))


def test_what_cannot_be_assigned_says_so(read: Described) -> None:
    kind, parent = read.symbols["bpy.types.Thing.kind"], read.symbols["bpy.types.Thing.parent"]
    assert (kind.kind, kind.readonly, [item.identifier for item in kind.enum]) == ("readonly", True, ["BIG", "SMALL"])
    assert (parent.kind, parent.readonly, parent.type) == ("readonly", True, "Thing | None")


def test_a_method_is_called_as_python_writes_it(read: Described) -> None:
    scale = read.symbols["bpy.types.Thing.scale"]
    assert scale.signature == 'factor, /, by=(1.0, 1.0), *, axis="X"'
    assert scale.returns == "list[Thing]: Those that changed"
    factor, by, axis = scale.parameters
    assert (factor.type, factor.text, factor.positional_only) == ("float", "How much", True)
    assert by.type == "Sequence[float]"
    assert (axis.keyword_only, axis.type, axis.text) == (True, "enum", "Axis, Along which")


def test_overloads_are_lines(read: Described) -> None:
    assert read.symbols["bpy.types.Thing.at"].signature == "index\nx, y"


def test_an_operator_has_its_own_parameters_alone(read: Described) -> None:
    enlarge = read.symbols["bpy.ops.thing.enlarge"]
    assert (enlarge.kind, enlarge.signature, enlarge.text) == ("operator", "*, factor=2.0", "Make it larger")
    assert (enlarge.parameters[0].minimum, enlarge.parameters[0].maximum) == (1, 5)


def test_a_menu_is_known_where_it_is_registered(read: Described) -> None:
    menu = read.symbols["bpy.types.VIEW3D_MT_add"]
    assert (menu.kind, menu.bases) == ("class", ("bpy.types.Menu",))


def test_a_wheel_without_an_api_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("numpy/__init__.py", "")
    with pytest.raises(MissingError, match="no stubs"):
        read_described(tmp_path / "a.whl")


@pytest.mark.parametrize("release", ["2.79", "4.5", "5.1"])
def test_real_releases_are_read(described: Callable[[str], Mapping[str, ApiSymbol]], release: str) -> None:
    symbols = described(release)
    prop = symbols["bpy.types.UILayout.prop"]
    assert [parameter.name for parameter in prop.parameters[:2]] == ["data", "property"]
    assert prop.parameters[0].text == "Data from which to take property"
    cube = symbols["bpy.ops.mesh.primitive_cube_add"]
    assert cube.text.startswith("Construct a cube mesh")
    assert "location" in {parameter.name for parameter in cube.parameters}
    bevel = next(parameter for parameter in symbols["bpy.ops.mesh.bevel"].parameters if parameter.name == "offset_type")
    assert ("OFFSET", "Offset") in {(item.identifier, item.name) for item in bevel.enum}
    assert symbols["bpy.types.Mesh.vertices"].readonly
    assert symbols["bpy.types.MeshVertices"].type == "MeshVertex"
    assert symbols["bpy.types.Object.location"].readonly is False
    assert not any("../examples" in symbol.text for symbol in symbols.values())


def test_both_readers_see_the_same_symbols(
    described: Callable[[str], Mapping[str, ApiSymbol]], pytestconfig: pytest.Config
) -> None:
    symbols = described("4.5")
    assert pytestconfig.cache is not None
    wheel = next(pytestconfig.cache.mkdir("stubs-4.5").glob("*.whl"))
    assert read_stubs(wheel, "4.5").entries.keys() == symbols.keys()
