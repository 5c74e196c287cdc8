"""A real hub in a folder of its own, with a real broker, for the tests of the running hub.

Every process that is started here ends here, by its own number. Ports are free ones of loopback.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiomqtt

from devices.broker import BrokerKind, answers, broker_command, credentials, prepare
from devices.observation import DeviceKind, DeviceReport, Mode, pulse_bpm, spo2_pct
from monitor.control import ControlError, ask
from monitor.events import Event, Reading
from monitor.journal import Record, decode
from monitor.journal_file import read_records, session_path
from tests.integration.waiting import until

__all__ = [
    "CONSOLE",
    "OXIMETER",
    "ROOT",
    "Pager",
    "RunningBroker",
    "RunningHub",
    "free_port",
    "house",
    "pager",
    "reading",
    "report",
    "until",
]

ROOT = Path(__file__).parents[2]
OXIMETER = "test-oximeter"
CONSOLE = 'ways = [{ channel = "console" }]'


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def report(value: float = 97, pulse: float = 70, mode: Mode = Mode.TEST) -> DeviceReport:
    """One oximeter report."""
    return DeviceReport(
        device=OXIMETER,
        kind=DeviceKind.OXIMETER,
        mode=mode,
        observations=(spo2_pct(value), pulse_bpm(pulse)),
    )


def reading(seq: int, value: float = 97, *, mode: str = "test", boot_id: str = "b1") -> bytes:
    """The JSON of one oximeter report, as a device writes it."""
    fields = {"kind": "oximeter", "mode": mode, "boot_id": boot_id, "seq": seq}
    return json.dumps(fields | {"spo2": value, "pulse": 70}).encode()


@dataclass
class Pager:
    """A web server of somebody's pager: what it was sent and when, and what it answers."""

    url: str = ""
    code: int = 200
    got: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def way(self) -> str:
        """The line of a patient's file that leads here."""
        return f'ways = [{{ channel = "webhook", address = "{self.url}" }}]'


@contextlib.contextmanager
def pager(code: int = 200) -> Iterator[Pager]:
    """Run a pager that answers with this code."""
    kept = Pager(code=code)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((time.monotonic(), json.loads(body)))
            self.send_response(kept.code)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/page"
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class RunningBroker:
    """One broker process that can be killed and started again on the same port."""

    def __init__(self, kind: BrokerKind, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.kind, self.folder, self.port = kind, folder, free_port()
        self.login = credentials(folder)
        prepare(kind, folder, self.port)
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it lets us in."""
        command = broker_command(self.kind, self.folder, self.port)
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(lambda: answers("127.0.0.1", self.port, *self.login), 15)

    def kill(self) -> None:
        """SIGKILL, as the power would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @contextlib.asynccontextmanager
    async def client(self, identifier: str = "test") -> AsyncIterator[aiomqtt.Client]:
        """A plain client that is let in."""
        async with aiomqtt.Client(
            "127.0.0.1",
            self.port,
            username=self.login.user,
            password=self.login.password,
            identifier=identifier,
        ) as client:
            yield client


class RunningHub:
    """`vigil hub` or, supervised, `vigil run`; kill it and start it again on the same record."""

    def __init__(self, folder: Path, broker: RunningBroker | None, *, supervised: bool) -> None:
        self.folder, self.broker, self.supervised = folder, broker, supervised
        self.data_dir = folder / "var"
        self.log_path = folder / "hub.log"
        self.environ: dict[str, str] = {}
        self.command_line: tuple[str, ...] = (sys.executable, "-m", "monitor.commands.main")
        self.process: subprocess.Popen[bytes] | None = None
        self.settings: dict[str, dict[str, Any]] = {"alarm": {"speaker": False}}
        (folder / "patients").mkdir(parents=True)

    def patient(
        self,
        name: str = "test",
        *,
        mode: str = "test",
        plan: str = "vitals_only",
        ways: Mapping[str, str] | None = None,
        device: str = OXIMETER,
    ) -> None:
        """Write one patient's file; `ways` by role, everybody else has the console."""
        people = {role: (ways or {}).get(role, CONSOLE) for role in ("companion", "physician")}
        contacts = "".join(
            f'[[contacts]]\nid = "{role}"\nrole = "{role}"\nname = "{role.title()}"\n{text}\n'
            for role, text in people.items()
        )
        (self.folder / "patients" / f"{name}.toml").write_text(
            f'[patient]\nid = "{name}"\nmode = "{mode}"\nname = "Alex"\nplan = "{plan}"\n'
            f'[[devices]]\nid = "{device}"\nkind = "oximeter"\ninterval_ms = 1000\n{contacts}'
        )

    async def start(self, *, speed: float = 1.0) -> None:
        """Start it and wait until it answers."""
        self._write_config()
        command = "run" if self.supervised else "hub"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [
                    *(*self.command_line, command),
                    *("--config", str(self.folder / "config.toml"), "--speed", f"{speed:g}"),
                ],
                cwd=ROOT,
                env=os.environ | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(lambda: self.answers() or self.process_ended, 20)
        assert not self.process_ended, self.log()

    def _write_config(self) -> None:
        broker: dict[str, Any] = {"mode": "none"}
        if self.broker is not None:
            password = self.folder / "password"
            password.write_text(self.broker.login.password)
            broker = {
                "mode": "external",
                "port": self.broker.port,
                "user": self.broker.login.user,
                "password_file": "password",
            }
        tables = {"broker": broker, "patients": {"dir": "patients"}} | self.settings
        # Two hubs at one time cannot have one port; a test of the pages names one.
        tables["hub"] = {"web_port": 0} | tables.get("hub", {})
        (self.folder / "config.toml").write_text(
            "".join(
                f"[{name}]\n" + "".join(f"{key} = {json.dumps(v)}\n" for key, v in table.items())
                for name, table in tables.items()
            )
        )

    @property
    def process_ended(self) -> bool:
        """The process that was started has ended."""
        return self.process is not None and self.process.poll() is not None

    def answers(self) -> bool:
        """Whether a hub can be asked."""
        try:
            return bool(ask(self.data_dir, {"do": "list"})["ok"])
        except ControlError:
            return False

    async def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Ask the hub as the commands do."""
        return await asyncio.to_thread(ask, self.data_dir, {"do": do, **fields})

    async def open(self, session: str = "s1", patient: str = "test", **fields: Any) -> None:
        """Open a session, recorded."""
        reply = await self.ask("open", patient=patient, session=session, **fields)
        assert (reply["ok"], reply.get("recorded")) == (True, True), reply

    def kill(self) -> None:
        """SIGKILL the process that was started."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; return its exit code."""
        process = self.process
        assert process is not None
        process.send_signal(number)
        await until(lambda: process.poll() is not None, 20)
        self.process = None
        return process.returncode

    def hub_pid(self) -> int:
        """The number of the supervised hub."""
        text = (self.data_dir / "hub.pid").read_text()
        return int(text.split()[0])

    def records(self, session: str = "s1") -> list[Record]:
        """Every record of a session, also while it is written."""
        return [decode(body) for _, body, _ in read_records(session_path(self.data_dir, session))]

    def events(self, kind: type[Event], session: str = "s1") -> list[Any]:
        """Every recorded event of one kind."""
        return [r.event for r in self.records(session) if isinstance(r.event, kind)]

    def readings(self, session: str = "s1") -> Counter[tuple[str, str | None, int | None]]:
        """How often each reading is in the record."""
        return Counter(
            (event.report.device, event.report.boot_id, event.report.seq)
            for event in self.events(Reading, session)
        )

    def log(self) -> str:
        """All that it printed."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of `vigil`."""
        return subprocess.run(
            [sys.executable, "-m", "monitor.commands.main", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def end(self) -> None:
        """Leave no process behind: gently first, so that a supervisor ends its children."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None


@contextlib.asynccontextmanager
async def house(
    folder: Path, kind: BrokerKind | None = None, *, supervised: bool = False
) -> AsyncIterator[RunningHub]:
    """A hub that is not started yet, with a broker that runs, for as long as the block lasts."""
    broker = RunningBroker(kind, folder / "b") if kind is not None else None
    hub = RunningHub(folder / "h", broker, supervised=supervised)
    try:
        if broker is not None:
            await broker.start()
        yield hub
    finally:
        hub.end()
        if broker is not None:
            broker.kill()
