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
GATE = {
    "spo2": {"state": "pass", "words": "Oxygen 95 or more", "overridable": False},
    "blood_pressure": {"state": "hold", "words": "Pressure at rest", "overridable": True},
    "place": {"state": "open", "words": "Address, door, half-sitting", "overridable": False},
    "awake": {"state": "stop", "words": "Wide awake", "overridable": False},
}
DISCHARGE = {
    "time": {"met": True, "words": "120 min since the last dose"},
    "walk": {"met": False, "words": "Walks without help"},
    "feels": {"met": None, "words": "Feels normal, or nearly"},
    "met_since_ms": None,
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
}


def numbers(page: Page) -> Any:
    """The numbers of a page, as far as people see them."""
    return page.locator(".value")


@pytest.mark.parametrize("name", STATES)
async def test_no_page_has_a_fault_that_axe_can_see(name: str, tmp_path: Path) -> None:
    """On all three pages, in every state, on a wall screen and on a phone."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**STATES[name])
        for path, size in (("/", WALL), ("/session.html", WALL), ("/companion.html", PHONE)):
            looked = await look(started, feed.url(path, "s1"), size, trusted=True)
            await expect(numbers(looked.page).first).to_be_visible()
            shot = tmp_path / f"{name}{path.replace('/', '_')}.png"
            await looked.page.screenshot(path=shot)
            assert (await violations(looked.page), looked.said) == ([], []), path
