"""Every tap on a page sends exactly one order, and only to who may give it.

The feed is a fake one that writes down what it was asked; the hub's own judgement of the same
orders is tested against a real hub.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, expect

from alerts.contact import Role
from monitor.rights import RIGHTS
from tests.integration.browser import PHONE, WALL, browser, look
from tests.integration.fake_feed import NOW_MS, FakeFeed, State, alarm, fake_feed, state
from tests.integration.hub_house import until
from tests.integration.test_pages_look import STATES

pytestmark = pytest.mark.integration

ID = alarm("high", "x")["id"]
Tap = Callable[[Page], Awaitable[None]]


def press(*names: str) -> Tap:
    """Press buttons one after the other."""

    async def tap(page: Page) -> None:
        for name in names:
            await page.get_by_role("button", name=name, exact=True).first.click()

    return tap


def fill(open_by: str, send_by: str, **fields: str) -> Tap:
    """Open a dialog, fill its fields, send it."""

    async def tap(page: Page) -> None:
        await page.get_by_role("button", name=open_by, exact=True).first.click()
        for name, value in fields.items():
            await page.locator(f"#field-{name}").fill(value)
        await page.locator("dialog[open]").get_by_role("button", name=send_by, exact=True).click()

    return tap


async def chosen(page: Page) -> None:
    """A cuff failure, from the list."""
    await page.get_by_role("button", name="It failed", exact=True).click()
    await page.locator("#field-reason").select_option("cuff loose")
    await page.get_by_role("button", name="Send", exact=True).click()


async def dosed(page: Page) -> None:
    """A dose that was taken four minutes ago."""
    await page.locator("#dose-ago").select_option("4")
    await press("Dose taken", "Yes, it was taken")(page)


async def left(page: Page) -> None:
    """A patient who walks, drinks and feels sick 2 of 10."""
    for name in ("walk", "drink"):
        await page.locator(f"#answer-{name}").check()
    await page.locator("#answer-nausea").fill("2")
    await press("Ask for discharge")(page)


async def limited(page: Page) -> None:
    """A lower limit for the pulse."""
    await page.get_by_role("button", name="Change a limit").click()
    await page.locator("#field-row").select_option("PR-HIGH")
    await page.locator("#field-limit").fill("140")
    await page.locator("#field-reason").fill("known tachycardia")
    await page.get_by_role("button", name="Change", exact=True).click()


READ = fill("Type the reading", "Send", sbp="128", dbp="81", pulse="66")
COUNT = fill("Counted pulse", "Send", beats="41")
ANSWERS = {
    "walk": True,
    "drink": True,
    "oriented": False,
    "feels_normal": False,
    "no_ideation": False,
    "stays": False,
    "nausea": 2,
}
TAPS: list[tuple[str, str, Tap, State]] = [
    ("companion", "high", press("I am with Alex"), {"do": "accept", "alarm": ID}),
    ("companion", "high", press("Pause the sound"), {"do": "acknowledge", "alarm": ID}),
    ("companion", "latched", press("It is over: reset"), {"do": "reset", "alarm": ID}),
    ("companion", "happened", press("I have done this: reset"), {"do": "reset", "alarm": ID}),
    ("companion", "asked", press("I pressed start"), {"do": "cuff_started"}),
    ("companion", "asked", chosen, {"do": "cuff_failed", "reason": "cuff loose"}),
    ("companion", "calm", READ, {"do": "reading", "sbp": 128, "dbp": 81, "pulse": 66}),
    ("companion", "calm", COUNT, {"do": "pulse_count", "pulse": 82}),
    ("companion", "gate", dosed, {"do": "dose", "ago_ms": 240_000}),
    (
        "companion",
        "calm",
        press("Extra dose", "Yes, it was taken"),
        {"do": "extra_dose", "ago_ms": 0},
    ),
    ("companion", "calm", press("Call the doctor", "Yes, call for help"), {"do": "help"}),
    (
        "companion",
        "panic",
        press("Cancel the call for help", "Yes, cancel it"),
        {"do": "cancel_help"},
    ),
    (
        "companion",
        "gate",
        press("Pass: Address, door, half-sitting"),
        {"do": "gate", "item": "place", "state": "pass", "note": ""},
    ),
    (
        "companion",
        "gate",
        fill("Stop: Address, door, half-sitting", "Stop", note="door is stuck"),
        {"do": "gate", "item": "place", "state": "stop", "note": "door is stuck"},
    ),
    ("companion", "recovery", left, {"do": "discharge"} | ANSWERS),
    (
        "companion",
        "emergency",
        fill("Hand over", "Hand over", to="ambulance"),
        {"do": "hand_over", "to": "ambulance"},
    ),
    (
        "session",
        "gate",
        fill("Override: Pressure at rest", "Override", reason="known to me"),
        {"do": "override", "item": "blood_pressure", "reason": "known to me"},
    ),
    ("session", "high", press("I take it"), {"do": "accept", "alarm": ID}),
    ("session", "high", press("I cannot"), {"do": "reject", "alarm": ID}),
    (
        "session",
        "calm",
        limited,
        {"do": "tailor", "row": "PR-HIGH", "limit": 140, "reason": "known tachycardia"},
    ),
    ("session", "emergency", press("Close the emergency", "Close it"), {"do": "close_emergency"}),
    (
        "session",
        "calm",
        fill("Add a note", "Add", text="all as planned"),
        {"do": "annotate", "text": "all as planned"},
    ),
    (
        "session",
        "calm",
        fill("End the session", "End", reason="power is out"),
        {"do": "end", "reason": "power is out"},
    ),
    ("index", "high", press("I take it: Alex, SpO2 low"), {"do": "accept", "alarm": ID}),
    (
        "index",
        "calm",
        fill("Open a session", "Open", patient="demo"),
        {"do": "open", "patient": "demo"},
    ),
]
WITH_MOUTH = STATES["asked"]["check_in"] | {"ask": ["mouth"]}
MORE = {"panic": {"alarms": [alarm("high", "help was called", family="panic")]}}


@pytest.mark.parametrize(
    ("page", "shown", "tap", "order"),
    TAPS,
    ids=[f"{page}-{shown}-{order['do']}" for page, shown, _, order in TAPS],
)
async def test_a_tap_is_one_order(page: str, shown: str, tap: Tap, order: State) -> None:
    """What is sent is what was tapped, and the answer of the hub is shown."""
    role = Role.COMPANION if page == "companion" else Role.PHYSICIAN
    async with fake_feed(role) as feed, browser() as started:
        feed.states["s1"] = state(**(STATES | MORE)[shown])
        size = PHONE if page == "companion" else WALL
        looked = await look(started, feed.url(f"/{page}.html", "s1"), size)
        await tap(looked.page)
        await expect(looked.page.locator("#note")).to_have_attribute("data-kind", "good")
        session = None if order["do"] == "open" else "s1"
        assert (feed.orders, looked.said) == ([{"session": session, "order": order}], [])


async def test_a_refusal_is_shown_with_its_reason() -> None:
    """Nothing is done in silence, and nothing is refused in silence."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"], feed.error = state(**STATES["high"]), "alarm is not open"
        looked = await look(started, feed.url("/companion.html"), PHONE)
        await press("I am with Alex")(looked.page)
        await expect(looked.page.locator("#note")).to_have_text("Not done: alarm is not open")


async def test_the_pages_offer_what_the_hub_allows() -> None:
    """The table of the pages is the hub's own, for every order and role."""
    async with fake_feed() as feed, browser() as started:
        looked = await look(started, feed.url())
        offered: Any = await looked.page.evaluate("async () => (await import('/rights.js')).RIGHTS")
        got = {order: frozenset(roles) for order, roles in offered.items()}
        assert got == {do: frozenset(role.value for role in roles) for do, roles in RIGHTS.items()}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PATIENT, Role.ADMIN])
async def test_who_only_watches_has_nothing_to_press(role: Role) -> None:
    """A viewer has the sound alone; a patient may call for help; an admin writes and ends."""
    want = {
        Role.VIEWER: [],
        Role.PATIENT: ["Call the doctor"],
        Role.ADMIN: ["Add a note", "End the session"],
    }
    async with fake_feed(role) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        looked = await look(started, feed.url("/companion.html"), PHONE)
        await expect(looked.page.locator(".value").first).to_have_text("97")
        words = [
            text.strip()
            for text in await looked.page.get_by_role("button").all_inner_texts()
            if text.strip()
        ]
        assert words == ["No sound: turn on", *want[role]]


async def test_everything_can_be_done_by_keyboard() -> None:
    """On the wall the first stop after the head is the tile, then its button; Enter takes it."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        looked = await look(started, feed.url())
        await expect(looked.page.locator(".tile")).to_be_visible()
        stops = []
        for _ in range(4):
            await looked.page.keyboard.press("Tab")
            stops.append(
                await looked.page.evaluate("document.activeElement.textContent.slice(0, 14)")
            )
        assert stops == ["Open a session", "No sound: turn", "Alex", "I take it"]
        await looked.page.keyboard.press("Enter")
        await until(lambda: len(feed.orders) == 1, 5)
        assert feed.orders == [{"session": "s1", "order": {"do": "accept", "alarm": ID}}]


async def answer(page: Page, *codes: str) -> None:
    """Tap answers of the check-in."""
    for code in codes:
        await page.locator(f"[data-code={code}]").click()


async def checking(feed: FakeFeed, started: Any, shown: str = "calm") -> Page:
    """The companion's phone with the check-in open."""
    feed.states["s1"] = state(**STATES[shown])
    looked = await look(started, feed.url("/companion.html"), PHONE)
    await press("Check-in: 20 seconds")(looked.page)
    return looked.page


def given(feed: FakeFeed) -> State:
    """The only order that was given, without how long it took."""
    (order,) = (one["order"] for one in feed.orders)
    return {key: order[key] for key in order if not key.endswith("_ms")}


SLOW_CLOCK = """() => {
  const real = performance.now.bind(performance), from = real();
  performance.now = () => from + (real() - from) / 50;
}"""
"""A page on a machine that is never too slow to be quick."""


async def sent(page: Page) -> None:
    """Send what is on the sheet, unless the last tap has sent it already."""
    send = page.locator("dialog.sheet").get_by_role("button", name="Send", exact=True)
    while await page.locator("dialog.sheet[open]").count():
        with contextlib.suppress(BrowserError):
            await send.click(timeout=500)


async def test_a_check_in_is_five_looks() -> None:
    """Nothing is preselected and nothing stands for "all fine"; unanswered, nothing is sent."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await checking(feed, started)
        await page.evaluate(SLOW_CLOCK)
        pressed = page.locator("dialog [aria-pressed=true]")
        await expect(pressed).to_have_count(0)
        assert await page.locator("dialog fieldset:visible").count() == 5
        await answer(page, "W5", "B0", "C0", "D1")
        # It says that it cannot be sent, and pressing it all the same says what is missing.
        await page.get_by_role("button", name="1 more to answer").click(force=True)
        await expect(page.locator("dialog .hint")).to_have_text("Not sent: 1 more to answer.")
        await press("I see one of these")(page)
        await answer(page, "X1", "X0")
        await expect(page.locator("dialog .hint")).to_contain_text("very quick")
        assert feed.orders == []
        await answer(page, "X9", "X10")
        await expect(pressed).to_have_count(6)
        await press("Send")(page)
        await until(lambda: len(feed.orders) == 1, 5)
        assert given(feed) == {"do": "check_in", "codes": "W5 B0 C0 D1 X9 X10"}
        order = feed.orders[0]["order"]
        assert 0 <= order["first_tap_ms"] <= order["took_ms"] < 4_000


async def test_position_and_mouth_are_asked_when_they_matter() -> None:
    """The mouth as the hub asks; the position as soon as the answer is slow; neither preselected.

    A high alarm leaves two questions, and a correction asks again what was answered before.
    """
    rows = "dialog fieldset:visible"
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["calm"] | {"check_in": WITH_MOUTH})
        page = (await look(started, feed.url("/companion.html"), PHONE)).page
        await press("Check-in: 20 seconds")(page)
        await expect(page.locator(rows)).to_have_count(6)
        await answer(page, "W5", "B0", "C0", "D0", "X0", "M1", "W4")
        await expect(page.locator(rows)).to_have_count(7)
        await expect(page.locator("[data-question=L] [aria-pressed=true]")).to_have_count(0)
        await expect(page.get_by_role("button", name="1 more to answer")).to_be_visible()
        await answer(page, "L2")
        await sent(page)
        await until(lambda: len(feed.orders) == 1, 5)
        codes = "W4 B0 C0 D0 X0 L2 M1"
        assert given(feed) == {"do": "check_in", "codes": codes}
        again = {"last_codes": codes, "may_correct_until_ms": NOW_MS + 30_000, "ask": []}
        await feed.show(check_in=WITH_MOUTH | again)
        await page.locator("#correct").click()
        await expect(page.locator(rows)).to_have_count(7)
        await feed.show(alarms=STATES["high"]["alarms"])
        await expect(page.locator(rows)).to_have_count(2)


async def test_a_high_alarm_leaves_the_question_that_alone_can_end_it() -> None:
    """Blue lips were seen: without that question the alarm would stand for ever."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        asks = STATES["asked"]["check_in"] | {"ask": ["lips"]}
        feed.states["s1"] = state(**STATES["high"] | {"check_in": asks})
        page = (await look(started, feed.url("/companion.html"), PHONE)).page
        await press("Check-in: 20 seconds")(page)
        await expect(page.locator("dialog fieldset:visible")).to_have_count(3)
        await answer(page, "W4", "B0", "C0")
        await until(lambda: len(feed.orders) == 1, 5)
        assert given(feed) == {"do": "check_in", "codes": "W4 B0 C0"}


async def test_no_answer_is_sent_at_once() -> None:
    """W0 waits for no other question."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await checking(feed, started)
        await answer(page, "W0")
        await until(lambda: len(feed.orders) == 1, 5)
        assert given(feed) == {"do": "check_in", "codes": "W0"}


async def test_during_a_high_alarm_two_taps_are_the_check_in() -> None:
    """Only the answer and the breathing are asked, and the second tap sends."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await checking(feed, started, "high")
        assert await page.locator("dialog fieldset:visible").count() == 2
        await answer(page, "W3", "B1")
        await until(lambda: len(feed.orders) == 1, 5)
        assert given(feed) == {"do": "check_in", "codes": "W3 B1"}


async def test_a_high_alarm_shortens_an_open_check_in() -> None:
    """What was tapped stays; the questions that can wait go."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        page = await checking(feed, started)
        await answer(page, "W4", "C1")
        await feed.show(alarms=STATES["high"]["alarms"])
        await expect(page.locator("dialog fieldset:visible")).to_have_count(2)
        await answer(page, "B0")
        await until(lambda: len(feed.orders) == 1, 5)
        assert given(feed) == {"do": "check_in", "codes": "W4 B0"}


async def test_a_check_in_can_be_corrected_while_the_hub_allows_it() -> None:
    """The button shows how long, and goes when the time is over."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["asked"])
        looked = await look(started, feed.url("/companion.html"), PHONE)
        correct = looked.page.locator("#correct")
        await expect(correct).to_contain_text("Correct the last one")
        await correct.click()
        await answer(looked.page, "W0")
        await until(lambda: len(feed.orders) == 1, 5)
        assert feed.orders[0]["order"] == {"do": "correct", "codes": "W0"}
        await feed.show(check_in=STATES["asked"]["check_in"] | {"may_correct_until_ms": NOW_MS})
        await expect(correct).to_be_hidden()
