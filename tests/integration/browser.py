"""A real browser for the tests of the pages: Debian's Chromium, driven by playwright.

`playwright` is used without its pytest plugin: the plugin keeps an event loop for the whole run,
and the tests beside these need loops of their own. Each test has a fresh browser.
"""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

WALL: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WAIT_MS = 5_000


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start the browser for as long as the block lasts."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no browser is installed; one of {', '.join(_NAMES)} is needed")
    args = ["--disable-dev-shm-usage"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield started
        finally:
            await started.close()


class Looked:
    """One open page, and everything that its console and its errors said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))


async def look(
    started: Browser, url: str, size: ViewportSize = WALL, *, trusted: bool = False
) -> Looked:
    """Open a page in a context of its own. `trusted` lets a test's scripts past the page's CSP."""
    context = await started.new_context(viewport=size, reduced_motion="reduce", bypass_csp=trusted)
    context.set_default_timeout(_WAIT_MS)
    looked = Looked(await context.new_page())
    answer = await looked.page.goto(url)
    assert answer is not None
    assert answer.status == 200, url
    return looked


async def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds wrong: the rule and the first element."""
    found: Any = await Axe().run(page)
    return [
        (one["id"], one["nodes"][0]["html"][:160] + one["nodes"][0]["failureSummary"][:300])
        for one in found.response["violations"]
    ]
