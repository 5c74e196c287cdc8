"""The watcher on real sockets and files: its door, its file, its pages, and all together."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from alerts.channel import Channel, News, OneWay, OnNews, Outcome, failed, sent
from alerts.contact import Way
from alerts.deadman import Deadman, DeadmanSettings
from alerts.delivery import DeliveryState, Verdict
from alerts.lease import Holding, Person
from alerts.message import Message
from alerts.ntfy import Ntfy
from alerts.outside import Outside, OutsideSettings
from alerts.outside_door import Asked, Door, Told
from alerts.outside_file import OutsideFile
from alerts.outside_pages import Pages
from monitor.tls_files import TlsFiles
from monitor.tls_make import make_tls
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

SECRET = b"0123456789abcdef"
D = DeliveryState


# --- the door -------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_door() -> AsyncIterator[int]:
    """A door that says back what it was told."""
    door = Door(
        {
            ("POST", "/x"): lambda asked: Told(200, asked.body, asked.headers.get("word", "")),
            ("GET", "/healthz"): lambda _: Told(200, b"ok\n", kind="text/plain"),
            ("POST", "/x?/v1/lease"): lambda _: Told(200, b"{}", "00"),
        }
    )
    port = await door.open("127.0.0.1", 0)
    try:
        yield port
    finally:
        await door.close()


async def say(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Send bytes; return the status line and the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    with contextlib.suppress(OSError):
        await writer.drain()
    answer = b""
    # Who is refused before the request was read may see the end before the answer.
    with contextlib.suppress(ConnectionResetError):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0], body


POST = b"POST /x HTTP/1.1\r\nHost: w\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (POST + b"Word: ab\r\nContent-Length: 2\r\n\r\nhi", b"200 OK"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", b"200 OK"),
        (b"GET /x HTTP/1.1\r\n\r\n", b"405 Method Not Allowed"),
        (b"GET /y HTTP/1.1\r\n\r\n", b"404 Not Found"),
        (b"GET /healthz\r\n\r\n", b"400 Bad Request"),
        (b"\x16\x03\x01 TLS at a plain door\r\n\r\n", b"400 Bad Request"),
        (POST + b"no colon\r\n\r\n", b"400 Bad Request"),
        (POST + b"Content-Length: -1\r\n\r\n", b"400 Bad Request"),
        (POST + "Content-Length: ².\r\n\r\n".encode("latin-1"), b"400 Bad Request"),
        (POST + b"Content-Length: 65537\r\n\r\n", b"413 Request Entity Too Large"),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", b"413 Request Entity Too Large"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411 Length Required"),
        (POST + b"X: " + b"y" * 20_000 + b"\r\n\r\n", b"431 Request Header Fields Too Large"),
    ],
)
async def test_a_door_answers_each_request_with_its_status(
    request_bytes: bytes, status: bytes
) -> None:
    """Whatever comes, one answer and an end; nothing is read beyond its bound."""
    async with a_door() as port:
        line, _ = await say(port, request_bytes)
        assert line == b"HTTP/1.1 " + status


async def test_a_body_comes_through_whole_with_its_signature() -> None:
    """Bytes are bytes."""
    body = bytes(range(256)) * 100
    async with a_door() as port, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/x", content=body, headers={"Word": "ab"}
        )
        assert (answer.content, answer.headers["vigil-signature"]) == (body, "ab")


async def test_somebody_who_says_nothing_or_half_keeps_nobody_else_away() -> None:
    """Silent and broken connections are borne; the 65th at one time is refused."""
    async with a_door() as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(64)]
        refused, _ = await say(port, b"GET /healthz HTTP/1.1\r\n\r\n")
        for _, writer in silent:
            writer.write(b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
            writer.close()
        await asyncio.sleep(0.2)
        line, body = await say(port, b"GET /healthz HTTP/1.1\r\n\r\n")
        assert refused in (b"HTTP/1.1 503 Service Unavailable", b"")
        assert (line, body) == (b"HTTP/1.1 200 OK", b"ok\n")


# --- the file -------------------------------------------------------------------------------------


def test_a_file_is_kept_whole_and_for_its_owner(tmp_path: Path) -> None:
    """Nothing at first; then the last content, mode 0600; a folder in the way is a fault."""
    file = OutsideFile(tmp_path / "state" / "leases.json")
    first = file.read()
    file.keep(b"one")
    file.keep(b"two")
    path = tmp_path / "state" / "leases.json"
    assert (first, file.read(), path.stat().st_mode & 0o777, file.fault) == (
        None,
        b"two",
        0o600,
        "",
    )
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    file.keep(b"three")
    assert "cannot be written" in file.fault
    with pytest.raises(OSError, match="directory"):
        file.read()


# --- the pages ------------------------------------------------------------------------------------


class Fake(OneWay):
    """A channel that notes what it sends and cancels; `outcomes` are given in turn."""

    def __init__(self, name: str, *outcomes: Outcome | Exception) -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.got: list[Message] = []
        self.cancelled: list[str] = []
        self.deaf = 0

    async def send(self, message: Message) -> Outcome:
        """Note it, and answer what is next."""
        self.got.append(message)
        outcome = self.outcomes.pop(0) if self.outcomes else sent()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def cancel(self, delivery: str) -> None:
        """Note it."""
        self.cancelled.append(delivery)

    async def run(self) -> None:
        """Fail as often as it is deaf."""
        if self.deaf:
            self.deaf -= 1
            raise OSError("deaf")


LEE = Person("Dr Lee", "test", (Way("voice", "file:lee"), Way("sms", "+43"), Way("console")))
ALARM = "watch:home@5"


def pages_of(*channels: Fake) -> tuple[Pages, list[str], list[tuple[str, int, Verdict, str]]]:
    """Pages by these channels, what is said, and what is answered."""
    said: list[str] = []
    answers: list[tuple[str, int, Verdict, str]] = []

    def resolve(address: str) -> str:
        if address == "file:none":
            raise ValueError("no such file")
        return address.replace("file:lee", "+44")

    pages = Pages(
        {one.name: one for one in channels}, said.append, lambda *a: answers.append(a), resolve
    )
    return pages, said, answers


async def test_a_way_that_fails_starts_the_next_at_once() -> None:
    """Refused, broken by our own bug, not set up, without its file: each is said, none ends it."""
    person = Person("Ann", "test", (Way("page"), Way("sms", "file:none"), *LEE.ways))
    voice, sms = Fake("voice", ValueError("bug")), Fake("sms", failed("refused"))
    console = Fake("console", Outcome(D.DELIVERED))
    pages, said, _ = pages_of(voice, sms, console)
    pages.send(ALARM, [person], "Vigil hub", 0)
    await until(lambda: len(said) == 5)
    assert said == [
        "page to Ann by page: failed (page is not set up here)",
        "page to Ann by sms: failed (no such file)",
        "page to Ann by voice: failed (our bug: ValueError)",
        "page to Ann by sms: failed (refused)",
        "page to Ann by console: delivered",
    ]
    message = voice.got[0]
    assert (message.address, message.delivery, message.preview, message.attempt) == (
        "+44",
        f"{ALARM}/0/0/2",
        "TEST - not a real alarm: Session needs you",
        1,
    )


async def test_what_is_confirmed_stops_the_ways_and_what_is_not_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Delivered: no second way. Failed later, or silent: the next one; the last says so."""
    monkeypatch.setattr("alerts.outside_pages.TIMEOUT_MS", 300)
    voice, sms, console = Fake("voice"), Fake("sms"), Fake("console")
    pages, said, _ = pages_of(voice, sms, console)
    pages.send(ALARM, [LEE, Person("Ben", "test")], "Vigil hub", 3, repeat=True)
    await until(lambda: bool(voice.got))
    pages.on_news(News(f"{ALARM}/0/3/0", D.FAILED, "busy"))
    await until(lambda: bool(sms.got))
    pages.on_news(News(f"{ALARM}/0/3/1", D.DELIVERED))
    pages.on_news(News(f"{ALARM}/0/3/1", D.DELIVERED))
    await until(lambda: len(said) == 4)
    assert (sms.got[0].attempt, sms.got[0].may_repeat, console.got) == (4, True, [])
    pages.send(ALARM, [Person("Cy", "test", (Way("console"),))], "Vigil hub", 4)
    await until(lambda: len(said) == 6)
    assert sorted(said[:2]) == [
        "no way to Ben has confirmed that the page arrived",
        "page to Dr Lee by voice: sent",
    ]
    assert said[2:] == [
        "page to Dr Lee by sms: sent",
        "page to Dr Lee by sms: delivered",
        "page to Cy by console: sent",
        "no way to Cy has confirmed that the page arrived",
    ]


async def test_an_answer_is_told_by_alarm_and_person_also_after_a_restart() -> None:
    """The page's name says all; what is no page of ours is said."""
    pages, said, answers = pages_of()
    pages.on_news(News(f"{ALARM}/1/0/2", D.ANSWERED, "key 1", Verdict.ACCEPT))
    pages.on_news(News("oxygen@5/x", D.ANSWERED, "", Verdict.REJECT))
    assert answers == [(ALARM, 1, Verdict.ACCEPT, "key 1")]
    assert said == ["an answer to 'oxygen@5/x', which is no page of this watcher"]


async def test_stopping_an_alarm_hangs_up_and_sends_no_more() -> None:
    """Only that alarm's; a channel that cannot stop is named."""
    voice = Fake("voice")
    pages, said, _ = pages_of(voice)
    pages.send(ALARM, [LEE], "Vigil hub", 0)
    pages.send("watch:cabin@5", [LEE], "Cabin", 0)
    await until(lambda: len(voice.got) == 2)
    await pages.stop("watch:home@")
    assert voice.cancelled == [f"{ALARM}/0/0/0"]
    await pages.close()
    await asyncio.sleep(0)
    assert said == ["page to Dr Lee by voice: sent", "page to Dr Lee by voice: sent"]


async def test_a_channel_that_goes_deaf_is_told_and_listened_to_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others go on."""
    monkeypatch.setattr("alerts.outside_pages._AGAIN_S", 0)
    voice = Fake("voice")
    voice.deaf = 2
    pages, said, _ = pages_of(voice)
    await pages.run()
    assert said == ["voice does not hear answers: OSError; tried again"] * 2


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
