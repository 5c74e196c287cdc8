"""Puts what a scenario says on the agenda of its world, and lets the world live.

Each kind of happening has one line here that says what it does; its beginning and its end become
marks from which deadlines count. It judges nothing.

    played = play(scenario, 0, default_rng(0), plan)
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from numpy.random import Generator

from devices.checkin import CheckIn
from devices.command import Order
from devices.observation import Mode
from monitor.engine import Engine
from monitor.events import CompanionPage, HubCondition
from monitor.net_state import DOWN_MS, LONG_MS
from monitor.plan import Plan
from simulators.body import events as body_events
from simulators.faults import kinds
from simulators.worlds.ear import Checker
from simulators.worlds.home import Home
from simulators.worlds.kit import Outfit, outfit
from simulators.worlds.laid import fault_in
from simulators.worlds.played import Played
from simulators.worlds.scenario import (
    Away,
    BodyEvent,
    Course,
    CuffScript,
    FaultScript,
    HubFault,
    Ordered,
    Says,
    Scenario,
    Sees,
    Wire,
)
from simulators.worlds.ways import BACKUP, COMPANION, PHYSICIAN
from simulators.worlds.wire import fault_of

__all__ = ["play"]

_WHO = {"companion": COMPANION, "physician": PHYSICIAN, "backup": BACKUP}
_BODY: dict[str, Callable[..., body_events.Event]] = {
    "obstruction": body_events.Obstruction,
    "apnoea": body_events.Apnoea,
    "anxiety": body_events.anxiety,
    "vasovagal": body_events.vasovagal,
    "pressure_rise": body_events.pressure_rise,
    "vomiting": body_events.vomiting,
    "opioid": body_events.opioid,
    "benzodiazepine": body_events.benzodiazepine,
    "alcohol": body_events.alcohol,
}


def play(
    scenario: Scenario,
    seed: int,
    rng: Generator,
    plan: Plan,
    checkers: Sequence[Checker] = (),
    prepare: Callable[[Engine], None] | None = None,
    outfit: Outfit = outfit,
) -> Played:
    """Play one world to its end.

    Args:
        scenario: what happens.
        seed: the number of this world, for the record; all chance comes from `rng`.
        rng: a generator that is this world's alone.
        plan: the rules of the session.
        checkers: what watches it.
        prepare: changes the engine before it decides anything (a planted defect).
        outfit: makes body and devices; others than the simulated ones where recordings are played.
    """
    played = Played(scenario.name, seed)
    home = Home(scenario, played, rng, plan, checkers, prepare, outfit)
    home.give(CompanionPage(at_ms=0, online=True, awake=True))
    stage = _Stage(home)
    for one in scenario.happenings:
        if one.after == "open":
            stage.plan(one, 0)
    home.on_dose = stage.dosed  # type: ignore[method-assign]
    home.run()
    return played


class _Stage:
    """Knows what each kind of happening does to a home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def dosed(self, dose_ms: int) -> None:
        """The dose is taken: everything that counts from it gets its time."""
        for one in self._home.scenario.happenings:
            if one.after == "dose":
                self.plan(one, dose_ms)

    def plan(self, happening: Any, from_ms: int) -> None:
        """Put one happening on the agenda."""
        at_ms = from_ms + round(happening.at_min * 60_000)
        marks = self._home.played.seen.marks
        marks[happening.name] = at_ms
        for_s = getattr(happening, "for_s", None)
        if isinstance(happening, Course):
            for_s = happening.points[-1][0]
        if for_s is not None:
            marks[f"{happening.name}.end"] = at_ms + round(for_s * 1000)
        self._home.agenda.add(at_ms, lambda now_ms: self._do(happening, now_ms))

    def _do(self, happening: Any, at_ms: int) -> None:
        home = self._home
        match happening:
            case BodyEvent():
                numbers = {
                    name: round(value) if name.endswith("_ms") else value
                    for name, value in happening.numbers.items()
                }
                home.body.happen(_BODY[happening.event](after_dose_ms=0, **numbers))
            case Course():
                home.lines.begin(happening, at_ms)
            case Wire():
                home.begin(fault_of(happening), at_ms)
            case FaultScript():
                self._fault(fault_in(happening), at_ms)
            case CuffScript():
                home.devices.cuff_lines.begin(happening)
            case Says():
                home.do(COMPANION, CheckIn.parse(happening.codes), at_ms, happening.took_ms)
            case Sees():
                home.cast.sees(happening, at_ms)
            case Away():
                self._away(happening, at_ms)
            case Ordered():
                self._order(happening, at_ms)
            case _:
                self._hub(happening, at_ms)

    def _away(self, away: Away, at_ms: int) -> None:
        """Somebody is away; a page that goes along is out of reach until they are back."""
        home, until_ms = self._home, at_ms + round(away.for_s * 1000)
        home.cast.goes(away, at_ms)
        if not away.page:
            return
        home.give(CompanionPage(at_ms=at_ms, online=False))

        def back(now_ms: int) -> None:
            home.give(CompanionPage(at_ms=now_ms, online=True, awake=True))

        home.agenda.add(until_ms, back)

    def _order(self, ordered: Ordered, at_ms: int) -> None:
        """An alarm is named by its family: nobody can know its id beforehand."""
        home = self._home
        fields = dict(ordered.fields)
        family = fields.get("alarm")
        if family is not None:
            alarm = home.hub.engine.alarms.book.open.get(family)
            if alarm is None:
                return
            fields["alarm"] = alarm.id
        told = {"do": ordered.do, "session": "s1", "mode": Mode.TEST.value, **fields}
        order: Order = msgspec.convert(told, Order)
        home.do(_WHO[ordered.by], order, at_ms)

    def _hub(self, fault: HubFault, at_ms: int) -> None:
        until_ms = at_ms + round(fault.for_s * 1000)
        if fault.what == "kill":
            self._fault(kinds.Restart(for_s=fault.for_s), at_ms)
        elif fault.what == "network":
            self._fault(kinds.NetworkDown(for_s=fault.for_s), at_ms)
        elif fault.what == "clock":
            self._home.wall_step_ms += round(fault.gap_s * 1000)
        else:
            self._condition(fault.condition, at_ms, until_ms)

    def _fault(self, fault: kinds.Fault, at_ms: int) -> None:
        """Any fault of a home begins: what the hub's own watchers see of it is told as well."""
        home, until_ms = self._home, at_ms + round(fault.for_s * 1000)
        home.begin(fault, at_ms)
        match fault:
            case kinds.Restart() if home.hub.alive:
                home.hub.kill(at_ms)
                home.agenda.add(until_ms, home.hub.rise)
            case kinds.NetworkDown():
                self._network(at_ms, until_ms)
            case kinds.BrokerDown():
                self._condition("broker", at_ms, until_ms)
            case kinds.HubClock():
                self._clock(round(fault.step_s * 1000), until_ms)
            case kinds.Away():
                gone = Away(name="gone", at_min=0, who=fault.who, for_s=fault.for_s)
                home.cast.goes(gone, at_ms)
            case _:
                pass  # all that it does is done to reports and messages

    def _clock(self, step_ms: int, until_ms: int) -> None:
        """The wall clock steps, and steps back."""
        home = self._home
        home.wall_step_ms += step_ms

        def back(_now_ms: int) -> None:
            home.wall_step_ms -= step_ms

        home.agenda.add(until_ms, back)

    def _network(self, at_ms: int, until_ms: int) -> None:
        """The hub's own watch of the network says that it is lost, when it knows."""
        home = self._home
        for name, after_ms in (("network", DOWN_MS), ("network_long", LONG_MS)):
            if at_ms + after_ms < until_ms:
                home.agenda.add(
                    at_ms + after_ms,
                    lambda now_ms, name=name: self._condition(name, now_ms, until_ms),  # type: ignore[misc]
                )

    def _condition(self, name: str, at_ms: int, until_ms: int) -> None:
        home = self._home
        home.give(HubCondition(at_ms=at_ms, condition=name, present=True, detail="it broke"))

        def over(now_ms: int) -> None:
            home.give(HubCondition(at_ms=now_ms, condition=name, present=False, detail="well"))

        home.agenda.add(until_ms, over)
