"""The follow-up on the pages: what is asked, in few taps; the last one for the patient alone."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import MINUTE_MS, NOW_MS, FakeFeed, State, alarm, fake_feed, state

pytestmark = pytest.mark.integration

HOUR_MS = 60 * MINUTE_MS


def asked(name: str, ago_ms: int | None, *, by: str | None = None) -> State:
    """One question: asked so long ago (None: not yet), and who has answered it."""
    asked_ms = None if ago_ms is None else NOW_MS - ago_ms
    return {
        "name": name,
        "due_ms": NOW_MS + HOUR_MS if asked_ms is None else asked_ms,
        "asked_ms": asked_ms,
        "answered_ms": None if by is None else NOW_MS - MINUTE_MS,
        "by": by,
    }


def evening() -> State:
    """A session of this afternoon whose question waits for ten minutes."""
    return {
        "phase": "follow_up",
        "dose_ms": NOW_MS - 250 * MINUTE_MS,
        "follow_up": [asked("question", 10 * MINUTE_MS), asked("next_day", None)],
    }


def next_day() -> State:
    """The day after: the first is answered, the second waits."""
    return {
        "phase": "follow_up",
        "dose_ms": NOW_MS - 21 * HOUR_MS,
        "follow_up": [asked("question", 17 * HOUR_MS, by="sam"), asked("next_day", HOUR_MS)],
    }


async def shot(page: Page, path: Path) -> None:
    """A picture, and nothing that axe can see."""
    await page.screenshot(path=path)
    assert await violations(page) == []


def last(feed: FakeFeed) -> State:
    """The last order that the page gave."""
    order: State = feed.orders[-1]["order"]
    return order


async def test_the_companion_answers_in_few_taps(tmp_path: Path) -> None:
    """One tap in the evening; three taps, the phone handed over, and one tap the next day."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**evening())
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await expect(page.locator("#card-line")).to_have_text("How is Alex? Please look, or call.")
        await expect(page.locator("#numbers")).to_be_hidden()
        await shot(page, tmp_path / "evening.png")
        await page.get_by_role("button", name="All is well").click()
        await expect(page.locator("#note")).to_have_text("Thank you")
        assert last(feed) == {"do": "all_well", "well": True}
        await page.get_by_role("button", name="Something is wrong").click()
        await expect(page.locator("#note")).to_have_text("The doctor is told now")
        assert last(feed) == {"do": "all_well", "well": False}
        await feed.show(**next_day())
        await expect(page.get_by_role("heading", name="The day after")).to_be_visible()
        go = page.get_by_role("button", name="Next: for the patient alone")
        await expect(go).to_be_disabled()
        for words in ("Low", "A little", "No"):
            await page.get_by_role("button", name=words, exact=True).click()
        await shot(page, tmp_path / "next_day.png")
        await go.click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Please hand the phone to Alex")
        await expect(dialog).not_to_contain_text("suicide")
        await shot(page, tmp_path / "hand_over.png")
        await dialog.get_by_role("button", name="I am Alex").click()
        await expect(dialog).to_contain_text("thoughts of death or suicide")
        await shot(page, tmp_path / "alone.png")
        await dialog.get_by_role("button", name="Wish to be dead").click()
        await expect(dialog).to_have_count(0)
        await expect(page.locator("main")).not_to_contain_text("Wish")
        await expect(page.locator("[aria-pressed=true].tap")).to_have_count(0)
        assert last(feed) == {
            "do": "next_day",
            "mood": "low",
            "sleep": "little",
            "bladder": False,
            "thoughts": "wish",
        }


async def test_a_followed_session_takes_no_tile(tmp_path: Path) -> None:
    """It stands in a quiet list under the wall, with its alarm; the session page says the rest."""
    missed = alarm("low", "no answer after the session: x", family="follow_up")
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state()
        feed.states["s2"] = state("s2", **evening(), alarms=[missed], patient_name="Kim")
        page = (await look(started, feed.url(), WALL, trusted=True)).page
        await expect(page.locator("#counts")).to_have_text("1 running · 1 in follow-up · 1 low")
        await expect(page.locator(".tile")).to_have_count(1)
        row = page.locator(".followed-row")
        await expect(row).to_contain_text("! No answer after the session, 35 s")
        await expect(row).to_contain_text("Evening question: asked 10 min ago, no answer yet.")
        await shot(page, tmp_path / "wall.png")
        page = (await look(started, feed.url("/session.html", "s2"), WALL, trusted=True)).page
        await expect(page.get_by_role("heading", name="Is all well with Kim?")).to_be_visible()
        await shot(page, tmp_path / "session.png")
