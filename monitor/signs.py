"""The signs of a check-in that need somebody now: a fall, vomiting, low sugar, as reports.

A sign is so from the check-in that names it until one that says "none of these"; a check-in that
names another sign ends nothing. How urgent it is depends on what is known besides: the rating, the
breathing, the patient's own drugs. Nothing here ends by time; the emergency signs are taken in
`monitor/observer.py`.

    take(observer, CheckIn.parse("W3 B0 C0 D0 X10"))   -> sick, and aspiration
"""

from typing import TYPE_CHECKING

from alerts.condition import Priority
from devices.checkin import Breathing, CheckIn, Sign

if TYPE_CHECKING:
    from monitor.observer import Observer

__all__ = ["REPORTS", "stands", "take"]

REPORTS = ("fell", "low_sugar", "vomited", "sick", "sick_often", "aspiration")
"""All reports that the signs of a check-in can change."""

_SEDATED = 3
_OFTEN = 3
_SEEN = "seen at the check-in"


def take(observer: "Observer", check: CheckIn) -> None:
    """Take these signs of one check-in."""
    health, signs = observer.chart.health, check.signs
    if Sign.NONE in signs:
        for name in REPORTS:
            observer.say(name, present=False, reason="none of the signs at the check-in")
        return
    sedated = check.moaas <= _SEDATED
    worse = sedated or health.blood_thinner
    _stands(observer, "fell", seen=Sign.FELL in signs, worse=worse)
    if health.insulin:
        _stands(observer, "low_sugar", seen=Sign.SWEATY in signs, worse=sedated)
    _vomited(observer, check)


def _stands(observer: "Observer", name: str, *, seen: bool, worse: bool) -> None:
    """A sign that was seen now or before is so; once it was high it is not lowered by a tap."""
    old = observer.chart.reports.get(name)
    stood = old is not None and old.present
    if not seen and not stood:
        return
    high = worse or (stood and old is not None and old.priority is Priority.HIGH)
    priority = Priority.HIGH if high else None
    observer.say(name, present=True, reason=_SEEN, priority=priority)


def _vomited(observer: "Observer", check: CheckIn) -> None:
    """Once is low, three times medium; in a sedated patient, or with noisy breathing, high."""
    chart = observer.chart
    if Sign.VOMITED in check.signs:
        chart.vomits += 1
        observer.say("vomited", present=True, reason=_SEEN)
        observer.say("sick", present=True, reason=_SEEN)
        if chart.vomits >= _OFTEN:
            observer.say("sick_often", present=True, reason=f"{chart.vomits} times")
    # "vomiting with MOAA/S <=3" (NV-ASP): a patient who only feels sick has nothing to breathe in.
    if not (stands(observer, "vomited") or stands(observer, "sick_often")):
        return
    if check.moaas <= _SEDATED or check.breathing is Breathing.NOISY:
        observer.say("aspiration", present=True, reason=f"vomited, rated {check.moaas}")


def stands(observer: "Observer", name: str) -> bool:
    """Tell whether this report is so."""
    report = observer.chart.reports.get(name)
    return report is not None and report.present
