"""A real `vigil watch` in a folder of its own, and a wire between it and a hub that can be cut."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from tests.integration.hub_house import ROOT, RunningHub, free_port, until

SECRET = "0123456789abcdef0123"


class RunningWatcher:
    """`vigil watch`; stop it, kill it and start it again on the same state."""

    def __init__(self, folder: Path, *, speaker: bool) -> None:
        folder.mkdir(parents=True)
        self.folder, self.port = folder, free_port()
        self.log_path = folder / "watch.log"
        self.environ: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "home.secret").write_text(SECRET)
        (folder / "watch.toml").write_text(
            f"[watch]\nport = {self.port}\nspeaker = {'true' if speaker else 'false'}\n"
            '[[hubs]]\nid = "home"\nsecret_file = "home.secret"\n'
        )

    @property
    def url(self) -> str:
        """Where leases are taken."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [*self._command, "--config", str(self.folder / "watch.toml")],
                cwd=ROOT,
                env=os.environ | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(lambda: self.health().startswith("ok"), 20)

    def health(self) -> str:
        """What /healthz says; nothing when nobody answers."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False).text
        except httpx.HTTPError:
            return ""

    def asked(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Ask the running watcher as its owner does."""
        return subprocess.run(
            [*self._command, "--config", str(self.folder / "watch.toml"), *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def log(self) -> str:
        """All that it said."""
        return self.log_path.read_text(errors="replace")

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it; return its exit code."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "monitor.commands.main", "watch"]


@contextlib.asynccontextmanager
async def watcher(folder: Path, path: str | None = None) -> AsyncIterator[RunningWatcher]:
    """A watcher that runs for as long as the block lasts; with a PATH it sounds by its aplay."""
    one = RunningWatcher(folder, speaker=path is not None)
    if path is not None:
        one.environ["PATH"] = path
    try:
        await one.start()
        yield one
    finally:
        one.end()


def watched_by(hub: RunningHub, url: str) -> None:
    """Write the hub's side of the watch."""
    (hub.folder / "home.secret").write_text(SECRET)
    hub.settings["watch"] = {"url": url, "hub": "home", "secret_file": "home.secret"}


class Wire:
    """A TCP connection between hub and watcher that keeps what the hub says, and can be cut."""

    def __init__(self, port: int) -> None:
        self.port, self.far_port = free_port(), port
        self.said: list[bytes] = []
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The near end."""
        return f"http://127.0.0.1:{self.port}"

    async def join(self) -> None:
        """Let bytes through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Let nothing through."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _carry(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far, far_out = await asyncio.open_connection("127.0.0.1", self.far_port)
        kept = bytearray()

        async def carry(source: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
            while part := await source.read(65_536):
                if out is far_out:
                    kept.extend(part)
                out.write(part)
                await out.drain()

        # The watcher answers one request and closes: then this connection is done.
        outward = asyncio.create_task(carry(near, far_out))
        with contextlib.suppress(OSError):
            await carry(far, near_out)
        outward.cancel()
        self.said.append(bytes(kept))
        for writer in (near_out, far_out):
            writer.close()
