"""How much two renders differ."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SLIGHT = 24
"""Of 255 in one channel: no more than renderers of different machines differ."""
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_SIDE = 4096

NO_PNG = "it is no PNG"
TOO_LARGE = "it is too large"
OTHER_SIZE = "one has {one}, the other {other} pixels"

_PNG = b"\x89PNG\r\n\x1a\n"


def difference(one: bytes, other: bytes) -> float | str:
    """The share of pixels, 0 to 1, that differ by more than a trifle in any channel; why they cannot be compared."""
    from PIL import ImageChops

    first, second = _read(one), _read(other)
    if isinstance(first, str) or isinstance(second, str):
        return first if isinstance(first, str) else str(second)
    if first.size != second.size:
        sizes = [f"{image.width} x {image.height}" for image in (first, second)]
        return OTHER_SIZE.format(one=sizes[0], other=sizes[1])
    channels = ImageChops.difference(first, second).split()
    largest = channels[0]
    for channel in channels[1:]:
        largest = ImageChops.lighter(largest, channel)
    return sum(largest.histogram()[SLIGHT + 1 :]) / (first.width * first.height)


def _read(data: bytes) -> Image.Image | str:
    from PIL import Image

    if not data.startswith(_PNG) or len(data) < 33:
        return NO_PNG
    width, height = (int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
    if len(data) > LARGEST_FILE or not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        return TOO_LARGE  # asked before anything is decoded: a few bytes can claim a billion pixels
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.load()
            ground = Image.new("RGBA", image.size, "white")
            ground.alpha_composite(image.convert("RGBA"))
            return ground.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow says of a damaged PNG
        return f"it is a damaged PNG ({type(error).__name__})"
