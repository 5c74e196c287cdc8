"""Draws the icons of the companion's page as PNG files: the mark of `monitor/web/mark.svg`.

A telephone wants pictures of 192 and 512 pixels for its start screen, and may cut them to a circle
(a maskable icon), so that the line keeps away from the rim. Nothing but the standard library is
needed, and nothing else is written. It is run by hand, after the mark was changed:

    python docs/make_icons.py
"""

import struct
import sys
import zlib
from itertools import pairwise
from pathlib import Path

SIZES = (192, 512)
FOLDER = Path(__file__).parents[1] / "monitor" / "web" / "icons"

_GROUND, _LINE = (11, 15, 20), (34, 211, 238)
_BOX = 32.0
# The points of the path in mark.svg, in its box of 32, and the width of its line.
_PATH = ((3, 17), (10, 17), (13, 8), (18, 24), (22, 13), (24, 17), (29, 17))
_WIDTH = 3.0
# How much smaller than the box the line is drawn: a circle that touches the sides keeps all of it.
_SAFE = 0.72


def distance(x: float, y: float) -> float:
    """Return how far a point of the box lies from the line, in units of the box."""
    nearest = _BOX
    for (ax, ay), (bx, by) in pairwise(_PATH):
        dx, dy = bx - ax, by - ay
        along = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
        nearest = min(nearest, ((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2) ** 0.5)
    return nearest


def rows(size: int) -> list[bytes]:
    """Return the pixels of a square icon, row by row, each with the filter byte of PNG."""
    unit = _BOX / size / _SAFE
    middle = _BOX / 2
    found = []
    for at_y in range(size):
        row = bytearray(b"\0")
        for at_x in range(size):
            x = (at_x + 0.5 - size / 2) * unit + middle
            y = (at_y + 0.5 - size / 2) * unit + middle
            # One pixel of the rim is part line, part ground, so that it looks smooth.
            part = max(0.0, min(1.0, (_WIDTH / 2 - distance(x, y)) / unit + 0.5))
            row += bytes(round(g + (c - g) * part) for g, c in zip(_GROUND, _LINE, strict=True))
        found.append(bytes(row))
    return found


def png(size: int) -> bytes:
    """Return one icon as a PNG file of 8 bits a colour, without transparency (RFC 2083)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows(size)), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def main() -> int:
    """Write every size."""
    FOLDER.mkdir(exist_ok=True)
    for size in SIZES:
        (FOLDER / f"{size}.png").write_bytes(png(size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
