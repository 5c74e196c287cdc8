"""Where a rota's calendar comes from: a file or a web address, and the last good copy of it.

What was read last and could be used is kept on disk, readable for its owner only: a server that is
down, or a calendar that somebody has just broken, changes nothing about who is on call. How old the
copy is is said. A web address is asked every 5 min, every minute while it fails, with the tag of
its last answer; redirects and the environment's proxies are not followed. The address may be a
secret (`file:<path>` names a file that holds it), so only its host stands in messages.

    source = RotaSource("https://calendar.example/x.ics", folder, data_dir / "rota" / "main.ics")
    latest = await source.latest(read)      # Latest(data=b"BEGIN:...", age_ms=0, fault="")
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from alerts.channel_settings import FILE
from alerts.rota_calendar import MAX_BYTES
from alerts.rota_words import Latest, RotaError
from alerts.secret_file import SecretError, address_of

__all__ = ["EVERY_S", "RotaSource"]

EVERY_S: Final = 300.0
_AGAIN_S: Final = 60.0
_CONNECT_S: Final = 2.0
_TOTAL_S: Final = 4.0
# So often the age of an unchanged copy is written: a card in a small computer wears out.
_TOUCH_MS: Final = 600_000
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class RotaSource:
    """One calendar.

    Args:
        source: a file's path, an http(s) address, or `file:` and the path of a file with one.
        folder: what paths are relative to.
        kept: where the last good copy is kept.
        every_s: how often a web address is asked.
    """

    def __init__(self, source: str, folder: Path, kept: Path, *, every_s: float = EVERY_S) -> None:
        self._source = source
        self._folder = folder
        self._kept = kept
        self._every_s = every_s
        self._tag = ""
        self._next_s = 0.0
        self._fault = ""
        self._data, self._good_ms = _load(kept)
        self._touched_ms = self._good_ms or 0

    @property
    def is_file(self) -> bool:
        """It is a file of this machine, read at every look."""
        return not self._source.startswith(("http://", "https://", FILE))

    async def latest(self, read: Callable[[bytes], Any]) -> Latest:
        """Look at the source if it is time, and return the newest calendar that could be used.

        Args:
            read: raises RotaError for a calendar that cannot be used; runs beside the loop.
        """
        if self.is_file or time.monotonic() >= self._next_s:
            await self._look(read)
            wait_s = min(_AGAIN_S, self._every_s) if self._fault else self._every_s
            self._next_s = time.monotonic() + wait_s
        age_ms = None if self._good_ms is None else max(0, _wall_ms() - self._good_ms)
        return Latest(self._data, age_ms, self._fault)

    async def _look(self, read: Callable[[bytes], Any]) -> None:
        try:
            data = await self.fetch()
            if data is not None and data != self._data:
                await asyncio.to_thread(read, data)
        except RotaError as error:
            self._tag = ""
            self._fault = str(error)
            return
        self._fault = ""
        self._good_ms = _wall_ms()
        changed = data is not None and data != self._data
        if data is not None:
            self._data = data
        if changed or abs(self._good_ms - self._touched_ms) > _TOUCH_MS:
            self._keep(changed=changed)

    async def fetch(self) -> bytes | None:
        """Return what the source says now; None: as it said last.

        Raises:
            RotaError: it cannot be had; says where, why and what to do, and never a secret.
        """
        if self.is_file:
            return await asyncio.to_thread(self._from_file)
        try:
            address = await asyncio.to_thread(address_of, self._source, self._folder)
        except SecretError as error:
            raise RotaError([str(error)]) from None
        parts = urlsplit(address)
        host = parts.hostname or "no host"
        if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
            raise RotaError([f"{host}: cannot be asked without https; write an https address"])
        try:
            async with asyncio.timeout(_TOTAL_S):
                return await self._from_web(address, host)
        except (TimeoutError, httpx.TimeoutException):
            raise RotaError([f"{host}: gave no calendar in {_TOTAL_S:.0f} s; {_SEE}"]) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RotaError([f"{host}: {type(error).__name__}; {_SEE}"]) from None

    def _from_file(self) -> bytes:
        path = self._folder / self._source
        try:
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise RotaError([f"{path}: cannot be read ({why}); put the calendar there"]) from None

    async def _from_web(self, address: str, host: str) -> bytes | None:
        headers = {"If-None-Match": self._tag} if self._tag and self._data is not None else {}
        timeout = httpx.Timeout(_TOTAL_S, connect=_CONNECT_S)
        async with (
            httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            if answer.status_code == httpx.codes.NOT_MODIFIED and headers:
                return None
            if answer.status_code != httpx.codes.OK:
                raise RotaError([f"{host}: answers http {answer.status_code}; {_SEE}"])
            data = bytearray()
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > MAX_BYTES:
                    what = f"{host}: sends more than {MAX_BYTES} bytes"
                    raise RotaError([f"{what}; keep the rota alone in this calendar"])
            self._tag = answer.headers.get("ETag", "")
            return bytes(data)

    def _keep(self, *, changed: bool) -> None:
        """Write the copy, or only its age; a full disk leaves the one in memory."""
        new = self._kept.with_suffix(".new")
        good_ms = self._good_ms or 0
        try:
            if changed and self._data is not None:
                self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
                with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
                    file.write(self._data)
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(self._kept)
            os.utime(self._kept, ns=(good_ms * 1_000_000, good_ms * 1_000_000))
            self._touched_ms = good_ms
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._fault = f"{self._kept}: the copy cannot be kept ({why}); make room on the disk"
            with suppress(OSError):
                new.unlink()


_SEE: Final = "see that the address is right and that the server answers"


def _load(kept: Path) -> tuple[bytes | None, int | None]:
    """The copy of an earlier run, and when its source last said so."""
    try:
        with kept.open("rb") as file:
            return file.read(MAX_BYTES + 1), os.fstat(file.fileno()).st_mtime_ns // 1_000_000
    except OSError:
        return None, None


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
