"""The first page as values: what a physician reads who reads one page only.

Boxes, the gate, the discharge, blood pressures at their times, the alarms that mattered most with
their responses, and the fields of a REMS form. Every list is bounded so that it fits on one sheet;
what is not shown here is counted and stands on the pages behind. Words only, no layout.

    view = front(summary, options)
    view.boxes[0]     -> Box("Lowest SpO2", "86 %", "T+47, 12:00:12", "")
"""

from msgspec import Struct

from alerts.condition import rank
from alerts.contact import Role
from monitor.report.alarm_lines import AlarmLine, alarm_count, alarm_line
from monitor.report.boxes import Box, boxes
from monitor.report.pressures import Cell
from monitor.report.readers import LEFT_OUT, may_read, may_read_private
from monitor.report.rems import Field, fields
from monitor.report.replayed import CriteriaStand
from monitor.report.show import Show
from monitor.report.summary import Summary
from monitor.report.words import cut, duration, minutes, number
from monitor.session import Phase

__all__ = ["Front", "GateLine", "front"]

_MOST_ALARMS, _MOST_DOSES, _MOST_ITEMS = 6, 2, 14


class GateLine(Struct, frozen=True):
    """One item of the gate, or one criterion of discharge."""

    name: str
    state: str
    note: str


class PressureCell(Struct, frozen=True):
    """One scheduled time: its name, the reading, its real time."""

    due: str
    value: str
    real: str


class Front(Struct, frozen=True, kw_only=True):
    """Everything on the first page."""

    boxes: list[Box]
    gate: list[GateLine]
    before: str
    pressures: list[list[PressureCell]]
    more_doses: int
    alarms: list[AlarmLine]
    alarm_count: str
    more_alarms: int
    discharge: str
    criteria: list[GateLine]
    criteria_when: str
    rems: list[Field]
    state: str


def front(summary: Summary, show: Show) -> Front:
    """Return the first page of a session."""
    ordered = sorted(summary.stories, key=lambda s: (-rank(s.priority, s.alarm_class), s.raised_ms))
    rows = [
        [_cell(show, cell) for cell in summary.cells if cell.dose == number_]
        for number_ in range(1, len(summary.doses) + 1)
    ]
    return Front(
        boxes=boxes(summary, show),
        gate=_gate(summary, show),
        before=_before(summary, show),
        pressures=rows[:_MOST_DOSES],
        more_doses=max(0, len(rows) - _MOST_DOSES),
        alarms=[alarm_line(show, story) for story in ordered[:_MOST_ALARMS]],
        alarm_count=alarm_count(summary.stories),
        more_alarms=max(0, len(ordered) - _MOST_ALARMS),
        discharge=_discharge(summary, show),
        criteria=_criteria(summary),
        criteria_when=_criteria_when(summary, show),
        rems=[
            Field(one.name, cut(one.value, 72), cut(one.note, 56))
            for one in fields(summary, show.pressure)
        ],
        state=_state(summary),
    )


def _gate(summary: Summary, show: Show) -> list[GateLine]:
    items = {item.id: item for item in summary.opened.plan.gate}
    overridden = {one.item: one for one in summary.people.overridden}
    found: list[GateLine] = []
    gate = {} if summary.replayed is None else summary.replayed.gate
    for name, stand in gate.items():
        item, by = items.get(name), overridden.get(name)
        note = stand.note
        if by is not None and stand.state == "pass":
            reason = by.reason if may_read(show.reader, Role.PHYSICIAN) else LEFT_OUT
            note = f"let pass by {cut(show.who(by.by), 14)}: {reason}"
        elif item is not None and item.private and not may_read_private(show.reader):
            note = LEFT_OUT if note else ""
        found.append(GateLine(name.replace("_", " "), stand.state, cut(note, 42)))
    return found[:_MOST_ITEMS]


def _before(summary: Summary, show: Show) -> str:
    """The values before the dose, and what the oximeter saw until then."""
    parts = []
    base = {name: one.value_x100 for name, one in summary.course.baselines.items()}
    sbp, dbp = base.get("sbp"), base.get("dbp")
    if sbp is not None and dbp is not None:
        parts.append(f"pressure {show.pressure(sbp, dbp)} {show.unit}")
    for name, words, unit in (("spo2", "SpO\u2082", " %"), ("pulse", "pulse", "")):
        if (value := base.get(name)) is not None:
            parts.append(f"{words} {number(value)}{unit}")
    low = summary.before.spo2_low
    if low is not None:
        below = summary.before.below_90_ms
        rest = f", below 90 % for {duration(below)}" if below else ""
        parts.append(f"lowest SpO\u2082 {number(low.value_x100)} %{rest}")
    return "Before the dose: " + (", ".join(parts) or "nothing was measured") + "."


def _cell(show: Show, cell: Cell) -> PressureCell:
    due = f"T{cell.at_min:+d}" if cell.dose == 1 else f"dose {cell.dose} {cell.at_min:+d} min"
    if cell.reading is None:
        return PressureCell(due, cell.missed, "")
    value = show.pressure(cell.reading.sbp_x100, cell.reading.dbp_x100)
    return PressureCell(due, value, f"at {show.when(cell.reading.at_ms)}")


def _discharge(summary: Summary, show: Show) -> str:
    end, at_least = summary.course.discharge, summary.course.at_least
    if end is not None:
        by = "nobody's word" if end.by is None else show.whole(end.by)
        left = (
            ""
            if summary.dose_ms is None
            else ", " + minutes(end.at_ms - summary.dose_ms, at_least=at_least) + " after the dose"
        )
        return f"Discharged at {show.when(end.at_ms)}{left}, confirmed by {by}."
    last = summary.course.end
    if last is None:
        return f"No discharge: the session is not closed (record {summary.last_n})."
    by = "" if last.by is None else f" by {show.whole(last.by)}"
    return (
        f"No discharge: {last.phase.value} at {show.when(last.at_ms)}{by}: {cut(last.reason, 60)}."
    )


def _criteria(summary: Summary) -> list[GateLine]:
    stand = _stand(summary)
    if stand is None:
        return []
    states = {True: "met", False: "not met", None: "not known"}
    return [
        GateLine(name.replace("_", " "), states[one.met], cut(one.words, 44))
        for name, one in stand.criteria.items()
    ]


def _stand(summary: Summary) -> CriteriaStand | None:
    """The criteria at the discharge; without one, at the last trial."""
    replayed = summary.replayed
    return None if replayed is None else replayed.at_discharge or replayed.at_trial


def _criteria_when(summary: Summary, show: Show) -> str:
    stand = _stand(summary)
    if stand is None:
        return ""
    name = "discharge" if summary.course.discharge is not None else "last trial"
    return f"Criteria at the {name}, {show.when(stand.at_ms)}:"


def _state(summary: Summary) -> str:
    end = summary.course.end
    if end is None:
        return f"not closed: until record {summary.last_n}"
    if end.phase is Phase.ABORTED:
        return "aborted, no dose was given"
    return summary.course.phase.value.replace("_", " ")
