"""The protocol on the pages: gate questions by thumb, what was noticed, the end of a peak."""

from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from alerts.contact import Role
from monitor.gate_views import gate_items
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import NOW_MS, fake_feed, state
from tests.integration.hub_house import until
from tests.timeline import Timeline

pytestmark = pytest.mark.integration

GONE = {"told_by": "page", "gone_ms": NOW_MS - 70_000}


def at_gate() -> dict[str, Any]:
    """The gate of a session that has just been opened, as the hub shows it."""
    items = msgspec.to_builtins(gate_items(Timeline(dosed=False).engine))
    presence = {"told_by": "page", "gone_ms": None}
    return {
        "phase": "gate",
        "dose_ms": None,
        "gate_items": items,
        "values": {},
        "presence": presence,
    }


async def test_questions_of_the_gate_are_answered_by_thumb() -> None:
    """Yes and No stand side by side, 44 px and more; there is no Pass; what is final has none."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = shown = state(**at_gate())
        looked = await look(started, feed.url("/companion.html", "s1"), PHONE, trusted=True)
        page = looked.page
        button = page.get_by_role("button", name="No: Any alcohol today?")
        # The first item with open questions is unfolded; this is the second.
        await expect(page.get_by_role("button", name="No: Thoughts of ending")).to_be_visible()
        await page.get_by_text("4 of 4 questions").click()
        box = await button.bounding_box()
        assert box is not None
        assert (box["height"] >= 44, box["width"] >= 120) == (True, True)
        await button.click()
        await until(lambda: len(feed.orders) == 1, 5)
        order = {"do": "gate_answer", "item": "drugs", "question": "alcohol", "yes": False}
        assert feed.orders[0]["order"] == order
        await expect(page.get_by_role("button", name="Pass: No alcohol")).to_be_hidden()
        drugs = shown["gate_items"]["drugs"]
        asks = [{**ask, "answered": True, "yes": ask["id"] == "alcohol"} for ask in drugs["ask"]]
        stopped = {**drugs, "state": "stop", "final": True, "ask": asks}
        await feed.show(gate_items={**shown["gate_items"], "drugs": stopped})
        await expect(button).to_be_hidden()
        assert (await violations(page), looked.said) == ([], [])


async def test_i_must_go_and_i_am_back() -> None:
    """Asked for once more; while it is so the button says that they are back."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(phase="peak", presence=GONE)
        looked = await look(started, feed.url("/companion.html", "s1"), PHONE, trusted=True)
        page = looked.page
        await expect(page.get_by_role("button", name="Tap: I am here")).to_be_visible()
        # A headless browser on this machine gives the lock, or says that it cannot: once.
        await until(lambda: len(feed.here) == 1, 5)
        await page.get_by_role("button", name="I must go").click()
        await page.get_by_role("button", name="Yes, I must go").click()
        await until(lambda: len(feed.orders) == 1, 5)
        assert feed.orders[0]["order"] == {"do": "notice", "what": "must_go"}
        assert (await violations(page), looked.said) == ([], [])


async def test_a_number_and_a_thing_that_was_noticed() -> None:
    """A fall's head hit, a nausea of 8."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(phase="peak")
        looked = await look(started, feed.url("/companion.html", "s1"), PHONE, trusted=True)
        page = looked.page
        await page.get_by_text("Show what can be told").click()
        await page.get_by_role("button", name="Head hit or neck pain").click()
        await page.get_by_role("button", name="Send").click()
        await page.get_by_role("button", name="Nausea, 0 to 10").click()
        await page.get_by_role("spinbutton", name="Number").fill("8")
        await page.get_by_role("button", name="Send").click()
        await until(lambda: len(feed.orders) == 2, 5)
        assert [one["order"] for one in feed.orders] == [
            {"do": "notice", "what": "head_hit", "over": False},
            {"do": "notice", "what": "nausea", "number": 8},
        ]
        assert looked.said == []


async def test_a_physician_ends_the_peak_and_reads_news2() -> None:
    """With a reason; NEWS2 is a lower bound that names what is missing."""
    words = "NEWS2 at least 2, without respiration, temperature"
    news2 = {"at_ms": NOW_MS - 60_000, "words": words, "at_least": 2, "missing": []}
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(phase="extended", news2={**news2, "interpretable": True})
        looked = await look(started, feed.url("/session.html", "s1"), WALL, trusted=True)
        page = looked.page
        await expect(page.locator("#fact-news2")).to_contain_text(words)
        await page.get_by_role("button", name="End the peak").click()
        await page.get_by_label("Reason").fill("cuff is torn")
        await page.get_by_role("dialog").get_by_role("button", name="End the peak").click()
        await until(lambda: len(feed.orders) == 1, 5)
        assert feed.orders[0]["order"] == {"do": "end_peak", "reason": "cuff is torn"}
        assert (await violations(page), looked.said) == ([], [])
