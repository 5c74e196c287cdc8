"""A person is reached by the page that they have open: shown, sounded, answered, or said not to be.

The hub, its feed, its journal and the browser are real; the physician's page is the first way, the
console the second.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.delivery import DeliveryState, Verdict
from alerts.effects import CancelSend, Send
from devices.broker import choose
from monitor.effects import Skipped
from monitor.events import DeliveryAnswered, DeliveryReported
from tests.integration.browser import WALL, browser, look
from tests.integration.feed_screen import Screen, open_port, port_of, screen, token_for
from tests.integration.hub_house import OXIMETER, RunningHub, house, reading, until

pytestmark = pytest.mark.integration

WAYS = 'ways = [{ channel = "page" }, { channel = "console" }]'
FALLS_MS = 15_000


async def fall(hub: RunningHub) -> None:
    """Publish an oximeter that falls to 84 % until a high alarm is in the journal."""
    assert hub.broker is not None
    async with hub.broker.client() as client:
        for seq in range(60):
            value = 97 if seq < 5 else 84
            await client.publish(f"vigil/v1/reading/{OXIMETER}", reading(seq, value), qos=1)
            await asyncio.sleep(1 / 3)
            if any(send.channel == "page" for send in sends(hub)):
                return
    raise AssertionError(hub.log())


def sends(hub: RunningHub) -> list[Send]:
    """Every message to the physician, in order."""
    effects = (effect for record in hub.records() for effect in record.effects)
    return [one for one in effects if isinstance(one, Send) and one.contact == "physician"]


def reports(hub: RunningHub, delivery: str) -> list[tuple[DeliveryState, str]]:
    """What became of one message."""
    found = hub.events(DeliveryReported)
    return [(one.state, one.detail) for one in found if one.delivery == delivery]


async def message_about(one: Screen, family: str) -> dict[str, Any]:
    """The message about an alarm of this family; it may have come before the reply to an order."""

    def about(message: dict[str, Any]) -> bool:
        alarm = str(message.get("alarm", ""))
        return message["type"] == "message" and alarm.startswith(f"{family}@")

    heard = [message for message in one.heard if about(message)]
    return heard[0] if heard else await one.until(about)


async def started(hub: RunningHub, **more: Any) -> None:
    """A hub whose physician has the page first."""
    hub.patient(ways={"physician": WAYS}, **more)
    open_port(hub)
    await hub.start(speed=3)
    await hub.open()


async def wall(browser_: Any, hub: RunningHub) -> Page:
    """The physician's wall, live."""
    token = await token_for(hub, "physician")
    page = (await look(browser_, f"http://127.0.0.1:{port_of(hub)}/#t={token}", WALL)).page
    await expect(page.locator("#feed")).to_have_text("Live")
    return page


async def test_a_high_alarm_is_on_the_page_and_delivered_within_a_second(tmp_path: Path) -> None:
    """Shown with sound is delivered; one tap is the named answer, and takes the message away."""
    kind = choose()
    async with house(tmp_path, kind) as hub, browser() as browser_:
        await started(hub)
        page = await wall(browser_, hub)
        await page.locator("#sound").click()
        await expect(page.locator("#sound")).to_have_text("Sound on")
        await fall(hub)
        (send, *_) = sends(hub)
        await until(lambda: len(reports(hub, send.delivery)) == 2, 5)
        assert reports(hub, send.delivery) == [
            (DeliveryState.SENT, "shown to 1 page"),
            (DeliveryState.DELIVERED, "shown, with sound"),
        ]
        last = [e for e in hub.events(DeliveryReported) if e.delivery == send.delivery][-1]
        # Hub time runs three times as fast here.
        assert (last.at_ms - send.at_ms) / 3 < 1_000
        bar = page.locator(".called")
        await expect(bar).to_contain_text("TEST - not a real alarm: Oxygen is low. Wake Alex now.")
        await bar.get_by_role("button", name="I take it").click()
        await expect(page.locator("#note")).to_have_text("You have it")
        await expect(bar).to_be_hidden()
        await until(lambda: len(hub.events(DeliveryAnswered)) == 1, 5)
        (answer,) = hub.events(DeliveryAnswered)
        assert (answer.delivery, answer.verdict, answer.detail) == (
            send.delivery,
            Verdict.ACCEPT,
            "tapped on the page",
        )
        (alarm,) = (await hub.ask("list"))["sessions"][0]["alarms"]
        assert alarm["id"] == send.alarm


async def test_a_page_without_sound_is_shown_and_the_next_way_begins_at_once(
    tmp_path: Path,
) -> None:
    """What nobody may have heard is not delivered."""
    async with house(tmp_path, choose()) as hub, browser() as browser_:
        await started(hub)
        page = await wall(browser_, hub)
        await fall(hub)
        await expect(page.locator(".called")).to_be_visible()
        await until(lambda: any(one.channel == "console" for one in sends(hub)), 5)
        first, second = sends(hub)[:2]
        assert reports(hub, first.delivery)[1:] == [
            (DeliveryState.FAILED, "shown, but the page gives no sound")
        ]
        assert (first.channel, second.channel) == ("page", "console")
        assert (second.at_ms - first.at_ms) / 3 < 1_000


async def test_nobody_at_the_page_is_a_failure_at_once(tmp_path: Path) -> None:
    """A browser that was killed is no page; the next way begins in the same instant."""
    async with house(tmp_path, choose()) as hub:
        async with browser() as browser_:
            await started(hub)
            await wall(browser_, hub)
        await fall(hub)
        await until(lambda: len(sends(hub)) > 1, 5)
        first, second = sends(hub)[:2]
        assert reports(hub, first.delivery) == [(DeliveryState.FAILED, "not connected")]
        assert (second.channel, second.delivery.split("/")[1]) == ("console", "physician")
        failed = next(e for e in hub.events(DeliveryReported) if e.delivery == first.delivery)
        assert second.at_ms == failed.at_ms


async def test_a_page_that_dies_before_it_spoke_fails_its_message(tmp_path: Path) -> None:
    """A client that is shown a message and goes without a word; a second one that stays speaks.

    Nobody else may answer for the person, and a message that is not open is answered by nobody.
    """
    async with house(tmp_path, choose()) as hub:
        await started(hub)
        physician, companion = (
            await token_for(hub, "physician"),
            await token_for(hub, "companion"),
        )
        async with screen(hub, physician) as silent, screen(hub, companion) as other:
            falling = asyncio.create_task(fall(hub))
            told = await silent.hear("message", FALLS_MS / 1000)
            await falling
            assert told == {
                "type": "message",
                "session": "s1",
                "delivery": sends(hub)[0].delivery,
                "alarm": sends(hub)[0].alarm,
                "priority": "high",
                "text": "TEST - not a real alarm: Oxygen is low. Wake Alex now.",
                "late": False,
                "may_repeat": False,
                "purpose": "alarm",
                "private": False,
            }
            name = told["delivery"]
            reply = await other.order("s1", "answer", delivery=name, verdict="accept")
            assert (reply["ok"], reply["error"]) == (
                False,
                f"message {name} is not one that you can answer",
            )
            # A page that comes is shown what nobody has answered; its word counts as any other's.
            async with screen(hub, physician) as late:
                again = await late.hear("message")
                assert again == told
                await late.say(type="seen", delivery="nothing@1", sound="on")
                await late.say(type="seen", delivery=name, sound="blocked")
        await until(lambda: len(reports(hub, name)) == 2, 5)
        assert reports(hub, name)[1:] == [
            (DeliveryState.FAILED, "the page was closed before it showed it")
        ]
        assert (await hub.ask("list"))["refused"]["feed: seen too late"] == 1


async def test_only_a_private_message_may_be_shown_without_sound(tmp_path: Path) -> None:
    """Of SI-2 that is its delivery; of any other message it is a page that gives no sound."""
    async with house(tmp_path, choose()) as hub:
        await started(hub, plan="default")
        token = await token_for(hub, "physician")
        async with screen(hub, token) as one:
            outcomes = []
            for family, order in (
                ("stay", {"do": "notice", "what": "intent"}),
                ("panic", {"do": "help"}),
            ):
                reply = await one.order("s1", **order)
                assert reply["ok"], reply
                told = await message_about(one, family)
                await one.say(type="seen", delivery=told["delivery"], sound="private")
                name = told["delivery"]
                await until(lambda: len(reports(hub, name)) == 2, 5)  # noqa: B023 - asked at once
                outcomes.append((told["private"], *reports(hub, name)[1]))
        assert outcomes == [
            (True, DeliveryState.DELIVERED, "shown; private, so without sound"),
            (False, DeliveryState.FAILED, "shown without a sound, and it is not private"),
        ]


async def test_what_nobody_needs_any_more_goes_from_the_page(tmp_path: Path) -> None:
    """Somebody of the physicians accepts by another way: the message is taken back."""
    async with house(tmp_path, choose()) as hub:
        await started(hub)
        async with screen(hub, await token_for(hub, "physician")) as page:
            falling = asyncio.create_task(fall(hub))
            told = await page.hear("message", FALLS_MS / 1000)
            await falling
            await page.say(type="seen", delivery=told["delivery"], sound="on")
            reply = await page.order("s1", "accept", alarm=told["alarm"])
            assert reply["ok"], reply
            over = next(
                (one for one in page.heard if one["type"] == "message_over"), None
            ) or await page.hear("message_over")
            assert over == {
                "type": "message_over",
                "delivery": told["delivery"],
                "reason": "nobody needs to answer it any more",
            }
        effects = [effect for record in hub.records() for effect in record.effects]
        cancelled = [one.delivery for one in effects if isinstance(one, CancelSend)]
        assert told["delivery"] in cancelled
        assert [one for one in effects if isinstance(one, Skipped) and one.rung == "page"] == []
