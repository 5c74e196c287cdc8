"""A hub that dies or hangs is noticed, sounded, paged and started again; nothing is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from alerts.beat import BEAT_FD, Beat
from alerts.child import Child, end_orphan, remember
from alerts.frozen import Frozen
from alerts.heartbeat import Heartbeat, Page, decode
from alerts.keeper import Keeper
from alerts.pager import PageWays, send_pages
from alerts.service import Service
from alerts.tone import wav
from tests.integration.waiting import eventually

pytestmark = pytest.mark.integration

_HUB = """
import os, signal, sys, time
from pathlib import Path
from alerts.beat import Beat
from alerts.heartbeat import Heartbeat, Page
folder, session, url = Path(sys.argv[1]), sys.argv[2] == "open", sys.argv[3]
beat = Beat.from_environ()
with (folder / "starts").open("a") as starts:
    starts.write(f"{os.getpid()}\\n")
def stop(*_):
    (folder / "stopped").write_text("gently")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
while True:
    pages = (Page("Ann", "webhook", url, "demo"), Page("Ben", "console", "", "demo"),
             Page("Cy", "webhook", "http://pager.example/", "demo"))
    beat.send(Heartbeat(session, 7, None, pages))
    for order in ("hang", "eof", "exit2"):
        if (folder / order).exists():
            (folder / order).unlink()
            if order == "exit2":
                sys.exit(2)
            if order == "eof":
                beat.close()
            time.sleep(600)
    time.sleep(0.2)
"""
_SUPERVISOR = """
import json, sys
from pathlib import Path
from alerts.pager import PageWays
from alerts.supervisor import Helper, Supervisor
spec = json.loads(sys.argv[1])
broker = spec["broker"] and Helper(spec["broker"], tuple(spec["address"]))
ways = PageWays(secrets={"webhook": "secret"})
sys.exit(Supervisor(spec["hub"], Path(spec["state"]), broker, ways=ways).run())
"""
_BROKER = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    server.accept()[0].close()
"""

_REFUSED = (
    "a demo session may not reach pager.example by webhook: only this hub itself and loopback"
)


def lines(path: Path) -> list[str]:
    """Return the lines of a file that may not be there yet."""
    return path.read_text().splitlines() if path.exists() else []


def alive(pid: int) -> bool:
    """Say whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@dataclass
class Pager:
    """A local HTTP server that keeps what it is sent and answers with a code or not at all."""

    code: int = 200
    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def pager() -> Iterator[Pager]:
    """Run the pager's server."""
    kept = Pager()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((dict(self.headers), json.loads(body)))
            if kept.code:
                self.send_response(kept.code)
                self.send_header("Location", "http://pager.example/")
                self.end_headers()
            else:
                time.sleep(3)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/page"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class House:
    """A running supervisor with a stub of a hub, and everything that can be seen of them."""

    folder: Path
    process: subprocess.Popen[bytes]

    def starts(self) -> list[int]:
        """Return the process numbers of all hubs so far."""
        return [int(line) for line in lines(self.folder / "starts")]

    def said(self) -> list[str]:
        """Return the supervisor's lines."""
        return [line.removeprefix("vigil supervisor: ") for line in lines(self.folder / "said")]

    def played(self) -> int:
        """Return how many bursts were played."""
        return len(lines(self.folder / "played"))

    def order(self, what: str) -> None:
        """Make the hub hang, close its pipe or exit."""
        (self.folder / what).touch()

    def kept(self, session_open: bool) -> bool:
        """Say whether the supervisor has kept a beat with this state of the session."""
        path = self.folder / "state" / "supervisor.json"
        return path.exists() and decode(path.read_bytes()).session_open is session_open


Houses = Callable[..., House]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Houses]:
    """Start supervisors with an `aplay` that logs, and end them with all that they started."""
    made: list[House] = []
    (tmp_path / "bin").mkdir()
    player = tmp_path / "bin" / "aplay"
    player.write_text(f"#!/bin/sh\nwc -c >> {tmp_path}/played\n")
    player.chmod(0o755)

    def build(session: str, url: str = "http://127.0.0.1:9/", **spec: Any) -> House:
        hub = [sys.executable, "-c", _HUB, str(tmp_path), session, url]
        whole = {"hub": hub, "state": str(tmp_path / "state"), "broker": None, "address": None}
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        with (tmp_path / "said").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-c", _SUPERVISOR, json.dumps(whole | spec)],
                stderr=said,
                env=os.environ | {"PATH": path},
            )
        made.append(House(tmp_path, process))
        return made[-1]

    yield build
    for one in made:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(15)
    for pid in made[0].starts() if made else []:
        assert not alive(pid)


def test_a_killed_hub_is_noticed_sounded_paged_and_started_again(
    house: Houses, pager: Pager
) -> None:
    """R18: within 5 s of SIGKILL there is a tone, a page and a new hub; its beat ends the tone."""
    home = house("open", pager.url)
    ready = eventually(lambda: home.kept(True))
    start_s = time.monotonic()
    os.kill(home.starts()[0], signal.SIGKILL)
    noticed = eventually(lambda: len(home.starts()) == 2 and bool(pager.got), 5)
    took_s = time.monotonic() - start_s
    sounded = eventually(lambda: home.played() == 1)
    headers, body = pager.got[0]
    assert (ready, noticed, sounded, took_s < 5) == (True, True, True, True)
    assert (lines(home.folder / "played")[0].strip(), headers["Authorization"]) == (
        str(len(wav("failure"))),
        "Bearer secret",
    )
    assert (headers["Idempotency-Key"], body["text"], len(pager.got)) == (
        body["delivery"],
        "DEMO - not a real alarm: Session needs you",
        1,
    )
    assert eventually(lambda: "the hub is healthy (session: open)" in home.said()[2:])
    played = home.played()
    time.sleep(3.5)
    assert (home.played() - played, len(home.starts())) == (0, 2)
    assert {
        "the hub has ended (-9)",
        "page to Ann by webhook sent",
        "Ben: the monitor has stopped, look at the patient now",
        f"page to Cy by webhook failed: {_REFUSED}",
    } <= set(home.said())


def test_a_hub_that_stops_beating_is_replaced_after_5_s(house: Houses, pager: Pager) -> None:
    """A hung process is as dead as a killed one."""
    home = house("open", pager.url)
    eventually(lambda: home.kept(True))
    home.order("hang")
    start_s = time.monotonic()
    again = eventually(lambda: len(home.starts()) == 2)
    took_s = time.monotonic() - start_s
    paged = eventually(lambda: bool(pager.got))
    assert (again, paged, 4.5 < took_s < 7, alive(home.starts()[0])) == (True, True, True, False)
    assert "the hub is late (session: open)" in home.said()
    assert "the hub is dead (session: open)" in home.said()


def test_a_hub_that_closes_its_pipe_is_replaced(house: Houses) -> None:
    """The end of the pipe is the end of the hub, also when its process goes on."""
    home = house("open")
    eventually(lambda: home.kept(True))
    home.order("eof")
    again = eventually(lambda: len(home.starts()) == 2)
    assert (again, alive(home.starts()[0])) == (True, False)
    assert "the hub has closed its pipe and goes on: ended" in home.said()


def test_without_a_session_a_fault_in_the_settings_ends_the_command(house: Houses) -> None:
    """Exit code 2 is handed on; nothing sounds and nothing is started again."""
    home = house("none")
    eventually(lambda: len(home.starts()) == 1)
    home.order("exit2")
    assert (home.process.wait(10), len(home.starts()), home.played()) == (2, 1, 0)


def test_a_supervisor_that_starts_after_a_power_cut_knows_of_the_session(
    house: Houses, tmp_path: Path, pager: Pager
) -> None:
    """A hub that cannot even start is sounded and paged from the frozen copy."""
    frozen = Frozen(tmp_path / "state" / "supervisor.json")
    frozen.keep(Heartbeat(True, 9, 5, (Page("Ann", "webhook", pager.url, "real"),)))
    mode = oct((tmp_path / "state" / "supervisor.json").stat().st_mode & 0o777)
    home = house("open", hub=["/nonexistent/hub"])
    paged = eventually(lambda: bool(pager.got) and home.played() > 0)
    home.process.terminate()
    assert (paged, pager.got[0][1]["text"], mode) == (True, "Session needs you", "0o600")
    assert home.process.wait(10) == 127


def test_sigterm_stops_the_hub_gently_and_then_the_broker(house: Houses, tmp_path: Path) -> None:
    """The hub is asked first; no process is left."""
    port = free_port()
    home = house(
        "open",
        broker=[sys.executable, "-c", _BROKER, str(port)],
        address=["127.0.0.1", port],
    )
    eventually(lambda: home.kept(True) and answers(port))
    home.process.send_signal(signal.SIGTERM)
    code = home.process.wait(15)
    assert (code, (tmp_path / "stopped").read_text(), answers(port), home.played()) == (
        0,
        "gently",
        False,
        0,
    )


def test_a_killed_supervisor_leaves_a_hub_that_the_next_one_replaces(house: Houses) -> None:
    """The old hub holds the record, so it is ended before the new one starts; nobody is paged."""
    first = house("open")
    eventually(lambda: first.kept(True))
    first.process.kill()
    first.process.wait(5)
    watched_on = alive(first.starts()[0])
    second = house("open")
    again = eventually(lambda: len(second.starts()) == 2)
    healthy = eventually(lambda: "the hub is healthy (session: open)" in second.said()[2:])
    assert (watched_on, again, healthy) == (True, True, True)
    assert (alive(second.starts()[0]), second.played()) == (False, 0)
    assert f"the hub {second.starts()[0]} of an earlier supervisor was still running: ended" in (
        second.said()
    )


def test_only_the_remembered_process_is_ended(tmp_path: Path) -> None:
    """No file, no number, a process of another start: nobody is ended."""
    path = tmp_path / "state" / "hub.pid"
    seen = [end_orphan(path)]
    remember(path, os.getpid())
    mine = path.read_text()
    for text in ("", "x", mine.replace(" ", " 1", 1), mine.replace(mine.split()[0], "4194304", 1)):
        path.write_text(text)
        seen.append(end_orphan(path))
    child = Child(["sleep", "600"])
    remember(path, child.pid)
    ended = end_orphan(path)
    assert (seen, ended, child.wait(5)) == ([None] * 5, child.pid, -signal.SIGKILL)
    remember(Path("/proc/nowhere/hub.pid"), 1)


def test_the_supervisor_needs_the_standard_library_only() -> None:
    """No installed package and no event loop is loaded by it."""
    code = (
        "import sys; import alerts.supervisor;"
        "print(sorted({name.split('.')[0] for name in sys.modules}"
        " - set(sys.stdlib_module_names) - {'alerts', '__main__'}), 'asyncio' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout == "[] False\n"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def answers(port: int) -> bool:
    """Say whether somebody listens on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


def test_a_broker_that_ends_is_started_again_and_one_that_answers_is_adopted() -> None:
    """Restart after 0, then 1 s; a second keeper adopts the first one's broker."""
    port, said = free_port(), list[str]()
    command = [sys.executable, "-c", _BROKER, str(port)]
    first = Keeper("broker", command, ("127.0.0.1", port), said.append)
    second = Keeper("broker", command, ("127.0.0.1", port), said.append)
    first.tend(0)
    eventually(lambda: answers(port))
    second.tend(0)
    second.tend(1_000)
    pids = [first.pid, second.pid]
    os.kill(first.pid or 0, signal.SIGKILL)
    eventually(lambda: not answers(port))
    first.tend(5_000)
    eventually(lambda: answers(port))
    again = first.pid
    os.kill(again or 0, signal.SIGKILL)
    eventually(lambda: not answers(port))
    first.tend(6_000)
    waits = first.pid
    first.tend(7_000)
    first.stop()
    first.stop()
    second.tend(8_000)
    eventually(lambda: answers(port))
    took_over = second.pid is not None
    second.stop()
    assert (pids[1], again not in {None, pids[0]}, waits, took_over) == (None, True, None, True)
    assert said == [
        f"the broker at 127.0.0.1:{port} answers: adopted",
        "the broker has ended (-9): started again in 0 s",
        "the broker has ended (-9): started again in 1 s",
    ]


def test_a_broker_that_cannot_be_started_is_told_and_tried_ever_slower() -> None:
    """0, 1, 2, 5, 5 s; a minute of life forgets it."""
    said = list[str]()
    keeper = Keeper("broker", ["/nonexistent"], None, said.append)
    for now_ms in (0, 0, 1_000, 3_000, 8_000, 100_000):
        keeper.tend(now_ms)
    assert [line.rsplit("again in ")[1] for line in said] == [
        "0 s",
        "1 s",
        "2 s",
        "5 s",
        "5 s",
        "0 s",
    ]


def test_a_child_is_ended_with_everything_that_it_left_behind(tmp_path: Path) -> None:
    """A grandchild does not outlive its parent; a deaf child is killed."""
    child = Child(["sh", "-c", f"sleep 600 & echo $! > {tmp_path}/pid; exit 3"])
    code = child.wait(5)
    eventually(lambda: not alive(int(lines(tmp_path / "pid")[0])))
    left = alive(int(lines(tmp_path / "pid")[0]))
    deaf = Child(["sh", "-c", f"trap '' TERM; touch {tmp_path}/deaf; sleep 600 & wait; wait"])
    eventually((tmp_path / "deaf").exists)
    assert (code, left, child.stop(1), deaf.stop(0.2)) == (3, False, 3, -signal.SIGKILL)


def test_beats_are_left_out_when_nobody_reads_and_refused_when_nobody_is_there() -> None:
    """A full pipe never blocks the hub, a half-written beat is finished, a closed pipe is told."""
    read_end, write_end = os.pipe()
    environ = {BEAT_FD: str(os.dup(write_end))}
    os.close(write_end)
    beat = Beat.from_environ(environ)
    assert beat is not None
    long = Heartbeat(True, 1, None, (Page("Ann", "webhook", "http://127.0.0.1/" + "x" * 900, ""),))
    sent = [beat.send(long) for _ in range(200)]
    data = b""
    while beat.skipped and not data.endswith(b"\n"):
        data += os.read(read_end, 1 << 20)
        beat.send(long)
    whole = {decode(line) for line in data.splitlines()}
    os.close(read_end)
    told = [beat.send(long), beat.send(long)]
    beat.close()
    assert (all(sent), beat.skipped > 0, whole, told[-1], environ) == (
        True,
        True,
        {long},
        False,
        {},
    )
    assert Beat.from_environ({}) is None
    with pytest.raises(ValueError, match="VIGIL_BEAT_FD=nine is no open pipe"):
        Beat.from_environ({BEAT_FD: "nine"})


def test_frozen_contacts_that_cannot_be_read_or_kept_are_told(tmp_path: Path) -> None:
    """An unreadable copy counts as an open session; a copy that is written again is mended."""
    path = tmp_path / "supervisor.json"
    path.write_text("{")
    frozen = Frozen(path)
    seen = (frozen.beat, "a session counts as open" in frozen.fault)
    frozen.keep(Heartbeat(session_open=False))
    mended = (frozen.fault, decode(path.read_bytes()))
    nowhere = Frozen(Path("/proc/nowhere/supervisor.json"))
    nowhere.keep(Heartbeat(session_open=True))
    assert (seen, mended) == (
        (Heartbeat(session_open=True), True),
        ("", Heartbeat(session_open=False)),
    )
    assert "cannot be written" in nowhere.fault


@pytest.mark.parametrize(
    ("code", "said"),
    [(302, "failed: http 302"), (500, "failed: http 500"), (0, "failed: timed out")],
)
def test_a_page_that_fails_names_the_reason(pager: Pager, code: int, said: str) -> None:
    """Redirects are not followed, errors and silence are told in time."""
    pager.code = code
    heard = list[str]()
    send_pages((Page("Ann", "webhook", pager.url, "demo"),), "w@1", heard.append, PageWays())
    eventually(lambda: bool(heard), 5)
    assert (heard, "Authorization" in pager.got[0][0]) == (
        [f"page to Ann by webhook {said}"],
        False,
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/", "failed: Connection refused"),
        ("ftp://files.example/", "failed: the address is no http address"),
        ("http://127.0.0.1:x/", "failed: bad address, or no HTTP"),
        (
            "file:/nowhere/hook",
            (
                "failed: the secret's file /nowhere/hook cannot be read"
                " (No such file or directory): write the secret to it"
            ),
        ),
    ],
)
def test_a_page_to_a_wrong_address_is_told(url: str, said: str) -> None:
    """A real session's address is tried as it is, and the reason is named."""
    heard = list[str]()
    send_pages((Page("Ann", "webhook", url, "real"),), "w@1", heard.append, PageWays())
    eventually(lambda: bool(heard), 5)
    assert heard == [f"page to Ann by webhook {said}"]


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_hears_our_states(tmp_path: Path, abstract: bool) -> None:
    """Path and abstract sockets both work; nobody there is no error."""
    name = f"@vigil-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name[1:]}" if abstract else name)
        manager.settimeout(5)
        service = Service.from_environ({"NOTIFY_SOCKET": name})
        service.tell("READY=1")
        heard = manager.recv(100)
    service.tell("WATCHDOG=1")
    Service.from_environ({}).tell("WATCHDOG=1")
    assert heard == b"READY=1"
