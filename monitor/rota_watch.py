"""Whose turn is it? Asked of the wall clock each 10 s for every session that a rota belongs to.

At a hand-over the session hears `OnCallChanged`; a gap, a doubt or an old calendar is the condition
`rota:<role>` (row ROTA-GAP). The session's own state is what counts, so that a restart changes
nothing: what is told is what differs from it. While the wall clock is not set by a time server
whoever is on call stays so, and it is said. Never decides who is told of an alarm.

    watch = RotaWatch(hub, rotas)
    patient = await watch.at_opening(patient)
    await watch.run()
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from msgspec import structs

from alerts.contact import Contact, Role
from monitor.clock import wall_is_synced
from monitor.events import HubCondition, OnCallChanged
from monitor.hub import Hub
from monitor.on_call import AHEAD_MS, Duty, candidates, duties, on_call_first, rotas_of
from monitor.patient import Patient
from monitor.rotas import Rotas
from monitor.session import Phase
from monitor.ward import Bed

__all__ = ["RotaWatch"]

_EVERY_S = 10.0
_GATE = (Phase.SETUP, Phase.GATE)

log = structlog.get_logger("vigil.rota")


class RotaWatch:
    """Follows the rotas of all open sessions. Belongs to the hub's loop."""

    def __init__(
        self, hub: Hub, rotas: Rotas, is_synced: Callable[[], bool] = wall_is_synced
    ) -> None:
        self._hub = hub
        self._rotas = rotas
        self._is_synced = is_synced
        self._wake = asyncio.Event()
        self._told: dict[tuple[str, Role], Duty] = {}

    async def run(self) -> None:
        """Look every 10 s until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:
                # Our bug; who is on call stays so, and everybody is told that nobody looks.
                log.exception("the rotas could not be looked at")
                detail = f"our bug: nobody looks at the rotas: {error!r}"
                self._hub.condition("engine:rota", present=True, detail=detail, passing=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._wake.wait()

    async def at_opening(self, patient: Patient) -> Patient:
        """Return the patient with whoever is on call now in their role."""
        if not rotas_of(patient):
            return patient
        found = await self._duties(patient, at_gate=True, at_opening=True)
        # The session is there in a moment: its conditions are told then, not ten seconds later.
        asyncio.get_running_loop().call_soon(self._wake.set)
        return on_call_first(
            patient, {one.role: one.contact for one in found if one.contact is not None}
        )

    async def _duties(
        self, patient: Patient, *, at_gate: bool, at_opening: bool = False
    ) -> list[Duty]:
        stamp = self._hub.clock.stamp()
        wall_ms, synced = stamp.wall_ms, self._is_synced()
        ids = candidates(patient)
        looks = {
            role: await self._rotas.look(name, ids, wall_ms)
            for role, name in rotas_of(patient).items()
        }
        ahead_ms = AHEAD_MS if at_gate else 0
        found = duties(patient, looks, wall_ms, synced=synced, ahead_ms=ahead_ms)
        if synced or at_opening:
            return found
        return [structs.replace(one, contact=None) for one in found]

    async def _look(self) -> None:
        beds = [bed for bed in self._hub.ward.beds.values() if rotas_of(bed.opened.patient)]
        open_now = {bed.session for bed in beds}
        self._told = {key: told for key, told in self._told.items() if key[0] in open_now}
        await self._rotas.warm(self._hub.clock.stamp().wall_ms)
        for bed in beds:
            at_gate = bed.engine.chart.phase in _GATE
            for one in await self._duties(bed.opened.patient, at_gate=at_gate):
                self._tell(bed, one)

    def _tell(self, bed: Bed, one: Duty) -> None:
        """Tell the session what differs from what it holds, once."""
        key = (bed.session, one.role)
        if self._told.get(key) == one:
            return
        holder = _holder(bed, one.role)
        person = _person(bed.opened.patient, one)
        differs = person is not None and (holder is None or holder.id != person.id)
        if person is not None and differs and not self._hand_over(bed, one, person, holder):
            return
        name = f"rota:{one.role.value}"
        if bed.engine.observer.standing().get(name, "") != one.wrong:
            detail = one.wrong or f"{one.role.value}: the rota names somebody"
            took = self._hub.tell(
                bed.session,
                lambda at_ms: HubCondition(
                    at_ms=at_ms, condition=name, present=bool(one.wrong), detail=detail
                ),
            )
            log.warning("rota", session=bed.session, present=bool(one.wrong), detail=detail)
            if not took:
                return
        self._told[key] = one

    def _hand_over(self, bed: Bed, one: Duty, person: Contact, holder: Contact | None) -> bool:
        before = holder.id if holder is not None else "nobody"
        detail = f"the rota: {person.id} after {before}"
        log.info("hand-over", session=bed.session, role=one.role.value, detail=detail)
        return self._hub.tell(
            bed.session,
            lambda at_ms: OnCallChanged(at_ms=at_ms, role=one.role, contact=person, detail=detail),
        )


def _holder(bed: Bed, role: Role) -> Contact | None:
    """Whom the session's ladder tells for this role now."""
    return next((c for c in bed.engine.alarms.post.contacts if c.role is role), None)


def _person(patient: Patient, one: Duty) -> Contact | None:
    contact = next((c for c in patient.contacts if c.id == one.contact), None)
    return None if contact is None else structs.replace(contact, role=one.role)
