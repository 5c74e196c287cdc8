"""Alarms as HL7 v2.6 messages ORU^R40: the transaction PCD-04 "Report Alert" of IHE's ACM profile.

One message a line of an alarm's life (`monitor/export/alarm_lines.py`), in the order of time, in
one batch file (FHS, BHS, the messages, BTS, FTS). Each has MSH, PID, PV1, OBR and eight OBX: the
device, the event with its flags, its source with value and limit, event phase, alarm state,
inactivation state, priority and type; an NTE holds the words.

The number of the event "high" is the general one: that of "high value over limit" could not be
confirmed. Where the source is nothing measured, the row of the plan is the source.

    pcd04_text(story).count("MSH|")     -> the number of messages
"""

import hashlib

from devices.observation import METRICS, Metric, Mode
from monitor.export.alarm_lines import Line, lines, metric_of
from monitor.export.codes import HL7_PRIORITY, HL7_TYPE, HL7_UNITS, mdc
from monitor.export.csv_rows import hundredths
from monitor.export.hl7 import batch, comp, esc, header, segment
from monitor.export.story import Story

__all__ = ["EVENTS", "FACETS", "pcd04_text"]

EVENTS = {
    "": ("196616", "MDC_EVT_ALARM"),
    "L": ("196674", "MDC_EVT_LO_VAL_LT_LIM"),
    "H": ("196648", "MDC_EVT_HI"),
}
"""The event by its direction: low, high, neither."""

FACETS = {
    "phase": ("68481", "MDC_ATTR_EVENT_PHASE"),
    "state": ("68482", "MDC_ATTR_ALARM_STATE"),
    "inactivation": ("68483", "MDC_ATTR_ALARM_INACTIVATION_STATE"),
    "priority": ("68484", "MDC_ATTR_ALARM_PRIORITY"),
    "type": ("68485", "MDC_ATTR_ALERT_TYPE"),
}
_SOURCE = ("68480", "MDC_ATTR_ALERT_SOURCE")
_DEVICE = ("69965", "MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS")
_OWN = "99VIGIL"
_PROFILE = ("IHE_PCD_ACM_001", "IHE PCD", "1.3.6.1.4.1.19376.1.6.4.4", "ISO")
_PROCESSING = {Mode.REAL: "P", Mode.DEMO: "T", Mode.TEST: "D"}


def pcd04_text(story: Story) -> str:
    """Return the batch file of a session; it may hold no message at all."""
    found = [
        (line.at_ms, alarm, number, line)
        for alarm in story.alarms
        for number, line in enumerate(lines(story, alarm), start=1)
    ]
    found.sort(key=lambda one: one[:3])
    messages = [_message(story, alarm, number, line) for _, alarm, number, line in found]
    sender, at = comp("VIGIL"), story.dates.hl7(story.last_ms)
    return batch(sender, at, esc(story.opened.session), messages)


def _message(story: Story, alarm: str, number: int, line: Line) -> str:
    at = story.dates.hl7(line.at_ms)
    opened = story.opened
    name = f"{opened.session}/{alarm}/{number}"
    control = hashlib.sha256(name.encode()).hexdigest()[:20]
    parent = "" if line.phase == "start" else f"^{esc(f'{alarm}/1')}&VIGIL"
    return "".join(
        [
            header(
                "MSH",
                comp("VIGIL"),
                comp(opened.session),
                "",
                "",
                at,
                "",
                comp("ORU", "R40", "ORU_R40"),
                control,
                _PROCESSING[opened.mode],
                "2.6",
                "",
                "",
                "AL",
                "NE",
                "",
                "UNICODE UTF-8",
                "",
                "",
                comp(*_PROFILE),
            ),
            segment(
                "PID",
                "1",
                "",
                comp(opened.patient.id, "", "", "VIGIL", "PI"),
                "",
                comp(opened.patient.name, "", "", "", "", "", "S"),
            ),
            segment("PV1", "1", "O", comp("HOME"), *[""] * 15, comp(opened.session)),
            segment(
                "OBR",
                "1",
                "",
                comp(f"{alarm}/{number}", "VIGIL"),
                comp(*EVENTS[""], "MDC"),
                "",
                "",
                at,
                *[""] * 21,
                parent,
            ),
            *_facets(story, line, at),
        ]
    )


def _facets(story: Story, line: Line, at: str) -> list[str]:
    changed = line.changed
    metric = metric_of(story, changed)
    side = _side(changed.value_x100, changed.limit_x100) if metric is not None else ""
    priority, kind = HL7_PRIORITY[changed.priority], HL7_TYPE[changed.kind]
    label = story.label_of.get(changed.row, "-")
    event = comp(*EVENTS[side], "MDC", changed.row, label, _OWN)
    flags = "~".join(flag for flag in (side, priority, kind) if flag)
    said = {
        "phase": line.phase,
        "state": line.state,
        "inactivation": line.inactivation,
        "priority": priority,
        "type": kind,
    }
    device = comp(*_DEVICE, "MDC")
    rows = [
        _obx(1, "", device, "1.0.0.0", "", status="X", more=comp("vigil", "VIGIL")),
        _obx(2, "ST", event, "1.0.0.0.1", esc(label), flag=flags, at=at),
        _source(metric, line, side, label),
    ]
    rows += [
        _obx(4 + index, "ST", comp(*FACETS[facet], "MDC"), f"1.0.0.0.{3 + index}", value)
        for index, (facet, value) in enumerate(said.items())
    ]
    words = ": ".join(part for part in (changed.transition.value, changed.reason) if part)
    if line.by_signal:
        words = "the alarm is over"
    return [*rows, segment("NTE", "1", "", esc(words))]


def _source(metric: Metric | None, line: Line, side: str, label: str) -> str:
    """What the alarm is about: a value with its limit, or the row."""
    changed = line.changed
    if metric is None or changed.value_x100 is None:
        row = comp(changed.row, label, _OWN)
        return _obx(3, "CWE", comp(*_SOURCE, "MDC"), "1.0.0.0.2", row)
    code, unit = mdc(metric), HL7_UNITS.get(metric)
    units = (
        comp(METRICS[metric].unit, METRICS[metric].unit, "UCUM")
        if unit is None
        else comp(unit.code, unit.display, "MDC")
    )
    limit = changed.limit_x100
    wanted = {"L": ">", "H": "<", "": ""}[side]
    limits = "" if limit is None else wanted + hundredths(limit)
    value = hundredths(changed.value_x100)
    name = comp(code.code, code.display, "MDC")
    return _obx(3, "NM", name, "1.0.0.0.2", value, units=units, limits=limits)


def _side(value_x100: int | None, limit_x100: int | None) -> str:
    if value_x100 is None or limit_x100 is None or value_x100 == limit_x100:
        return ""
    return "L" if value_x100 < limit_x100 else "H"


def _obx(number: int, kind: str, name: str, part: str, value: str, **rest: str) -> str:
    """One OBX; `rest`: units, limits, flag, status (R), at, more (the equipment)."""
    fields = [str(number), kind, name, part, value]
    fields += [rest.get(field, "") for field in ("units", "limits", "flag")]
    fields += ["", "", rest.get("status", "R"), "", "", rest.get("at", ""), "", "", ""]
    return segment("OBX", *fields, rest.get("more", ""))
