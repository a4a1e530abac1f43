"""Two renders, held against each other."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.validators.likeness import SLIGHT, difference


def png(width: int, height: int, colours: list[tuple[int, int, int]] | None = None, mode: str = "RGB") -> bytes:
    image = Image.new(mode, (width, height))
    if colours is not None:
        image.putdata(colours)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=12, max_size=12), st.integers(0, 12))
def test_the_share_of_pixels_that_differ(colours: list[tuple[int, int, int]], count: int) -> None:
    other = [((r + 128) % 256, g, b) if place < count else (r, g, b) for place, (r, g, b) in enumerate(colours)]
    assert difference(png(4, 3, colours), png(4, 3, other)) == count / 12


@pytest.mark.parametrize(("by", "share"), [(SLIGHT, 0.0), (SLIGHT + 1, 1.0)])
def test_a_trifle_is_no_difference(by: int, share: float) -> None:
    assert difference(png(2, 1, [(0, 0, 0)] * 2), png(2, 1, [(0, by, 0)] * 2)) == share


def test_what_cannot_be_compared_says_why() -> None:
    good = png(2, 2)
    bomb = good[:16] + struct.pack(">II", 100_000, 100_000) + good[24:]
    assert difference(good, png(3, 2)) == "one has 2 x 2, the other 3 x 2 pixels"
    assert difference(b"GIF89a", good) == "it is no PNG"
    assert difference(good, bomb) == "it is too large"
    assert str(difference(good, good[:40])).startswith("it is a damaged PNG")
