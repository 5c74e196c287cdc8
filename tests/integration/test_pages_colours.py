"""A high alarm stands out most for every eye: measured on the picture that the browser draws.

A wall with a high, a medium and a low tile is photographed in both phases of each flash, turned
into what people without one kind of cone see, and every dot is weighed by its contrast to the bare
tile. What is summed up is what an eye is drawn by: how much, and how bright against its ground.

Colour vision: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for
simulation of color vision deficiency", IEEE TVCG 15(6), 2009, matrices for severity 1.0, applied to
linear RGB. Contrast: WCAG 2.2, relative luminance.
"""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page, expect

from tests.integration.browser import WALL, browser
from tests.integration.fake_feed import alarm, fake_feed, state

pytestmark = pytest.mark.integration

Picture = np.ndarray[Any, np.dtype[np.float64]]

EYES = {
    "three cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
GROUND = np.array([0x14, 0x1B, 0x23], dtype=np.float64)  # --panel of style.css

# What a picture of the wall would be if red alone made an alarm high: no frame, no mark of white.
NAIVE = """
.tile[data-priority="high"] { border-color: #d40000 !important; border-width: 2px !important;
  outline: none !important }
.tile[data-priority="high"] .bar { border: 2px solid #d40000 !important; color: #000 !important }
"""


def decoded(png: bytes) -> Picture:
    """The dots of a browser's picture (8 bit RGB or RGBA, not interlaced) as height x width x 3."""
    at, data, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
            assert (depth, colours in (2, 6), body[12]) == (8, True, 0)
            channels = 3 if colours == 2 else 4
        data += body if kind == b"IDAT" else b""
        at += size + 12
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    out = np.zeros((height, width * channels), np.uint8)
    for y in range(height):
        out[y] = _unfiltered(int(rows[y, 0]), rows[y, 1:], out[y - 1] if y else None, channels)
    return out.reshape(height, width, channels)[:, :, :3].astype(np.float64)


def _unfiltered(kind: int, row: Any, above: Any, step: int) -> Any:
    """Undo one of PNG's five filters (ISO/IEC 15948, 9.2)."""
    up = np.zeros_like(row) if above is None else above
    if kind == 0:
        return row
    if kind == 2:
        return row + up
    if kind == 1:
        return np.cumsum(row.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)
    line, over, done = row.tolist(), up.tolist(), [0] * len(row)
    for x, value in enumerate(line):
        left = done[x - step] if x >= step else 0
        corner = over[x - step] if x >= step else 0
        done[x] = (value + _guess(kind, left, over[x], corner)) & 255
    return np.array(done, np.uint8)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def luminance(colours: Picture, eye: Picture) -> Picture:
    """WCAG's relative luminance, 0..1, as this eye has it."""
    part = colours / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ eye.T, 0, 1)
    luminous: Picture = seen @ np.array([0.2126, 0.7152, 0.0722])
    return luminous


def salience(picture: Picture, eye: Picture) -> float:
    """The sum over all dots of how far their contrast to the bare tile is above none."""
    ground = float(luminance(GROUND, eye))
    light = luminance(picture, eye)
    high, low = np.maximum(light, ground), np.minimum(light, ground)
    return float(((high + 0.05) / (low + 0.05) - 1).sum())


_SHOTS = 5


async def tiles(page: Page, moment_ms: int, shot: Path) -> list[Picture]:
    """The frame and the alarm bar of each tile as the browser draws them at this moment."""
    await page.evaluate(
        """async (moment) => {
             for (const one of document.getAnimations()) { one.pause(); one.currentTime = moment; }
             for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
           }""",
        moment_ms,
    )
    png = await page.screenshot(path=shot)
    whole, found = decoded(png), []
    boxes = await page.evaluate(
        """() => [...document.querySelectorAll(".tile")].map((tile) => {
             const [box, bar] = [tile, tile.querySelector(".bar")].map((one) =>
               one.getBoundingClientRect());
             return [box.left - 4, box.top - 4, box.right + 4, box.bottom + 4,
               bar.left, bar.top, bar.right, bar.bottom].map(Math.round); })"""
    )
    for left, top, right, bottom, x0, y0, x1, y1 in boxes:
        picture = whole[top:bottom, left:right].copy()
        bar = whole[y0:y1, x0:x1]
        # What is neither frame nor bar says nothing of the alarm: it is made bare.
        picture[8:-8, 8:-8] = GROUND
        picture[y0 - top : y1 - top, x0 - left : x1 - left] = bar
        found.append(picture)
    return found


async def test_high_stands_out_most_for_every_eye(tmp_path: Path) -> None:
    """The darker phase of high beats the brighter one of medium, and that of medium beats low.

    The control: high as plain red without its frame loses to medium for whoever has no red cone.
    """
    async with fake_feed() as feed, browser() as started:
        for at, priority in enumerate(("high", "medium", "low")):
            feed.states[f"s{at}"] = state(f"s{at}", alarms=[alarm(priority, "SpO2 below 90 %")])
        context = await started.new_context(viewport=WALL, bypass_csp=True)
        page = await context.new_page()
        await page.goto(feed.url())
        await expect(page.locator(".tile[data-priority]")).to_have_count(3)
        # 2 Hz and 0.6 Hz: at 100 ms both are in their first half, at 1350 ms both in the second.
        moments = (100, 1_350)
        for _ in range(_SHOTS):
            phases = [await tiles(page, at, tmp_path / f"wall_{at}.png") for at in moments]
            if not np.array_equal(phases[0][0], phases[1][0]):
                break  # a browser with much to do may show the first moment twice
        got = {
            eye: [sorted(salience(phase[tile], matrix) for phase in phases) for tile in range(3)]
            for eye, matrix in EYES.items()
        }
        order = {
            eye: (high[0] > medium[1], medium[0] > low[1])
            for eye, (high, medium, low) in got.items()
        }
        assert order == dict.fromkeys(EYES, (True, True)), got
        # The flash itself can be seen: its two phases differ by a twentieth and more.
        assert {eye: high[1] > 1.05 * high[0] for eye, (high, *_) in got.items()} == dict.fromkeys(
            EYES, True
        ), got
        await page.add_style_tag(content=NAIVE)
        naive, medium, _ = await tiles(page, moments[0], tmp_path / "naive.png")
        blind = EYES["protanopia"]
        assert salience(naive, blind) < salience(medium, blind)
