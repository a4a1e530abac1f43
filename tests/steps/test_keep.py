"""Renders are kept by what they show."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.models.validation import Observation
from bot.steps.keep import keep, kept, plain


def png(note: str, colour: tuple[int, int, int] = (9, 8, 7)) -> bytes:
    notes = PngInfo()
    notes.add_text("Date", note)
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(stream, "PNG", pnginfo=notes)
    return stream.getvalue()


def test_the_same_picture_has_the_same_name_whenever_it_was_made(tmp_path: Path) -> None:
    names = set()
    for number, data in enumerate((png("monday"), png("tuesday"), png("monday", (1, 2, 3)))):
        file = tmp_path / f"{number}.png"
        file.write_bytes(data)
        seen = keep(Observation(validator="exercise", pictures={"picture": str(file)}), tmp_path / "kept")
        names.add(seen.pictures["picture"])
        shown = kept(seen.pictures["picture"], tmp_path / "kept")
        assert shown is not None
        with Image.open(shown) as picture, Image.open(file) as given_one:
            assert picture.tobytes() == given_one.tobytes()
            assert "Date" not in picture.info
    assert len(names) == 2


def test_only_what_was_put_there_is_shown(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png("x"))
    name = "0" * 64 + ".png"
    (tmp_path / name).write_bytes(png("x"))
    linked = "1" * 64 + ".png"
    (tmp_path / linked).symlink_to(tmp_path / "secret.png")
    for asked in ("secret.png", "../secret.png", str(tmp_path / "secret.png"), name, linked, "2" * 64 + ".png", ""):
        assert kept(asked, tmp_path) is None


@given(data=st.binary(max_size=200), cut=st.integers(0, 90))
def test_what_is_no_png_stays_as_it_is(data: bytes, cut: int) -> None:
    assert plain(data) == data
    broken = png("x")[:cut]
    assert plain(broken) == broken
