"""A page that has lost the feed is heard: at once, and every ten seconds until the feed is back.

The browser's own oscillators tell when something sounds.
"""

import asyncio
from itertools import pairwise

import pytest
from playwright.async_api import Browser, Page, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, browser, look
from tests.integration.fake_feed import FakeFeed, State, fake_feed, state
from tests.integration.test_pages_look import STATES

pytestmark = pytest.mark.integration

LISTEN = """() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.heard.push(performance.now());
    return start.call(this, at);
  };
}"""
BURSTS = "() => window.heard.filter((at, n, all) => n === 0 || at - all[n - 1] > 500)"
# 4 s of silence after the last word of the hub, and a moment to see it.
FIRST_S = 5.0


async def sounding(page: Page) -> None:
    """The person has turned the sound on, and what sounds from now on is kept."""
    await expect(page.locator(".value").first).to_have_text("97")
    await page.locator("#sound").click()
    await expect(page.locator("#sound")).to_have_text("Sound on")
    await page.evaluate(LISTEN)


async def bursts(page: Page) -> list[float]:
    """When each burst began, in s of the page's time."""
    return [at / 1000 for at in await page.evaluate(BURSTS)]


async def now_s(page: Page) -> float:
    """The page's time."""
    return float(await page.evaluate("performance.now()")) / 1000


async def opened(feed: FakeFeed, started: Browser, told: State) -> Page:
    """A companion's page of this session with its sound on."""
    feed.states["s1"] = told
    page = (await look(started, feed.url("/companion.html", "s1"), PHONE, trusted=True)).page
    await sounding(page)
    return page


async def test_silence_is_heard_within_five_seconds_and_ends_with_it() -> None:
    """The first burst comes with the words "FEED LOST"; none after the feed is back."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await opened(feed, started, state())
        from_s = await now_s(page)
        feed.beats = False
        await expect(page.locator("#lost")).to_be_visible(timeout=6_000)
        await page.wait_for_function("window.heard.length > 0", timeout=1_000)
        (first_s,) = await bursts(page)
        assert 3 < first_s - from_s < FIRST_S
        feed.beats = True
        await expect(page.locator("#lost")).to_be_hidden()
        await asyncio.sleep(11)
        assert await bursts(page) == [first_s]


async def test_a_broken_connection_is_heard_every_ten_seconds() -> None:
    """Also in the middle of a high alarm, whose own bursts come from the hub and have ended."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await opened(feed, started, state(**STATES["high"]))
        await page.wait_for_function("window.heard.length > 0", timeout=8_000)
        feed.shut = True
        from_s = await now_s(page)
        await feed.drop()
        await asyncio.sleep(25)
        rings = [at for at in await bursts(page) if at > from_s]
        assert (len(rings), rings[0] - from_s < FIRST_S) == (3, True), rings
        assert [9.5 < b - a < 11 for a, b in pairwise(rings)] == [True, True]
        await expect(page.locator("#lost")).to_be_visible()
