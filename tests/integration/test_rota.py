"""Rotas from real files and servers, and a hand-over in the middle of a real session."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from alerts.contact import Role, Way
from alerts.rota_calendar import MAX_BYTES
from alerts.rota_source import RotaSource
from alerts.rota_words import Latest, RotaError, Shift
from monitor.contact_proofs import key_of
from monitor.effects import AlarmChanged, Send
from monitor.events import HubCondition, OnCallChanged
from monitor.hub_file import HubFile, read_contact_proofs
from monitor.rotas import MAX_AGE_MS, Rotas
from tests.integration.hub_house import CONSOLE, Pager, RunningHub, free_port, house, pager, until

pytestmark = pytest.mark.integration

IDS = frozenset({"dr-lee", "dr-roy"})
# The kernel's word about its clock is the one thing here that no test can set.
SYNCED = (
    "import monitor.clock as clock; clock.wall_is_synced = lambda: True;"
    "from monitor.commands.main import main; main()"
)


def ics(*shifts: tuple[str, datetime, datetime]) -> bytes:
    """A calendar of these shifts."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for number, (who, begin, end) in enumerate(shifts):
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:{who}"]
        lines += [f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


NOW = datetime.now(UTC)
LONG = ics(("dr-lee", NOW - timedelta(days=3), NOW + timedelta(days=40)))


def any_calendar(data: bytes) -> None:
    """Take everything but what says that it is bad."""
    if data.startswith(b"bad"):
        raise RotaError(["rota x: is bad; write a good one"])


@dataclass
class Calendar:
    """A web server with one calendar, and what it was asked."""

    url: str = ""
    data: bytes = LONG
    code: int = 200
    tags: list[str | None] = field(default_factory=list)


@contextlib.contextmanager
def calendar_server() -> Iterator[Calendar]:
    """Serve a calendar with tags for as long as the block lasts."""
    kept = Calendar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tag = f'"{len(kept.data)}"'
            asked = self.headers.get("If-None-Match")
            kept.tags.append(asked)
            code = 304 if kept.code == 200 and asked == tag else kept.code
            self.send_response(code)
            self.send_header("ETag", tag)
            if code in (301, 302):
                self.send_header("Location", kept.url)
            self.end_headers()
            if code == 200:
                with contextlib.suppress(OSError):
                    self.wfile.write(kept.data)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/secret-key.ics"
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- sources --------------------------------------------------------------------------------------


async def test_a_file_is_read_at_every_look_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    """The last good copy is used, also after a restart; it is readable for its owner only."""
    file, kept = tmp_path / "oncall.ics", tmp_path / "var" / "main.ics"
    source = RotaSource("oncall.ics", tmp_path, kept)
    first = await source.latest(any_calendar)
    why = f"{file}: cannot be read (No such file or directory); put the calendar there"
    assert first == Latest(None, None, why)
    file.write_bytes(b"one")
    assert (await source.latest(any_calendar)).data == b"one"
    assert (kept.read_bytes(), oct(kept.stat().st_mode)[-3:]) == (b"one", "600")
    file.write_bytes(b"bad")
    latest = await source.latest(any_calendar)
    assert (latest.data, latest.fault) == (b"one", "rota x: is bad; write a good one")
    again = await RotaSource("oncall.ics", tmp_path, kept).latest(any_calendar)
    assert (again.data, again.fault) == (b"one", "rota x: is bad; write a good one")
    assert again.age_ms is not None
    assert again.age_ms < 60_000


async def test_a_server_is_asked_with_its_tag_and_only_when_it_is_time(tmp_path: Path) -> None:
    """A second source would ask at once; the first one waits for five minutes."""
    with calendar_server() as server:
        source = RotaSource(server.url, tmp_path, tmp_path / "x.ics", every_s=0.0)
        for data in (LONG, LONG, b"other"):
            server.data = data
            latest = await source.latest(any_calendar)
            assert (latest.data, latest.fault) == (data, "")
        tag = f'"{len(LONG)}"'
        assert server.tags == [None, tag, tag]
        patient = RotaSource(server.url, tmp_path, tmp_path / "y.ics")
        await patient.latest(any_calendar)
        await patient.latest(any_calendar)
        assert len(server.tags) == 4


async def test_a_calendar_that_was_refused_is_asked_for_whole_again(tmp_path: Path) -> None:
    """Its tag is forgotten: "not modified" would say nothing about what we could use."""
    with calendar_server() as server:
        source = RotaSource(server.url, tmp_path, tmp_path / "x.ics", every_s=0.0)
        await source.latest(any_calendar)
        server.data = b"bad one"
        faults = [(await source.latest(any_calendar)).fault for _ in range(2)]
        assert faults == ["rota x: is bad; write a good one"] * 2
        assert server.tags == [None, f'"{len(LONG)}"', None]


@pytest.mark.parametrize(
    ("code", "data", "what"),
    [
        (500, LONG, "answers http 500"),
        (302, LONG, "answers http 302"),
        (304, LONG, "answers http 304"),
        (200, b"x" * (MAX_BYTES + 1), f"sends more than {MAX_BYTES} bytes"),
    ],
)
async def test_a_server_that_fails_is_named_by_its_host_only(
    tmp_path: Path, code: int, data: bytes, what: str
) -> None:
    """The address may be a secret; a redirect is not followed."""
    with calendar_server() as server:
        server.code, server.data = code, data
        latest = await RotaSource(server.url, tmp_path, tmp_path / "x.ics").latest(any_calendar)
        assert latest.data is None
        assert latest.fault.startswith(f"127.0.0.1: {what}; ")
        assert "secret-key" not in latest.fault


async def test_an_address_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """It is read when it is used; http away from this machine is refused unasked."""
    with calendar_server() as server:
        (tmp_path / "address").write_text(server.url)
        source = RotaSource("file:address", tmp_path, tmp_path / "x.ics", every_s=0.0)
        assert (await source.latest(any_calendar)).data == LONG
        (tmp_path / "address").write_text("http://calendar.example/secret-key.ics")
        latest = await source.latest(any_calendar)
        why = "calendar.example: cannot be asked without https; write an https address"
        assert (latest.data, latest.fault) == (LONG, why)
        (tmp_path / "address").unlink()
        fault = (await source.latest(any_calendar)).fault
        assert "address cannot be read" in fault


async def test_a_server_that_is_not_there_or_hangs_costs_four_seconds_at_most(
    tmp_path: Path,
) -> None:
    """The hub's loop goes on; the fault says what to do."""
    nobody = f"http://127.0.0.1:{free_port()}/x.ics"
    latest = await RotaSource(nobody, tmp_path, tmp_path / "x.ics").latest(any_calendar)
    see = "see that the address is right and that the server answers"
    assert latest == Latest(None, None, f"127.0.0.1: ConnectError; {see}")
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # takes calls and never answers
        port = hanging.getsockname()[1]
        began_s = time.monotonic()
        source = RotaSource(f"http://127.0.0.1:{port}/x", tmp_path, tmp_path / "y.ics")
        latest = await source.latest(any_calendar)
        took_s = time.monotonic() - began_s
    assert latest == Latest(None, None, f"127.0.0.1: gave no calendar in 4 s; {see}")
    assert took_s < 8


async def test_a_copy_that_cannot_be_kept_is_used_and_told(tmp_path: Path) -> None:
    """A full disk does not end the rota."""
    (tmp_path / "oncall.ics").write_bytes(b"one")
    (tmp_path / "var").write_bytes(b"a file where the folder should be")
    kept = tmp_path / "var" / "main.ics"
    latest = await RotaSource("oncall.ics", tmp_path, kept).latest(any_calendar)
    assert latest.data == b"one"
    assert latest.fault.startswith(f"{kept}: the copy cannot be kept (")


# --- the folder -----------------------------------------------------------------------------------


def write_rota(folder: Path, source: str, name: str = "main", more: str = "") -> None:
    """Write one rota's file."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f'source = "{source}"\nzone = "Europe/Berlin"\n[people]\n"Dr Lee" = "dr-lee"\n{more}'
    (folder / f"{name}.toml").write_text(text)


async def test_a_rota_that_somebody_breaks_goes_on_as_it_was(tmp_path: Path) -> None:
    """The file, the calendar and its age: each fault is said, and the last good rota is used."""
    folder, kept = tmp_path / "rota", tmp_path / "var"
    rotas = Rotas(folder, lambda name, source: RotaSource(source, folder, kept / f"{name}.ics"))
    wall_ms = int(NOW.timestamp() * 1000)
    nothing = await rotas.look("main", IDS, wall_ms)
    assert (nothing.rota, [fault[:21] for fault in nothing.faults]) == (
        None,
        ["rota main: main.toml:"],
    )
    write_rota(folder, "oncall.ics")
    no_calendar = await rotas.look("main", IDS, wall_ms)
    assert (no_calendar.rota, "cannot be read" in no_calendar.faults[0]) == (None, True)
    (folder / "oncall.ics").write_bytes(LONG)
    good = await rotas.look("main", IDS, wall_ms)
    assert good.rota is not None
    assert (good.faults, good.notes) == ((), ())
    assert isinstance(good.rota.on_call(wall_ms), Shift)
    (folder / "oncall.ics").write_bytes(b"bad")
    (folder / "main.toml").write_text("bad")
    both = await rotas.look("main", IDS, wall_ms + 3_600_000)
    assert both.rota is not None
    assert both.rota.on_call(wall_ms).contact == "dr-lee"  # type: ignore[union-attr]
    assert [fault[:33] for fault in both.faults] == ["rota main: main.toml: is not TOML"]
    assert [note[:26] for note in both.notes] == ["rota main: rota main: cannot"[:26]]
    write_rota(folder, "oncall.ics")
    old_ns = time.time_ns() - (MAX_AGE_MS + 3_600_000) * 1_000_000
    os.utime(kept / "main.ics", ns=(old_ns, old_ns))
    later = Rotas(folder, lambda name, source: RotaSource(source, folder, kept / f"{name}.ics"))
    old = await later.look("main", IDS, wall_ms)
    assert [fault[:40] for fault in old.faults] == [
        "rota main: its calendar is 49 h old (rota"[:40]
    ]
    assert old.rota is not None
    await later.warm(wall_ms)


# --- the commands ---------------------------------------------------------------------------------


def write_patient(hub: RunningHub, mode: str, **ways: str) -> None:
    """A patient with two physicians and a rota."""
    people = {"sam": "companion", "dr-lee": "physician", "dr-roy": "physician"}
    contacts = "".join(
        f'[[contacts]]\nid = "{one}"\nrole = "{role}"\nname = "{one.title()}"\n'
        f"{ways.get(one.replace('-', '_'), CONSOLE)}\n"
        for one, role in people.items()
    )
    (hub.folder / "patients" / "test.toml").write_text(
        f'[patient]\nid = "test"\nmode = "{mode}"\nname = "Alex"\nplan = "default"\n'
        f'[on_call]\nphysician = "main"\n{contacts}'
    )


async def test_check_and_show_name_what_will_be_missing(tmp_path: Path) -> None:
    """Gaps and unknown names end with 2; a whole rota ends with 0; proofs are notes."""
    async with house(tmp_path) as hub:
        way = 'ways = [{ channel = "page" }]'
        write_patient(hub, "real", dr_lee=way, dr_roy=way)
        hub._write_config()
        config = ("--config", str(hub.folder / "config.toml"))
        write_rota(hub.folder / "rota", "oncall.ics")
        oncall = hub.folder / "rota" / "oncall.ics"
        day = timedelta(days=1)
        oncall.write_bytes(
            ics(
                ("Dr Lee", NOW - day, NOW + 2 * day),
                ("dr-roy", NOW + 3 * day, NOW + 40 * day),
                ("Dr Foo", NOW + 5 * day, NOW + 6 * day),
            )
        )
        shown = hub.command("rota", "show", "test", *config)
        assert (shown.returncode, shown.stderr.count("vigil: rota main: ")) == (2, 2)
        assert "physician: rota main (Europe/Berlin)" in shown.stdout
        assert "NOBODY  (nobody is on the rota)" in shown.stdout
        checked = hub.command("check", *config)
        assert checked.returncode == 2
        assert checked.stderr.startswith("vigil: 2 faults:\n")
        assert "who is nobody known here" in checked.stderr
        oncall.write_bytes(LONG)
        data_dir = hub.folder / "var"
        data_dir.mkdir(mode=0o700)
        hub_file = HubFile(data_dir / "hub.db")
        key = key_of("dr-lee", Way("page"))
        hub_file.prove(*key, time.time_ns() // 1_000_000)
        hub_file.close()
        assert list(read_contact_proofs(data_dir / "hub.db")) == [key]
        checked = hub.command("check", *config)
        assert (checked.returncode, checked.stderr) == (0, "")
        proofs = [line for line in checked.stdout.splitlines() if "proved" in line]
        assert proofs == [
            "note: patient test: dr-roy: page was never proved; run `vigil rehearse test`"
        ]
        assert hub.command("rota", "show", "test", "--days", "1", *config).returncode == 0
        oncall.unlink()
        assert "cannot be read" in hub.command("rota", "show", "test", *config).stderr
        assert "there is no patient" in hub.command("rota", "show", "nobody", *config).stderr
        hub.patient()
        assert "names no rota" in hub.command("rota", "show", "test", *config).stdout


# --- a session ------------------------------------------------------------------------------------


def paged(hub: RunningHub) -> list[tuple[str, str]]:
    """Who was told of which alarm, in order; each once."""
    sends = [
        (effect.contact, effect.alarm.partition("@")[0])
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, Send)
    ]
    return list(dict.fromkeys(sends))


def rota_lines(hub: RunningHub) -> list[str]:
    """What became of ROTA-GAP."""
    return [
        effect.transition.value
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, AlarmChanged) and effect.row == "ROTA-GAP"
    ]


async def call_for_help(hub: RunningHub) -> None:
    """A high alarm that stands."""
    reply = await hub.ask("order", session="s1", by="sam", order={"do": "help"})
    assert reply["ok"], reply


async def test_at_a_hand_over_in_mid_session_the_new_physician_is_paged(tmp_path: Path) -> None:
    """A high alarm stands and the shift ends: the next one is told. Then a gap: an alarm."""
    async with house(tmp_path) as hub:
        hub.command_line = (sys.executable, "-c", SYNCED)
        with pager() as lee, pager() as roy:
            write_patient(hub, "test", dr_lee=lee.way, dr_roy=roy.way)
            now = datetime.now(UTC)
            over, empty = now + timedelta(seconds=8), now + timedelta(seconds=24)
            write_rota(hub.folder / "rota", "oncall.ics")
            calendar = hub.folder / "rota" / "oncall.ics"
            calendar.write_bytes(
                ics(("Dr Lee", now - timedelta(days=1), over), ("dr-roy", over, empty))
            )
            await hub.start()
            await hub.open()
            await until(lambda: rota_lines(hub) == ["raised"], 5)  # a gap in the coming hours
            await call_for_help(hub)
            await until(lambda: bool(of_help(lee)), 5)
            assert of_help(roy) == []
            await until(lambda: bool(of_help(roy)), 25)
            changed = hub.events(OnCallChanged)
            assert [(one.role, one.contact.id, one.detail) for one in changed] == [
                (Role.PHYSICIAN, "dr-roy", "the rota: dr-roy after dr-lee")
            ]
            told = [one for one in paged(hub) if one[1] == "panic"]
            assert told == [("sam", "panic"), ("dr-lee", "panic"), ("dr-roy", "panic")]
            # A restart keeps who is on call, and tells nobody a second time that it is so.
            hub.kill()
            await hub.start()
            await until(lambda: gap_now(hub), 35)
            assert len(hub.events(OnCallChanged)) == 1
            # At the gate the gap lay ahead; with the alarm the gate was over; now it is here.
            assert rota_lines(hub)[:3] == ["raised", "cleared", "raised"]
            calendar.write_bytes(LONG.replace(b"dr-lee", b"Dr Roy"))
            await until(lambda: "Dr Roy" in hub.events(HubCondition)[-1].detail, 15)


def of_help(server: Pager) -> list[str]:
    """The pages about the call for help."""
    return [str(body["alarm"]) for _, body in server.got if str(body["alarm"]).startswith("panic")]


def gap_now(hub: RunningHub) -> bool:
    """The rota says that nobody is on call at this moment."""
    return "nobody is on call (" in hub.events(HubCondition)[-1].detail


async def test_a_clock_that_is_not_set_keeps_whoever_is_on_call(tmp_path: Path) -> None:
    """It is an alarm, and no hand-over takes place."""
    async with house(tmp_path) as hub:
        hub.command_line = (sys.executable, "-c", SYNCED.replace("True", "False"))
        write_patient(hub, "test")
        now = datetime.now(UTC)
        over = now + timedelta(seconds=4)
        write_rota(hub.folder / "rota", "oncall.ics")
        (hub.folder / "rota" / "oncall.ics").write_bytes(
            ics(
                ("dr-roy", now - timedelta(days=1), over),
                ("dr-lee", over, now + timedelta(days=9)),
            )
        )
        await hub.start()
        await hub.open()
        await until(lambda: rota_lines(hub) == ["raised"], 5)
        assert "the wall clock is not set" in hub.events(HubCondition)[-1].detail
        people = [c.id for c in hub.records()[0].event.patient.contacts]  # type: ignore[union-attr]
        assert people == ["sam", "dr-roy", "dr-lee"]
        await asyncio.sleep(12)
        assert hub.events(OnCallChanged) == []
