from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.blender_api.described import ApiSymbol, EnumItem, Parameter, merge

NAMES = st.sampled_from(["bpy.types.A", "bpy.types.A.b", "bpy.types.A.c", "bpy.ops.d.e"])
WORDS = st.sampled_from(["", "one", "two"])
ITEMS = st.lists(
    st.builds(EnumItem, st.sampled_from(["X", "Y"]), WORDS, WORDS), max_size=2, unique_by=lambda i: i.identifier
)
SYMBOLS = st.dictionaries(
    NAMES,
    st.builds(
        ApiSymbol,
        NAMES,
        st.sampled_from(["property", "readonly", "method"]),
        text=WORDS,
        type=WORDS,
        default=st.none() | WORDS,
        enum=ITEMS.map(tuple),
        minimum=st.none() | st.floats(0, 1),
        source=st.sampled_from(["stubs", "introspection"]),
    ),
).map(lambda found: {name: ApiSymbol(**{**_fields(symbol), "symbol": name}) for name, symbol in found.items()})


def _fields(symbol: ApiSymbol) -> dict[str, object]:
    return {name: getattr(symbol, name) for name in ApiSymbol.__dataclass_fields__}


def one(**fields: object) -> dict[str, ApiSymbol]:
    return {"a": ApiSymbol(symbol="a", **{"kind": "property", **fields})}  # type: ignore[arg-type]


def merged(base: dict[str, ApiSymbol], more: dict[str, ApiSymbol]) -> ApiSymbol:
    return merge(base, more)["a"]


def test_the_first_that_knows_wins() -> None:
    found = merged(one(text="stubs say", type=""), one(text="others say", type="float"))
    assert (found.text, found.type) == ("stubs say", "float")


def test_a_real_blender_knows_items_ranges_and_flags_better() -> None:
    stubs = one(enum=(EnumItem("A", "", "from the stubs"), EnumItem("OLD")), minimum=0.0, readonly=False)
    real = one(
        enum=(EnumItem("A", "Name"), EnumItem("B")), minimum=1.0, maximum=2.0, readonly=True, source="introspection"
    )
    for found in (merged(stubs, real), merged(real, stubs)):
        assert found.enum == (EnumItem("A", "Name", "from the stubs"), EnumItem("B"))
        assert (found.minimum, found.maximum) == (1.0, 2.0)
        assert found.kind == "readonly"
        assert found.source == "merged"


def test_the_ends_of_two_ranges_are_not_mixed() -> None:
    found = merged(one(minimum=-5.0), one(maximum=3.0, source="introspection"))
    assert (found.minimum, found.maximum) == (None, 3.0)


def test_parameters_keep_the_order_of_the_call() -> None:
    stubs = one(kind="operator", parameters=(Parameter("x", "float"), Parameter("y")))
    real = one(
        kind="operator",
        source="introspection",
        parameters=(Parameter("z"), Parameter("y", "int"), Parameter("x", maximum=9.0)),
    )
    found = merged(stubs, real).parameters
    assert [parameter.name for parameter in found] == ["x", "y", "z"]
    assert (found[0].type, found[0].maximum, found[1].type) == ("float", 9.0, "int")


@given(SYMBOLS, SYMBOLS)
def test_nothing_is_lost_and_nothing_invented(base: dict[str, ApiSymbol], more: dict[str, ApiSymbol]) -> None:
    found = merge(base, more)
    assert found.keys() == base.keys() | more.keys()
    for name, symbol in found.items():
        sources = [source[name] for source in (base, more) if name in source]
        assert symbol.text in {each.text for each in sources}
        assert symbol.text or not any(each.text for each in sources)
        assert bool(symbol.enum) == any(each.enum for each in sources)


@given(SYMBOLS)
def test_merging_with_nothing_or_itself_changes_nothing(symbols: dict[str, ApiSymbol]) -> None:
    assert merge(symbols, {}) == symbols
    assert merge({}, symbols) == symbols
    assert merge(symbols, symbols) == symbols
