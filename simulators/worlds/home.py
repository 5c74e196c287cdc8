"""One world, second by second: a body, devices, a link, people, ways, and the real engine.

A scenario, a plan and a generator make a world; nothing else does. Whatever happens to the hub
happens by an event, in the order of time, and what people know of it is the board that it shows and
the messages that reach them.

It reads no clock and touches nothing outside; what came of it is in `Played`.

    played = play(scenario, 0, default_rng(0), plan)
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from numpy.random import Generator

from devices.checkin import CheckIn
from devices.observation import DeviceReport, Metric, Mode
from monitor.effects import CancelSend, Effect, Send
from monitor.engine import Engine
from monitor.events import (
    CheckedIn,
    DeliveryReported,
    DoseConfirmed,
    DoseExtra,
    Event,
    Reading,
    SessionOpened,
)
from monitor.orders import event_of
from monitor.plan import Plan
from monitor.session import Phase
from simulators.board import Board
from simulators.body.vitals import Vitals
from simulators.carried import Carried, LinkNews
from simulators.chain import Chain, Fate
from simulators.faults import kinds
from simulators.faults.troubles import Troubles
from simulators.people import Act, Deed
from simulators.worlds.agenda import Agenda
from simulators.worlds.boards import board_of
from simulators.worlds.cast import HABITS, Cast
from simulators.worlds.devices import Devices
from simulators.worlds.ear import Checker, Ear
from simulators.worlds.hub import VirtualHub
from simulators.worlds.kit import DEVICES, Outfit, outfit
from simulators.worlds.onset import Reading as CuffSeen
from simulators.worlds.onset import Said, Shown
from simulators.worlds.played import Played, Trace
from simulators.worlds.scenario import Scenario
from simulators.worlds.told import person_of, status_of
from simulators.worlds.truth import Lines

__all__ = ["Home"]

_STEP_MS = 1_000
# After the discharge no device is on, and people look at their telephones once a minute.
_FOLLOW_MS = 60_000
_MIN_MS = 60_000
_REST_MS = 10 * _MIN_MS
_UNDOSED_MS = 60 * _MIN_MS
_WALL_MS = 1_790_000_000_000
_TRACE_MS = 5_000
_NAMES = {"oximeter": DEVICES[0], "cuff": DEVICES[1]}


class Home:
    """The stage of one world. `script` puts a scenario's happenings on its agenda."""

    def __init__(
        self,
        scenario: Scenario,
        played: Played,
        rng: Generator,
        plan: Plan,
        checkers: Sequence[Checker] = (),
        prepare: Callable[[Engine], None] | None = None,
        outfit: Outfit = outfit,
    ) -> None:
        self.scenario, self.played = scenario, played
        self.now_ms = self.wall_step_ms = 0
        self.agenda, self.lines = Agenda(), Lines()
        parts = rng.spawn(8)
        script = scenario.patient
        kit = outfit(script, parts[:4])
        self.who, self.body = kit.who, kit.body
        self._chain = Chain(parts[4])
        self._troubles = Troubles((), parts[6], devices=_NAMES, wall_ms=_WALL_MS)
        self.devices = Devices(kit, script, self._troubles.line, parts[7])
        self._ear = Ear(played, checkers)
        kills = any(one.what == "kill" for one in scenario.hub)
        kills = kills or any(one.fault == "restart" for one in scenario.fault)
        self.hub = VirtualHub(self._heard, keeps_records=kills, prepare=prepare)
        self._shown_pct: float | None = None
        self._truth: Vitals | None = None
        self._reached: set[str] = set()
        self._withdrawn: set[str] = set()
        self._board: Board | None = None
        self._news: list[Effect] = []
        self.open(plan)
        self.cast = Cast(
            parts[5],
            HABITS[script.people],
            self.board(),
            start_ms=0,
            rest_ms=_REST_MS,
            doses=not scenario.no_dose,
        )

    def open(self, plan: Plan) -> None:
        """The session begins."""
        self.played.seen.marks["open"] = 0
        opened = SessionOpened(
            at_ms=0, session="s1", mode=Mode.TEST, patient=self.who, plan=plan, wall_ms=_WALL_MS
        )
        self.hub.give(opened)

    # --- time ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Live until the scenario is over, or, when nothing was taken, until the gate lapses."""
        while self.now_ms < self._end_ms():
            self._second()
        self.hub.wake(self.now_ms)
        self.played.watched_ms = self.now_ms
        self.played.ended_in = self.hub.engine.chart.phase.value
        self.played.digest = self._ear.digest

    def _end_ms(self) -> int:
        dose_ms = self.played.dose_ms
        if dose_ms is None:
            length_ms = self.scenario.length_min * _MIN_MS
            return length_ms if self.scenario.no_dose else _UNDOSED_MS
        return dose_ms + self.scenario.length_min * _MIN_MS

    def _second(self) -> None:
        if self.hub.engine.chart.phase is Phase.FOLLOW_UP and self._truth is not None:
            self._minute(self._truth)
            return
        at_ms = self.now_ms + _STEP_MS
        self._until(at_ms)
        self.now_ms = at_ms
        truth = self._truth = self.lines.over(self.body.advance(at_ms))
        self._shown_pct = None
        for arrived in self.devices.arrivals(truth):
            self._arrived(arrived, at_ms)
        if at_ms % _TRACE_MS == 0:
            self.played.trace.append(
                Trace(at_ms, truth.spo2_pct, self._shown_pct, truth.pulse_bpm, truth.sbp_mmhg)
            )
        self._people(truth, at_ms)

    def _minute(self, truth: Vitals) -> None:
        """A minute of the follow-up: the body is left alone, the clip lies in its box."""
        at_ms = self.now_ms + _FOLLOW_MS
        self._until(at_ms)
        self.now_ms = at_ms
        self._people(replace(truth, at_ms=at_ms), at_ms)

    def _people(self, truth: Vitals, at_ms: int) -> None:
        if not self.hub.alive:
            return
        for effect in self._news:
            self.cast.hear(effect, at_ms)
        self._news = []
        for person, act in self.cast.acts(self.board(), truth):
            self.do(person, act, at_ms)

    def _until(self, at_ms: int) -> None:
        """Let what is on the agenda and what the hub does by itself happen in their order."""
        while True:
            deed_ms, hub_ms = self.agenda.next_ms, self.hub.next_ms
            if deed_ms is not None and deed_ms <= at_ms and (hub_ms is None or deed_ms <= hub_ms):
                self.agenda.run_next()
            elif hub_ms is not None and hub_ms < at_ms:
                self.hub.wake(hub_ms + 1)
            else:
                return

    def wall_ms(self, at_ms: int) -> int:
        """Return what the hub's wall clock shows."""
        return _WALL_MS + self.wall_step_ms + at_ms

    # --- devices ------------------------------------------------------------------------------

    def begin(self, fault: kinds.Fault, at_ms: int) -> None:
        """A fault of reports or of messages is at work from now on; of others the hub is told."""
        self._troubles.begin(fault, at_ms)

    def _arrived(self, one: Carried, at_ms: int) -> None:
        if isinstance(one.what, LinkNews):
            self.give(status_of(one.device, one.what, at_ms))
        elif one.device == DEVICES[0]:
            self._show(one.what, at_ms)
        else:
            self._measured(one.what, at_ms)

    def _show(self, report: DeviceReport, at_ms: int) -> None:
        """A report arrives: what the device shows is seen by everybody."""
        good = not report.flags and not report.stored
        values = {one.metric: one.value_x100 for one in report.observations} if good else {}
        spo2_x100 = values.get(Metric.SPO2)
        self.played.seen.shown.append(Shown(at_ms, spo2_x100, values.get(Metric.PULSE)))
        self._shown_pct = None if spo2_x100 is None else spo2_x100 / 100
        self.give(
            Reading(at_ms=at_ms, report=report, wall_ms=self.wall_ms(at_ms), received_ms=at_ms)
        )

    def _measured(self, report: DeviceReport, at_ms: int) -> None:
        values = {one.metric: one.value_x100 for one in report.observations}
        self.played.seen.readings.append(
            CuffSeen(at_ms, values.get(Metric.SBP), values.get(Metric.DBP))
        )
        self.give(
            Reading(at_ms=at_ms, report=report, wall_ms=self.wall_ms(at_ms), received_ms=at_ms)
        )

    # --- people -------------------------------------------------------------------------------

    def board(self) -> Board:
        """Return what the hub shows now."""
        if self._board is None:
            self._board = board_of(self.hub.engine, self.hub.engine.now_ms, self._reached)
        return self._board

    def do(self, person: str, act: Act, at_ms: int, took_ms: int | None = None) -> None:
        """Carry out what somebody does; words go to the hub."""
        if isinstance(act, Deed):
            self._by_hand(act, at_ms)
        elif isinstance(act, CheckIn):
            self.played.seen.said.append(Said(at_ms, person, act.codes))
            name, role = person_of(self.who, person)
            self.give(CheckedIn(at_ms=at_ms, by=name, role=role, check=act, took_ms=took_ms))
        else:
            name, role = person_of(self.who, person)
            event = event_of(act, name, role, at_ms)
            self.played.seen.said.append(Said(at_ms, person, type(event).__name__))
            self.give(event)
            self._dosed(event)

    def _by_hand(self, deed: Deed, at_ms: int) -> None:
        match deed:
            case Deed.ROUSE:
                self.body.rouse()
            case Deed.TURN:
                self.body.turn_on_side()
            case Deed.CLIP:
                self.devices.clip_on()
            case _:
                self.devices.press(at_ms)

    def _dosed(self, event: Event) -> None:
        """The lozenge is in the mouth once the hub has taken it for true."""
        dose_ms = self.hub.engine.chart.dose_ms
        if isinstance(event, DoseConfirmed) and self.played.dose_ms is None and dose_ms is not None:
            self.played.seen.marks["dose"] = dose_ms
            self.body.take_dose(self.scenario.patient.dose_mg)
            self.on_dose(dose_ms)
        elif isinstance(event, DoseExtra):
            self.body.take_dose(self.scenario.patient.dose_mg)

    def on_dose(self, dose_ms: int) -> None:
        """Set by `script`: what the scenario plans from the dose."""

    # --- the hub ------------------------------------------------------------------------------

    def give(self, event: Event) -> None:
        """Let the hub take one event."""
        self.hub.give(event)

    def _heard(self, event: Event, effects: Sequence[Effect], engine: Engine) -> None:
        self._ear.hear(event, effects, engine)
        # At the gate a value moves an item without any effect.
        if effects or not isinstance(event, Reading) or engine.chart.phase is Phase.GATE:
            self._board = None
        self._news.extend(effects)
        for effect in effects:
            if isinstance(effect, Send):
                fates = self._chain.fates(effect.channel)
                for fate in self._troubles.message(effect.channel, fates, effect.at_ms):
                    self.agenda.add(effect.at_ms + fate.after_ms, self._fate(effect.delivery, fate))
            elif isinstance(effect, CancelSend):
                self._withdrawn.add(effect.delivery)

    def _fate(self, delivery: str, fate: Fate) -> Callable[[int], None]:
        def comes(at_ms: int) -> None:
            if delivery in self._withdrawn:
                return
            if fate.state.value == "delivered":
                self._reached.add(delivery)
                self.played.reached.append((at_ms, delivery))
            if fate.told:
                self.give(
                    DeliveryReported(
                        at_ms=at_ms, delivery=delivery, state=fate.state, detail=fate.detail
                    )
                )

        return comes
