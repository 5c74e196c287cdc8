"""What may be believed of a page: no number that is not live, no alarm that is hidden, no secret
that leaves the tab. The feed is a fake one, so that each fault comes when the test wants it.
"""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from alerts.contact import Role
from tests.integration.browser import PHONE, WALL, Looked, browser, look
from tests.integration.fake_feed import NOW_MS, FakeFeed, alarm, fake_feed, state, values
from tests.integration.hub_house import until
from tests.integration.test_pages_look import STATES

pytestmark = pytest.mark.integration

PAGES = ("/", "/session.html", "/companion.html")
Fault = Callable[[FakeFeed], Awaitable[None]]


async def open_page(feed: FakeFeed, started: Browser, path: str) -> Looked:
    """A page of session s1 that shows its values."""
    looked = await look(started, feed.url(path, "s1"), PHONE if "companion" in path else WALL)
    await shown(looked.page, ["97", "72", "125/79"])
    return looked


async def shown(page: Page, words: list[str], within_ms: float = 5_000) -> None:
    """The three numbers are these, soon."""
    await expect(page.locator(".value")).to_have_text(words, timeout=within_ms)


async def silent(feed: FakeFeed) -> None:
    """The hub says nothing any more, and the connection stays."""
    feed.beats = False


async def dropped(feed: FakeFeed) -> None:
    """The connection breaks, and nobody is let in again."""
    feed.denied = "restarting"
    await feed.drop()


@pytest.mark.parametrize("path", PAGES)
async def test_a_silent_feed_takes_every_number_away(path: str) -> None:
    """After 4 s without a word: dashes at once, and red words; when it is back, so are they."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await open_page(feed, started, path)).page
        await silent(feed)
        await expect(page.locator("#lost")).to_have_text(
            "FEED LOST: values not live", timeout=6_000
        )
        await shown(page, ["- -"] * 3, 100)
        await expect(page.locator("#spoken")).to_have_text("Feed lost. Values are not live.")
        feed.beats = True
        await shown(page, ["97", "72", "125/79"])
        await expect(page.locator("#lost")).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
async def test_a_broken_connection_takes_every_number_away_at_once(path: str) -> None:
    """No four seconds are waited for; the page comes back by itself and asks from where it was."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, path)).page
        await feed.show(values=values(spo2=95))
        await shown(page, ["95", "72", "125/79"])
        feed.states["s1"]["values"] = values(spo2=94)
        await feed.drop()
        await shown(page, ["94", "72", "125/79"])
        assert feed.hellos[-1] == {"type": "hello", "token": "secret", "since": {"s1": 101}}


async def test_a_lost_feed_hides_no_alarm() -> None:
    """What was open stays in sight, marked as not live; nobody can take it from here."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(**STATES["high"])
        page = (await open_page(feed, started, "/")).page
        take = page.get_by_role("button", name="I take it")
        await expect(take).to_be_visible()
        await silent(feed)
        await expect(page.locator(".tile .alarm-time")).to_have_text("not live", timeout=6_000)
        await expect(page.locator(".tile .alarm-text")).to_have_text("SpO2 low")
        await expect(page.locator(".tile")).to_have_attribute("data-priority", "high")
        await expect(page.locator("#counts")).to_have_text("not known")
        await expect(take).to_be_hidden()


async def test_without_the_feed_the_companion_is_told_to_look() -> None:
    """The card says what to do, the emergency number stays, and afterwards a tap is asked for."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, "/companion.html")).page
        await expect(page.locator("#here")).to_be_hidden()
        await silent(feed)
        line = page.locator("#card-line")
        await expect(line).to_have_text("Look at Alex now. The numbers are not live.", timeout=6000)
        await expect(page.locator("#emergency")).to_have_attribute("href", "tel:911")
        feed.beats = True
        await page.locator("#here").click()
        await until(lambda: len(feed.orders) == 1, 5)
        assert feed.orders[0]["order"] == {"do": "annotate", "text": "I am here"}
        await expect(page.locator("#here")).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
async def test_a_token_that_is_not_valid_shows_nothing(path: str) -> None:
    """The hub's reason is shown, no number is, and it is not asked again and again."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, path)).page
        await dropped(feed)
        await expect(page.locator("#lost")).to_have_text("Not let in: restarting")
        await shown(page, ["- -"] * 3)
        assert [hello["type"] for hello in feed.hellos] == ["hello", "hello"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_value_that_gets_old_becomes_dashes(path: str) -> None:
    """Ten seconds for the oximeter; the cuff's stays for half an hour and shows its age."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, path)).page
        feed.now_ms = NOW_MS + 10_500
        await shown(page, ["- -", "- -", "125/79"])
        await expect(page.locator(".under").first).to_have_text(
            "10 s old" if "companion" in path else "no data 10 s"
        )
        feed.now_ms = NOW_MS + 27 * 60_000 + 500
        await shown(page, ["- -"] * 3)


@pytest.mark.parametrize("path", PAGES)
async def test_a_hub_that_cannot_record_says_so_everywhere(path: str) -> None:
    """In words, with the fault; the values stay."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, path)).page
        feed.recording = False
        await expect(page.locator("#unrecorded")).to_have_text(
            "NOT RECORDED: disk full. Watching goes on."
        )
        await shown(page, ["97", "72", "125/79"])
        await expect(page.locator("#mode")).to_have_text("TEST")


@pytest.mark.parametrize("path", PAGES)
async def test_the_token_stays_in_the_tab(path: str) -> None:
    """It is taken out of the address at once and is in no request for a page."""
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state()
        context = await started.new_context()
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(feed.url(path, "s1"))
        await expect(page.locator(".value").first).to_have_text("97")
        assert page.url == feed.url(path, "s1").replace("#t=secret&", "#")
        assert [url for url in asked[1:] if "secret" in url] == []
        await page.reload()
        await expect(page.locator(".value").first).to_have_text("97")


async def test_a_page_without_a_link_says_what_it_needs() -> None:
    """It opens no feed."""
    async with fake_feed() as feed, browser() as started:
        looked = await look(started, feed.url().partition("#")[0])
        await expect(looked.page.locator("#lost")).to_contain_text("vigil invite")
        assert feed.hellos == []


async def test_only_the_top_alarm_is_spoken_and_only_when_it_changes() -> None:
    """Not each second, and not the lower one beside it."""
    async with fake_feed() as feed, browser() as started:
        feed.states |= {"s1": state(), "s2": state("s2", patient_name="Kim")}
        looked = await look(started, feed.url())
        spoken = looked.page.locator("#spoken")
        await looked.page.evaluate(
            "() => { globalThis.changes = 0; new MutationObserver(() => { changes += 1; }).observe("
            "document.getElementById('spoken'), { childList: true, characterData: true }); }"
        )
        await feed.show("s2", alarms=[alarm("medium", "SpO2 below 92 %: 91")])
        await expect(spoken).to_have_text("medium priority alarm, Kim: SpO2 below 92 %")
        await feed.show("s1", alarms=[alarm("high", "SpO2 low: 86")])
        await expect(spoken).to_have_text("high priority alarm, Alex: SpO2 low")
        for spo2 in (86, 85, 84):
            await feed.show("s1", values=values(spo2=spo2))
        await expect(looked.page.locator(".value").first).to_have_text("84")
        assert await looked.page.evaluate("changes") == 2
        assert await looked.page.title() == "!!! Vigil: sessions"


async def test_tiles_keep_their_places() -> None:
    """An alarm moves no tile; the counts in the header tell of it, and the name says it all."""
    async with fake_feed() as feed, browser() as started:
        for number in range(1, 9):
            feed.states[f"s{number}"] = state(f"s{number}", patient_name=f"P{number}")
        page = (await look(started, feed.url())).page
        names = page.locator(".tile .name")
        await expect(page.locator("#counts")).to_have_text("8 running")
        await feed.show("s7", alarms=[alarm("high", "SpO2 low: 86")])
        await expect(page.locator("#counts")).to_have_text("8 running · 1 high")
        assert await names.all_inner_texts() == [f"P{number}" for number in range(1, 9)]
        assert await page.locator(".tile-link").nth(6).get_attribute("aria-label") == (
            "P7, Peak, 45 min after the dose: high priority alarm SpO2 low; oxygen 97, pulse 72,"
            " blood pressure 125/79. Open the session."
        )
        await feed.over("s7", "ended")
        await expect(page.locator("#counts")).to_have_text("7 running")


async def test_the_sound_is_off_until_somebody_clicks() -> None:
    """The button says so; then a high alarm sounds with the hub's messages."""
    async with fake_feed(Role.COMPANION) as feed, browser() as started:
        feed.states["s1"] = state()
        page = (await open_page(feed, started, "/companion.html")).page
        sound = page.locator("#sound")
        await expect(sound).to_have_text("No sound: turn on")
        await sound.click()
        await expect(sound).to_have_text("Sound on")
        await sound.click()
        await expect(sound).to_have_text("No sound: turn on")
        await expect(page.locator("#screen")).to_contain_text("The screen may go dark")


async def test_a_patients_name_is_text() -> None:
    """What looks like HTML is shown as it was written, and runs nothing."""
    name = "<img src=x onerror=document.title='broken'>"
    async with fake_feed() as feed, browser() as started:
        feed.states["s1"] = state(patient_name=name)
        looked = await look(started, feed.url())
        await expect(looked.page.locator(".name")).to_have_text(name)
        assert (await looked.page.title(), looked.said) == ("Vigil: sessions", [])
