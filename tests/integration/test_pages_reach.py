"""How pages reach a person and show who was reached: messages, call-backs, the test of the chain.

A message is shown at once, sounded if the browser lets it, and answered by a tap with a name. What
was sent is never shown as heard.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from alerts.condition import Priority
from alerts.contact import Role
from monitor.feed_words import MessageOver
from tests.integration.browser import PHONE, WALL, browser, look, violations
from tests.integration.fake_feed import MINUTE_MS, NOW_MS, State, alarm, fake_feed, state
from tests.integration.hub_house import until
from tests.integration.test_pages_look import CALM, CARD, LOW, STATES

pytestmark = pytest.mark.integration

ID = LOW["id"]
TOLD = {"alarm": ID, "provable": True, "residual": False, "detail": "", "at_ms": NOW_MS - 20_000}
ROUGH = [
    TOLD | {"delivery": "d1", "contact": "lee", "channel": "voice", "state": "sent"},
    TOLD
    | {"delivery": "d2", "contact": "lee", "channel": "ntfy", "state": "sent", "provable": False},
    TOLD
    | {
        "delivery": "d3",
        "contact": "lee",
        "channel": "sms",
        "state": "failed",
        "detail": "refused",
    },
    TOLD | {"delivery": "d4", "contact": "sam", "channel": "page", "state": "delivered"},
    TOLD
    | {"delivery": "d5", "contact": "sam", "channel": "voice", "state": "sent", "residual": True},
]
CALL_BACK = {
    "alarm": "pressure_high@5",
    "row": "BP-SEV",
    "to": "lee",
    "state": "open",
    "due_ms": NOW_MS + 8 * MINUTE_MS + 900,
    "by": None,
}
NOBODY = {"role": "backup", "contact": None, "name": "", "lost": "", "phone": ""}
CUT_OFF = {
    "role": "physician",
    "contact": "lee",
    "name": "Dr Lee",
    "lost": "cannot reach Dr Lee: no network",
    "phone": "+49 30 1234",
}


def trial(role: str, name: str, now: str, **more: Any) -> State:
    """One person's part of a rehearsal."""
    ways = [{"channel": "voice", "state": now, "reason": "under way"}]
    return {
        "role": role,
        "contact": name.lower(),
        "name": name,
        "state": now,
        "reason": "",
        "answered": "",
        "until_ms": NOW_MS + 50_900,
        "ways": ways,
    } | more


REHEARSAL = {
    "id": "rehearsal@5",
    "state": "running",
    "reason": "",
    "by": "sam",
    "people": [
        trial("companion", "Sam", "passed", answered="on their page"),
        trial("physician", "Lee", "running"),
        trial("backup", "Roy", "failed", reason="voicemail"),
    ],
}
COUNTING = {"waits": True, "asked_ms": NOW_MS - 5_000, "wrong": 1, "proved_ms": None}
REACH: dict[str, State] = {
    "told": STATES["high"]
    | {"told": ROUGH, "residual": 1, "call_backs": [CALL_BACK], "on_call": [CUT_OFF, NOBODY]},
    "rehearsing": STATES["gate"] | {"rehearsal": REHEARSAL, "sound_proof": COUNTING},
}


@pytest.mark.parametrize("name", REACH)
async def test_no_page_has_a_fault_that_axe_can_see(name: str, tmp_path: Path) -> None:
    """With a message over it, on all three pages."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**REACH[name])
        for path, size in (("/", WALL), ("/session.html", WALL), ("/companion.html", PHONE)):
            looked = await look(started, feed.url(path, "s1"), size, trusted=True)
            await expect(looked.page.locator(".value").first).to_be_visible()
            for details in await looked.page.locator("details").all():
                await details.evaluate("(node) => (node.open = true)")
            await feed.call("d9", alarm="hub@9", late=True, text="The monitor needs you.")
            await expect(looked.page.locator(".called li")).to_have_count(1)
            await looked.page.screenshot(
                path=tmp_path / f"{name}{path.replace('/', '_')}.png", full_page=True
            )
            assert (await violations(looked.page), looked.said) == ([], []), path
            inner = await looked.page.evaluate("[innerWidth, document.body.scrollWidth]")
            assert inner[0] >= inner[1], "nothing is wider than the screen"


@pytest.mark.parametrize("path", ["/", "/session.html", "/companion.html"])
async def test_a_message_is_shown_and_the_hub_hears_whether_it_sounded(path: str) -> None:
    """Blocked before the first click, on after it; never more than one word for one message."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await look(started, feed.url(path, "s1"))).page
        await expect(page.locator(".value").first).to_have_text("97")
        await expect(page.locator("#sound")).to_have_text("No sound: turn on")
        await feed.call("d1", alarm="hub@9")
        await until(lambda: len(feed.seen) == 1, 2)
        await expect(page.locator(".called li")).to_have_count(1)
        await page.locator("#sound").click()
        await expect(page.locator("#sound")).to_have_text("Sound on")
        await feed.call("d2", alarm="hub@10")
        await until(lambda: len(feed.seen) == 2, 2)
        assert feed.seen == [
            {"type": "seen", "delivery": "d1", "sound": "blocked"},
            {"type": "seen", "delivery": "d2", "sound": "on"},
        ]


async def taps(page: Page, name: str) -> None:
    """Press a button of the message."""
    await page.locator(".called").get_by_role("button", name=name).first.click()


@pytest.mark.parametrize(("button", "verdict"), [("I take it", "accept"), ("I cannot", "reject")])
async def test_one_tap_answers_a_message_by_its_name(button: str, verdict: str) -> None:
    """One tap, one order; then the message is gone, and what it was about stays on the page."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await look(started, feed.url("/session.html", "s1"))).page
        await expect(page.locator(".value").first).to_have_text("97")
        await feed.call("d1")
        await taps(page, button)
        await expect(page.locator(".called")).to_be_hidden()
        await expect(page.locator("#alarms .alarm")).to_have_count(1)
        order = {"do": "answer", "delivery": "d1", "verdict": verdict}
        assert feed.orders == [{"session": "s1", "order": order}]


async def test_a_refused_answer_leaves_the_message() -> None:
    """What the hub did not take is not answered."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"], feed.error = state(**STATES["high"]), "upgraded since"
        page = (await look(started, feed.url("/", "s1"))).page
        await expect(page.locator(".value").first).to_have_text("97")
        await feed.call("d1")
        await taps(page, "I take it")
        await expect(page.locator("#note")).to_have_text("Not done: upgraded since")
        await expect(page.locator(".called li")).to_have_count(1)


async def test_a_message_goes_when_it_is_needless_and_never_before() -> None:
    """Taken back, accepted by its person, or its alarm over; a repeat replaces the first one."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await look(started, feed.url("/session.html", "s1"))).page
        await expect(page.locator(".value").first).to_have_text("97")
        bar = page.locator(".called li")
        await feed.call("d1")
        await expect(bar).to_have_count(1)
        await feed.show(**STATES["high"])
        await feed.call("d2", may_repeat=True)
        await expect(bar).to_have_count(1)
        await expect(bar).to_contain_text("may be a repeat")
        mine = alarm("high", "SpO2 low: 86", accepted_by="sam", accepted_until_ms=NOW_MS + 9_000)
        await feed.show(alarms=[mine])
        await expect(bar).to_have_count(0)
        await feed.show(alarms=[LOW])
        await feed.call("d3")
        await expect(bar).to_have_count(1)
        await feed.show(alarms=[])
        await expect(bar).to_have_count(0)
        await feed.call("d4", alarm="rehearsal@9", purpose="rehearsal", text="TEST")
        await expect(bar.get_by_role("button", name="I got it")).to_be_visible()
        await feed.say(MessageOver(delivery="d4", reason="answered"))
        await expect(bar).to_have_count(0)


async def test_more_messages_than_fit_are_counted_the_highest_first() -> None:
    """Three are shown, and how many more there are."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await look(started, feed.url("/"))).page
        await expect(page.locator(".value").first).to_have_text("97")
        for at, priority in enumerate((Priority.LOW, Priority.MEDIUM, Priority.LOW, Priority.HIGH)):
            await feed.call(f"d{at}", alarm=f"hub@{at}", priority=priority)
        await expect(page.locator(".called .why")).to_have_text("and 1 more")
        marks = [text.split()[0] for text in await page.locator(".called strong").all_inner_texts()]
        assert marks == ["!!!", "!!", "!"]


async def test_the_card_of_the_phone_needs_no_second_button() -> None:
    """The companion's card is the message of its alarm; another alarm's message stands above."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await look(started, feed.url("/companion.html"), PHONE)).page
        await expect(page.locator("#card-line")).to_have_text(CARD["line"])
        await feed.call("d1")
        await until(lambda: len(feed.seen) == 1, 2)
        await expect(page.locator(".called")).to_be_hidden()
        await feed.call("d2", alarm="hub@9")
        await expect(page.locator(".called li")).to_have_count(1)


async def test_sent_is_not_heard_on_the_physicians_page() -> None:
    """Each message in plain words, newest first; needless ones are counted; nobody is named so."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**REACH["told"])
        page = (await look(started, feed.url("/session.html", "s1"))).page
        await page.get_by_text("Messages, newest first (5)").click()
        assert await page.locator(".told li").all_inner_texts() == [
            (
                "Sam by phone call, 20 s ago: sent, not yet confirmed; "
                "it went out after somebody had it"
            ),
            "Sam by page, 20 s ago: arrived, not yet answered",
            "Dr Lee by text message, 20 s ago: failed (refused)",
            "Dr Lee by ntfy, 20 s ago: sent, cannot be confirmed",
            "Dr Lee by phone call, 20 s ago: sent, not yet confirmed",
        ]
        await expect(page.get_by_text("1 message went out after somebody had it")).to_be_visible()
        assert await page.locator(".duty span").all_inner_texts() == [
            "On call: Dr Lee: cannot reach Dr Lee: no network",
            "Backup: NOBODY",
        ]
        await expect(page.get_by_role("link", name="Call +49 30 1234")).to_have_attribute(
            "href", "tel:+49301234"
        )


async def test_a_call_back_counts_down_and_one_tap_ends_it() -> None:
    """Open, late, done; only a physician has the button."""
    async with fake_feed(Role.PHYSICIAN) as feed, browser() as started:
        feed.states["s1"] = state(**REACH["told"])
        page = (await look(started, feed.url("/session.html", "s1"))).page
        task = page.locator("section[aria-labelledby=call-title]")
        await expect(task.locator(".gate-state")).to_have_text("within 8 min")
        await task.get_by_role("button", name="I have called").click()
        await until(lambda: len(feed.orders) == 1, 5)
        order = {"do": "called_back", "alarm": "pressure_high@5"}
        assert feed.orders == [{"session": "s1", "order": order}]
        for words, change in (
            ("late by 2 min", {"due_ms": NOW_MS - 2 * MINUTE_MS}),
            ("missed once, now within 8 min", {"state": "missed"}),
            ("Dr Lee will, within 8 min", {"state": "promised", "by": "lee"}),
        ):
            await feed.show(call_backs=[CALL_BACK | change])
            await expect(task.locator(".gate-state")).to_have_text(words)
        await feed.show(call_backs=[CALL_BACK | {"state": "done", "by": "lee"}])
        await expect(task.locator(".gate-state")).to_have_text("called by Dr Lee")
        await expect(task.get_by_role("button")).to_be_hidden()
        await feed.show(call_backs=[CALL_BACK | {"state": "closed"}])
        await expect(task).to_be_hidden()
        companion = (await look(started, feed.url("/companion.html", "s1"), PHONE)).page
        await expect(companion.get_by_role("button", name="I have called")).to_have_count(0)


async def test_the_phone_names_the_number_when_the_hub_cannot_call_out() -> None:
    """Card 12 says to call by phone; the number stands in the card."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await look(started, feed.url("/companion.html"), PHONE)).page
        await expect(page.locator("#by-phone")).to_be_hidden()
        await feed.show(on_call=[CUT_OFF, NOBODY])
        link = page.get_by_role("link", name="The hub cannot call out. Call Dr Lee: +49 30 1234")
        await expect(link).to_have_attribute("href", "tel:+49301234")


async def test_the_chain_is_tested_by_a_few_taps_at_the_gate() -> None:
    """Test the alarm, play the sound, tap the number; each is one order, and no word passes it."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state(**STATES["gate"])
        page = (await look(started, feed.url("/companion.html"), PHONE)).page
        await page.get_by_role("button", name="Test the alarm").click()
        await page.get_by_role("button", name="Play the test sound").click()
        await expect(page.get_by_text("How many beeps did you hear?")).to_be_hidden()
        await expect(page.get_by_text("I got the test alarm")).to_be_hidden()
        asked = REHEARSAL | {"people": [trial("companion", "Sam", "running")]}
        await feed.show(rehearsal=asked)
        await page.get_by_role("button", name="I got the test alarm").click()
        await feed.show(rehearsal=REHEARSAL, sound_proof=COUNTING)
        await expect(page.get_by_text("I got the test alarm")).to_be_hidden()
        await page.get_by_role("button", name="3", exact=True).click()
        await until(lambda: len(feed.orders) == 4, 5)
        assert [one["order"] for one in feed.orders] == [
            {"do": "rehearse"},
            {"do": "sound_test"},
            {"do": "accept", "alarm": "rehearsal@5"},
            {"do": "heard", "bursts": 3},
        ]
        people = page.locator(".chain .gate-head")
        assert [" ".join((await one.inner_text()).split()) for one in await people.all()] == [
            "✓ Sam (companion) answered",
            "… Lee (physician) waiting, 50 s left",
            "✕ Roy (backup) not reached",
        ]
        buttons = page.get_by_role("button", name="The alarm reaches all")
        assert [(await one.inner_text()) for one in await buttons.all()] == ["Stop"]
        await feed.show(sound_proof=COUNTING | {"waits": False, "wrong": 3})
        await expect(page.get_by_text("The sound is not proved.")).to_be_visible()


def test_the_states_of_this_file_have_items_that_are_proved() -> None:
    """So that what is shown of them is really tried."""
    assert CALM["proof"] is None
    proofs = [item["proof"] for item in STATES["gate"]["gate_items"].values()]
    assert sorted(filter(None, proofs)) == ["rehearsal", "sound"]
