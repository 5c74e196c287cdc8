"""The wall in a real browser: 16 sessions with three hours each at 1 Hz, in headless Chromium.

First paint is from the start of the navigation to the frame in which every tile has its chart, the
loading, the connection and 16 snapshots included; all comes from this machine. Then the wall is
live for some seconds, a message a session and second, with two flashing alarms. The main thread's
time is the browser's own count (`Performance.getMetrics`, TaskDuration), and beside it the
processor time of all the browser's processes; both also for an empty page. The median counts.
"""

import asyncio
import os
import shutil
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, async_playwright

from bench.report import Figure
from bench.wall_feed import SESSIONS, serving

__all__ = ["measure"]

_AIM_MS = 400
_ROUNDS = 5
_SECONDS = 8.0
_NAMES = ("chromium", "chromium-browser", "google-chrome")
# A canvas has its own size as soon as something is drawn into it; before, it has 300 dots.
_DRAWN = """(tiles) => new Promise((done) => {
  const look = () => {
    const all = [...document.querySelectorAll(".tile canvas")];
    if (all.length === tiles && all.every((one) => one.width !== 300)) done(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


def measure() -> list[Figure]:
    """Return first paint, the cost of a second, and the shares of a core.

    Raises:
        RuntimeError: no browser is installed.
    """
    return asyncio.run(_run())


async def _run() -> list[Figure]:
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError(f"no browser is installed: install one of {', '.join(_NAMES)}")
    args = ["--disable-dev-shm-usage"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    async with serving() as port, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=args)
        try:
            url = f"http://127.0.0.1:{port}/"
            paints = [await _paint(browser, url) for _ in range(_ROUNDS)]
            wall = await _live(browser, f"{url}#t=bench")
            empty = await _live(browser, f"{url}empty")
        finally:
            await browser.close()
    first, whole_ms = paints[0], statistics.median(paints[1:])
    return [
        Figure("pages", f"first paint of {SESSIONS} tiles x 3 h", f"{whole_ms:.0f} ms",
               f"aim {_AIM_MS} ms; {first:.0f} ms in a browser that has just started"),
        Figure("pages", "a second of the live wall, main thread", f"{1000 * wall[0]:.1f} ms",
               f"{100 * wall[0]:.1f} % of a core; an empty page {100 * empty[0]:.1f} %"),
        Figure("pages", "all processes of the browser", f"{100 * wall[1]:.1f} % of a core",
               f"an empty page {100 * empty[1]:.1f} %"),
    ]  # fmt: skip


async def _paint(browser: Browser, url: str) -> float:
    """Milliseconds from the navigation to the frame with all charts."""
    context = await _context(browser)
    page = await context.new_page()
    await page.goto(f"{url}#t=bench", wait_until="commit")
    took_ms: float = await page.evaluate(_DRAWN, SESSIONS)
    await context.close()
    return took_ms


async def _live(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds of the main thread, and of all the browser's processes, a second of the page."""
    context = await _context(browser)
    page = await context.new_page()
    await page.goto(url)
    await asyncio.sleep(2)
    tool: Any = await context.new_cdp_session(page)
    await tool.send("Performance.enable")
    begin = (await _task_s(tool), _processor_s(), time.monotonic())
    await asyncio.sleep(_SECONDS)
    end = (await _task_s(tool), _processor_s(), time.monotonic())
    await context.close()
    took_s = end[2] - begin[2]
    return (end[0] - begin[0]) / took_s, (end[1] - begin[1]) / took_s


async def _context(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True)


async def _task_s(tool: Any) -> float:
    """How long the page's main thread has worked, by the browser's own count."""
    told = (await tool.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in told if one["name"] == "TaskDuration"))


def _processor_s() -> float:
    """Processor time of every process below this one that is a browser's."""
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ProcessLookupError):
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            if "chrom" in name and _is_ours(int(fields[1])):
                total += (int(fields[11]) + int(fields[12])) / tick
    return total


def _is_ours(parent: int) -> bool:
    """Whether a process descends from this one."""
    while parent > 1:
        if parent == os.getpid():
            return True
        try:
            parent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False
