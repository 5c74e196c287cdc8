"""The fields of a Spravato REMS monitoring form, as far as a session's record can fill them.

The fields are those of `clinical.md` 1.1: concomitant drugs by class, total minutes, minutes until
ready, vital signs before and at the end, blood pressure before, at 40 min and at the end, sedation,
dissociation, respiratory depression and whether each had resolved, serious events. Every field says
`yes`, `no` or `not known` by a rule that stands beside it. It fills in no judgement: whether an
event was serious is left to a physician's hand.

    fields(summary)[0]   -> Field(name="Benzodiazepine, ...", value="no", note="patient's file")
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from alerts.condition import AlarmClass, Priority
from devices.notice import Thing
from monitor.report.people import Scored, most
from monitor.report.pressures import Cell
from monitor.report.summary import Summary
from monitor.report.words import duration, minutes, number, pressure
from monitor.session import Phase

__all__ = ["Field", "emergencies", "fields"]

_FULLY_AWAKE = 5
_FORTY = 40
# "CADSS-6 back to baseline +2 at most" (`clinical.md` 1.4, discharge criterion 6).
_CADSS6_OVER = 2
_BREATHING = ("oxygen", "breathing")
_VITAL_ITEMS = ("blood_pressure", "pulse", "spo2")
YES, NO, UNKNOWN = "yes", "no", "not known"


class Field(Struct, frozen=True):
    """One field of the form, its answer, and where the answer comes from."""

    name: str
    value: str
    note: str = ""


def fields(summary: Summary, show: Callable[[int, int], str] = pressure) -> list[Field]:
    """Return all fields in the form's order; `show` writes a systolic and a diastolic pressure."""
    return [
        *_drugs(summary),
        *_times(summary),
        *_vitals(summary),
        *_pressures(summary, show),
        _sedation(summary),
        _dissociation(summary),
        _breathing(summary),
        _serious(summary),
    ]


def _drugs(summary: Summary) -> list[Field]:
    health = summary.opened.patient.health
    said = summary.people.answers.get("drugs", {})
    asked = (
        ("Opioid or sedative not agreed on, last 24 h", "not_agreed"),
        ("Cannabis, stimulant, MAOI or gabapentin not agreed on, last 24 h", "other"),
        ("Alcohol today", "alcohol"),
    )
    return [
        Field(
            "Benzodiazepine, sedative-hypnotic or opioid",
            YES if health.sedatives else NO,
            "patient's file",
        ),
        Field("Psychostimulant or MAOI", YES if health.stimulants else NO, "patient's file"),
        *(
            Field(name, UNKNOWN if said.get(key) is None else _yes(said[key]), "asked at the gate")
            for name, key in asked
        ),
    ]


def _times(summary: Summary) -> list[Field]:
    dose_ms, at_least = summary.dose_ms, summary.course.at_least
    if dose_ms is None:
        none = "no dose was taken"
        return [Field("Total minutes", none), Field("Minutes until ready to leave", none)]
    total = minutes(summary.watched_until_ms - dose_ms, at_least=at_least)
    open_ = "" if summary.course.end is not None else f", not closed: until record {summary.last_n}"
    replayed = summary.replayed
    ready = None if replayed is None else replayed.ready
    value = "not yet" if summary.course.end is None else "never"
    if ready is not None:
        value = minutes(ready.at_ms - dose_ms, at_least=at_least)
    return [
        Field("Total minutes", total, f"from the first dose to the end of watching{open_}"),
        Field("Minutes until ready to leave", value, "first trial that met every criterion"),
    ]


def _vitals(summary: Summary) -> list[Field]:
    replayed = summary.replayed
    if replayed is None:
        return []
    gate = [replayed.gate.get(item) for item in _VITAL_ITEMS]
    overridden = {one.item for one in summary.people.overridden}
    before = UNKNOWN
    if all(item is not None and item.state == "pass" for item in gate):
        before = NO if overridden & set(_VITAL_ITEMS) else YES
    elif any(item is not None and item.state in ("hold", "stop") for item in gate):
        before = NO
    stand = replayed.at_discharge
    at_end = UNKNOWN
    if stand is not None:
        met = [stand.criteria[name].met for name in _VITAL_ITEMS]
        at_end = YES if all(met) else NO if False in met else UNKNOWN
    note = "let pass by a physician" if overridden & set(_VITAL_ITEMS) else "items of the gate"
    return [
        Field("Vital signs acceptable before the dose", before, note),
        Field(
            "Vital signs acceptable at the end",
            at_end,
            "criteria at the discharge" if stand is not None else "there was no discharge",
        ),
    ]


def _pressures(summary: Summary, show: Callable[[int, int], str]) -> list[Field]:
    sbp, dbp = summary.course.baselines.get("sbp"), summary.course.baselines.get("dbp")
    before = "not measured"
    if sbp is not None and dbp is not None and sbp.value_x100 and dbp.value_x100:
        before = show(sbp.value_x100, dbp.value_x100)
    at_forty = _first(summary.cells, _FORTY)
    watched = [one for one in summary.pressures.readings if one.at_ms <= summary.watched_until_ms]
    dose_ms = summary.dose_ms
    last = watched[-1] if watched and dose_ms is not None and watched[-1].at_ms > dose_ms else None
    return [
        Field("Blood pressure before", before, "mean of the gate's readings"),
        Field(
            "Blood pressure 40 min after",
            "not measured"
            if at_forty is None or at_forty.reading is None
            else show(at_forty.reading.sbp_x100, at_forty.reading.dbp_x100),
            "nearest reading within 10 min of T+40",
        ),
        Field(
            "Blood pressure at the end",
            "not measured" if last is None else show(last.sbp_x100, last.dbp_x100),
            "last reading while watched"
            + ("" if last is None else f", {duration(summary.watched_until_ms - last.at_ms)} old"),
        ),
    ]


def _sedation(summary: Summary) -> Field:
    """Sedation: any MOAA/S below 5 since the dose; resolved: the last rating is 5."""
    checks = [one for one in summary.people.checks if _observed(summary, one.at_ms)]
    if not checks:
        return Field("Sedation", UNKNOWN, "no check-in since the dose")
    least, last = min(one.check.moaas for one in checks), checks[-1].check.moaas
    if least == _FULLY_AWAKE:
        return Field("Sedation", NO, "every MOAA/S was 5")
    return Field("Sedation", _resolved(last == _FULLY_AWAKE), f"lowest MOAA/S {least}, last {last}")


def _dissociation(summary: Summary) -> Field:
    """Dissociation: a CADSS-6 above the one before the dose; resolved: at most 2 above it."""
    scores = summary.people.of(Thing.CADSS6)
    after = [one for one in scores if _observed(summary, one.at_ms)]
    highest = most(after, summary.spans)
    if highest is None or summary.dose_ms is None:
        return Field("Dissociation", UNKNOWN, "no CADSS-6 since the dose")
    before = _before(scores, summary.dose_ms)
    known = "none before the dose" if before is None else f"{before} before the dose"
    note = f"CADSS-6: {known}, highest {highest.value}, last {after[-1].value}"
    if highest.value <= (before or 0):
        return Field("Dissociation", NO, note)
    return Field("Dissociation", _resolved(after[-1].value <= (before or 0) + _CADSS6_OVER), note)


def _breathing(summary: Summary) -> Field:
    """Respiratory depression: a high alarm of oxygen or breathing; resolved: none is left."""
    if summary.dose_ms is None or not (summary.observed.samples or summary.people.checks):
        return Field("Respiratory depression", UNKNOWN, "nothing was measured since a dose")
    found = [
        one
        for one in summary.stories
        if one.family in _BREATHING
        and one.priority is Priority.HIGH
        and _observed(summary, one.raised_ms)
    ]
    low = summary.observed.spo2_low
    note = "lowest SpO2 not measured" if low is None else f"lowest SpO2 {number(low.value_x100)} %"
    if not found:
        unknown = duration(summary.observed.unknown_ms)
        return Field("Respiratory depression", NO, f"no such alarm; {note}; {unknown} unknown")
    rows = ", ".join(one.top_row for one in found)
    gone = all(one.gone_ms is not None for one in found)
    return Field("Respiratory depression", _resolved(gone), f"{rows}; {note}")


def _serious(summary: Summary) -> Field:
    found = emergencies(summary)
    if not found:
        return Field("Serious events on record", "none", "a physician judges what was serious")
    return Field(
        "Serious events on record", "; ".join(found), "a physician judges what was serious"
    )


def emergencies(summary: Summary) -> list[str]:
    """What the record holds of emergencies: class E alarms, the phase, help, hand-overs."""
    found = [
        f"{one.top_row} ({one.reason})"
        for one in summary.stories
        if one.alarm_class is AlarmClass.E
    ]
    if any(stage.phase is Phase.EMERGENCY for stage in summary.course.stages):
        found.append("emergency phase")
    found += [f"handed over to {one.to}" for one in summary.course.handed]
    return found


def _observed(summary: Summary, at_ms: int) -> bool:
    """Whether it was after the dose: what was said in the same instant was before it."""
    return any(from_ms < at_ms <= to_ms for from_ms, to_ms in summary.spans)


def _before(scores: Sequence[Scored], dose_ms: int) -> int | None:
    values = [one.value for one in scores if one.at_ms <= dose_ms]
    return values[-1] if values else None


def _first(cells: Sequence[Cell], at_min: int) -> Cell | None:
    return next((cell for cell in cells if cell.at_min == at_min), None)


def _resolved(gone: bool) -> str:
    return "yes, resolved" if gone else "yes, not resolved at the end"


def _yes(so: bool) -> str:
    return YES if so else NO
