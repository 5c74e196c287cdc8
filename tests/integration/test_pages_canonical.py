"""One alarm on all pages at once: it rises, is paused, taken, taken by two, comes back, and ends.

A real hub with a fast clock, four people on four pages of one browser: a viewer at the wall, the
physician on the session page, the companion and the patient with their phones.
"""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, Page, expect

from alerts.contact import Role
from devices.broker import choose
from monitor.effects import AlarmChanged, Send
from monitor.events import Accepted, Acknowledged, AlarmJudged, Ended
from simulators.demo_files import PATIENT_ID, patient_text
from tests.integration.browser import PHONE, WALL, browser, look
from tests.integration.feed_screen import feed_of, open_port, port_of, token_for
from tests.integration.home import Home, home
from tests.integration.hub_house import RunningHub, house

pytestmark = pytest.mark.integration

SPEED = 30.0
SESSION = "s1"
WAIT_MS = 20_000
TABS = 60


class Pages(NamedTuple):
    """What the four people look at."""

    wall: Page
    doctor: Page
    phone: Page
    own: Page


@asynccontextmanager
async def everybody(started: Browser, hub: RunningHub) -> AsyncIterator[Pages]:
    """Open the four pages, each by its own link."""
    opened = []
    for person, path, role, size in (
        ("guest", "/", {"role": "viewer"}, WALL),
        ("dr-lee", "/session.html", {}, WALL),
        ("sam", "/companion.html", {}, PHONE),
        (PATIENT_ID, "/patient.html", {}, PHONE),
    ):
        token = await token_for(hub, person, **role)
        url = f"http://127.0.0.1:{port_of(hub)}{path}#t={token}&s={SESSION}"
        opened.append((await look(started, url, size)).page)
    yield Pages(*opened)


@pytest.mark.timeout(180)
async def test_one_alarm_on_all_pages(tmp_path: Path) -> None:
    """From the first value to the end of the session; the record then says who did what."""
    async with house(tmp_path, choose()) as hub, browser() as started:
        (hub.folder / "patients" / f"{PATIENT_ID}.toml").write_text(patient_text())
        open_port(hub)
        async with home(hub, SPEED) as devices:
            await hub.start(speed=SPEED)
            await hub.open(SESSION, PATIENT_ID, plan="vitals_only")
            devices.watched()
            async with everybody(started, hub) as pages:
                await all_see_the_same(pages)
                await the_alarm_rises_on_all_four(pages, devices)
                await a_viewer_is_refused(hub, pages)
                await the_sound_is_paused(pages)
                await it_is_taken_by_the_companion_and_then_by_keys(pages)
                await the_leases_end_and_it_is_told_again(pages)
                await silence_is_dashes(pages, devices)
                await a_stopped_hub_is_a_lost_feed(hub, pages)
                await it_is_judged_and_ended(pages)
        check_record(hub)


async def all_see_the_same(pages: Pages) -> None:
    """Numbers for three, a sentence for the patient; the sound is off until it is clicked."""
    for page in (pages.wall, pages.doctor, pages.phone):
        await expect(page.locator(".value").first).to_have_text("97", timeout=WAIT_MS)
        await expect(page.locator("#sound")).to_have_text("No sound: turn on")
    await expect(pages.own.locator("#card-line")).not_to_be_empty()
    await pages.doctor.locator("#sound").click()
    await expect(pages.doctor.locator("#sound")).to_have_attribute("aria-pressed", "true")


async def the_alarm_rises_on_all_four(pages: Pages, devices: Home) -> None:
    """High on the wall, in the list, on the card; the patient is told who looks after them."""
    devices.spo2 = 84
    tile = pages.wall.locator(".tile")
    await expect(tile).to_have_attribute("data-priority", "high", timeout=WAIT_MS)
    await expect(pages.doctor.locator("#alarms .bar[data-priority=high]")).to_be_visible()
    await expect(pages.phone.locator("#card")).to_have_attribute("data-kind", "high")
    await expect(pages.phone.locator("#card-line")).to_contain_text("Alex")
    await expect(pages.own.locator("body")).not_to_contain_text("SpO")
    await expect(pages.doctor.locator(".timeline")).to_contain_text("!!! now higher: SpO2 low")


async def a_viewer_is_refused(hub: RunningHub, pages: Pages) -> None:
    """No button on the wall, and the hub says no to an order that comes all the same."""
    await expect(pages.wall.locator(".tile button:visible")).to_have_count(0)
    await expect(pages.wall.locator("#open")).to_be_hidden()
    token = await token_for(hub, "guest", role="viewer")
    async with feed_of(hub) as screen:
        await screen.say(type="hello", token=token)
        order = {"do": "accept", "alarm": "oxygen@1"}
        await screen.say(type="order", ref="r1", order=order, session=SESSION)
        while (message := await screen.next())["type"] != "reply":
            pass
        assert message["error"] == "a viewer may not accept; it is for companion, physician, backup"
        await screen.say(type="ask", ref="q1", session=SESSION, what="sheet")
        while (message := await screen.next())["type"] != "told":
            pass
        assert message == {
            "type": "told",
            "ref": "q1",
            "error": f"sheet of session {SESSION} is not for you",
        }


async def the_sound_is_paused(pages: Pages) -> None:
    """For a time, in words, by whom; nothing is hidden by it."""
    await pages.phone.get_by_role("button", name="Pause the sound").click()
    await expect(pages.doctor.locator(".timeline")).to_contain_text("sound paused: ")
    await expect(pages.doctor.locator("#alarms .bar[data-priority=high]")).to_be_visible()
    await expect(pages.wall.locator(".tile")).to_have_attribute("data-priority", "high")


async def it_is_taken_by_the_companion_and_then_by_keys(pages: Pages) -> None:
    """The companion's word stops no call to the physician, who takes it by keyboard alone."""
    await pages.phone.get_by_role("button", name="I am with Alex").click()
    bar = pages.doctor.locator("#alarms .alarm-time")
    await expect(bar).to_contain_text("Sam has it")
    await pages.doctor.locator("body").focus()
    for _ in range(TABS):
        await pages.doctor.keyboard.press("Tab")
        words = await pages.doctor.evaluate("document.activeElement.textContent")
        if words == "I take it":
            break
    await pages.doctor.keyboard.press("Enter")
    await expect(bar).to_contain_text("Sam and Dr Lee have it")
    await expect(pages.phone.locator("#holder")).to_contain_text("You are with Alex")
    await expect(pages.wall.locator(".tile")).to_contain_text("Dr Lee")


async def the_leases_end_and_it_is_told_again(pages: Pages) -> None:
    """After five minutes nobody has it any more, and every page says so."""
    bar = pages.doctor.locator("#alarms .bar[data-priority=high]").first
    await expect(bar).to_have_attribute("data-signal", "on", timeout=WAIT_MS)
    await expect(pages.doctor.locator(".timeline")).to_contain_text(
        "time of who had it is over: ", timeout=WAIT_MS
    )
    await expect(pages.phone.get_by_role("button", name="I am with Alex")).to_be_visible()


async def silence_is_dashes(pages: Pages, devices: Home) -> None:
    """Without a word of the oximeter no page shows its last number; then it comes back."""
    devices.spo2, devices.has_clip = 97.0, False
    for page in (pages.wall, pages.doctor, pages.phone):
        await expect(page.locator(".value.spo2")).to_have_text("- -", timeout=WAIT_MS)
    devices.has_clip = True
    for page in (pages.wall, pages.doctor, pages.phone):
        await expect(page.locator(".value.spo2")).to_have_text("97", timeout=WAIT_MS)


async def a_stopped_hub_is_a_lost_feed(hub: RunningHub, pages: Pages) -> None:
    """A hub that says nothing takes every number away; its next word brings them back."""
    assert hub.process is not None
    os.kill(hub.process.pid, signal.SIGSTOP)
    try:
        for page in (pages.wall, pages.doctor, pages.phone):
            await expect(page.locator("#lost")).to_be_visible(timeout=WAIT_MS)
            await expect(page.locator(".value")).to_have_text(["- -"] * 3)
        await expect(pages.doctor.locator("#alarms .alarm-time").first).to_have_text("- -")
    finally:
        os.kill(hub.process.pid, signal.SIGCONT)
    for page in pages:
        await expect(page.locator("#lost")).to_be_hidden(timeout=WAIT_MS)
    for page in (pages.wall, pages.doctor, pages.phone):
        await expect(page.locator(".value.spo2")).to_have_text("97", timeout=WAIT_MS)


async def it_is_judged_and_ended(pages: Pages) -> None:
    """The physician's word stands at the alarm; the end is asked for once more, with a reason."""
    doctor = pages.doctor
    alarm = doctor.locator("#alarms .alarm", has_text="SpO2").first
    await alarm.get_by_role("button", name="Judge").click()
    await doctor.get_by_role("textbox", name="Note").fill("seen on the cuff too")
    await doctor.get_by_role("button", name="Keep it").click()
    await expect(alarm).to_contain_text("True alarm, Dr Lee: seen on the cuff too")
    await doctor.get_by_role("button", name="End the session").click()
    await doctor.get_by_label("Reason").fill("the test is over")
    await doctor.get_by_role("button", name="End", exact=True).click()
    await expect(doctor.locator("#phase")).to_contain_text("(over)", timeout=WAIT_MS)
    await expect(pages.wall.locator(".tile")).to_contain_text("Ended")
    await expect(pages.phone.locator("#where")).to_contain_text("Ended")


def check_record(hub: RunningHub) -> None:
    """Who did what, and that the physician was told although the companion had it."""
    sam, lee = ("sam", Role.COMPANION), ("dr-lee", Role.PHYSICIAN)
    assert [(one.by, one.role) for one in hub.events(Acknowledged, SESSION)] == [sam]
    assert [(one.by, one.role) for one in hub.events(Accepted, SESSION)] == [sam, lee]
    (word,) = hub.events(AlarmJudged, SESSION)
    assert (word.by, word.verdict.value, word.note) == ("dr-lee", "true", "seen on the cuff too")
    assert [(one.by, one.role) for one in hub.events(Ended, SESSION)] == [lee]
    effects = [effect for record in hub.records(SESSION) for effect in record.effects]
    taken_ms = hub.events(Accepted, SESSION)[0].at_ms
    to_lee = [one for one in effects if isinstance(one, Send) and one.contact == "dr-lee"]
    assert any(one.at_ms >= taken_ms for one in to_lee)
    life = [one for one in effects if isinstance(one, AlarmChanged) and one.id == word.alarm]
    told = dict.fromkeys(one.transition.value for one in life)
    deeds = ("acknowledged", "accepted", "lease_ended")
    assert [name for name in told if name in deeds] == list(deeds)
