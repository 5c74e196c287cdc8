"""A session's records, read once: what each format tells of is there, judged as it was live."""

import pytest

from devices.observation import DeviceKind, Flag, Metric
from monitor.events import Tick
from monitor.export.measured import Judge
from monitor.export.story import read_story
from monitor.export.times import Dates, DatesError
from monitor.journal import Record
from tests.export_scene import OPENED, at, record, scene


def test_samples_hold_what_a_detector_could_use_and_say_why_others_do_not() -> None:
    """Motion, an impossible value and a stored one have no value, each with its reason."""
    story = read_story(scene())
    assert [(one.at_ms, one.values, one.why, one.flags) for one in story.samples] == [
        (at(5), {Metric.SPO2: 9700, Metric.PULSE: 7000, Metric.RR: 1400}, "", ()),
        (at(6), {Metric.SPO2: 9650, Metric.PULSE: 7100}, "", ()),
        (at(7), {}, "motion", (Flag.MOTION,)),
        (at(8), {Metric.PULSE: 7000}, "implausible spo2", ()),
        (at(9), {}, "=from the device's memory", ()),
        (at(10), {Metric.SPO2: 8900, Metric.PULSE: 7000}, "", ()),
    ]


def test_pressures_tell_who_measured_and_why_there_is_none() -> None:
    """A cuff's reading, its failures, typed readings and a counted pulse stand in their order."""
    story = read_story(scene())
    assert [
        (one.at_ms, one.device, one.by, len(one.values), one.why) for one in story.pressures
    ] == [
        (at(2), "cuff", "", 4, ""),
        (at(3), "cuff", "", 0, "cuff_loose"),
        (at(4), "cuff", "", 0, "the reading has no value"),
        (at(14), "typed", "ann", 2, ""),
        (at(14), "typed", "stranger", 0, "implausible sbp 0.01"),
        (at(15), "counted", "ann", 1, ""),
    ]


def test_the_rest_of_a_story_is_by_name() -> None:
    """Alarms and messages are found by id; whoever was on call is one of the people."""
    story = read_story(scene())
    assert (
        {name: len(lines) for name, lines in story.alarms.items()},
        {name: len(message.fates) for name, message in story.messages.items()},
        [(type(dose).__name__, taken) for dose, taken in story.doses],
        list(story.people),
        [gap.lost for gap in story.gaps],
        story.last_ms,
        story.label_of["SPO2-LOW"],
    ) == (
        {
            f"{f}@25000": n
            for f, n in (
                ("oxygen", 10),
                ("network", 1),
                ("pressure_high", 1),
                ("sedation", 1),
                ("own", 1),
            )
        },
        {"m1": 3, "m2": 1, "m3": 1, "m4": 1, "m5": 1, "m6": 1, "m7": 0},
        [("DoseConfirmed", False), ("DoseConfirmed", True), ("DoseExtra", True)],
        ["ann", "dr", "vi", "bo"],
        [2],
        at(43),
        "SpO2 low",
    )


def test_a_report_of_a_device_that_is_no_oximeter_of_the_session_is_told_as_it_came() -> None:
    """Without a stream that could judge it, a sample has its values and no verdict of one."""
    reading = next(one.event for one in scene() if type(one.event).__name__ == "Reading")
    judged = Judge(()).reading(reading, "")  # type: ignore[arg-type]
    assert (judged.kind, len(judged.values)) == (DeviceKind.CUFF, 4)


@pytest.mark.parametrize(
    ("records", "what"),
    [
        ([], "there is no record in it"),
        ([record(1, Tick(at_ms=5))], "the record does not begin with the session's opening"),
    ],
)
def test_what_is_no_session_is_no_story(records: list[Record], what: str) -> None:
    """A record without an opening tells nothing, and says so."""
    with pytest.raises(ValueError, match=what):
        read_story(records)


def test_without_a_clock_somebody_must_say_when() -> None:
    """No date is made up: an opening without one needs dates from elsewhere."""
    opened = type(OPENED)(
        **{f: getattr(OPENED, f) for f in OPENED.__struct_fields__ if f != "wall_ms"}
    )
    with pytest.raises(DatesError, match="say when the session was opened"):
        read_story([record(1, opened)])
    dates = Dates(1_000, at_ms=5_000, is_synchronised=True)
    assert read_story([record(1, opened)], dates).dates.fhir(5_000) == "1970-01-01T00:00:01.000Z"


def test_dates_of_both_worlds_are_utc_to_the_millisecond() -> None:
    """FHIR and HL7 show the same instant; a moved date keeps the distance of two times."""
    dates = Dates(1_700_000_000_001, at_ms=5_000, is_synchronised=True)
    moved = dates.moved(-86_400_000, 5_000)
    assert (dates.fhir(5_000), dates.hl7(5_000), moved.fhir(0), moved.is_synchronised) == (
        "2023-11-14T22:13:20.001Z",
        "20231114221320.001+0000",
        "2023-11-13T22:13:20.001Z",
        True,
    )


def test_a_day_that_no_calendar_has_is_named() -> None:
    """A broken clock gives an error, not a wrong date."""
    with pytest.raises(DatesError, match="no calendar has"):
        Dates(10**18, at_ms=0, is_synchronised=False).fhir(0)
