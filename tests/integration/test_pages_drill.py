"""The drill: twelve cards and a check-in before the session, marked everywhere, sent nowhere."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from alerts.contact import Role
from tests.integration.browser import PHONE, browser, look, violations
from tests.integration.fake_feed import State, alarm, fake_feed, state
from tests.integration.hub_house import until

pytestmark = pytest.mark.integration

GATE: State = {"phase": "gate", "dose_ms": None, "values": {}}
LOW = alarm("high", "SpO2 low: 86 for 10 s")


async def test_all_twelve_cards_and_a_check_in_can_be_walked(tmp_path: Path) -> None:
    """DRILL stands on each of the thirteen; the hub hears nothing but that it is done."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**GATE)
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await expect(page.locator("#help")).to_be_visible()
        await page.get_by_role("button", name="Practice now").click()
        drill = page.locator("dialog.drill")
        lines = []
        for at in range(1, 13):
            await expect(drill.locator(".mode")).to_have_text(f"DRILL {at} of 13")
            lines.append(await drill.locator("h2").inner_text())
            assert await drill.locator(".steps li").count() in (3, 4)
            assert "{" not in await drill.inner_text()
            if at in (1, 11):
                await page.screenshot(path=tmp_path / f"drill_{at}.png")
                assert await violations(page) == []
            await drill.get_by_role("button", name="I am with Alex").click()
            await expect(drill.locator(".note")).to_contain_text("In a real alarm")
            await drill.get_by_role("button", name="Next card").click()
        assert (len(set(lines)), lines[0]) == (12, "Oxygen is low. Wake Alex now.")
        await drill.get_by_role("button", name="Try the check-in").click()
        sheet = page.locator("dialog.sheet[open]:not(.drill)")
        await expect(sheet.locator(".mode")).to_have_text("DRILL")
        assert await violations(page) == []
        await sheet.locator("[data-code=W0]").click()
        await expect(drill.locator(".note")).to_contain_text("That took")
        assert feed.orders == []
        await drill.get_by_role("button", name="Done").click()
        await until(lambda: len(feed.orders) == 1, 5)
        assert [one["order"]["do"] for one in feed.orders] == ["annotate"]


async def test_a_real_alarm_ends_the_drill_at_once() -> None:
    """The real card is what the companion sees, under nothing."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**GATE)
        page = (await look(started, feed.url("/companion.html") + "&drill=", PHONE)).page
        await expect(page.locator("dialog.drill")).to_be_visible()
        await expect(page.locator("#emergency")).to_have_attribute("href", "tel:911")
        await feed.show(alarms=[LOW])
        await expect(page.locator("dialog.drill")).to_be_hidden()
        await expect(page.locator("#card")).to_have_attribute("data-kind", "high")


async def test_a_drill_needs_no_link() -> None:
    """Before anybody was invited the address with #drill is enough."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        url = f"http://127.0.0.1:{feed.port}/companion.html#drill"
        page = (await look(started, url, PHONE)).page
        await expect(page.locator("dialog.drill .mode")).to_have_text("DRILL 1 of 13")
        await page.get_by_role("button", name="End the drill").click()
        await page.get_by_role("button", name="Practice now").click()
        await expect(page.locator("dialog.drill .mode")).to_have_text("DRILL 1 of 13")
