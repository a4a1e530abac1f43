from __future__ import annotations

from indexer.blender_api.signature import Signature


def test_parameters_by_the_way_they_are_given() -> None:
    signature = Signature.parse("path, index=, /, both, *, text=, needed")
    assert signature.positional_only == ("path", "index")
    assert signature.either == ("both",)
    assert signature.keyword_only == ("text", "needed")
    assert signature.required == {"path", "both", "needed"}
    assert not signature.has_keyword("path")
    assert signature.has_keyword("both") and signature.has_keyword("text")
    assert signature.accepts_positional(3) and not signature.accepts_positional(4)


def test_stars_take_anything() -> None:
    assert Signature.parse("*args, key=").accepts_positional(99)
    assert Signature.parse("*args, key=").has_keyword("key")
    assert Signature.parse("**rest").has_keyword("anything")
    assert not Signature.parse("**rest").accepts_positional(1)
    assert Signature.parse("") == Signature()
