"""Files that are no text, put together byte by byte."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable

_POINTS = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)]
_FACES = [(0, 1, 2), (0, 2, 3)]
_MOVED = [(x, y, z + up) for up in (0.0, 1.0) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)]
"""The corners of a cube in two frames."""


def png(size: int = 8) -> bytes:
    """A small orange picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xe0\x80\x20" * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bmp(size: int = 8) -> bytes:
    """The same, not compressed."""
    pixels = b"\x20\x80\xe0" * size * size
    info = struct.pack("<IiiHHIIiiII", 40, size, size, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + info + pixels


def wav() -> bytes:
    """A tenth of a second of silence."""
    held = io.BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 800)
    return held.getvalue()


def packed() -> bytes:
    """A ZIP file with a text in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("folder/text.txt"), "Text\n")
    return held.getvalue()


def max3ds() -> bytes:
    """A square of a material, as 3D Studio wrote it."""

    def chunk(number: int, *parts: bytes) -> bytes:
        data = b"".join(parts)
        return struct.pack("<HI", number, len(data) + 6) + data

    points = struct.pack("<H", len(_POINTS)) + b"".join(struct.pack("<3f", *point) for point in _POINTS)
    faces = struct.pack("<H", len(_FACES)) + b"".join(struct.pack("<4H", *face, 7) for face in _FACES)
    used = chunk(0x4130, b"Material\0", struct.pack("<H", 2), struct.pack("<2H", 0, 1))
    axes = struct.pack("<12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    shape = chunk(0x4100, chunk(0x4110, points), chunk(0x4160, axes), chunk(0x4120, faces, used))
    colour = chunk(0xA020, chunk(0x0011, bytes([224, 128, 32])))
    material = chunk(0xAFFF, chunk(0xA000, b"Material\0"), colour)
    scene = chunk(0x3D3D, chunk(0x3D3E, struct.pack("<I", 3)), material, chunk(0x4000, b"Square\0", shape))
    return chunk(0x4D4D, chunk(0x0002, struct.pack("<I", 3)), scene)


def _unreal(*chunks: tuple[bytes, int, list[bytes]]) -> bytes:
    return b"".join(
        struct.pack("<20s3i", name, 1999801, size, len(items)) + b"".join(items) for name, size, items in chunks
    )


def _bones() -> list[bytes]:
    return [
        struct.pack("<64s3i11f", name, 0, children, 0, *turn, *place, 0, 0, 0, 0)
        for name, children, turn, place in (
            (b"Root", 1, (0, 0, 0, 1), (0, 0, 0)),
            (b"Bone", 0, (0, 0, 0, -1), (0, 0, 1)),
        )
    ]


def psk() -> bytes:
    """A square on two bones, as the Unreal Engine reads it."""
    wedges = [struct.pack("<2H2f2BH", n, 0, point[0], point[1], 0, 0, 0) for n, point in enumerate(_POINTS)]
    return _unreal(
        (b"ACTRHEAD", 0, []),
        (b"PNTS0000", 12, [struct.pack("<3f", *point) for point in _POINTS]),
        (b"VTXW0000", 16, wedges),
        (b"FACE0000", 12, [struct.pack("<3H2BI", *face, 0, 0, 1) for face in _FACES]),
        (b"MATT0000", 88, [struct.pack("<64s6i", b"Material", 0, 0, 0, 0, 0, 0)]),
        (b"REFSKELT", 120, _bones()),
        (b"RAWWEIGHTS", 12, [struct.pack("<f2i", 1.0, n, n // 2) for n in range(len(_POINTS))]),
    )


def psa() -> bytes:
    """Two frames of these bones."""
    told = struct.pack("<64s64s4i3f3i", b"Move", b"None", 2, 0, 0, 4, 0.0, 2.0, 30.0, 0, 0, 2)
    keys = [struct.pack("<8f", 0, 0, frame, 0, 0, 0, 1, 1) for frame in range(2) for _ in range(2)]
    return _unreal(
        (b"ANIMHEAD", 0, []),
        (b"BONENAMES", 120, _bones()),
        (b"ANIMINFO", 168, [told]),
        (b"ANIMKEYS", 32, keys),
    )


def mdd() -> bytes:
    """Two frames of the eight corners of a cube, as LightWave wrote them."""
    return struct.pack(">2i2f", 2, 8, 0.0, 0.04) + b"".join(struct.pack(">3f", *point) for point in _MOVED)


def pc2() -> bytes:
    """The same, as Maya reads it."""
    head = struct.pack("<12sii2fi", b"POINTCACHE2\0", 1, 8, 1.0, 1.0, 2)
    return head + b"".join(struct.pack("<3f", *point) for point in _MOVED)


BINARIES: dict[str, Callable[[], bytes]] = {
    ".png": png,
    ".bmp": bmp,
    ".wav": wav,
    ".zip": packed,
    ".3ds": max3ds,
    ".psk": psk,
    ".pskx": psk,
    ".psa": psa,
    ".mdd": mdd,
    ".pc2": pc2,
}
"""By ending, what makes a file of it."""
