"""The watcher on real sockets and files, all together, and the check that watches it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.channel import Channel, News, OnNews
from alerts.contact import Way
from alerts.deadman import Deadman, DeadmanSettings
from alerts.delivery import DeliveryState, Verdict
from alerts.lease import Holding, Person
from alerts.ntfy import Ntfy
from alerts.outside import Outside, OutsideSettings
from alerts.outside_door import Asked, Door, Told
from monitor.tls_files import TlsFiles
from monitor.tls_make import make_tls
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN
from tests.integration.test_outside_door import a_door
from tests.integration.test_outside_pages import LEE, Fake
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

SECRET = b"0123456789abcdef"
D = DeliveryState


# --- all together ---------------------------------------------------------------------------------


class House:
    """A hub's side in this process: what it holds, and what it is told."""

    def __init__(self) -> None:
        self.holding = Holding(("test",), (LEE,))
        self.told: list[tuple[str, bool]] = []

    def deadman(self, url: str, **settings: str) -> Deadman:
        """Its deadman."""
        whole = {"hub": "home", "name": "Vigil hub", "url": url, "secret": SECRET.decode()}
        return Deadman(
            DeadmanSettings(**(whole | settings)),
            lambda: self.holding,
            lambda name, present, _: self.told.append((name, present)),
        )


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    voice: Fake,
    said: list[str],
    open_channels: Callable[[OnNews], Mapping[str, Channel]] | None = None,
) -> AsyncIterator[tuple[Outside, str]]:
    """A watcher in this process, with one channel unless others are given."""
    outside = Outside(
        OutsideSettings(
            {"home": SECRET},
            folder,
            port=0,
            people=(Person("Keeper", "real", (Way("console"),)),),
            speaker=False,
        ),
        open_channels or (lambda _: {"voice": voice}),
        said.append,
        lambda address: address,
    )
    port = await outside.start()
    task = asyncio.create_task(outside.run())
    try:
        yield outside, f"http://127.0.0.1:{port}"
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await outside.stop()


HURRIED = pytest.mark.usefixtures("hurried")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher's clock that runs 40 times as fast as the machine's."""
    real = asyncio.get_running_loop  # the loop's own clock is not touched
    monkeypatch.setattr("alerts.outside._now_ms", lambda: int(real().time() * 40_000))
    monkeypatch.setattr("alerts.outside._LOOK_S", 0.01)


@HURRIED
async def test_a_lapse_is_paged_answered_by_name_and_asked_again_after_a_restart(
    tmp_path: Path,
) -> None:
    """State, alarm and people outlive the watcher; late and second answers change nothing."""
    said: list[str] = []
    voice, home = Fake("voice"), House()
    async with running(tmp_path, voice, said) as (outside, url):
        deadman = home.deadman(url)
        assert await deadman._renew(home.holding) == ""
        await until(lambda: bool(voice.got))
        name = voice.got[0].delivery
        alarm = name.rsplit("/", 3)[0]
        outside._on_news(News(name, D.ANSWERED, "key 2", Verdict.REJECT))
        outside._on_news(News(name, D.ANSWERED, "key 1", Verdict.ACCEPT))
        outside._on_news(News(f"{alarm}/1/0/0", D.ANSWERED, "", Verdict.ACCEPT))
        outside._on_news(News("watch:home@1/0/0/0", D.ANSWERED, "", Verdict.ACCEPT))
        assert (await outside.request({"do": "status"}))["hubs"][0]["by"] == "Dr Lee"
        await until(lambda: name in voice.cancelled)
    assert [line for line in said if not line.startswith(("page to", "no way"))] == [
        "home is heard: held, session open (test)",
        "home IS SILENT WITH AN OPEN SESSION: paging 2 people",
        "Dr Lee cannot take home (key 2): the paging goes on",
        "home is answered: no more pages",
        "Dr Lee has home: quiet for 15 min unless it is heard before",
        "Keeper answers for home as well; Dr Lee has it",
        "an answer to watch:home@1, which is over: it changes nothing",
    ]
    said.clear()
    async with running(tmp_path, voice, said) as (outside, url):
        await until(lambda: len(voice.got) == 2)
        again = voice.got[1]
        assert (again.delivery, again.may_repeat) == (f"{alarm}/0/1/0", True)
        refused = [
            await outside.request({"do": "end", "hub": "cabin", "by": "Ann"}),
            await outside.request({"do": "end", "hub": "home", "by": " "}),
            await outside.request({"do": "dance", "hub": "home", "by": "Ann"}),
        ]
        assert [reply["ok"] for reply in refused] == [False] * 3
        assert await outside.request({"do": "end", "hub": "home", "by": "Ann"}) == {"ok": True}
    assert said[0] == "home was answered before this start: it counts from now" or said[0] == (
        "home was lapsed before this start: it counts from now"
    )
    assert said[-1] == "Ann has ended the lease of home"


@HURRIED
async def test_a_press_on_the_notification_stops_the_paging_by_name(tmp_path: Path) -> None:
    """Through a real ntfy channel and the fake server: paged, taken by Dr Lee, quiet."""
    said: list[str] = []
    home = House()
    home.holding = Holding(("test",), (Person("Dr Lee", "test", (Way("ntfy", "dr-lee"),)),))
    with FakeNtfy() as service:

        def open_channels(on_news: OnNews) -> Mapping[str, Channel]:
            return {"ntfy": Ntfy(service.settings("watcher-answers"), TOKEN, on_news)}

        async with running(tmp_path, Fake("voice"), said, open_channels) as (outside, url):
            assert await home.deadman(url)._renew(home.holding) == ""
            await until(lambda: any("Dr Lee has home" in line for line in said))
            assert (await outside.request({"do": "status"}))["hubs"][0]["state"] == "answered"
    assert "page to Dr Lee by ntfy: sent (taken by the server)" in said


@HURRIED
async def test_a_state_that_cannot_be_read_counts_as_open(tmp_path: Path) -> None:
    """Without a lease nobody but our own people is known; they are told as of a real session."""
    (tmp_path / "leases.json").write_bytes(b"{torn")
    said: list[str] = []
    voice = Fake("voice")
    async with running(tmp_path, voice, said):
        await until(lambda: any("IS SILENT" in line for line in said))
    assert said[0].startswith("what was open cannot be read, so each hub counts as open")
    assert "home IS SILENT WITH AN OPEN SESSION: paging 1 people" in said


async def test_goodbye_is_said_without_a_session_and_never_with_one(tmp_path: Path) -> None:
    """Who stops in order is missed by nobody; who stops in a session is."""
    said: list[str] = []
    home = House()
    async with running(tmp_path, Fake("voice"), said) as (outside, url):
        deadman = home.deadman(url)
        await deadman._renew(home.holding)
        await deadman.leave()
        assert outside._book.open == ["home"]
        home.holding = Holding()
        deadman = home.deadman(url)
        await deadman.leave()
        assert outside._book.open == []


async def test_the_hub_tells_the_house_why_nobody_confirms(tmp_path: Path) -> None:
    """Another secret, another hub's name, nobody there, no watcher, somebody who cannot sign."""
    said: list[str] = []
    home = House()
    async with running(tmp_path, Fake("voice"), said) as (_, url), a_door() as port:
        whys = [
            await home.deadman(url, secret="another secret 123")._renew(home.holding),
            await home.deadman(url, hub="cabin")._renew(home.holding),
            await home.deadman("http://127.0.0.1:9")._renew(home.holding),
            await home.deadman(f"http://127.0.0.1:{port}")._renew(home.holding),
            await home.deadman(f"http://127.0.0.1:{port}/x?")._renew(home.holding),
        ]
    unknown = "the watcher does not know this hub's name with this secret"
    unsigned = "the answer is not signed with the watcher's secret"
    assert whys == [unknown, unknown, "refused", "http 404", unsigned]


async def test_two_hubs_under_one_name_are_told_apart(tmp_path: Path) -> None:
    """The older one is refused, and its house hears why."""
    said: list[str] = []
    home = House()
    async with running(tmp_path, Fake("voice"), said) as (_, url):
        one, two = home.deadman(url), home.deadman(url)
        assert [await one._renew(home.holding), await two._renew(home.holding)] == ["", ""]
        assert await one._renew(home.holding) == (
            "the watcher refuses: two hubs use the name home: give one of them another"
        )


async def test_leases_go_through_tls_with_an_authority_of_ones_own(tmp_path: Path) -> None:
    """A certificate of nobody that is known is refused."""
    files = TlsFiles.of(tmp_path)
    make_tls(files, [], replace_ca=False, now=datetime.now(UTC))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(files.certificate, files.key)
    home = House()
    outside = Outside(
        OutsideSettings({"home": SECRET}, tmp_path, port=0, tls=tls, speaker=False),
        lambda _: {},
        lambda _: None,
        str,
    )
    url = f"https://127.0.0.1:{await outside.start()}"
    assert await home.deadman(url, ca_file=str(files.ca))._renew(home.holding) == ""
    assert (await home.deadman(url)._renew(home.holding)).startswith("tls: ")
    assert await outside.stop() == ["home"]


# --- the check ------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_check(status: list[int]) -> AsyncIterator[tuple[str, list[str]]]:
    """A check on this machine: its address and the calls that it got."""
    calls: list[str] = []

    def take(what: str) -> Callable[[Asked], Told]:
        def told(_: Asked) -> Told:
            calls.append(what)
            return Told(status[0])

        return told

    paths = ("/ping/abc", "/ping/abc/start", "/ping/abc/fail")
    door = Door({("GET", path): take(path) for path in paths})
    port = await door.open("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}/ping/abc", calls
    finally:
        await door.close()


async def test_a_check_is_woken_started_and_told_of_a_stop_in_mid_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Done, started; at the hub's end with an open session: failed; without one: done."""
    monkeypatch.setattr("alerts.deadman._LOOK_S", 0.01)
    home = House()
    async with a_check([200]) as (url, calls):
        for holding in (home.holding, Holding()):
            home.holding = Holding(("test",))
            deadman = home.deadman("", ping_url=url)
            task = asyncio.create_task(deadman.run())
            await until(lambda: calls[-1:] == ["/ping/abc/start"])
            home.holding = holding
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await deadman.leave()
            calls.append("--")
    start = ["/ping/abc", "/ping/abc/start"]
    assert calls == [*start, "/ping/abc/fail", "--", *start, "/ping/abc", "--"]


async def test_a_check_that_is_down_is_told_and_a_demo_never_leaves_the_house() -> None:
    """The status is the reason; a check outside is not for a demo; no address is a reason too."""
    home = House()
    async with a_check([500]) as (url, _):
        assert await home.deadman("", ping_url=url)._ping("") == "http 500"
    outside = home.deadman("", ping_url="https://hc.example/abc")
    assert outside._may_ping(home.holding) is False
    assert outside._may_ping(Holding(("real",))) is True
    assert await home.deadman("", ping_url="http://x:y")._ping("") == (
        "the check's address is no web address"
    )
