"""The engine of one session: one door in, one door out, no clock.

`handle(event)` takes a fact and returns decisions; `next_deadline()` says when something may happen
by itself. Order at one instant: deadlines (by due time, then plan order), then the event, then what
became due by it. The same events always give the same effects, so a journal of events is enough to
restore everything. It never does anything itself.

    engine = Engine()
    engine.handle(SessionOpened(at_ms=0, ...))
    engine.handle(Reading(at_ms=1_000, report=report))    -> [AlarmChanged(...), Sound(...), ...]
    engine.next_deadline()                                 -> 16_000
"""

from collections.abc import Callable
from typing import Any

from alerts.condition import Absent, AlarmClass, Assessment, Present, Priority
from alerts.rehearser import Rehearser
from alerts.sound_proof import SoundProof
from alerts.system import AlarmSystem
from alerts.timers import Timers
from devices.observation import DeviceReport
from monitor import extended, follow_up, late, measured, presence, proofs, residue, verdicts
from monitor.baseline import BaselineKeeper
from monitor.batteries import Batteries
from monitor.chart import Chart
from monitor.clocks import Clocks
from monitor.course import Course
from monitor.detectors.base import Detector
from monitor.detectors.build import Board
from monitor.detectors.cuff import CuffDetector
from monitor.discharge import Criterion, Trials, judged
from monitor.effects import Effect, PhaseChanged, RowOff
from monitor.events import Event, MonitorDown, SessionOpened
from monitor.intake import Intake, Seen
from monitor.judge import Judge
from monitor.limit_views import LimitViews
from monitor.observer import Observer
from monitor.off_rows import why_off
from monitor.prompts import Prompts
from monitor.score import NewsView
from monitor.session import OVER, Phase, Trigger

__all__ = ["Engine", "EventOrderError"]

_COURSE_ORDER, _FOLLOW_UP = 5_000, Phase.FOLLOW_UP
_AFTER_DOWN_MS = 60_000


class EventOrderError(ValueError):
    """An event is earlier than the last one, or comes before the session was opened."""


class Engine:
    """One session. Parts are public so that handlers and screens can read them."""

    def __init__(self) -> None:
        self.now_ms = -1
        self.opened: SessionOpened | None = None
        self.seen = Seen()
        self.timers = Timers()

    # --- the door -----------------------------------------------------------------------------

    def handle(self, event: Event) -> list[Effect]:
        """Take one event and return what follows, oldest first.

        Raises:
            EventOrderError: the event is earlier than the last one, or the first event is not
                `SessionOpened`, or that comes twice. Nothing has changed then.
        """
        at_ms = event.at_ms
        if self.opened is None:
            if not isinstance(event, SessionOpened):
                raise EventOrderError(f"{type(event).__name__} comes before SessionOpened")
            self._open(event)
        elif at_ms < self.now_ms:
            raise EventOrderError(f"event at {at_ms} ms is earlier than the last at {self.now_ms}")
        elif isinstance(event, SessionOpened):
            raise EventOrderError("the session is open already")
        out: list[Effect] = []
        self._out = out
        self.alarms.out = out  # type: ignore[assignment]
        if isinstance(event, MonitorDown):
            self._begin_outage(at_ms)
        self._run_due(at_ms)
        self.now_ms = at_ms
        presence.tapped(self, event)
        self._handlers[type(event)](self, event)
        self._run_due(at_ms)
        self._follow(at_ms)
        return out

    def next_deadline(self) -> int | None:
        """When something may happen by itself, in hub ms; always later than now. None: never."""
        return self.timers.next_due_ms()

    def is_duplicate(self, report: DeviceReport) -> bool:
        """Whether this very report was taken before. Changes nothing."""
        return report in self.seen

    # --- inside -------------------------------------------------------------------------------

    def _open(self, event: SessionOpened) -> None:
        from monitor.handlers import HANDLERS  # noqa: PLC0415 - handlers know the engine

        self._handlers: dict[type, Callable[[Engine, Any], None]] = HANDLERS
        self.opened = event
        # Times of a recording may be negative: seconds before an admission, for example.
        self.now_ms = event.at_ms
        plan, patient = event.plan, event.patient
        self.chart = Chart(
            plan, patient.devices, athlete=patient.athlete, fibrillation=patient.fibrillation
        )
        self.chart.opened_ms = event.at_ms
        self.chart.health = patient.health
        self.trials, self.verdicts = Trials(), dict[str, verdicts.VerdictView]()
        self.alarms = AlarmSystem(plan.ladder, patient.contacts, self.timers)
        self.rehearser = Rehearser(self.alarms.post, self.timers, self.emit)
        self.sound_proof = SoundProof(event.at_ms)
        self.proofs = proofs.Proofs()
        self.words, self.follow = measured.Words(), follow_up.Follow()
        self.observer = Observer(self.chart)
        self.intake = Intake(self.chart, event.mode)
        self.batteries, self.clocks = Batteries(self.observer), Clocks(self.observer)
        self.course = Course(self.chart, self._phase_changed)
        self.board = Board(plan.rows, self.chart)
        self.judge = Judge(self.board, self.chart, self._settle, self._engine_fault)
        self.prompts = Prompts(self.chart, self.timers)
        self.baselines = BaselineKeeper(self.chart)
        self.limits = LimitViews(self.chart)
        self.news2: NewsView | None = None
        self._off_said: set[str] = set()

    def _begin_outage(self, at_ms: int) -> None:
        """What became due while the hub did not run is record only; nobody was asked in time."""
        self.alarms.hold()
        self.board.hold(at_ms + _AFTER_DOWN_MS)

    def _run_due(self, now_ms: int) -> None:
        while (popped := self.timers.pop_due(now_ms)) is not None:
            key, due_ms = popped
            at_ms = max(due_ms, self.now_ms)
            self.now_ms = at_ms
            kind = key[0]  # type: ignore[index]
            if kind == "row":
                index = key[1]  # type: ignore[index]
                self.judge.refresh_one(index, at_ms)
                self._arm(self.board.all[index], at_ms)
            elif kind == "course":
                self.consider(at_ms)
            elif kind == "prompt":
                self.emit(self.prompts.fire(str(key[1]), at_ms))  # type: ignore[index]
            elif kind == "rehearsal":
                proofs.fire(self, key, at_ms)  # type: ignore[arg-type]
            elif kind != "follow_up":
                self.alarms.fire(key, at_ms)  # type: ignore[arg-type]
            self._follow(at_ms)

    def _follow(self, at_ms: int) -> None:
        """What every change may bring along: proofs, questions, people out of reach, the sound."""
        extended.follow(self, at_ms)
        residue.follow(self, at_ms)
        trial = self.rehearser.last
        if trial is not None:
            proofs.consider(self, trial, at_ms)
        if self.chart.phase is _FOLLOW_UP:
            follow_up.consider(self, at_ms)
        if self.alarms.post.reach.news:
            self._tell_reach(at_ms)
        self.alarms.update_sound(at_ms)

    def _tell_reach(self, at_ms: int) -> None:
        """CH-FAIL holds while no way reaches a person: the post knows, the rows say it."""
        while news := self.alarms.post.reach.take_news():
            for contact, why in news:
                detail = why or f"{contact} can be reached again"
                self._say_hub(f"reach:{contact}", detail, at_ms, present=why is not None)

    def emit(self, effect: Effect | None) -> None:
        """Add one effect."""
        if effect is not None:
            self._out.append(effect)

    def refresh(self, at_ms: int) -> None:
        """News that any row may ask about: judge all rows, then see what follows."""
        self.judge.refresh(at_ms)
        for detector in self.board.cuff:
            self._ask_for(detector, at_ms)
        self.consider(at_ms)

    def consider(self, at_ms: int) -> None:
        """Phases, baselines, prompts and the next deadlines after news or time."""
        self.course.consider(at_ms)
        self._tell_gate(at_ms)
        for effect, metric in self.baselines.consider(at_ms):
            self.emit(effect)
            if metric is not None:
                self.judge.fold(metric)
            if effect.value_x100 is None:
                self.observer.say("no_baseline", present=True, reason=effect.reason)
                self.judge.refresh(at_ms)
            self.say_off(at_ms)
        self.prompts.arm(at_ms)
        dues = (self.course.due_ms(at_ms), self.baselines.due_ms(at_ms))
        due_ms = min((due for due in dues if due is not None), default=None)
        if due_ms is None:
            self.timers.cancel(("course",))
        else:
            self.timers.set(("course",), due_ms, _COURSE_ORDER)

    def _tell_gate(self, at_ms: int) -> None:
        """GATE-LATE holds while a gate that has lapsed is still where the session is."""
        report = self.chart.reports.get("gate_late")
        late = self.chart.gate_lapsed and self.chart.phase is Phase.GATE
        if late == (report is not None and report.present):
            return
        minutes = self.chart.plan.gate_min
        reason = (
            f"no dose in {minutes} min: cancel, or open a new session" if late else "it is over"
        )
        self.observer.say("gate_late", present=late, reason=reason)
        self.judge.refresh(at_ms)

    def criteria(self, at_ms: int) -> dict[str, Criterion]:
        """The criteria of discharge as they are now. Changes nothing."""
        return judged(self.chart, self.trials, self.alarms.book.open.values(), at_ms)

    def say_off(self, at_ms: int) -> None:
        """Name each row that cannot work, once."""
        for detector in self.board.all:
            why = why_off(detector.answer)
            if why is not None and detector.id not in self._off_said:
                self._off_said.add(detector.id)
                self.emit(RowOff(at_ms=at_ms, row=detector.id, why=why))

    def _settle(self, detector: Detector, at_ms: int) -> None:
        answer = detector.answer
        self.alarms.settle(detector.facts, answer, at_ms)
        self._arm(detector, at_ms)
        if isinstance(detector, CuffDetector):
            self._ask_for(detector, at_ms)
        if detector.facts.family == "oxygen":
            self._note_oxygen(detector.id, answer, at_ms)
        if not isinstance(answer, Present):
            return
        self.follow.saw(detector.facts.family, answer)
        if answer.alarm_class is AlarmClass.E:
            self.course.trigger(Trigger.CLASS_E, at_ms, f"{detector.id}: class E")

    def _ask_for(self, detector: CuffDetector, at_ms: int) -> None:
        """One more cuff reading, when a row wants it."""
        if detector.wants_ms is not None:
            due_ms, detector.wants_ms = detector.wants_ms, None
            self.emit(self.prompts.one_more(due_ms, f"{detector.id}: one more reading", at_ms))

    def _note_oxygen(self, row: str, answer: Assessment, at_ms: int) -> None:
        """Which oxygen rows of medium or more are on, and when one last was (`held_by_cuff`)."""
        on, held = self.chart.oxygen_on, self.chart.held_span(at_ms)
        if isinstance(answer, Present) and answer.priority is not Priority.LOW:
            on.add(row)
            self.chart.oxygen_alarm_ms = at_ms
        elif isinstance(answer, Absent) and row in on:
            on.discard(row)
            self.chart.oxygen_alarm_ms = at_ms
        if held is not None and self.chart.held_span(at_ms) is None:
            # A hold ends with the first oxygen alarm: what waited for its end is judged at once.
            for detector in self.board.samples:
                index = self.board.index[id(detector)]
                self.timers.at_latest(("row", index), at_ms, index)

    def _arm(self, detector: Detector, at_ms: int) -> None:
        until_ms = detector.answer.until_ms
        if until_ms is not None and until_ms > at_ms:
            index = self.board.index[id(detector)]
            self.timers.at_latest(("row", index), until_ms, index)

    def _engine_fault(self, cause: str, what: str | None, at_ms: int) -> None:
        self._say_hub(f"engine:{cause}", what or "", at_ms, present=what is not None)

    def _say_hub(self, condition: str, detail: str, at_ms: int, *, present: bool) -> None:
        """One cause of a condition of our own, taken over at once by the rows that it is for."""
        self.observer.hub(condition, present=present, detail=detail)
        on = condition.partition(":")[0]
        for index, detector in enumerate(self.board.all):
            if getattr(detector, "on", None) == on:
                self.judge.refresh_one(index, at_ms)

    def _phase_changed(self, change: PhaseChanged) -> None:
        self.emit(change)
        at_ms = change.at_ms
        self.trials.restart()
        late.follow(self.observer, change)
        measured.tell(self)
        follow_up.phase_changed(self, change)
        self.judge.refresh(at_ms)
        for detector in self.board.all:
            self._arm(detector, at_ms)
        if self.chart.phase in OVER:
            self.alarms.end_all(f"session is {self.chart.phase.value}", at_ms)
