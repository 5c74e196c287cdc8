"""What came every second: one summary a phase, and every second as SampledData, an hour a piece.

A second without a valid value is `E` in the data; a phase or an hour without any is an Observation
without a value, with the reason. Of several values in one second the last is told here; the CSV
holds all of them.

    streams(story, parts)   -> [entry of an Observation, ...]
"""

from itertools import pairwise
from statistics import median_low

from devices.observation import METRICS, DeviceKind, Metric
from monitor.export.codes import UCUM, Coded, own
from monitor.export.fhir_parts import (
    Parts,
    Resource,
    absent,
    concept,
    measured_code,
    quantity,
    score,
)
from monitor.export.fhir_vitals import VITAL, observation
from monitor.export.story import Story
from monitor.session import OVER, Phase

__all__ = ["STATISTICS", "streams", "watched"]

_SECOND_MS = 1_000
_HOUR_MS = 3_600_000
_LOW_SPO2 = 90_00
STATISTICS = "http://terminology.hl7.org/CodeSystem/observation-statistics"
_DONE = frozenset({*OVER, Phase.FOLLOW_UP})
_PROFILES = {Metric.SPO2: "oxygensat", Metric.PULSE: "heartrate", Metric.RR: "resprate"}

Cells = dict[int, int]


def watched(story: Story) -> list[tuple[str, int, int]]:
    """Return the phases in which somebody was watched: name, from when, until when (hub ms)."""
    found = []
    starts = [(one.phase, one.at_ms) for one in story.phases]
    for (phase, from_ms), (_, to_ms) in pairwise([*starts, ("", story.last_ms)]):
        if Phase(phase) not in _DONE and to_ms > from_ms:
            found.append((phase, from_ms, to_ms))
    return found


def streams(story: Story, parts: Parts) -> list[Resource]:
    """Return the entries of all streams of the oximeter."""
    phases = watched(story)
    devices = [d for d in story.opened.patient.devices if d.kind is DeviceKind.OXIMETER]
    if not phases or not devices:
        return []
    found: list[Resource] = []
    for metric in (Metric.SPO2, Metric.PULSE, Metric.PI, Metric.RR):
        values = [(one.at_ms, one.values[metric]) for one in story.samples if metric in one.values]
        promised = metric in (Metric.SPO2, Metric.PULSE) or any(one.breathing for one in devices)
        if not values and not (promised and metric is not Metric.PI):
            continue
        device = {"device": parts.ref("Device", devices[0].id)} if len(devices) == 1 else {}
        found += [
            _summary(story, parts, metric, number, values, device) for number in range(len(phases))
        ]
        found += _hours(story, parts, metric, values, device)
    return found


def _period(parts: Parts, from_ms: int, to_ms: int) -> dict[str, str]:
    return {"start": parts.dates.fhir(from_ms), "end": parts.dates.fhir(to_ms)}


def _summary(
    story: Story,
    parts: Parts,
    metric: Metric,
    number: int,
    values: list[tuple[int, int]],
    device: Resource,
) -> Resource:
    """The median of one phase, with its smallest, its largest and how many there were."""
    phase, from_ms, to_ms = watched(story)[number]
    inside = [value for at_ms, value in values if from_ms <= at_ms < to_ms]
    component = [_stat("count", "Count", {"valueInteger": len(inside)})]
    value: Resource = {"dataAbsentReason": absent("unknown")}
    if inside:
        value = {"valueQuantity": quantity(metric, median_low(inside))}
        for code, name, one in (
            ("minimum", "Minimum", min(inside)),
            ("maximum", "Maximum", max(inside)),
        ):
            component.append(_stat(code, name, {"valueQuantity": quantity(metric, one)}))
    if metric is Metric.SPO2:
        low = sum(one < _LOW_SPO2 for one in inside)
        below = own("statistic", "below-90", "Valid samples below 90 %")
        component.append({"code": concept(below), "valueQuantity": score(low, "{samples}")})
    median = Coded(STATISTICS, "median", "Median")
    profile = _PROFILES.get(metric)
    url = f"http://hl7.org/fhir/StructureDefinition/{profile}"
    return observation(
        story,
        parts,
        f"summary/{metric.value}/{number}",
        from_ms,
        meta={"profile": [url]} if profile else {},
        effectiveDateTime="",
        effectivePeriod=_period(parts, from_ms, to_ms),
        category=[VITAL],
        code=measured_code(metric),
        method=concept(median, text=f"median of the phase {phase}"),
        component=component,
        **value,
        **device,
    )


def _stat(code: str, name: str, value: Resource) -> Resource:
    return {"code": concept(Coded(STATISTICS, code, name)), **value}


def _hours(
    story: Story, parts: Parts, metric: Metric, values: list[tuple[int, int]], device: Resource
) -> list[Resource]:
    """Every second, in pieces of at most an hour, from the first watched one to the last."""
    phases = watched(story)
    begin_ms, end_ms = phases[0][1], phases[-1][2]
    seconds = {(at_ms - begin_ms) // _SECOND_MS: value for at_ms, value in values}
    pieces = range(begin_ms, end_ms, _HOUR_MS)
    return [
        _hour(
            story, parts, metric, (begin_ms, at_ms, min(at_ms + _HOUR_MS, end_ms)), seconds, device
        )
        for at_ms in pieces
    ]


def _hour(
    story: Story,
    parts: Parts,
    metric: Metric,
    span: tuple[int, int, int],
    seconds: Cells,
    device: Resource,
) -> Resource:
    begin_ms, from_ms, to_ms = span
    first, last = (from_ms - begin_ms) // _SECOND_MS, -((begin_ms - to_ms) // _SECOND_MS)
    cells = [seconds.get(second) for second in range(first, last)]
    unit = METRICS[metric].unit
    value: Resource = {"dataAbsentReason": absent("unknown")}
    if any(cell is not None for cell in cells):
        value = {
            "valueSampledData": {
                "origin": {"value": 0, "unit": unit, "system": UCUM, "code": unit},
                "period": _SECOND_MS,
                "factor": 0.01,
                "dimensions": 1,
                "data": " ".join("E" if cell is None else str(cell) for cell in cells),
            }
        }
    return observation(
        story,
        parts,
        f"seconds/{metric.value}/{first}",
        from_ms,
        effectiveDateTime="",
        effectivePeriod=_period(parts, from_ms, to_ms),
        category=[VITAL],
        code=measured_code(metric),
        **value,
        **device,
    )
