"""The session page: every value of a moment, every event with its reason, the plan, a verdict.

One browser and one feed for the whole file; each part opens its own page.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from alerts.condition import Priority
from alerts.contact import Role
from monitor.feed_words import Delta
from monitor.history import HistoryView
from monitor.history_marks import Mark, Span
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import MINUTE_MS, NOW_MS, FakeFeed, State, fake_feed, state
from tests.integration.test_pages_look import LOW, STATES
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

TABLET: ViewportSize = {"width": 1024, "height": 768}
BINS = 1_300
START_MS = NOW_MS - BINS * 5_000
DOSE_MS = NOW_MS - 45 * MINUTE_MS
SEND = {
    "effect": "Send",
    "delivery": "d1",
    "alarm": LOW["id"],
    "contact": "lee",
    "channel": "voice",
    "rung": "physician",
}
TOLD = {
    "delivery": "d1",
    "alarm": LOW["id"],
    "contact": "lee",
    "channel": "voice",
    "state": "sent",
    "provable": True,
    "residual": False,
    "detail": "",
    "at_ms": NOW_MS - 20_000,
}
RAISED: State = {
    "effect": "AlarmChanged",
    "id": LOW["id"],
    "family": "oxygen",
    "row": "SPO2-LOW",
    "transition": "raised",
    "priority": "high",
    "alarm_class": "A",
    "kind": "physiological",
    "value_x100": 8600,
    "limit_x100": 8800,
    "reason": "SpO2 low: 86 for 10 s",
}
EXTRA = RAISED | {"id": f"dose@{NOW_MS - 50_000}", "family": "dose", "row": "DOSE-EXTRA"}
EXTRA |= {"priority": "medium", "reason": "a further dose was taken", "at_ms": NOW_MS - 50_000}
EXTRA |= {"value_x100": None, "limit_x100": None}
LINES: list[State] = [
    {"event": "CheckedIn", "by": "sam", "codes": "W4 B0 C0 D1 X0", "at_ms": NOW_MS - 240_000},
    EXTRA,
    EXTRA | {"transition": "latched"},
    {"effect": "Refused", "what": "DoseConfirmed", "reason": "a dose is on record", "by": "sam"}
    | {"at_ms": NOW_MS - 45_000},
    RAISED | {"at_ms": NOW_MS - 35_000},
    SEND | {"at_ms": NOW_MS - 20_000},
    {"event": "Annotated", "by": "lee", "text": "calm again", "at_ms": NOW_MS - 10_000},
]
RULES: list[State] = [
    {
        "row": "SPO2-LOW",
        "label": "SpO2 low",
        "priority": "high",
        "alarm_class": "A",
        "words": "below 88 % for 30 s",
        "why": "",
        "off": "",
        "changes": [
            {
                "at_ms": NOW_MS - 600_000,
                "before_x100": 9000,
                "limit_x100": 8800,
                "by": "lee",
                "reason": "usual here",
            }
        ],
    },
    {
        "row": "RR-LOW1",
        "label": "breathing slow",
        "priority": "medium",
        "alarm_class": None,
        "words": "at 8 a minute or less for 60 s",
        "why": "",
        "off": "no device measures it",
        "changes": [],
    },
]


def history() -> HistoryView:
    """A long session: a gap, a fall to 76 %, a pressure of 240, alarms and marks."""
    spo2: list[int | None] = [9700] * BINS
    pulse: list[int | None] = [7200] * BINS
    spo2[700:760] = [None] * 60
    pulse[700:760] = [None] * 60
    spo2[1000:1020] = [7600] * 20
    cuff = [(START_MS + at * 8 * MINUTE_MS, 12_000, 7_600) for at in range(12)]
    cuff.append((NOW_MS - 4 * MINUTE_MS, 24_000, 11_000))
    spans = [
        Span("no_signal@1", "no_signal", Priority.MEDIUM, START_MS + 3_510_000, DOSE_MS),
        Span("oxygen@2", "oxygen", Priority.HIGH, START_MS + 5_000_000, START_MS + 5_100_000),
        Span(LOW["id"], "oxygen", Priority.HIGH, NOW_MS - 35_000),
    ]
    marks = [
        Mark(DOSE_MS, "dose"),
        Mark(NOW_MS - 20 * MINUTE_MS, "extra_dose"),
        Mark(NOW_MS - 4 * MINUTE_MS, "check_in", "W4 B0 C0 D1 X0"),
    ]
    return HistoryView(5_000, START_MS, spo2, pulse, cuff, spans, marks)


def shown(feed: FakeFeed) -> None:
    """Put the session into the feed."""
    feed.states["s1"] = state(**STATES["high"], told=[TOLD], verdicts={})
    feed.lines, feed.first_line, feed.history = list(LINES), 3, history()
    feed.answers = {
        "past": {"first_line": 0, "lines": [{"event": "HelpCalled", "by": "sam", "at_ms": 1}]},
        "plan": {"rules": RULES},
    }


async def opened(started: Browser, feed: FakeFeed, size: ViewportSize = WALL) -> Page:
    """The page, when its values are there."""
    looked = await look(started, feed.url("/session.html", "s1"), size, trusted=True)
    await expect(looked.page.locator(".value").first).to_have_text("97")
    return looked.page


async def test_the_session_page(tmp_path: Path) -> None:
    """All parts of it, each on a page of its own."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        shown(feed)
        await every_size_is_whole(started, feed, tmp_path)
        page = await opened(started, feed)
        await the_keyboard_reads_every_value(page)
        await the_window_is_zoomed_and_comes_back(page)
        await nothing_is_cut(page)
        await the_events_are_told_with_their_reasons(page, feed)
        await the_plan_says_what_was_changed(page, feed)
        await an_alarm_is_judged(page, feed)


async def every_size_is_whole(started: Browser, feed: FakeFeed, folder: Path) -> None:
    """Nothing is wider than the screen, nothing jumps, and axe finds no fault."""
    for name, size in (("wall", WALL), ("tablet", TABLET), ("phone", PHONE)):
        page = await opened(started, feed, size)
        shifts = await page.evaluate(
            """() => new Promise((done) => {
              let sum = 0;
              new PerformanceObserver((list) => {
                for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
              }).observe({ type: "layout-shift", buffered: false });
              setTimeout(() => done(sum), 700);
            })"""
        )
        inner = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert (shifts, inner[0] >= inner[1]) == (0, True), name
        await page.screenshot(path=folder / f"session_{name}.png")
        assert await violations(page) == [], name
        await page.context.close()


async def text_of(slider: Locator) -> str:
    """What a screen reader says of the cursor."""
    return str(await slider.get_attribute("aria-valuetext"))


async def the_keyboard_reads_every_value(page: Page) -> None:
    """Left goes back in time, and each moment is said whole; a gap is no value."""
    slider = page.get_by_role("slider")
    await slider.focus()
    await page.keyboard.press("ArrowLeft")
    words = await text_of(slider)
    assert "SpO₂ 97 %" in words
    assert "pulse 72 /min" in words
    assert "cuff 240/110" in words
    await expect(page.locator(".there")).to_have_text(words)
    for _ in range(60):
        await page.keyboard.press("ArrowLeft")
        if "SpO₂ no value" in await text_of(slider):
            break
    words = await text_of(slider)
    assert "SpO₂ no value · pulse no value" in words
    assert "!! No signal" in words
    await page.keyboard.press("Escape")
    await expect(slider).to_have_attribute("aria-valuetext", "Now")


async def span_s(page: Page) -> int:
    """How many seconds the window shows."""
    slider = page.get_by_role("slider")
    low = await slider.get_attribute("aria-valuemin")
    high = await slider.get_attribute("aria-valuemax")
    return int(high or 0) - int(low or 0)


async def the_window_is_zoomed_and_comes_back(page: Page) -> None:
    """By keys, buttons, wheel and drag; looking back is said in words, and one tap ends it."""
    slider, back = page.get_by_role("slider"), page.locator(".looking")
    whole = await span_s(page)
    await slider.focus()
    await page.keyboard.press("+")
    assert await span_s(page) == whole // 2
    await expect(back).to_be_hidden()
    await page.get_by_role("button", name="Earlier", exact=True).click()
    await expect(back).to_contain_text("LOOKING BACK")
    await page.get_by_role("button", name="Now", exact=True).click()
    await expect(back).to_be_hidden()
    assert await span_s(page) == whole
    box: Any = await page.locator(".trend").first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.move(*middle)
    await expect(page.locator(".there")).to_contain_text("SpO₂")
    await page.mouse.wheel(0, -400)
    async with asyncio.timeout(5):
        while await span_s(page) >= whole:  # noqa: ASYNC110 - a page sets no event
            await asyncio.sleep(0.05)
    await page.mouse.down()
    await page.mouse.move(middle[0] + 200, middle[1], steps=4)
    await page.mouse.up()
    await expect(back).to_be_visible()
    await page.mouse.dblclick(*middle)
    await expect(back).to_be_hidden()
    await page.get_by_role("button", name="Whole session").click()
    assert await span_s(page) >= BINS * 5 - 10
    await page.get_by_role("button", name="Now", exact=True).click()


async def nothing_is_cut(page: Page) -> None:
    """A scale holds every value of its window; a limit that was told is drawn at its value."""
    ranges = await page.evaluate(
        """async () => {
          const { rangeOf, limitLines } = await import("/scenes.js");
          const room = { state: {}, startMs: 0, binMs: 5000,
            bins: { spo2: [9700, null, 6100], pulse: [18300] }, cuff: [[5000, 24000, 3100]] };
          const window = { fromMs: 0, toMs: 20000 };
          const limits = { spo2: [
            { row: "A", priority: "high", low_x100: 9000, high_x100: null, tailored_by: "lee" },
            { row: "B", priority: "high", low_x100: 8000, high_x100: null, tailored_by: null },
            { row: "C", priority: "low", low_x100: 9400, high_x100: null, tailored_by: null }] };
          return [...["spo2", "pulse", "nibp"].map((one) => rangeOf(room, one, window)),
            limitLines(limits, "spo2")];
        }"""
    )
    assert ranges == [
        {"low": 60, "high": 100},
        {"low": 40, "high": 190},
        {"low": 20, "high": 250},
        [{"value": 90, "priority": "high", "changed": True}],
    ]


async def the_events_are_told_with_their_reasons(page: Page, feed: FakeFeed) -> None:
    """Why an alarm rose, who was told and what came of it, every "no"; back to the first."""
    lines = page.locator(".timeline li")
    assert [" ".join(one.split()) for one in await lines.all_inner_texts()] == [
        "+0:44:50 Note by Dr Lee: calm again",
        "+0:44:40 Sent to Dr Lee by phone call, step physician: sent, not yet confirmed",
        "+0:44:25 !!! SpO2 low: 86 for 10 s (saw 86 %, limit 88 %) Judge",
        "+0:44:15 Refused dose confirmed by Sam: a dose is on record",
        "+0:44:10 !! happened, stays until it is reset: a further dose was taken",
        "+0:44:10 !! a further dose was taken Judge",
        "+0:41:00 Check-in by Sam: Slow or sleepy, uneasy",
    ]
    await page.get_by_role("button", name="Who was told").click()
    await expect(page.locator(".timeline li:visible")).to_have_count(1)
    await feed.show(told=[TOLD | {"state": "answered", "detail": "key 1"}])
    await expect(page.locator(".timeline li:visible")).to_contain_text("answered (key 1)")
    await page.get_by_role("button", name="All", exact=True).click()
    await page.get_by_role("button", name="Show earlier events").click()
    await expect(lines.last).to_contain_text("HELP CALLED by Sam")
    assert feed.asked[-1] == {"session": "s1", "what": "past", "before": 3}
    await expect(page.get_by_role("button", name="Show earlier events")).to_be_hidden()
    line = {"effect": "PhaseChanged", "at_ms": NOW_MS, "before": "peak", "phase": "offset"}
    feed.seq += 1
    await feed.say(
        Delta(
            session="s1",
            seq=feed.seq,
            at_ms=NOW_MS,
            patch={},
            lines=[line | {"reason": "T+90 min"}],
        )
    )
    await expect(lines.first).to_contain_text("Wearing off: T+90 min")


async def the_plan_says_what_was_changed(page: Page, feed: FakeFeed) -> None:
    """The changed rows first, what is off with its reason; a search narrows them."""
    await page.locator(".plan summary").click()
    rows = page.locator(".rules li")
    await expect(rows).to_have_count(2)
    assert feed.asked[-1]["what"] == "plan"
    await expect(rows.first).to_contain_text("Changed from 90 to 88 by Dr Lee at +0:35:00")
    await expect(rows.last).to_contain_text("Off: no device measures it")
    assert await violations(page) == []
    await page.get_by_label("Find a row").fill("breathing")
    await expect(page.locator(".rules li:visible")).to_have_count(1)


async def an_alarm_is_judged(page: Page, feed: FakeFeed) -> None:
    """A verdict and a note go to the hub; what it keeps stands at the alarm, with the name."""
    await page.locator("#alarms").get_by_role("button", name="Judge").click()
    await page.get_by_label("Verdict").select_option("false")
    await page.get_by_role("textbox", name="Note").fill("clip off")
    await page.get_by_role("button", name="Keep it").click()
    await until(lambda: feed.orders != [])
    order = {"do": "judge_alarm", "alarm": LOW["id"], "verdict": "false", "note": "clip off"}
    assert feed.orders == [{"session": "s1", "order": order}]
    said = {"verdict": "false", "note": "clip off", "by": "lee", "at_ms": NOW_MS}
    await feed.show(verdicts={LOW["id"]: said})
    for place in ("#alarms", ".timeline"):
        await expect(page.locator(f"{place} .verdict:visible").first).to_have_text(
            "False alarm, Dr Lee: clip off"
        )
    feed.orders.clear()


async def test_a_viewer_reads_and_is_offered_nothing() -> None:
    """No order, verdict or sheet; cursor, events and plan are there. A lost feed knows nothing."""
    async with fake_feed(Role.VIEWER) as feed, browser() as started:
        shown(feed)
        page = await opened(started, feed)
        await expect(page.get_by_role("slider")).to_be_visible()
        names = {
            str(await one.get_attribute("aria-label") or await one.inner_text())
            for one in await page.locator("main button:visible").all()
        }
        assert names == {
            *("Show a longer time", "Show a shorter time", "Earlier", "Later", "Whole session"),
            *("Now", "All", "Alarms", "Who was told", "What people did", "Course"),
            *("Refused, off", "Show earlier events"),
        }
        await expect(page.locator("#sheet")).to_be_hidden()
        await expect(page.locator("#bedside")).to_be_visible()
        await feed.show(alarms=[])
        none = page.locator("#alarms .no-alarms")
        await expect(none).to_have_text("No alarms")
        feed.shut = True
        await feed.drop()
        await expect(none).to_have_text("Alarms not known: feed lost")
