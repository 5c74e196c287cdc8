"""The gate on the pages: what nobody will look out for is read before the dose, not after it."""

import pytest
from playwright.async_api import expect

from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import fake_feed, state
from tests.integration.test_pages_look import STATES

pytestmark = pytest.mark.integration

WATCH = {
    "row": "WATCH-DOWN",
    "label": "Nobody outside knows that this hub lives",
    "why": "nobody outside watches this hub: no [watch] in its settings",
}


@pytest.mark.parametrize("path", ["/session.html", "/companion.html"])
async def test_rows_that_cannot_work_are_listed_at_the_gate(path: str) -> None:
    """With their reasons, as long as there are any, and on both pages alike."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(**STATES["gate"] | {"off": [WATCH]})
        size = PHONE if "companion" in path else WALL
        looked = await look(started, feed.url(path, "s1"), size, trusted=True)
        listed = looked.page.locator(".off-rows li")
        await expect(listed).to_have_text([f"{WATCH['label']}{WATCH['why']}"])
        assert (await violations(looked.page), looked.said) == ([], [])
        await feed.show(off=[])
        await expect(looked.page.get_by_text("Not watched for")).to_be_hidden()
