"""The private card: beside the patient nothing sounds, nothing is read out, no word says why."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.condition import Priority
from alerts.contact import Role
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import NOW_MS, State, alarm, fake_feed, state
from tests.integration.hub_house import until

pytestmark = pytest.mark.integration

LINE = "Please stay with Alex. Do not leave them alone."


def private(**more: Any) -> State:
    """SI-2, as the hub tells it to every page."""
    told = alarm("high", "stay close, never leave alone: told by alex")["rows"][0]
    fields = {"id": f"stay@{NOW_MS - 35_000}", "family": "stay", "alarm_class": "S"}
    return alarm("high", "x", rows=[told | {"row": "SI-2"}], **fields, **more)


SI: State = {
    "alarms": [private()],
    "cards": {private()["id"]: {"line": LINE, "steps": ["The doctor will call you both soon."]}},
}
# What must not stand on a screen that the patient sees.
BETRAYS = ("suicid", "told by", "!!!", "class S", "priority", "SI-2", "never leave alone")
# Counts what would be felt or heard: vibrations, and tones that are started.
EARS = """() => {
  window.felt = [];
  navigator.vibrate = (rhythm) => window.felt.push(rhythm);
  const start = OscillatorNode.prototype.start;
  window.tones = 0;
  OscillatorNode.prototype.start = function (...when) {
    window.tones += 1;
    return start.apply(this, when);
  };
}"""


async def said(page: Page) -> str:
    """All that a person or a screen reader gets, with the title."""
    return f"{await page.title()} {await page.locator('body').inner_text()}"


async def test_the_companions_page_is_quiet_and_says_to_stay(tmp_path: Path) -> None:
    """A blue card with its steps and its button; no sound, no vibration, no name of the reason.

    The message about it is told to the hub as shown without sound, by rule: not as a fault.
    """
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await expect(page.locator("#help")).to_be_visible()
        await page.locator("#sound").click()
        await expect(page.locator("#sound")).to_have_text("Sound on")
        await page.evaluate(EARS)
        await feed.show(**SI)
        await feed.call(
            "d1",
            alarm=private()["id"],
            priority=Priority.HIGH,
            text=f"TEST - not a real alarm: {LINE}",
            private=True,
        )
        await until(lambda: feed.seen != [], 5)
        await expect(page.locator("#card")).to_have_attribute("data-kind", "private")
        await expect(page.locator("#card-line")).to_have_text(LINE)
        await expect(page.get_by_role("button", name="I am with Alex")).to_be_visible()
        await expect(page.locator("#pause")).to_be_hidden()
        await expect(page.locator("#spoken")).to_have_text("Please stay with Alex.")
        words = await said(page)
        assert [one for one in BETRAYS if one.lower() in words.lower()] == []
        assert await page.evaluate("[window.felt, window.tones]") == [[], 0]
        assert feed.seen == [{"type": "seen", "delivery": "d1", "sound": "private"}]
        await page.screenshot(path=tmp_path / "private.png")
        assert await violations(page) == []
        # The whole check-in is still asked: it is no emergency of the body.
        await page.locator("#check").click()
        await expect(page.locator("dialog fieldset:visible")).to_have_count(5)


async def test_an_alarm_of_the_body_beside_it_sounds_as_ever() -> None:
    """The private one in the list below has no reason and no mark."""
    low = alarm("high", "SpO2 low: 86 for 10 s")
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await page.locator("#sound").click()
        await expect(page.locator("#sound")).to_have_text("Sound on")
        await page.evaluate(EARS)
        await feed.show(alarms=[low, private()], sound="high")
        await expect(page.locator("#card")).to_have_attribute("data-kind", "high")
        quiet = page.locator("#more .bar").nth(1)
        await expect(quiet).to_have_attribute("data-priority", "private")
        listed = await page.locator("#more li").nth(1).inner_text()
        assert [one for one in BETRAYS if one in listed] == []
        await page.wait_for_function("() => window.tones > 0 && window.felt.length > 0")


async def test_the_physician_sees_and_hears_all_of_it() -> None:
    """On the session page it is an alarm like any other."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**SI)
        looked = await look(started, feed.url("/session.html", "s1"), WALL, trusted=True)
        bar = looked.page.locator(".alarm .bar").first
        await expect(bar).to_have_attribute("data-priority", "high")
        await expect(looked.page.locator(".alarm").first).to_contain_text("told by alex")
