"""The sheet for an ambulance: one printed page with what a crew asks for, and not for everybody."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from alerts.contact import Role
from monitor.history import HistoryView
from monitor.history_marks import Mark
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import (
    MINUTE_MS,
    NOW_MS,
    State,
    alarm,
    fake_feed,
    history,
    state,
)
from tests.integration.test_pages_look import CARD, STATES
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

FILE: State = {
    "address": "12 Mill Lane, Sampletown",
    "entry": "bell ROSE, second floor",
    "allergies": ["penicillin: rash"],
    "medicines": ["sertraline 50 mg", "zolpidem 10 mg (sedative)"],
    "conditions": ["asthma"],
    "drug": "ketamine, under the tongue",
    "dose_mg": 300,
}
CONTACTS: list[State] = [
    {"name": "Sam", "role": "companion", "phone": "+44 1632 960 001"},
    {"name": "Dr Lee", "role": "physician", "phone": ""},
]


def long_history() -> HistoryView:
    """An hour with two doses and the most cuff readings that are printed."""
    known = history()
    marks = [
        Mark(NOW_MS - 45 * MINUTE_MS, "dose"),
        Mark(NOW_MS - 20 * MINUTE_MS, "extra_dose"),
        Mark(NOW_MS - 4 * MINUTE_MS, "check_in", "W4 B0"),
    ]
    cuff = [(NOW_MS - at * 5 * MINUTE_MS, 12_000 + 100 * at, 7_600) for at in range(12, 0, -1)]
    return HistoryView(
        known.bin_ms, known.start_ms, known.spo2, known.pulse, cuff, list(known.alarms), marks
    )


async def test_the_sheet_is_one_page_with_what_a_crew_asks_for(tmp_path: Path) -> None:
    """Address, what was taken, values with ages, what stands; A4 and Letter, and on a phone."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        feed.history = long_history()
        feed.answers = {"sheet": {"sheet": {"file": FILE, "contacts": CONTACTS}}}
        url = feed.url("/sheet.html", "s1")
        page = (await look(started, url, WALL, trusted=True)).page
        await expect(page.locator("#address")).to_have_text(FILE["address"])
        doses = [
            re.sub(r"\d\d:\d\d( [AP]M)?", "HH:MM", one)
            for one in await page.locator("#doses li").all_inner_texts()
        ]
        assert doses == [
            "ketamine, under the tongue, 300 mg, at HH:MM (45 min ago)",
            "EXTRA DOSE of ketamine, under the tongue at HH:MM (20 min ago)",
        ]
        rows = [one.split("\t") for one in await page.locator("#values tr").all_inner_texts()]
        assert [row[:2] + row[3:] for row in rows] == [
            ["SpO₂ %", "97", "96", "97"],
            ["Pulse /min", "72", "72", "83"],
            ["Blood pressure mmHg", "125/79", "121", "132"],
            ["Awake (MOAA/S 0 to 5)", "4", "", ""],
        ]
        await expect(page.locator("#alarms")).to_have_text("!!! SpO2 low")
        await expect(page.locator("#medicines")).to_contain_text("zolpidem 10 mg (sedative)")
        await expect(page.locator("#contacts")).to_contain_text("Sam (companion): +44 1632 960 001")
        await expect(page.locator("#unreal")).to_have_text("TEST: NO REAL PATIENT")
        assert await violations(page) == []
        for paper in ("A4", "Letter"):
            pdf = await page.pdf(format=paper, path=tmp_path / f"sheet_{paper}.pdf")
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1, paper
        await page.screenshot(path=tmp_path / "sheet.png", full_page=True)
        await page.set_viewport_size(PHONE)
        inner = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert inner[0] >= inner[1]
        await page.screenshot(path=tmp_path / "sheet_phone.png", full_page=True)
        feed.shut = True
        await feed.drop()
        await expect(page.locator("#made")).to_contain_text("FEED LOST")


async def test_the_sheet_is_not_for_everybody() -> None:
    """Whom the hub does not answer sees no address; a file without a table says whom to ask."""
    async with fake_feed(Role.VIEWER) as feed, browser() as started:
        feed.states["s1"] = state()
        feed.answers = {"sheet": {"error": "sheet of session s1 is not for you"}}
        page = (await look(started, feed.url("/sheet.html", "s1"), WALL, trusted=True)).page
        await expect(page.locator("#empty")).to_contain_text("for the companion and the physicians")
        await expect(page.locator("#whole")).to_be_hidden()
        feed.answers = {"sheet": {"sheet": {"file": None, "contacts": []}}}
        await page.reload()
        await expect(page.locator("#address")).to_contain_text("ask the companion")
        await expect(page.locator("#doses")).to_have_text("No dose is on record.")


async def test_an_emergency_card_has_the_address_to_read_out(tmp_path: Path) -> None:
    """While it is an emergency, also without the feed; no other card shows where somebody lives."""
    grave = alarm("high", "no answer", alarm_class="E")
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        feed.answers = {"sheet": {"sheet": {"file": FILE, "contacts": CONTACTS}}}
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await until(lambda: feed.asked == [{"session": "s1", "what": "sheet", "before": 0}])
        await expect(page.locator("#card-line")).to_have_text("Oxygen is low. Wake Alex now.")
        await expect(page.locator(".address")).to_be_hidden()
        await feed.show(alarms=[grave], phase="emergency", cards={grave["id"]: CARD})
        await expect(page.locator(".address")).to_have_text(
            f"Say where: {FILE['address']}How to get in: {FILE['entry']}"
        )
        assert await violations(page) == []
        await page.screenshot(path=tmp_path / "address.png")
        feed.shut = True
        await feed.drop()
        await expect(page.locator("#lost")).to_be_visible()
        await expect(page.locator(".address")).to_be_visible()
