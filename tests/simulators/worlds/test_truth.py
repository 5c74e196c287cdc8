"""A course leads a vital sign; a cuff's script shows its readings in turn."""

from dataclasses import replace

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from simulators.body.vitals import Vitals
from simulators.worlds.scenario import Course, CuffScript
from simulators.worlds.truth import CuffLines, Lines, lead

TRUTH = Vitals(0, 97.0, 70.0, 120.0, 80.0, 3.0, 5, 0.0)


def course(of: str, *points: tuple[float, float], add: bool = False) -> Course:
    """A course of one sign."""
    return Course(name="c", at_min=0, of=of, points=points, add=add)  # type: ignore[arg-type]


def test_between_points_the_line_is_straight() -> None:
    """Before its first point it stands there, after its last it is over; a step is a step."""
    line = course("spo2_pct", (10, 97), (20, 87), (20, 80), (30, 80))
    assert [lead(line, s) for s in (0, 10, 15, 20, 25, 31)] == [97, 97, 92, 87, 80, None]


def test_courses_replace_or_add() -> None:
    """The last of a sign wins; what is added goes on top; whole steps stay whole."""
    lines = Lines()
    assert lines.over(TRUTH) is TRUTH
    lines.begin(course("spo2_pct", (0, 99), (60, 99)), 0)
    lines.begin(course("spo2_pct", (0, 5), (60, 5), add=True), 0)
    lines.begin(course("moaas", (0, 3), (60, 3)), 0)
    assert lines.over(replace(TRUTH, at_ms=1_000)) == replace(
        TRUTH, at_ms=1_000, spo2_pct=100.0, moaas=3
    )
    assert lines.over(replace(TRUTH, at_ms=61_000)) == replace(TRUTH, at_ms=61_000)


def test_the_cuff_fails_then_shows_the_script_then_its_own() -> None:
    """Each attempt takes one line of it."""
    own = DeviceReport(
        device="c",
        kind=DeviceKind.CUFF,
        mode=Mode.TEST,
        observations=(Observation(Metric.CUFF_PULSE, 66_00),),
    )
    lines = CuffLines()
    lines.begin(CuffScript(name="s", at_min=0, fails=1, readings=((180, 90),)))
    failed, read, rest = (lines.over(own) for _ in range(3))
    lines.begin(CuffScript(name="s", at_min=0, readings=((120, 90),), pulse=74))
    values = [
        {one.metric.value: one.value_x100 for one in report.observations}
        for report in (read, lines.over(own))
    ]
    assert (failed.failure, failed.observations, rest, values) == (
        "E2: movement",
        (),
        own,
        [
            {"sbp": 180_00, "dbp": 90_00, "map": 120_00, "cuff_pulse": 66_00},
            {"sbp": 120_00, "dbp": 90_00, "map": 100_00, "cuff_pulse": 74_00},
        ],
    )
