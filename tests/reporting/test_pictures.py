from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from bot.reporting import pictures


def png(image: Image.Image, **more: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **more)
    return stream.getvalue()


def pixels(picture: pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(picture.data.partition(",")[2])))


PLAIN = png(Image.new("RGB", (7, 5), (10, 20, 30)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.sets(st.tuples(st.integers(0, 15), st.integers(0, 11)), max_size=20), step=st.sampled_from([1, 2, 100])
)
def test_every_pixel_that_differs_is_counted_however_little(
    tmp_path: Path, changed: set[tuple[int, int]], step: int
) -> None:
    before = Image.new("RGB", (16, 12), (40, 50, 60))
    after = before.copy()
    for number, place in enumerate(changed):
        after.putpixel(
            place, tuple(value + step * (channel == number % 3) for channel, value in enumerate((40, 50, 60)))
        )
    (tmp_path / "a.png").write_bytes(png(before))
    (tmp_path / "b.png").write_bytes(png(after))
    found = pictures.contrast(tmp_path / "a.png", tmp_path / "b.png")
    assert found is not None
    assert (found.differing, found.pixels) == (len(changed), 16 * 12)
    marked = pixels(found.picture)
    same = {marked.getpixel((x, y)) for x in range(16) for y in range(12) if (x, y) not in changed}
    assert len(same) == 1
    assert same.isdisjoint(marked.getpixel(place) for place in changed)


def test_what_a_file_carries_besides_its_pixels_stays_behind(tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("File", "/home/somebody/secret.blend")
    image = Image.new("RGB", (4, 4), "red")
    (tmp_path / "a.png").write_bytes(png(image, pnginfo=notes) + b"<script>tail</script>")
    shown = pictures.shown(tmp_path / "a.png")
    assert shown is not None and (shown.width, shown.height) == (4, 4)
    data = base64.b64decode(shown.data.partition(",")[2])
    assert b"somebody" not in data and b"tail" not in data
    assert pixels(shown).convert("RGB").tobytes() == image.tobytes()


def test_what_is_see_through_is_shown_on_white(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(Image.new("RGBA", (2, 2), (0, 0, 0, 0))))
    shown = pictures.shown(tmp_path / "a.png")
    assert shown is not None and pixels(shown).convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A few bytes that claim to be a picture of any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(900))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg onload=alert(1)>", PLAIN[:20], PLAIN[:40], PLAIN[:-30], bomb(60_000, 60_000), bomb(4097, 1),
     bomb(0, 9), png(Image.new("RGB", (3, 3))).replace(b"IDAT", b"IDAX"), b"GIF89a" + PLAIN],
    ids=["empty", "svg", "no-head", "no-pixels", "cut", "bomb", "wide", "flat", "odd-chunk", "gif"],
)  # fmt: skip
def test_what_is_no_plain_picture_of_sane_size_is_left_out(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    (tmp_path / "b.png").write_bytes(PLAIN)
    assert pictures.shown(tmp_path / "a.png") is None
    assert pictures.contrast(tmp_path / "a.png", tmp_path / "b.png") is None


def test_links_missing_and_oversized_files_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real.png").write_bytes(PLAIN)
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    assert pictures.shown(tmp_path / "real.png") is not None
    assert pictures.shown(tmp_path / "link.png") is None
    assert pictures.shown(tmp_path / "none.png") is None
    monkeypatch.setattr(pictures, "LARGEST_FILE", len(PLAIN) - 1)
    assert pictures.shown(tmp_path / "real.png") is None


def test_pictures_of_different_size_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PLAIN)
    (tmp_path / "b.png").write_bytes(png(Image.new("RGB", (5, 7))))
    assert pictures.contrast(tmp_path / "a.png", tmp_path / "b.png") is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_a_picture_or_none_and_never_an_error(tmp_path: Path, edits: list[tuple[int, int]]) -> None:
    data = bytearray(PLAIN)
    for place, value in edits:
        data[place] = value
    (tmp_path / "a.png").write_bytes(data)
    shown = pictures.shown(tmp_path / "a.png")
    assert shown is None or 0 < shown.width <= pictures.LARGEST_SIDE


def scene(noise: int = 0, side: int = 0) -> bytes:
    """A cube before a wall; `noise` in every third pixel, and a red square of so many pixels a side."""
    image = Image.new("RGB", (256, 256), (90, 90, 90))
    image.paste((180, 180, 180), (80, 80, 170, 170))
    for at in range(0, 256 * 256, 3):
        place = (at % 256, at // 256)
        image.putpixel(place, tuple(value + noise for value in image.getpixel(place)))  # type: ignore[union-attr]
    image.paste((200, 40, 40), (8, 8, 8 + side, 8 + side))
    return png(image)


@pytest.mark.parametrize("noise,side,same", [(0, 0, True), (10, 0, True), (0, 2, True), (0, 4, False), (30, 0, False)])
def test_pictures_look_the_same_where_they_differ_by_noise_alone(noise: int, side: int, same: bool) -> None:
    assert pictures.alike(scene(), scene(noise, side)) is same
    assert pictures.alike(scene(noise, side), scene()) is same


def test_what_cannot_be_compared_does_not_look_the_same() -> None:
    assert not pictures.alike(PLAIN, png(Image.new("RGB", (5, 7), (10, 20, 30))))
    assert not pictures.alike(PLAIN, PLAIN[:40])
