"""Pages in another unit and another language: the same sums as the hub's, and nothing cut."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.contact import Role
from alerts.texts import PLACEHOLDER, Texts
from monitor.feed_door import read_pages
from monitor.pressure_unit import limit_shown, shown
from tests.integration.browser import PHONE, browser, look, violations
from tests.integration.fake_feed import FakeFeed, State, alarm, fake_feed, state
from tests.integration.hub_house import ROOT
from tests.words import ENGLISH

pytestmark = pytest.mark.integration

WEB = ROOT / "monitor" / "web"
KPA = read_pages(WEB, None, ENGLISH, "kPa")
PAIRS = [(100 * mmhg + more) for mmhg in range(0, 401, 3) for more in (0, 25, 99)]
BP_HIGH = alarm("medium", "Blood pressure high: 165/95", family="pressure_high")
BP_HIGH["rows"] = [BP_HIGH["rows"][0] | {"row": "BP-HIGH"}]
CARD = {"line": "Blood pressure is high.", "steps": ["Keep the room calm."]}
HIGH: State = {"alarms": [BP_HIGH], "cards": {BP_HIGH["id"]: CARD}}


def longer(line: str) -> str:
    """A sentence of a language whose words need two fifths more room, and other letters."""
    more = " äöüß" * (len(line) * 2 // 25 + 1)
    words = [word if PLACEHOLDER.search(word) else word[::-1] for word in line.split(" ")]
    return " ".join([*words, more[1 : 1 + max(1, len(line) * 2 // 5)].strip()])


def pseudo() -> Texts:
    """A language that nobody speaks: whatever stays English on a page is not in the catalogue."""
    return Texts(
        {
            key: longer(said) if isinstance(said, str) else tuple(longer(one) for one in said)
            for key, said in ENGLISH.sentences.items()
        }
        | {"language.code": "en"}
    )


async def opened(started: Any, feed: FakeFeed, path: str) -> Page:
    """One page on a phone."""
    looked = await look(started, feed.url(path, "s1"), PHONE, trusted=True)
    await expect(looked.page.locator("body")).to_have_attribute("data-feed", "live")
    page: Page = looked.page
    return page


async def test_a_hub_in_kpa_shows_and_takes_kpa_and_orders_mmhg() -> None:
    """Typed in the other unit it is not taken, and the page says how to type it."""
    async with browser() as started, fake_feed(Role.COMPANION) as feed:
        feed._pages = KPA
        feed.states = {"s1": state() | HIGH}
        page = await opened(started, feed, "/companion.html")
        await expect(page.locator(".value.nibp")).to_have_text("16.7/10.5")
        await expect(page.locator("#card-why")).to_contain_text("165/95 (in mmHg)")
        sums = await page.evaluate(
            """async (all) => {
              const { pressure, pressureLimit } = await import("/pressure.js");
              return all.map((x100) => [pressure(x100), pressureLimit(x100 / 100)]);
            }""",
            PAIRS,
        )
        assert sums == [[shown(one, "kPa"), limit_shown(one, "kPa")] for one in PAIRS]

        await page.get_by_role("button", name="Type the reading").click()
        await page.get_by_label("Upper number (SYS), kPa").fill("120")
        await page.get_by_label("Lower number (DIA), kPa").fill("10,0")
        await page.get_by_role("button", name="Send", exact=True).click()
        dialog = page.locator("dialog[open]")
        await expect(dialog).to_contain_text("120 looks like mmHg. Type it in kPa, like 16.0")
        assert await violations(page) == []
        await page.get_by_label("Upper number (SYS), kPa").fill("16.0")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("#note")).to_contain_text("16.0/10,0")
        told = [one for one in feed.orders if one["order"]["do"] == "reading"]
        assert [(one["order"]["sbp"], one["order"]["dbp"]) for one in told] == [(120, 75)]


KPA_LIKE = {
    "16.0": "16.0 looks like kPa. Type it in mmHg, like 120",
    "16": "16 looks like kPa",
    "310": "310 cannot be right: it must be from 30 to 300.",
    "abc": "“abc” is no number.",
}


async def test_a_hub_in_mmhg_takes_no_kpa() -> None:
    """Nothing is guessed and nothing is sent; what was typed stands there to be mended."""
    async with browser() as started, fake_feed(Role.COMPANION) as feed:
        feed.states = {"s1": state()}
        page = await opened(started, feed, "/companion.html")
        await page.get_by_role("button", name="Type the reading").click()
        await page.get_by_label("Lower number (DIA), mmHg").fill("80")
        for typed, said in KPA_LIKE.items():
            await page.get_by_label("Upper number (SYS), mmHg").fill(typed)
            await page.get_by_role("button", name="Send", exact=True).click()
            await expect(page.locator("dialog[open]")).to_contain_text(said)
        assert [one for one in feed.orders if one["order"]["do"] == "reading"] == []


CUT = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth;
  const cut = [...document.querySelectorAll("body *")].filter((node) => {
    if (node.checkVisibility?.() === false || node.classList.contains("unseen")) return false;
    const own = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim() !== "");
    return own && node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1;
  });
  return { wide, cut: cut.map((node) => `${node.tagName}#${node.id}: ${node.textContent}`) };
}"""


async def test_longer_words_fit_on_every_page() -> None:
    """Two fifths longer, with other letters, on a phone: nothing is wider than the screen."""
    texts = read_pages(WEB, None, pseudo())
    shows = [
        ("/companion.html", Role.COMPANION, state() | HIGH),
        ("/patient.html", Role.PATIENT, state()),
        ("/", Role.PHYSICIAN, state() | HIGH),
    ]
    async with browser() as started:
        for path, role, shown_state in shows:
            async with fake_feed(role) as feed:
                feed._pages = texts
                feed.states = {"s1": shown_state}
                page = await opened(started, feed, path)
                assert await page.evaluate(CUT) == {"wide": False, "cut": []}, path
                assert re.search(r"[äöüß]", await page.inner_text("body")) is not None, path
