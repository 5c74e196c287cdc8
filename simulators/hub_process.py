"""A real hub as a child process, in a folder of its own, for as long as a demonstration lasts.

The outside thing is the process. The child is the same command that runs in a home (`vigil run`:
supervisor, hub and broker), with settings and a patient written for this run. What it prints goes
to a file in the folder; when it ends too early, its last lines are the reason that is shown.

    async with HubProcess(folder, speed=60, web_port=8765, speaker=False) as hub:
        await hub.open_session()
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from devices.broker import Credentials, answers, credentials
from monitor.control import ControlError, ask
from monitor.home_clock import HOME_TIME, HomePage
from simulators.demo_files import LINKS, PATIENT_ID, config_text, patient_text

__all__ = ["Bluetooth", "HubError", "HubProcess", "free_port"]

_START_S = 30.0
_STOP_S = 15.0
_LOOK_S = 0.1
_LAST_LINES = 12
_MAIN = (sys.executable, "-m", "monitor.commands.main")


class HubError(RuntimeError):
    """The hub did not start, did not open the session, or ended; the message has its last lines."""


class Bluetooth(NamedTuple):
    """What a hub needs to know of a simulated radio: its environment, and the two addresses."""

    environ: dict[str, str]
    addresses: tuple[str, str]


class HubProcess:
    """One `vigil run` in `folder`; leaves no process behind."""

    def __init__(
        self,
        folder: Path,
        *,
        speed: float,
        web_port: int,
        speaker: bool,
        bluetooth: Bluetooth | None = None,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self._folder = folder
        self._speed = speed
        self._web_port = web_port
        self._speaker = speaker
        self._bluetooth = bluetooth
        # Bluetooth keeps real time, and so does a hub that is not hurried.
        self.page: HomePage | None = None
        self._environ = dict(bluetooth.environ) if bluetooth else {}
        if speed > 1 and bluetooth is None:
            path = folder / "home_time"
            self.page = HomePage.create(path)
            self._environ[HOME_TIME] = str(path)
        self._config = folder / "config.toml"
        self._log = folder / "hub.log"
        self._child: asyncio.subprocess.Process | None = None
        self._output: IO[bytes] | None = None

    @property
    def login(self) -> Credentials:
        """User and password of the broker of this folder."""
        return credentials(self._folder / "var")

    async def __aenter__(self) -> Self:
        """Write the files, start the hub and wait until its broker lets us in.

        Raises:
            HubError: it ended, or did not answer within 30 s.
        """
        text = config_text(broker_port=self.port, web_port=self._web_port, speaker=self._speaker)
        self._config.write_text(text, encoding="utf-8")
        patients = self._folder / "patients"
        patients.mkdir(exist_ok=True)
        (patients / f"{PATIENT_ID}.toml").write_text(
            patient_text(self._bluetooth.addresses if self._bluetooth else None), encoding="utf-8"
        )
        user, password = self.login
        self._output = self._log.open("wb")
        try:
            self._child = await asyncio.create_subprocess_exec(
                *_MAIN,
                "run",
                "--config",
                str(self._config),
                "--speed",
                f"{self._speed:g}",
                env=os.environ | self._environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self._output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
            async with asyncio.timeout(_START_S):
                while not await asyncio.to_thread(answers, self.host, self.port, user, password):
                    self.check()
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            await self._stop()
            raise HubError(
                f"the hub's broker did not answer in {_START_S:g} s{self._words()}"
            ) from None
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the hub: asked first, killed after 15 s."""
        await self._stop()

    def check(self) -> None:
        """Look whether the hub still runs.

        Raises:
            HubError: it has ended.
        """
        if self._child is not None and self._child.returncode is not None:
            raise HubError(f"the hub ended with code {self._child.returncode}{self._words()}")

    async def open_session(self) -> None:
        """Open a session of the demonstration's patient, as a person would on the command line.

        Raises:
            HubError: the command was still refused after 30 s.
        """
        said = ""
        for _ in range(round(_START_S)):
            self.check()
            child = await asyncio.create_subprocess_exec(
                *_MAIN,
                "session",
                "open",
                PATIENT_ID,
                "--config",
                str(self._config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await child.communicate()
            if child.returncode == 0:
                return
            said = output.decode(errors="replace").strip()
            await asyncio.sleep(1)
        raise HubError(f"no session could be opened: {said}{self._words()}")

    async def links(self) -> dict[str, str]:
        """Return a ready link for each page; whoever has it is let in while the hub runs.

        Raises:
            HubError: the hub invited nobody in 30 s.
        """
        return {
            label: await self._link({"do": "invite", "person": person, "role": role})
            for label, person, role in LINKS
        }

    async def _link(self, request: dict[str, str]) -> str:
        said = ""
        for _ in range(round(_START_S / _LOOK_S)):
            self.check()
            try:
                reply = await asyncio.to_thread(ask, self._folder / "var", request)
            except ControlError as error:
                # The broker answers before the hub does.
                said = str(error)
            else:
                if reply["ok"]:
                    return str(reply["link"])
                said = str(reply["error"])
            await asyncio.sleep(_LOOK_S)
        raise HubError(f"nobody could be invited: {said}{self._words()}")

    async def _stop(self) -> None:
        child = self._child
        if child is not None and child.returncode is None:
            child.terminate()
            try:
                async with asyncio.timeout(_STOP_S):
                    await child.wait()
            except TimeoutError:
                # Its own process group: the hub and the broker that it started are in other ones,
                # and notice the end of their parent by themselves.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()
        if self._output is not None:
            self._output.close()
            self._output = None

    def _words(self) -> str:
        """The last lines of the hub, for an error message."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            return f"; its log cannot be read: {error}"
        return (
            "; it said:\n  " + "\n  ".join(lines[-_LAST_LINES:]) if lines else "; it said nothing"
        )


def free_port(wish: int = 0) -> int:
    """The wished port of 127.0.0.1 if nobody listens on it now, else another one."""
    with socket.socket() as probe:
        # As the hub will: a port whose last connection has just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wish))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
