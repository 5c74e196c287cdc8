"""The pages in every state that a session can be in: what they show, say and offer.

Each state is put into the feed by hand. Pictures of all of them go to `tmp_path` and are looked at
by people; what axe can see is checked here.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import (
    MINUTE_MS,
    NOW_MS,
    State,
    alarm,
    fake_feed,
    state,
    values,
)
from tests.integration.seen import barriers, faults

pytestmark = pytest.mark.integration

LOW = alarm("high", "SpO2 low: 86 for 10 s")
CARD = {
    "line": "Oxygen is low. Wake Alex now.",
    "steps": [
        "Say the name loudly. Shake the shoulder.",
        "Tip the head back. Lift the chin. Take out what is left of the lozenge.",
        "Watch the chest. Is it moving well?",
        "No answer, blue lips or bad breathing: call 911.",
    ],
}
QUIET = {"accepted_by": "sam", "accepted_until_ms": NOW_MS + 200_000}
OLD = {
    name: {"value_x100": x100, "at_ms": NOW_MS - 46_000}
    for name, x100 in (("spo2", 9700), ("pulse", 7200))
}
CALM = {"overridable": False, "final": False, "note": "", "proof": None}
GATE = {
    "spo2": {"state": "pass", "words": "Oxygen 95 or more"} | CALM,
    "blood_pressure": {"state": "hold", "words": "Pressure at rest"}
    | CALM
    | {"overridable": True, "note": "a little high"},
    "place": {"state": "open", "words": "Address, door, half-sitting"} | CALM,
    "awake": {"state": "stop", "words": "Wide awake"} | CALM | {"final": True},
    "alarm_chain": {"state": "open", "words": "The alarm reaches all"}
    | CALM
    | {"proof": "rehearsal"},
    "sound": {"state": "hold", "words": "The sound was counted"}
    | CALM
    | {"overridable": True, "proof": "sound"},
}
HELD: State = {
    "infos": [
        {"row": "SPO2-HIGHBIAS", "words": "SpO2 limits +2: the oximeter may read too high"},
        {"row": "CUFF-HOLD", "words": "oxygen signal: paused by cuff"},
    ]
}
DISCHARGE = {
    "criteria": {
        "time": {"met": True, "words": "120 min since the last dose"},
        "walk": {"met": False, "words": "Walks without help"},
        "feels": {"met": None, "words": "Feels normal, or nearly"},
    },
    "met_since_ms": None,
}
LINES: list[State] = [
    {"effect": "PhaseChanged", "before": "onset", "phase": "peak", "reason": "T+20 min"},
    {"effect": "Prompted", "prompt": "cuff", "due_ms": NOW_MS, "reason": "schedule"},
    {
        "effect": "AlarmChanged",
        "id": LOW["id"],
        "family": "oxygen",
        "row": "SPO2-LOW",
        "transition": "raised",
        "priority": "high",
        "alarm_class": "A",
        "kind": "physiological",
        "reason": "SpO2 low: 86 for 10 s",
    },
    {"effect": "Send", "contact": "sam", "channel": "console", "rung": "companion"},
    {"effect": "Refused", "what": "dose", "reason": "a dose is on record"},
]

HAPPENED = {
    "row": "DOSE-EXTRA",
    "reason": "a further dose was taken: entered by sam",
    "present": False,
    "latched": True,
    "once": True,
}

STATES: dict[str, State] = {
    "calm": {},
    "high": {"alarms": [LOW], "sound": "high", "cards": {LOW["id"]: CARD}},
    "medium": {"alarms": [alarm("medium", "SpO2 below 92 %: 91 for 20 s")], "sound": "medium"},
    "low": {"alarms": [alarm("low", "oximeter battery low: 12 %")], "sound": "low"},
    "acknowledged": {"alarms": [alarm("high", "SpO2 low: 86", signal="acknowledged")]},
    "accepted": {"alarms": [alarm("high", "SpO2 low: 86", signal="accepted", **QUIET)]},
    "latched": {
        "alarms": [
            alarm(
                "high",
                "SpO2 low: 86",
                signal="latched",
                rows=[LOW["rows"][0] | {"present": False, "latched": True}],
            )
        ]
    },
    "stale": {
        "alarms": [alarm("medium", "no data from oximeter: 46 s", family="no_signal")],
        "values": values() | OLD,
    },
    "emergency": {"phase": "emergency", "alarms": [alarm("high", "no answer", alarm_class="E")]},
    "gate": {"phase": "gate", "dose_ms": None, "gate_items": GATE, "values": {}},
    "asked": {
        "prompts": [
            {"prompt": "check_in", "due_ms": NOW_MS + 50_000},
            {"prompt": "cuff", "due_ms": NOW_MS - 20_000},
        ],
        "cuff": {"state": "due", "due_ms": NOW_MS - 20_000, "attempts": 0},
        "check_in": {
            "due_ms": NOW_MS + 50_000,
            "last_codes": "W4 B0 C0 D1 X0",
            "last_ms": NOW_MS - 30_000,
            "may_correct_until_ms": NOW_MS + 30_000,
        },
    },
    "recovery": {
        "phase": "recovery",
        "dose_ms": NOW_MS - 131 * MINUTE_MS,
        "discharge": DISCHARGE,
    },
    "over": {"phase": "discharged"},
    "happened": {
        "alarms": [
            alarm(
                "medium",
                "a further dose was taken: entered by sam",
                signal="latched",
                family="dose",
                rows=[LOW["rows"][0] | HAPPENED],
            )
        ],
        "cards": {LOW["id"]: CARD},
    },
}


def numbers(page: Page) -> Any:
    """The numbers of a page, as far as people see them."""
    return page.locator(".value")


async def test_a_lost_feed_is_as_readable_as_a_live_one(tmp_path: Path) -> None:
    """Every page, on a wall screen and on a phone, when nobody knows anything any more."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        pages = [
            await look(started, feed.url(path, "s1"), WALL, trusted=True)
            for path in ("/", "/session.html", "/companion.html")
        ]
        for looked in pages:
            await expect(numbers(looked.page).first).to_have_text("97")
        feed.beats = False
        found = []
        for at, looked in enumerate(pages):
            await expect(looked.page.locator("#lost")).to_be_visible(timeout=10_000)
            for size in (WALL, PHONE):
                await looked.page.set_viewport_size(size)
                await looked.page.screenshot(path=tmp_path / f"lost_{at}_{size['width']}.png")
                found += await faults(looked.page)
            found += await barriers(looked.page) + looked.said
        assert found == []


async def test_what_happened_once_is_never_called_over() -> None:
    """The companion keeps the card with its steps; the list says that it is not reset."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["happened"])
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await expect(page.locator("#card-line")).to_have_text(CARD["line"])
        await expect(page.locator("#card-steps li")).to_have_count(4)
        listed = (await look(started, feed.url("/session.html", "s1"), WALL, trusted=True)).page
        await expect(listed.get_by_text("not reset", exact=True)).to_be_visible()
        await expect(listed.get_by_text("(over)")).to_have_count(0)


async def test_questions_are_as_readable_as_the_page_below(tmp_path: Path) -> None:
    """The check-in, long and short, and a dialog with fields."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["calm"])
        page = (await look(started, feed.url("/companion.html"), PHONE, trusted=True)).page
        await page.get_by_role("button", name="Check-in: 20 seconds").click()
        await page.locator("[data-code=W4]").click()
        await page.screenshot(path=tmp_path / "check_in.png")
        assert await violations(page) == []
        await feed.show(**STATES["high"])
        await expect(page.locator("dialog fieldset:visible")).to_have_count(2)
        await page.screenshot(path=tmp_path / "check_in_short.png")
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Type the reading").click()
        await page.screenshot(path=tmp_path / "typed.png")
        assert await violations(page) == []
