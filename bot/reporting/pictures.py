"""The renders of a bundle as a page can hold them: decoded, compared, and written anew.

A render was made beside a stranger's code. Only a plain PNG of bounded size is taken; what goes into
the page is its pixels, encoded again, without whatever else the file carried.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; a larger file is left out."""
LARGEST_SIDE = 4096
"""Pixels; a wider or higher picture is left out."""

NOISE = 16
"""Levels, of 255, by which a pixel may differ from one render of a scene to the next."""
FEW = 1 / 10_000
"""The share of pixels that may differ by more, in pictures that look the same."""

_HEAD = 33  # signature, and the whole of the first chunk
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_FADED, _MARK = (244, 238, 228), (176, 42, 92)


@dataclass(frozen=True)
class Picture:
    """A picture as a `data:` address, and its size in pixels."""

    data: str
    width: int
    height: int


@dataclass(frozen=True)
class Contrast:
    """Where two pictures differ: `picture` marks each such pixel; `differing` of `pixels` do."""

    picture: Picture
    differing: int
    pixels: int


def shown(file: Path) -> Picture | None:
    """The picture in a file; None where there is none that could be shown."""
    image = _read(file)
    return _picture(image) if image is not None else None


def contrast(before: Path, after: Path) -> Contrast | None:
    """Where two pictures of one size differ, in any channel by any amount; None where they cannot be compared."""
    from PIL import Image

    old, new = _read(before), _read(after)
    if old is None or new is None or old.size != new.size:
        return None
    largest = _largest(old, new)
    mask = largest.point([0] + [255] * 255)
    pale = Image.blend(new.convert("L").convert("RGB"), Image.new("RGB", new.size, _FADED), 0.72)
    pale.paste(Image.blend(new, Image.new("RGB", new.size, _MARK), 0.62), mask=mask)
    return Contrast(_picture(pale), mask.histogram()[255], old.width * old.height)


def alike(before: bytes, after: bytes) -> bool:
    """Whether two pictures look the same: what renders of one scene differ by anyway does not count."""
    old, new = _decoded(before), _decoded(after)
    if old is None or new is None or old.size != new.size:
        return False
    differing = sum(_largest(old, new).histogram()[NOISE + 1 :])
    return differing <= FEW * old.width * old.height


def _largest(old: Image.Image, new: Image.Image) -> Image.Image:
    """By how much each pixel differs, in the channel where it does most."""
    from PIL import ImageChops

    channels = ImageChops.difference(old, new).split()
    largest = channels[0]
    for channel in channels[1:]:
        largest = ImageChops.lighter(largest, channel)
    return largest


def _read(file: Path) -> Image.Image | None:
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST_FILE:
            return None
        return _decoded(file.read_bytes())
    except OSError:
        return None


def _decoded(data: bytes) -> Image.Image | None:
    from PIL import Image

    try:
        width, height = (int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
        # asked before anything is decoded: a few bytes can claim a billion pixels
        if not data.startswith(_PNG) or len(data) < _HEAD or not (0 < width <= LARGEST_SIDE >= height > 0):
            return None
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            return image.convert("RGB") if "A" not in image.getbands() else _on_white(image)
    except (OSError, SyntaxError, ValueError):  # what Pillow says of a damaged PNG
        return None


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def _picture(image: Image.Image) -> Picture:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return Picture("data:image/png;base64," + base64.b64encode(stream.getvalue()).decode(), image.width, image.height)
