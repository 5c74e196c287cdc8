"""The follow-up: what is asked after the discharge, when, and when the session may end.

The devices are off (`clinical.md` 1.4, phase 6): rows that lean on them rest, what people say goes
on being judged. A question goes to patient and companion at T+240 min, a cuff reading is offered
before it when a pressure alarm was in the session, and the next day's check-in is asked from
T+20 h on. While the hub does not run nobody is asked; what was due then is asked when it runs
again. Answers are taken in `monitor/followed.py`; nothing is sent here but through the engine's
post.

    begin(engine, at_ms)       the session was discharged: times are set, rows rest
    consider(engine, at_ms)    what is due is asked; a session that is done ends
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from alerts.alarm import Alarm
from alerts.condition import Kind, Present, Priority
from alerts.contact import Role
from alerts.escalation import Rung
from alerts.sending import QUESTION
from monitor.effects import FollowStep, FollowUpChanged, PhaseChanged
from monitor.session import Phase, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine
    from monitor.events import MonitorDown

__all__ = ["Asked", "Follow", "begin", "consider", "note", "outage", "over", "phase_changed"]

_MINUTE_MS = 60_000
_WATCHED_AGAIN = frozenset({Phase.PEAK, Phase.EMERGENCY})
# Nobody is asked at the very minute of a discharge that was late.
_LEAST_MS = 30 * _MINUTE_MS
_LATE_MS = _MINUTE_MS
_OUTAGE_MS = 10_000
_ORDER = 5_002
_KEY = ("follow_up",)
_STEPS = {
    "question_asked": (FollowStep.QUESTION_ASKED, FollowStep.QUESTION_ANSWERED),
    "next_day_asked": (FollowStep.NEXT_DAY_ASKED, FollowStep.NEXT_DAY_ANSWERED),
}
_PEOPLE = (Role.PATIENT, Role.COMPANION)


class Asked(Struct):
    """One question: when it is due, was asked, and who has answered (None: not yet).

    `report` is the report that stands while it waits for an answer; `words` are for the record.
    """

    report: str
    words: str
    due_ms: int
    asked_ms: int | None = None
    answered_ms: int | None = None
    by: str | None = None

    @property
    def waits(self) -> bool:
        """Asked, and nobody has answered."""
        return self.asked_ms is not None and self.answered_ms is None

    @property
    def message(self) -> str:
        """The name under which it was sent."""
        return f"{QUESTION}@{self.asked_ms}"


class Follow:
    """What one session keeps of its follow-up; nothing before the discharge.

    `pressure`: a pressure alarm was in the session, so that readings are offered at `cuff_ms`.
    """

    def __init__(self) -> None:
        self.pressure = False
        self.cuff_ms: list[int] = []
        self.question: Asked | None = None
        self.next_day: Asked | None = None

    def saw(self, family: str, answer: Present) -> None:
        """A row is present: whether it was about the pressure, and no reading in doubt."""
        if answer.full and family.startswith("pressure"):
            self.pressure = True

    @property
    def asks(self) -> tuple[Asked, ...]:
        """The two questions, once the session was discharged."""
        return tuple(one for one in (self.question, self.next_day) if one is not None)


def phase_changed(engine: "Engine", change: PhaseChanged) -> None:
    """The follow-up begins with the discharge; whatever else comes of it ends it."""
    if change.phase == Phase.FOLLOW_UP:
        begin(engine, change.at_ms)
    elif change.before == Phase.FOLLOW_UP:
        over(engine, change.at_ms, f"the session is {change.phase}")


def begin(engine: "Engine", at_ms: int) -> None:
    """Set the times, and let rest what leans on the devices."""
    chart, follow = engine.chart, engine.follow
    rules, dose_ms = chart.plan.follow_up, chart.dose_ms
    if rules is None or dose_ms is None:  # pragma: no cover - the table leads here with both only
        return

    def due_ms(minutes: int) -> int:
        planned_ms = dose_ms + minutes * _MINUTE_MS
        return planned_ms if planned_ms > at_ms else at_ms + _LEAST_MS

    engine.prompts.open.clear()
    marks = [dose_ms + minutes * _MINUTE_MS for minutes in rules.cuff_min]
    follow.cuff_ms = [mark for mark in marks if mark > at_ms] if follow.pressure else []
    follow.question = Asked("question_asked", "the evening's question", due_ms(rules.message_min))
    follow.next_day = Asked("next_day_asked", "the next day's check-in", due_ms(rules.next_day_min))
    awake = frozenset(
        index
        for index, detector in enumerate(engine.board.all)
        if detector.facts.kind is Kind.OBSERVER or detector.id in rules.rows
    )
    engine.judge.rest(awake, "the session is in follow-up", at_ms)
    # The discharge has just seen the patient well: what is only latched now calls nobody any more.
    engine.alarms.saw_well(at_ms)
    _arm(engine)


def over(engine: "Engine", at_ms: int, reason: str) -> None:
    """The follow-up is over: nobody waits for an answer, all rows are judged again."""
    engine.timers.cancel(_KEY)
    for asked in engine.follow.asks:
        _withdraw(engine, asked, at_ms, reason)
    if engine.chart.phase in _WATCHED_AGAIN:
        engine.judge.wake()


def note(engine: "Engine", asked: Asked, by: str, at_ms: int) -> None:
    """Somebody has answered."""
    asked.answered_ms, asked.by = at_ms, by
    _withdraw(engine, asked, at_ms, f"answered by {by}")
    _say(engine, _STEPS[asked.report][1], asked, at_ms, f"{asked.words}, answered", by)


def consider(engine: "Engine", at_ms: int) -> None:
    """In the phase: ask what is due, end a session where all is answered and nothing found."""
    follow = engine.follow
    if engine.alarms.post.held is not None:
        return
    while follow.cuff_ms and follow.cuff_ms[0] <= at_ms:
        due_ms = follow.cuff_ms.pop(0)
        why = "after a pressure alarm in the session (not required)"
        engine.emit(engine.prompts.one_more(max(due_ms, at_ms), why, at_ms))
    for asked in follow.asks:
        if asked.asked_ms is None and asked.due_ms <= at_ms:
            _ask(engine, asked, at_ms)
    _arm(engine)
    last = follow.next_day
    if last is not None and last.answered_ms is not None and not _findings(engine):
        reason = f"{last.words} was answered by {last.by}"
        engine.course.trigger(Trigger.FOLLOWED_UP, at_ms, reason)


def outage(engine: "Engine", event: "MonitorDown") -> tuple[Priority | None, str] | None:
    """How urgent an outage is in the follow-up, and what fell due meanwhile; None: not in it.

    Nothing was watched, so that only what was not asked makes it more than low.
    """
    if engine.chart.phase is not Phase.FOLLOW_UP:
        return None
    missed = [one.words for one in engine.follow.asks if _passed(one, event.at_ms)]
    missed += ["a cuff reading"] if any(m <= event.at_ms for m in engine.follow.cuff_ms) else []
    words = f"; due meanwhile, asked now: {', '.join(missed)}" if missed else ""
    if missed or event.down_ms is None:
        return Priority.MEDIUM, words
    return (Priority.LOW if event.down_ms >= _OUTAGE_MS else None), words


def _passed(asked: Asked, at_ms: int) -> bool:
    return asked.asked_ms is None and asked.due_ms <= at_ms


def _ask(engine: "Engine", asked: Asked, at_ms: int) -> None:
    """Ask once; the report stands until somebody answers, and its row tells how long it has."""
    asked.asked_ms = at_ms
    late_min = (at_ms - asked.due_ms) // _MINUTE_MS
    late = f", {late_min} min late" if at_ms - asked.due_ms >= _LATE_MS else ""
    _say(engine, _STEPS[asked.report][0], asked, at_ms, f"{asked.words}{late}")
    for role in _PEOPLE:
        if role is Role.COMPANION or engine.alarms.post.contact_of(role) is not None:
            engine.alarms.post.send(asked.message, Priority.LOW, Rung(0, role), QUESTION, at_ms)
    engine.observer.say(asked.report, present=True, reason=f"{asked.words} waits for an answer")
    engine.judge.refresh(at_ms)


def _withdraw(engine: "Engine", asked: Asked, at_ms: int, reason: str) -> None:
    engine.observer.say(asked.report, present=False, reason=reason)
    if asked.asked_ms is not None:
        engine.alarms.post.withdrawal.stop(asked.message, at_ms, reason, but=())


def _say(
    engine: "Engine",
    step: FollowStep,
    asked: Asked,
    at_ms: int,
    reason: str,
    by: str | None = None,
) -> None:
    engine.emit(FollowUpChanged(at_ms=at_ms, step=step, due_ms=asked.due_ms, by=by, reason=reason))


def _arm(engine: "Engine") -> None:
    follow = engine.follow
    dues = [one.due_ms for one in follow.asks if one.asked_ms is None]
    due_ms = min([*dues, *follow.cuff_ms[:1]], default=None)
    if due_ms is None:
        engine.timers.cancel(_KEY)
    else:
        engine.timers.set(_KEY, due_ms, _ORDER)


def _findings(engine: "Engine") -> bool:
    """Whether an alarm about the patient is open that somebody must end first."""
    return any(_finding(alarm) for alarm in engine.alarms.book.open.values())


def _finding(alarm: Alarm) -> bool:
    bodily = alarm.top.facts.kind in (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
    latches = any(state.kept is not None for state in alarm.rows.values())
    return bodily and (latches or alarm.level[0] is not Priority.LOW)
