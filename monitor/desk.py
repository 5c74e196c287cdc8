"""What the control socket asks for: sessions, a person's answer, and what others add to it.

Each answer comes after its commit. A command that is refused says why; one that could not be
recorded is done and says so (`recorded: false`).

    await desk.answer({"do": "open", "patient": "demo"})   -> {"ok": True, "session": "demo-..."}
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from alerts.contact import Role
from devices import command as told
from devices.command import Order
from devices.observation import Mode
from monitor import follow_views, reach_views
from monitor.database import StoreError
from monitor.effects import Refused
from monitor.events import Ended, Event, SessionOpened
from monitor.faults import FaultsError
from monitor.hands import Taken
from monitor.hub import Hub
from monitor.journal_file import session_path
from monitor.orders import event_of, who
from monitor.patient import Patient
from monitor.patients import Enrolment
from monitor.patients_dir import read_enrolment
from monitor.plans_dir import read_plan
from monitor.rehearsal_events import RehearsalAsked
from monitor.ward import Bed, WardError

__all__ = ["Desk", "Request"]

_COMMIT_S = 3.0

Request = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Carries out one kind of request of the control socket."""


class Desk:
    """Answers requests about sessions; `more` holds what other parts answer.

    `on_call` says who answers for a patient's roles now, where a rota does. `refuses_real`: why no
    real session may be opened here.
    """

    def __init__(
        self,
        hub: Hub,
        patients_dir: Path,
        plans_dir: Path,
        data_dir: Path,
        opened: Callable[[Bed], None],
        more: Mapping[str, Request] | None = None,
        on_call: Callable[[Patient], Awaitable[Patient]] | None = None,
    ) -> None:
        self.hub = hub
        self._patients_dir = patients_dir
        self._plans_dir = plans_dir
        self._data_dir = data_dir
        self._opened = opened
        self._on_call = on_call
        self.refuses_real = ""
        self._requests: dict[str, Request] = {
            "open": self._open,
            "list": self._list,
            "close": self._close,
            "order": self._order,
            "rehearse": self._rehearse,
            "rehearsal": self._rehearsal,
            **(more or {}),
        }

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request; never raises for what a caller can get wrong."""
        act = self._requests.get(str(request.get("do")))
        if act is None:
            names = ", ".join(self._requests)
            return _no(f"there is no request {request.get('do')!r}; use {names}")
        try:
            return await act(request)
        except (FaultsError, StoreError, WardError) as error:
            return _no(str(error))

    async def _open(self, request: dict[str, Any]) -> dict[str, Any]:
        enrolment = read_enrolment(self._patients_dir, str(request.get("patient", "")))
        plan = read_plan(str(request.get("plan") or enrolment.plan), self._plans_dir)
        wanted = str(request.get("mode") or enrolment.mode.value)
        if why := self._no_mode(wanted, enrolment):
            return _no(why)
        mode = Mode(wanted)
        patient = enrolment.patient
        if self._on_call is not None:
            patient = await self._on_call(patient)
        now = datetime.now(UTC)
        session = str(request.get("session") or f"{enrolment.patient.id}-{now:%Y%m%d-%H%M%S}")
        wall_ms = round(now.timestamp() * 1000)
        if session_path(self._data_dir, session).exists():
            return _no(f"session {session} has a record already; use another name")

        def make(at_ms: int) -> SessionOpened:
            return SessionOpened(
                at_ms=at_ms,
                session=session,
                mode=mode,
                patient=patient,
                plan=plan,
                software=version("vigil"),
                wall_ms=wall_ms,
            )

        taken, done = _waiter()
        bed = self.hub.open(make, done)
        if session in self.hub.ward.beds:
            self._opened(bed)
        result = await _wait(taken)
        if result.why:
            return _no(result.why) | _recorded(result)
        reply = {"ok": True, "session": session, "mode": mode.value, "plan": plan.name}
        if not plan.signed_by:
            reply["note"] = f"plan {plan.name} is signed by no clinician"
        return reply | _recorded(result)

    def _no_mode(self, wanted: str, enrolment: Enrolment) -> str:
        """Return why this patient's session cannot be of this mode; empty when it can."""
        modes = [mode.value for mode in Mode]
        if wanted not in modes:
            return f"there is no mode {wanted!r}; use {', '.join(modes)}"
        if wanted != Mode.REAL.value:
            return ""
        if enrolment.mode is not Mode.REAL:
            return f"patient {enrolment.patient.id} is for {enrolment.mode.value} sessions"
        if self.hub.clock.speed != 1.0:
            return "hub time runs at another speed: only demo and test sessions can be opened"
        return self.refuses_real

    async def _list(self, _request: dict[str, Any]) -> dict[str, Any]:
        sessions = [
            {
                "session": bed.session,
                "patient": bed.opened.patient.id,
                "mode": bed.opened.mode.value,
                "phase": bed.engine.chart.phase.value,
                "alarms": [
                    {"id": alarm.id, "row": alarm.top.facts.id, "priority": alarm.level[0].value}
                    for alarm in bed.engine.alarms.book.open.values()
                ],
                "records": bed.n,
                "follow_up": follow_views.standing(bed.engine, bed.engine.now_ms),
            }
            for bed in self.hub.ward.beds.values()
        ]
        return {
            "ok": True,
            "sessions": sessions,
            "recording": self.hub.recording,
            "record_fault": self.hub.record_fault,
            "faults": self.hub.faults.standing,
            "refused": self.hub.counts,
        }

    async def _close(self, request: dict[str, Any]) -> dict[str, Any]:
        bed = self._bed(request)
        by, role = self._person(bed, request)
        reason = str(request.get("reason") or "")
        return await self.tell(
            bed, lambda at_ms: Ended(at_ms=at_ms, by=by, role=role, reason=reason)
        )

    async def _order(self, request: dict[str, Any]) -> dict[str, Any]:
        bed = self._bed(request)
        by, role = self._person(bed, request)
        fields = request.get("order")
        if not isinstance(fields, dict):
            return _no("an order is an object such as {'do': 'accept', 'alarm': 'oxygen@61000'}")
        fields = fields | {"session": bed.session, "mode": bed.opened.mode.value}
        try:
            order: Order = msgspec.convert(fields, told.Order)
        except msgspec.ValidationError as error:
            return _no(f"the order cannot be read: {error}")
        return await self.tell(bed, lambda at_ms: event_of(order, by, role, at_ms))

    async def _rehearse(self, request: dict[str, Any]) -> dict[str, Any]:
        """Start a rehearsal for whoever keeps the hub; what came of it is asked for afterwards."""
        by = str(request.get("by") or "console")
        bed = self._bed(request)
        return await self.tell(
            bed, lambda at_ms: RehearsalAsked(at_ms=at_ms, by=by, role=Role.ADMIN)
        )

    async def _rehearsal(self, request: dict[str, Any]) -> dict[str, Any]:
        bed = self._bed(request)
        chart = bed.engine.chart
        proved = [one.id for one in chart.plan.gate if one.proof == "rehearsal"]
        return {
            "ok": True,
            "now_ms": max(self.hub.clock.now_ms(), bed.engine.now_ms),
            "rehearsal": msgspec.to_builtins(reach_views.rehearsal(bed.engine)),
            "gate": {item: chart.gate.get(item, "open") for item in proved},
        }

    async def tell(self, bed: Bed, make: Callable[[int], Event]) -> dict[str, Any]:
        """Let one event happen to a session; answer after its commit."""
        taken, done = _waiter()
        if not self.hub.tell(bed.session, make, done):
            return _no("the hub is busy; try again")
        result = await _wait(taken)
        refusal = next((e for e in result.effects if isinstance(e, Refused)), None)
        if refusal is not None or result.why:
            return _no(refusal.reason if refusal is not None else result.why) | _recorded(result)
        return {"ok": True, "phase": bed.engine.chart.phase.value} | _recorded(result)

    def _bed(self, request: dict[str, Any]) -> Bed:
        name = str(request.get("session", ""))
        bed = self.hub.ward.beds.get(name)
        if bed is None:
            names = ", ".join(self.hub.ward.beds) or "none"
            raise WardError(f"no session {name!r} is open; open are: {names}")
        return bed

    def _person(self, bed: Bed, request: dict[str, Any]) -> tuple[str, Role]:
        name = str(request.get("by", ""))
        person = who(bed.opened.patient, name)
        if person is None:
            people = ", ".join(contact.id for contact in bed.opened.patient.contacts)
            raise WardError(f"{name!r} is not one of this session's people: {people}")
        return person


def _waiter() -> tuple["asyncio.Future[Taken]", Callable[[Taken], None]]:
    future: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()

    def done(taken: Taken) -> None:
        if not future.done():
            future.set_result(taken)

    return future, done


async def _wait(future: "asyncio.Future[Taken]") -> Taken:
    try:
        async with asyncio.timeout(_COMMIT_S):
            return await future
    except TimeoutError:
        return Taken([], recorded=False)


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}


def _recorded(taken: Taken) -> dict[str, Any]:
    return {"recorded": taken.recorded}
