"""The companion's page as an icon: what a telephone keeps, and what it shows without a hub."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, browser, look, violations
from tests.integration.fake_feed import FakeFeed, fake_feed, state

pytestmark = pytest.mark.integration

KEPT_FILES = """async () => {
  const cache = await caches.open("vigil-away");
  return (await cache.keys()).map((one) => new URL(one.url).pathname).sort();
}"""


async def opened(started: Any, feed: FakeFeed) -> Page:
    """The companion's phone, with the worker in its place."""
    looked = await look(started, feed.url("/companion.html"), PHONE)
    await expect(looked.page.locator("#help")).to_be_visible()
    await looked.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page: Page = looked.page
    return page


async def test_an_icon_opened_without_a_hub_says_so_at_once(tmp_path: Path) -> None:
    """Kept by the person's own tap; no value is shown or kept; the page comes back by itself.

    Nothing of the page asks for anything but the hub: a home without the internet has it all.
    """
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.secure = True
        feed.states["s1"] = state()
        page = await opened(started, feed)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        assert await page.evaluate("localStorage.getItem('vigil-kept-token')") is None
        await page.get_by_role("button", name="Keep on this phone").click()
        await expect(page.get_by_role("button", name="Forget on this phone")).to_be_visible()
        await page.screenshot(path=tmp_path / "kept.png")
        kept = await page.evaluate(KEPT_FILES)
        assert [name for name in kept if name.endswith(".html")] == ["/away.html"]
        origin = feed.url("").split("/#")[0].split("#")[0]
        await page.context.set_offline(True)
        icon = await page.context.new_page()
        await icon.goto(f"{origin}/companion.html")
        await expect(icon.locator("#away-line")).to_have_text("No hub. Look at Alex now.")
        await expect(icon.locator("#emergency")).to_have_attribute("href", "tel:911")
        shown = await icon.locator("body").inner_text()
        assert re.search(r"\d", shown.replace("911", "")) is None, "no number but the one to call"
        await icon.screenshot(path=tmp_path / "away.png")
        await page.context.set_offline(False)
        await expect(icon.locator("#numbers .value").first).to_have_text("97", timeout=10_000)
        assert [url for url in asked if not url.startswith(origin)] == []


async def test_a_link_that_has_ended_leaves_nothing_on_the_phone(tmp_path: Path) -> None:
    """The hub's no ends what was kept; a new link is taken as pasted text."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.secure = True
        feed.states["s1"] = state()
        page = await opened(started, feed)
        await page.get_by_role("button", name="Keep on this phone").click()
        feed.denied = "this link has expired; ask for a new one"
        await page.reload()
        await expect(page.locator("#lost")).to_contain_text("expired")
        assert await page.evaluate("localStorage.getItem('vigil-kept-token')") is None
        await expect(page.locator("#emergency")).to_have_attribute("href", "tel:911")
        feed.denied = None
        await page.get_by_label("Got a link?").fill("https://hub/")
        await page.get_by_role("button", name="Open the page").click()
        await expect(page.get_by_text("This is no link of the hub")).to_be_visible()
        await page.screenshot(path=tmp_path / "denied.png")
        await page.get_by_label("Got a link?").fill("https://hub.home/companion.html#t=fresh")
        await page.get_by_role("button", name="Open the page").click()
        await expect(page.locator("#numbers .value").first).to_have_text("97")
        assert (feed.hellos[-1]["token"], page.url.endswith("companion.html")) == ("fresh", True)


async def test_an_untrusted_connection_names_what_is_missing() -> None:
    """One sentence, one thing to do, and no button that would do nothing."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state()
        looked = await look(started, feed.url("/companion.html"), PHONE, trusted=True)
        page = looked.page
        await expect(page.get_by_text("run: vigil cert")).to_be_visible()
        await expect(page.get_by_role("button", name="Keep on this phone")).to_be_hidden()
        assert (await violations(page), looked.said) == ([], [])
