"""The patient's own page: one sentence, one tap, help, and nothing that frightens or betrays."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.contact import Role
from monitor.events import PatientTapped
from tests.integration.browser import PHONE, browser, look, violations
from tests.integration.fake_feed import MINUTE_MS, NOW_MS, FakeFeed, State, alarm, fake_feed, state
from tests.integration.feed_screen import open_port, screen, token_for
from tests.integration.hub_house import house, until

pytestmark = pytest.mark.integration

PATH = "/patient.html"
NEXT: State = {"from_ms": NOW_MS + 12 * MINUTE_MS + 900, "due_ms": NOW_MS + 12 * MINUTE_MS + 900}
NOTHING: State = {"from_ms": None, "due_ms": None}
DUE: State = {"from_ms": NOW_MS - 30_000, "due_ms": NOW_MS - 30_000}


def own(**more: Any) -> State:
    """The patient's own check-in as the hub shows it."""
    return {"last_ms": None, "reason": "schedule"} | NOTHING | more


def named(family: str, row: str, priority: str, reason: str, **more: Any) -> State:
    """An alarm of another family."""
    rows = alarm(priority, reason)["rows"]
    return alarm(priority, reason, family=family, rows=[rows[0] | {"row": row}], **more)


LATE = named("patient_check", "CI-MISS-P", "low", "the patient has not tapped: 2 min 0 s late")
PANIC = named("panic", "PANIC", "high", "alex asks for help")
HELD = {"accepted_by": "lee", "accepted_until_ms": NOW_MS + 200_000, "signal": "accepted"}
PRIVATE = named("stay", "SI-2", "high", "told by alex")
OFFSET: State = {"phase": "offset", "dose_ms": NOW_MS - 91 * MINUTE_MS}
GATE: State = {"phase": "gate", "dose_ms": None, "values": {}}
HIGH = alarm("high", "SpO2 low: 86 for 10 s")
PANICS: State = {"phase": "emergency", "alarms": [PANIC]}
COMES: State = {"phase": "emergency", "alarms": [named("panic", "PANIC", "high", "x", **HELD)]}

# What is shown: the sentence, what stands under it, the big button, the small one, the call.
STATES: dict[str, tuple[State, tuple[str, str, bool, bool, str]]] = {
    "gate": (
        GATE | {"patient_check": own()},
        (
            "It has not begun yet.",
            "Sam goes through a list with you first.",
            False,
            False,
            "I need",
        ),
    ),
    "between": (
        OFFSET | {"patient_check": own(**NEXT)},
        ("Rest.", "You will be asked for one tap in 12 min.", False, False, "I need"),
    ),
    "due": (
        OFFSET | {"patient_check": own(**DUE)},
        ("Are you OK?", "One tap is enough.", True, False, "I need"),
    ),
    "late": (
        OFFSET | {"patient_check": own(**DUE), "alarms": [LATE]},
        (
            "Are you OK?",
            "Sam is asked to look in on you. You can still tap.",
            True,
            False,
            "I need",
        ),
    ),
    "thanks": (
        OFFSET | {"patient_check": own(**NEXT, last_ms=NOW_MS - 5_000)},
        ("Thank you.", "You will be asked for one tap in 12 min.", False, False, "I need"),
    ),
    "peak": (
        {"patient_check": own()},
        (
            "Rest.",
            "Nothing is asked of you. Keep your eyes closed if you like.",
            False,
            True,
            "I need",
        ),
    ),
    "high": (
        {"patient_check": own(), "alarms": [HIGH]},
        ("Sam looks after you now.", "Stay where you are.", False, False, "I need"),
    ),
    "private": (
        OFFSET | {"patient_check": own(), "alarms": [PRIVATE]},
        ("Sam looks after you now.", "Stay where you are.", False, False, "I need"),
    ),
    "panic": (
        PANICS | {"patient_check": own()},
        ("Help is being called.", "Stay where you are.", False, False, "Take the call back"),
    ),
    "heard": (
        COMES | {"patient_check": own()},
        ("Dr Lee knows that you need help.", "Stay where you are.", False, False, "Take the call"),
    ),
    "last": (
        {"phase": "recovery", "patient_check": own()},
        (
            "Rest.",
            "No tap is planned now. You may be asked for one later.",
            False,
            False,
            "I need",
        ),
    ),
    "over": (
        {"phase": "discharged", "patient_check": own()},
        ("The session is over.", "Sam stays with you as agreed.", False, False, ""),
    ),
}
# Nothing of a number, an alarm or a private thing.
BETRAYS = re.compile(
    r"SpO2|oxygen|pulse|pressure|alarm|suicid|\b86\b|\b97\b|CI-MISS", re.IGNORECASE
)


async def opened(started: Any, feed: FakeFeed) -> Page:
    """The patient's page on a phone."""
    looked = await look(started, feed.url(PATH, "s1"), PHONE, trusted=True)
    await expect(looked.page.locator("#feed")).to_have_text("Live")
    page: Page = looked.page
    return page


async def shown(page: Page) -> tuple[str, str, bool, bool, str]:
    """What the page says and offers."""
    call = page.locator("#help")
    return (
        await page.locator("#card-line").inner_text(),
        await page.locator("#card-why").inner_text(),
        await page.locator("#ok").is_visible(),
        await page.locator("#also-ok").is_visible(),
        await call.inner_text() if await call.is_visible() else "",
    )


async def test_every_state_says_one_thing_and_has_no_fault_that_axe_can_see(
    tmp_path: Path,
) -> None:
    """On a phone, without scrolling sideways; no number, no alarm, nothing private."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        for name, (patch, expected) in STATES.items():
            feed.states["s1"] = state(**patch)
            page = await opened(started, feed)
            await expect(page.locator("#card-line")).to_have_text(expected[0])
            line, why, asks, also, call = await shown(page)
            assert (line, why, asks, also, call[: len(expected[4])]) == expected, name
            assert BETRAYS.search(await page.locator("main").inner_text()) is None, name
            await page.screenshot(path=tmp_path / f"patient_{name}.png")
            assert await violations(page) == [], name
            inner = await page.evaluate("[innerWidth, document.body.scrollWidth]")
            assert inner[0] >= inner[1], "nothing is wider than the screen"
            assert await page.evaluate("document.body.scrollHeight") <= PHONE["height"], name
            await page.context.close()


async def test_a_tap_by_keyboard_alone(tmp_path: Path) -> None:
    """The prompt comes without a reload; Tab and Enter send it once; the answer is shown."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(**OFFSET, patient_check=own(**NEXT))
        page = await opened(started, feed)
        await expect(page.locator("#ok")).to_be_hidden()
        await feed.show(patient_check=own(**DUE))
        await expect(page.locator("#ok")).to_be_visible()
        for _ in range(5):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.id") == "ok":
                break
        await page.screenshot(path=tmp_path / "focus.png")
        await page.keyboard.press("Enter")
        await expect(page.locator("#note")).to_have_text("Your tap has arrived")
        await feed.show(patient_check=own(**NEXT, last_ms=NOW_MS))
        await expect(page.locator("#card-line")).to_have_text("Thank you.")
        assert feed.orders == [{"session": "s1", "order": {"do": "ok"}}]


async def test_a_tap_that_is_not_taken_says_so() -> None:
    """The hub's no, and a record that could not be written, are shown; the button stays."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(**OFFSET, patient_check=own(**DUE))
        page = await opened(started, feed)
        feed.error = "the session is over"
        await page.locator("#ok").click()
        await expect(page.locator("#note")).to_have_text("Not done: the session is over")
        await expect(page.locator("#ok")).to_have_text("I am OK")
        feed.error, feed.recording = None, False
        await page.locator("#ok").click()
        await expect(page.locator("#note")).to_contain_text("could NOT record it")


async def test_in_the_peak_a_tap_is_possible_and_not_asked_for() -> None:
    """A small button, no question."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(patient_check=own())
        page = await opened(started, feed)
        await page.locator("#also-ok").click()
        await expect(page.locator("#note")).to_have_text("Your tap has arrived")
        assert feed.orders == [{"session": "s1", "order": {"do": "ok"}}]


async def test_help_is_asked_once_more_and_can_be_taken_back() -> None:
    """Both by the same button, which never moves."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(patient_check=own())
        page = await opened(started, feed)
        await page.get_by_role("button", name="I need help").click()
        assert await violations(page) == []
        await page.get_by_role("button", name="No", exact=True).click()
        await page.get_by_role("button", name="I need help").click()
        await page.get_by_role("button", name="Yes, help me").click()
        await expect(page.locator("#note")).to_have_text("The hub calls for help")
        await feed.show(**PANICS)
        await page.get_by_role("button", name="Take the call back").click()
        await page.get_by_role("button", name="Take it back").last.click()
        await expect(page.locator("#note")).to_have_text("Taken back")
        assert [one["order"] for one in feed.orders] == [{"do": "help"}, {"do": "cancel_help"}]


async def test_without_the_hub_the_page_sends_to_the_companion(tmp_path: Path) -> None:
    """After 4 s of silence: no button for a tap, the truth, and back by itself."""
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(**OFFSET, patient_check=own(**DUE))
        page = await opened(started, feed)
        await expect(page.locator("#ok")).to_be_visible()
        feed.beats = False
        await expect(page.locator("#lost")).to_be_visible(timeout=6_000)
        await page.screenshot(path=tmp_path / "lost.png")
        assert await violations(page) == []
        line, why, asks, _, _ = await shown(page)
        banner = await page.locator("#lost").inner_text()
        feed.beats = True
        await expect(page.locator("#ok")).to_be_visible(timeout=6_000)
        assert (banner, line, why, asks) == (
            "The hub cannot be reached. Call out if you need help",
            "This page does not hear the hub now.",
            "Sam is with you. Speak, or call out, if you need anything.",
            False,
        )


async def test_a_tap_reaches_the_record_of_a_running_hub(tmp_path: Path) -> None:
    """The link of `vigil invite` opens the page; asked at T+10, the tap is the patient's own."""
    async with house(tmp_path) as hub, browser() as started:
        hub.patient(plan="default")
        open_port(hub)
        await hub.start()
        await hub.open()
        made = hub.command("invite", "test", "--config", str(hub.folder / "config.toml"))
        link = made.stdout.splitlines()[1]
        page = (await look(started, link, PHONE)).page
        await expect(page.locator("#card-line")).to_have_text("It has not begun yet.")
        async with screen(hub, await token_for(hub, "companion")) as one:
            reply = await one.order("s1", "dose", ago_ms=594_000)
            assert (reply["ok"], reply["recorded"]) == (True, True)
        await expect(page.locator("#card-why")).to_contain_text("one tap in")
        await expect(page.locator("#ok")).to_be_visible(timeout=15_000)
        await page.locator("#ok").click()
        await expect(page.locator("#card-line")).to_have_text("Thank you.")
        await until(lambda: len(hub.events(PatientTapped)) == 1, 10)
        taps = [(one.by, one.role) for one in hub.events(PatientTapped)]
        assert (link.split("#")[0].rpartition("/")[2], taps) == (
            "patient.html",
            [("test", Role.PATIENT)],
        )


async def test_after_the_discharge_the_questions_are_the_patients_own(tmp_path: Path) -> None:
    """The evening's question in one tap, the next day's in four, without handing a phone over."""
    asked: State = {"due_ms": NOW_MS, "asked_ms": NOW_MS, "answered_ms": None, "by": None}
    later = asked | {"asked_ms": None, "due_ms": NOW_MS + 60 * MINUTE_MS, "name": "next_day"}
    done = asked | {"name": "question", "answered_ms": NOW_MS, "by": "alex"}
    first = [asked | {"name": "question"}, later]
    async with fake_feed(Role.PATIENT) as feed, browser() as started:
        feed.states["s1"] = state(phase="follow_up", patient_check=own(), follow_up=first)
        page = await opened(started, feed)
        await expect(page.locator("#card-line")).to_have_text("How are you?")
        await page.get_by_role("button", name="All is well").click()
        await feed.show(follow_up=[done, later])
        await expect(page.locator("#card-line")).to_have_text("The session is behind you.")
        await feed.show(follow_up=[done, asked | {"name": "next_day"}])
        await page.screenshot(path=tmp_path / "next_day.png")
        assert await violations(page) == []
        for name in ("Good", "Well", "No"):
            await page.get_by_role("button", name=name, exact=True).click()
        await page.get_by_role("button", name="Next", exact=True).click()
        assert await violations(page) == []
        await page.locator("dialog").get_by_role("button", name="No", exact=True).click()
        await until(lambda: len(feed.orders) == 2, 5)
        said = {"mood": "good", "sleep": "well", "bladder": False, "thoughts": "none"}
        assert [one["order"] for one in feed.orders] == [
            {"do": "all_well", "well": True},
            {"do": "next_day"} | said,
        ]


async def test_nobody_else_is_offered_the_tap() -> None:
    """A companion who opens the page sees the question and no button for it."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**OFFSET, patient_check=own(**DUE))
        page = await opened(started, feed)
        await expect(page.locator("#card-line")).to_have_text("Are you OK?")
        await expect(page.locator("#ok")).to_be_hidden()
