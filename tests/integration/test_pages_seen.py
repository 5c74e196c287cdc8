"""All four pages, in all states, on three screens: nothing cut, covered, jumping or out of reach.

One browser and one open page for each kind; the states are pushed into it as a hub does. Pictures
go to `tmp_path` and are looked at by people.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, WALL, browser, look
from tests.integration.fake_feed import NOW_MS, State, alarm, fake_feed, state
from tests.integration.seen import barriers, drawn, faults, shifts, show_state, watch_shifts
from tests.integration.test_pages_look import HELD, LINES, LOW, STATES

pytestmark = pytest.mark.integration

TABLET: ViewportSize = {"width": 1024, "height": 768}
WIDE: ViewportSize = {"width": 2560, "height": 1080}
SIZES = (WALL, TABLET, PHONE)

LONG = "the two blood pressures are very near to each other: check the cuff"
WORST: State = {
    "alarms": [
        alarm("medium", LONG, accepted_by="sam, lee", accepted_until_ms=NOW_MS + 200_000),
        *(alarm("low", f"a device is nearly empty {at}", id=f"b{at}@1") for at in range(4)),
    ],
    "dose_at_least": True,
    "phase": "emergency",
    "dose_ms": NOW_MS - 200 * 60_000,
    "check_in": {
        "due_ms": NOW_MS - 130_000,
        "last_codes": "W3 B1 C1 D2 X3 L2 M1",
        "last_ms": NOW_MS - 17 * 60_000,
        "may_correct_until_ms": None,
        "ask": [],
    },
}
PAUSED: State = {
    "alarms": [
        alarm("high", "SpO2 low", signal="acknowledged", paused_until_ms=NOW_MS + 74_900),
    ]
}
ALL = STATES | {"worst": WORST, "paused": PAUSED, "held": HELD}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/", Role.PHYSICIAN),
        ("/session.html", Role.PHYSICIAN),
        ("/companion.html", Role.COMPANION),
        ("/patient.html", Role.PATIENT),
    ],
)
async def test_every_state_can_be_read(path: str, role: Role, tmp_path: Path) -> None:
    """No word is cut or covered on any of three screens, and axe finds nothing."""
    found: dict[str, list[str]] = {}
    async with fake_feed(role) as feed, browser() as started:
        feed.states["s1"] = state()
        feed.lines = [line | {"at_ms": NOW_MS - 60_000 + at} for at, line in enumerate(LINES)]
        home = WALL if role is Role.PHYSICIAN else PHONE
        looked = await look(started, feed.url(path, "s1"), home, trusted=True)
        page = looked.page
        for name, patch in ALL.items():
            await show_state(feed, page, patch)
            if name == "held" and role is not Role.PATIENT:
                await expect(page.locator(".under").first).to_contain_text("paused by cuff")
            found[f"{name}: axe"] = await barriers(page)
            for size in SIZES:
                await page.set_viewport_size(size)
                found[f"{name} on {size['width']}"] = await faults(page)
            await page.set_viewport_size(home)
            await page.screenshot(path=tmp_path / f"{name}.png")
        assert ({where: what for where, what in found.items() if what}, looked.said) == ({}, [])


async def the_wall(feed: Any, page: Page, count: int) -> None:
    """Have this many sessions on the wall, each in another state."""
    names = [name for name in ALL if name not in ("over", "worst")]
    for at in range(len(feed.states), count):
        shown = state(f"s{at}", patient_name=f"P-{1041 + at}", **ALL[names[at % len(names)]])
        feed.states[f"s{at}"] = shown
    await page.reload()
    await expect(page.locator(".tile")).to_have_count(count)
    await drawn(page, feed.seq)


async def test_one_tile_or_sixteen_fill_the_screen(tmp_path: Path) -> None:
    """From one to sixteen nothing is cut, the page does not scroll, and no tile is a sliver."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        page = (await look(started, feed.url(), WALL, trusted=True)).page
        found: dict[str, list[str]] = {}
        used: dict[int, float] = {}
        for count in (1, 2, 3, 5, 8, 9, 16):
            await the_wall(feed, page, count)
            sizes: tuple[ViewportSize, ...] = (WALL, WIDE) if count < 16 else (WALL, WIDE, PHONE)
            for size in sizes:
                await page.set_viewport_size(size)
                found[f"{count} on {size['width']}"] = await faults(page)
                await page.screenshot(path=tmp_path / f"wall_{count}_{size['width']}.png")
            await page.set_viewport_size(WALL)
            scrolls = "[document.body.scrollHeight - innerHeight, document.body.scrollWidth]"
            assert await page.evaluate(scrolls) == [0, WALL["width"]]
            used[count] = await page.evaluate(
                """() => [...document.querySelectorAll(".tile")].reduce((sum, tile) =>
                     sum + tile.offsetWidth * tile.offsetHeight, 0) / (innerWidth * innerHeight)"""
            )
        assert {where: what for where, what in found.items() if what} == {}
        # Five and three leave a place of a grid free; the others fill all but header and gaps.
        assert {count for count, share in used.items() if share < 0.72} == set()


async def test_nothing_jumps_when_seconds_pass_or_an_alarm_rises() -> None:
    """The browser's own measure of moved things stays at 0 on the wall, alarms and all."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        page = (await look(started, feed.url(), WALL, trusted=True)).page
        await the_wall(feed, page, 8)
        await watch_shifts(page)
        for step in range(3):
            feed.now_ms += 1_000
            value = {"value_x100": 10_000 - 100 * step, "at_ms": feed.now_ms}
            await feed.show("s0", values=feed.states["s0"]["values"] | {"spo2": value})
            await drawn(page, feed.seq)
        assert await shifts(page) == (0, [])
        await feed.show("s0", alarms=[LOW], sound="high")
        await drawn(page, feed.seq)
        await expect(page.locator(".tile").first).to_have_attribute("data-priority", "high")
        await feed.show("s0", alarms=WORST["alarms"], sound="medium")
        await drawn(page, feed.seq)
        # Only the words inside of the bar.
        moved = await shifts(page)
        assert moved[0] < 0.001, moved


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/session.html", Role.PHYSICIAN),
        ("/companion.html", Role.COMPANION),
        ("/patient.html", Role.PATIENT),
    ],
)
async def test_nothing_jumps_on_the_other_pages_while_seconds_pass(path: str, role: Role) -> None:
    """Three seconds with new values move nothing."""
    async with fake_feed(role) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await look(started, feed.url(path, "s1"), PHONE, trusted=True)).page
        await drawn(page, feed.seq)
        await watch_shifts(page)
        for step in range(3):
            feed.now_ms += 1_000
            value = {"value_x100": 9_000 - 100 * step, "at_ms": feed.now_ms}
            await feed.show(values=feed.states["s1"]["values"] | {"spo2": value})
            await drawn(page, feed.seq)
        assert await shifts(page) == (0, [])


async def test_the_wall_goes_by_keyboard() -> None:
    """Arrows go as the tiles lie, `?` explains and Escape closes, and Tab comes out at the end."""
    where = "document.activeElement.closest('.tile')?.querySelector('.name').textContent ?? ''"
    async with fake_feed(Role.VIEWER) as feed, browser() as started:
        page = (await look(started, feed.url(), WALL, trusted=True)).page
        await the_wall(feed, page, 8)
        steps = []
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp"):
            await page.keyboard.press(key)
            steps.append(await page.evaluate(where))
        assert steps == ["P-1041", "P-1042", "P-1046", "P-1046", "P-1045", "P-1041"]
        ends = []
        for key in ("End", "Home"):
            await page.keyboard.press(key)
            ends.append(await page.evaluate(where))
        assert ends == ["P-1048", "P-1041"]
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("Arrow keys")
        assert await barriers(page) == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        passed = []
        for _ in range(9):
            passed.append(await page.evaluate(where))
            await page.keyboard.press("Tab")
        assert passed == [*(f"P-{1041 + at}" for at in range(8)), ""]


async def test_a_tile_says_at_least_when_nobody_knows() -> None:
    """An outage of unknown length makes the time since the dose a lower bound."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(dose_at_least=True)
        page = (await look(started, feed.url(), WALL)).page
        await expect(page.locator(".tile .time")).to_have_text("T+ at least 45 min")
        told = await page.locator(".tile-link").get_attribute("aria-label")
        assert told is not None
        assert told.startswith("Alex, Peak, at least 45 min after the dose: no alarms;")


async def test_the_head_says_since_when_nothing_is_known() -> None:
    """A lost feed is dated by the last word of the hub, and every tile has only dashes."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        page = (await look(started, feed.url(), WALL, trusted=True)).page
        await the_wall(feed, page, 3)
        await expect(page.locator("#feed")).to_have_text("Live")
        feed.shut = True
        await feed.drop()
        await expect(page.locator("#feed")).to_contain_text("FEED LOST since ")
        assert set(await page.locator(".value").all_inner_texts()) == {"- -"}
        assert set(await page.locator(".time").all_inner_texts()) == {"T+ - -"}
        assert await faults(page) == []
