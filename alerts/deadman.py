"""The hub's side of the watch from outside: renews the lease, calls the check, says when unseen.

Two ways, each by itself or both: a lease at a `vigil watch` on another machine, and the address of
a check of the healthchecks kind. Only an answer that proves itself counts: a receipt that is signed
with the shared secret and names this very letter, or the check's 2xx. The guard keeps a demo or a
test from a check outside, because a check pages by itself; a watcher guards its own pages. No
redirect and no proxy of the environment is followed. It never decides whom the watcher pages, and
never says goodbye while a session is open.

    deadman = Deadman(settings, holding=lambda: holding_of(ward), say=condition)
    await deadman.run()                  # until cancelled
    await deadman.leave()                # at the hub's own, ordered end
"""

import asyncio
import secrets
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

import httpx
from msgspec import Struct

from alerts.guard import refusal
from alerts.http_way import why_lost
from alerts.lease import (
    LEASE,
    PATH,
    RECEIPT,
    RENEW_MS,
    Holding,
    Lease,
    LeaseError,
    Receipt,
    decode_receipt,
    encode,
    is_signed,
    sign,
)
from alerts.pings import DONE, FAILED, Pings
from alerts.record_heads import RecordHead
from alerts.sight import Said, Sight

__all__ = ["Deadman", "DeadmanSettings"]

_CONNECT_S: Final = 2.0
_TOTAL_S: Final = 4.0
_LEAVE_S: Final = 1.5
_LOOK_S: Final = 1.0
_AGAIN_MS: Final = 3_000
_MAX_ANSWER_BYTES: Final = 4_096
_REFUSED_STATUS: Final = 403
_ANSWERS: Final = (200, 409)

Say = Callable[[str, bool, str], object]
"""Takes the name of a condition, whether it is so, and why."""


class DeadmanSettings(Struct, frozen=True):
    """Who watches from outside. `secret` and `ping_url` come from files and are never logged.

    `url` is the watcher's address without a path (empty: none), `ping_url` the check's (empty:
    none); `ca_file` names a certificate authority of one's own for the watcher.
    """

    hub: str
    name: str
    url: str = ""
    secret: str = ""
    ping_url: str = ""
    ca_file: str = ""


class Deadman:
    """Keeps the outside informed. Belongs to one event loop.

    Args:
        settings: who watches.
        holding: what the hub holds at this moment.
        heads: how far the records of its sessions are.
        say: told the conditions `watch:...` and `watch_long:...`.

    Raises:
        OSError: `ca_file` cannot be read.
    """

    def __init__(
        self,
        settings: DeadmanSettings,
        holding: Callable[[], Holding],
        say: Say,
        heads: Callable[[], tuple[RecordHead, ...]] = tuple,
    ) -> None:
        self._settings = settings
        self._holding = holding
        self._heads = heads
        self._say = say
        self._secret = settings.secret.encode()
        verify: ssl.SSLContext | bool = True
        if settings.ca_file:
            verify = ssl.create_default_context(cafile=settings.ca_file)
        self._lease_client = _client(verify)
        self._ping_client = _client()
        self._boot = secrets.token_hex(16)
        self._seq = 0
        self._challenge = ""
        self._begun = False

    async def run(self) -> None:
        """Renew and call until cancelled."""
        async with asyncio.TaskGroup() as group:
            if self._settings.url:
                group.create_task(self._renew_on())
            if self._settings.ping_url:
                group.create_task(self._ping_on())

    async def leave(self) -> None:
        """The hub stops: say goodbye, or with an open session that this is a failure.

        With an open session the watcher is told nothing: it pages when the lease has lapsed, as
        after any other death.
        """
        # Nothing hangs on it: the last lease has said already that nobody is watched.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_S):
                await asyncio.gather(self._goodbye(), self._last_ping())
        await self._lease_client.aclose()
        await self._ping_client.aclose()

    async def _goodbye(self) -> None:
        holding = self._holding()
        if self._settings.url and not holding.is_open:
            await self._renew(holding, goodbye=True)

    async def _last_ping(self) -> None:
        if self._settings.ping_url and self._may_ping(self._holding()):
            await self._ping(FAILED)
        elif self._settings.ping_url and self._begun:
            await self._ping(DONE)

    # --- the lease ----------------------------------------------------------------------------

    async def _renew_on(self) -> None:
        sight = Sight("lease", _now_ms())
        due_ms, held, why = _now_ms(), self._holding(), ""
        while True:
            now_ms, holding = _now_ms(), self._holding()
            if now_ms >= due_ms or holding != held:
                held = holding
                why = await self._renew(holding)
                due_ms = now_ms + (_AGAIN_MS if why else RENEW_MS)
                if not why:
                    self._tell(sight.confirmed(_now_ms()))
            self._tell(sight.look(_now_ms(), why))
            await asyncio.sleep(_LOOK_S)

    async def _renew(self, holding: Holding, *, goodbye: bool = False) -> str:
        """Send one lease, and one more when the watcher has a new challenge; return why not."""
        why = ""
        for _ in range(2):
            self._seq += 1
            settings = self._settings
            lease = Lease(
                hub=settings.hub,
                name=settings.name,
                boot=self._boot,
                seq=self._seq,
                challenge=self._challenge,
                holding=holding,
                goodbye=goodbye,
                heads=self._heads(),
            )
            receipt = await self._send(lease)
            if isinstance(receipt, str):
                return receipt
            known, self._challenge = self._challenge, receipt.challenge
            if receipt.taken:
                return ""
            why = f"the watcher refuses: {receipt.why}"
            if receipt.challenge == known:
                break
        return why

    async def _send(self, lease: Lease) -> Receipt | str:
        body = encode(lease)
        headers = {
            "Content-Type": "application/json",
            "Vigil-Hub": lease.hub,
            "Vigil-Signature": sign(self._secret, LEASE, body),
        }
        request = self._lease_client.build_request(
            "POST", self._settings.url.rstrip("/") + PATH, content=body, headers=headers
        )
        answer = await _ask(self._lease_client, request)
        if isinstance(answer, str):
            return answer
        status, signature, content = answer
        if status == _REFUSED_STATUS:
            return "the watcher does not know this hub's name with this secret"
        if status not in _ANSWERS:
            return f"http {status}"
        if not is_signed(self._secret, RECEIPT, content, signature):
            return "the answer is not signed with the watcher's secret"
        try:
            receipt = decode_receipt(content)
        except LeaseError as error:
            return str(error)
        if (receipt.hub, receipt.boot, receipt.seq) != (lease.hub, lease.boot, lease.seq):
            return "the receipt is that of another letter"
        return receipt

    # --- the check ----------------------------------------------------------------------------

    async def _ping_on(self) -> None:
        pings, sight, why = Pings(), Sight("ping", _now_ms()), ""
        while True:
            is_open = self._may_ping(self._holding())
            what = pings.due(_now_ms(), is_open=is_open)
            if what is not None:
                why = await self._ping(what)
                if not why:
                    self._begun = what != DONE
                    pings.confirmed(what, _now_ms())
                    self._tell(sight.confirmed(_now_ms()))
            if not is_open and what is None:
                self._tell(sight.idle(_now_ms()))
            self._tell(sight.look(_now_ms(), why))
            await asyncio.sleep(_LOOK_S)

    async def _ping(self, what: str) -> str:
        """Call the check; return why it did not take it."""
        url = self._settings.ping_url.rstrip("/") + what
        try:
            request = self._ping_client.build_request("GET", url)
        except httpx.InvalidURL:
            return "the check's address is no web address"
        answer = await _ask(self._ping_client, request)
        if isinstance(answer, str):
            return answer
        return "" if httpx.codes.is_success(answer[0]) else f"http {answer[0]}"

    def _may_ping(self, holding: Holding) -> bool:
        """A session is open whose mode may reach the check."""
        url = self._settings.ping_url
        return any(refusal(mode, "webhook", url) is None for mode in holding.modes)

    def _tell(self, said: Iterable[Said]) -> None:
        for one in said:
            self._say(one.name, one.present, one.detail)


def _client(verify: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=verify,
        timeout=httpx.Timeout(_TOTAL_S, connect=_CONNECT_S),
        follow_redirects=False,
        trust_env=False,
    )


async def _ask(client: httpx.AsyncClient, request: httpx.Request) -> tuple[int, str, bytes] | str:
    """Send a request; return status, signature and the bounded body, or why there is none."""
    try:
        async with asyncio.timeout(_TOTAL_S):
            answer = await client.send(request, stream=True)
            try:
                content = b""
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > _MAX_ANSWER_BYTES:
                        return "the answer is too long"
            finally:
                await answer.aclose()
    except (TimeoutError, httpx.HTTPError) as error:
        return why_lost(error)
    return answer.status_code, answer.headers.get("Vigil-Signature", ""), content


def _now_ms() -> int:
    # Not hub time: sockets have the system's, and a hurried demonstration renews no oftener.
    return time.monotonic_ns() // 1_000_000
