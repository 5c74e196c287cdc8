"""What people notice outside a check-in, as reports: a hit head, a helper who must go.

A notice is so until somebody says that it is over, or until a check-in answers the same question.
Numbers become reports by the catalogue's limits. Private things are no less an alarm; how they are
shown is decided elsewhere. No row is judged here.

    noticed(engine, Noticed(at_ms=9_000, by="ann", role=Role.COMPANION, what=Thing.MUST_GO))
"""

from typing import TYPE_CHECKING

from alerts.condition import Priority
from devices.notice import Thing, why_not
from monitor import measured, signs
from monitor.events import Noticed
from monitor.observer import Observer
from monitor.refusal import not_attending, not_taking_part, refuse

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["noticed"]

_MINUTE_MS = 60_000
# "patient stands before T+90 without companion" (`clinical.md` 2.6 MOVE-ALONE).
_STANDS_MS = 90 * _MINUTE_MS
_SEDATED = 3
_MUCH = 7
_SUGAR_LOW, _SUGAR_VERY_LOW = 70, 54

_REPORTS: dict[Thing, tuple[str, Priority | None]] = {
    Thing.HEAD_HIT: ("fell", Priority.HIGH),
    Thing.VOMITED_BLOOD: ("sick_often", None),
    Thing.COUGHS: ("aspiration", None),
    Thing.NOISY_THROAT: ("choking", None),
    Thing.RESTLESS: ("fighting", Priority.MEDIUM),
    Thing.IDEATION: ("ideation", None),
    Thing.INTENT: ("intent", None),
    Thing.LEFT_HOME: ("left_home", None),
    Thing.MUST_GO: ("must_go", None),
    Thing.IMPAIRED: ("impaired", None),
    Thing.STANDS_ALONE: ("stands_alone", None),
    Thing.BLADDER: ("bladder", None),
}
# What the patient may say of themselves; what only somebody else can see they may not.
_OWN = frozenset(
    {Thing.IDEATION, Thing.INTENT, Thing.BLADDER, Thing.NAUSEA, Thing.DISTRESS, Thing.CADSS6}
)
# Said in the room, and so never with the word itself in a reason that the room may read.
_PRIVATE = frozenset({Thing.IDEATION, Thing.INTENT})


def noticed(engine: "Engine", event: Noticed) -> None:
    """A person says what they noticed, or that it is over."""
    what = event.what
    own = what in _OWN
    why = not_taking_part(engine, event) if own else not_attending(engine, event)
    if why is None and not event.over:
        why = why_not(what, event.number)
    if why is None and what is Thing.GLUCOSE and not engine.chart.health.insulin:
        why = "the patient's file lists no insulin or sulfonylurea: no glucose is judged"
    if refuse(engine, event, why):
        return
    if what in _REPORTS:
        _said(engine, event)
    elif what is Thing.MOUTH_EMPTY:
        engine.chart.mouth_empty_ms = None if event.over else event.at_ms
    elif what is Thing.CADSS6:
        _scored(engine, event)
    else:
        _measured(engine, event)
    engine.refresh(event.at_ms)


def _said(engine: "Engine", event: Noticed) -> None:
    """One thing that is so, or is over."""
    name, priority = _REPORTS[event.what]
    observer, chart = engine.observer, engine.chart
    if event.over:
        observer.say(name, present=False, reason=f"{event.by} says that it is over")
        return
    if event.what is Thing.STANDS_ALONE and not _too_early(engine, event.at_ms):
        return
    old = chart.reports.get(name)
    if old is not None and old.present and priority is Priority.MEDIUM and old.priority is None:
        # What was said to be worse is not made better by what is said to be so too.
        return
    words = event.what.value.replace("_", " ")
    reason = f"told by {event.by}" if event.what in _PRIVATE else f"{event.by}: {words}"
    observer.say(name, present=True, reason=reason, priority=priority)
    if event.what is Thing.VOMITED_BLOOD and _is_sedated(engine, event.at_ms):
        observer.say("aspiration", present=True, reason=f"{reason}, while sedated")


def _is_sedated(engine: "Engine", at_ms: int) -> bool:
    """Whether the last rating is 3 or less; one that is too old sharpens nothing (2.0)."""
    rating = engine.chart.moaas(at_ms)
    return rating is not None and rating <= _SEDATED


def _too_early(engine: "Engine", at_ms: int) -> bool:
    dose_ms = engine.chart.dose_ms
    return dose_ms is not None and at_ms < dose_ms + _STANDS_MS


def _scored(engine: "Engine", event: Noticed) -> None:
    """A CADSS-6: before the dose it is what the later ones are compared with."""
    chart = engine.chart
    if chart.dose_ms is None:
        chart.cadss6_before = None if event.over else event.number
    else:
        chart.cadss6 = None if event.over else event.number


def _measured(engine: "Engine", event: Noticed) -> None:
    """Nausea, distress or glucose: a report by its limit, ended by a number inside it."""
    number, say = event.number, engine.observer
    if event.what is Thing.GLUCOSE:
        engine.chart.glucose = None if event.over else number
        measured.follow(engine, event.at_ms)
        _sugar(engine, event)
        return
    name = "sick" if event.what is Thing.NAUSEA else "upset"
    much = number is not None and number >= _MUCH and not event.over
    if name == "sick" and not much and signs.stands(say, "vomited"):
        # One vomit is NV-1 too, and less nausea after it does not undo it.
        return
    reason = f"{event.what.value} {number} of 10" if number is not None else "it is over"
    say.say(name, present=much, reason=reason)


def _sugar(engine: "Engine", event: Noticed) -> None:
    """Below 70 mg/dL medium; below 54, or in a sedated patient, an emergency."""
    observer: Observer = engine.observer
    number = event.number
    if number is None or event.over or number >= _SUGAR_LOW:
        observer.say("low_sugar", present=False, reason=f"{number} mg/dL, told by {event.by}")
        return
    high = number < _SUGAR_VERY_LOW or _is_sedated(engine, event.at_ms)
    observer.say(
        "low_sugar",
        present=True,
        reason=f"{number} mg/dL",
        priority=Priority.HIGH if high else None,
        value_x100=number * 100,
    )
