"""Who is invited: the book of invitations on the hub's disk, and the requests that change it.

A token leaves this module once, in the answer to the request that made it; what is kept, in memory
and on disk, is its hash. Nothing of a token is logged. Who may do what is decided in `rights`.

    access = Access(store, data_dir, clock, patients)
    await access.invite({"person": "ann", "hours": 8})   -> {"ok": True, "token": "...", ...}
    access.let_in(token)                                 -> Invitation(person="ann", ...)
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog

from monitor.clock import HubClock
from monitor.hub_file import read_shelf
from monitor.invited import InviteError, whom
from monitor.patient import Patient
from monitor.store import Store
from monitor.tokens import (
    LONGEST_MS,
    TOKEN_BYTES,
    Invitation,
    TokenBook,
    digest,
    token_text,
)

__all__ = ["Access"]

_SHELF = "invitation:"
_HOURS = 12.0
_HOUR_MS = 3_600_000
_ID_BYTES = 4

log = structlog.get_logger("vigil.access")


class Access:
    """The hub's invitations. All methods belong to the hub's loop.

    Args:
        patients: tells the patients that the hub knows now, those of open sessions first.
        link: makes a person's link from the role and the token.
    """

    def __init__(
        self,
        store: Store,
        data_dir: Path,
        clock: HubClock,
        patients: Callable[[], Sequence[Patient]],
        link: Callable[[str, str], str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._patients = patients
        self._link = link
        self._book = TokenBook()
        self._load(data_dir / "hub.db")

    def let_in(self, token: str) -> Invitation:
        """Return whose token this is.

        Raises:
            NotLetIn: nobody's, or no longer.
        """
        return self._book.match(token, _wall_ms())

    def living(self, invitation: Invitation) -> bool:
        """Whether an invitation still counts."""
        return self._book.living(invitation.id, _wall_ms())

    def session_over(self, patient: str) -> None:
        """A session has ended: what was for its patient alone ends with it."""
        for one in self._book.session_over(patient, _wall_ms()):
            self._keep(one)

    # --- requests of the control socket --------------------------------------------------------

    async def invite(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make an invitation; the only answer that ever holds a token."""
        hours = request.get("hours", _HOURS)
        if isinstance(hours, bool) or not isinstance(hours, int | float):
            return _no("hours must be a number")
        if not 0 < hours * _HOUR_MS <= LONGEST_MS:
            return _no(f"an invitation lasts up to {LONGEST_MS // _HOUR_MS} hours, not {hours:g}")
        called, role_word, patient_word = (
            str(request.get(key) or "") for key in ("person", "role", "patient")
        )
        token = token_text(secrets.token_bytes(TOKEN_BYTES))
        now_ms = _wall_ms()
        try:
            person, name, role, patient = whom(called, role_word, patient_word, self._patients())
            one = Invitation(
                id=secrets.token_hex(_ID_BYTES),
                sha256=digest(token),
                person=person,
                name=name,
                role=role,
                patient=patient,
                made_ms=now_ms,
                expires_ms=now_ms + round(hours * _HOUR_MS),
            )
            self._book.add(one, now_ms)
        except (InviteError, ValueError) as error:
            return _no(str(error))
        log.info("invited", invitation=one.id, person=person, role=role.value, patient=patient)
        recorded = await self._kept(one)
        link = self._link(role.value, token)
        return {"ok": True, "token": token, "link": link, "recorded": recorded} | _shown(one)

    async def invitations(self, _request: dict[str, Any]) -> dict[str, Any]:
        """List the invitations, without anything of their tokens."""
        now_ms = _wall_ms()
        living = [one for one in self._book.all() if one.expires_ms > now_ms]
        return {"ok": True, "invitations": [_shown(one) for one in living]}

    async def revoke(self, request: dict[str, Any]) -> dict[str, Any]:
        """End an invitation at once, whoever is connected by it."""
        one = self._book.remove(str(request.get("id") or ""))
        if one is None:
            return _no("there is no invitation of this id; `vigil invite --list` shows them")
        log.info("invitation revoked", invitation=one.id, person=one.person)
        gone = self._store.remove("meta", _SHELF + one.id, self._clock.now_ms())
        return {"ok": True, "recorded": await asyncio.wrap_future(gone)} | _shown(one)

    # --- the disk -----------------------------------------------------------------------------

    def _load(self, path: Path) -> None:
        """Read the book; what has expired is forgotten, what cannot be read is named."""
        now_ms = _wall_ms()
        for key, value in read_shelf(path, "meta").items():
            if not key.startswith(_SHELF):
                continue
            try:
                one = msgspec.json.decode(value, type=Invitation)
                if one.expires_ms > now_ms:
                    self._book.add(one, now_ms)
                    continue
                why = "expired"
            except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
                why = str(error)
            log.info("an invitation is forgotten", invitation=key.removeprefix(_SHELF), why=why)
            self._store.remove("meta", key, self._clock.now_ms())

    async def _kept(self, one: Invitation) -> bool:
        return await asyncio.wrap_future(self._keep(one))

    def _keep(self, one: Invitation) -> Any:
        value = msgspec.json.encode(one)
        return self._store.put("meta", _SHELF + one.id, value, self._clock.now_ms())


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _shown(one: Invitation) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    del fields["sha256"]
    return fields


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}
