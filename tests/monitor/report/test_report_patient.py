"""The sessions of a patient side by side, and the limits of the pictures."""

import copy
from datetime import UTC

import msgspec

from alerts.contact import Role
from monitor.events import (
    SessionOpened,
)
from monitor.journal import Record
from monitor.report.patient_page import Session, render_patient
from monitor.report.pressures import Pressure
from monitor.report.readers import LEFT_OUT
from monitor.report.show import Options, Show
from monitor.report.summary import Collector
from monitor.report.timeline import lines
from monitor.report.trends import pictures
from monitor.report.wall import Wall
from tests.canonical import records as kept
from tests.reports import (
    HEAD,
    XSS,
    Recorded,
    dosed,
    read,
    show_of,
    summary_of,
    templates,
)


class Reflected(msgspec.Struct, frozen=True, kw_only=True):
    """What the patient wrote afterwards."""

    at_ms: int
    by: str
    role: Role
    text: str


class PhqScored(msgspec.Struct, frozen=True, kw_only=True):
    """A PHQ-9 at follow-up."""

    at_ms: int
    total: int
    item9: int


def afterwards(records: list[Record], text: str = "calm") -> Session:
    """Return a session with a reflection and a score after it."""
    last_ms = records[-1].event.at_ms
    collector = Collector(replays=False)
    for record in records:
        collector.take(record)
    wrote = Reflected(at_ms=last_ms, by="p1", role=Role.PATIENT, text=text)
    collector.take(Record(9_998, wrote, ()))  # type: ignore[arg-type]
    scored = PhqScored(at_ms=last_ms, total=11, item9=1)
    collector.take(Record(9_999, scored, ()))  # type: ignore[arg-type]
    summary = collector.summary()
    assert summary is not None
    return Session(summary, Wall([], summary.opened.wall_ms, (), UTC), HEAD)


def test_the_sessions_of_a_patient_stand_side_by_side() -> None:
    """The earliest first, each with its figures; what was not measured is a gap, never a zero."""
    empty = Recorded().wait(3, samples=False)
    quiet = summary_of(kept("quiet"), replays=False)
    sessions = [
        Session(quiet, Wall([], quiet.opened.wall_ms, (), UTC), HEAD),
        afterwards(empty.records, XSS),
    ]
    html = render_patient(sessions, "p1", Options(), templates())
    page = read(html)
    rows = page.tables["Sessions of Alex"]
    assert [row[2:] for row in rows[1:]] == [
        [
            "-",
            "-",
            "not measured",
            "not known",
            "0 high, 0 medium, 0 low",
            "0",
            "11 (item 9: 1)",
            "not closed",
        ],
        [
            "120/74",
            "139/82",
            "0 s, 0 s unknown",
            "100.0 %",
            "0 high, 0 medium, 0 low",
            "1",
            "-",
            "completed",
        ],
    ]
    assert ("<script" in html, page.words["Notes and reflections"]) == (
        False,
        [f"s1, +0:00:00, Reflection by Alex: {XSS}"],
    )
    assert html == render_patient(sessions[::-1], "p1", Options(), templates())
    for_companion = render_patient(sessions, "p1", Options(reader=Role.COMPANION), templates())
    assert read(for_companion).words["Notes and reflections"][0].endswith(LEFT_OUT)


def test_many_sessions_are_bounded_and_said_to_be() -> None:
    """The last sixty are shown; the picture then has no numbers below."""
    one = afterwards(Recorded().wait(1).records)
    html = render_patient([one] * 70, "p1", Options(), templates())
    assert len(read(html).tables["Sessions of Alex"]) == 61
    assert "10 earlier ones left out" in html


def test_what_was_never_told_is_not_made_up() -> None:
    """A show without a clock counts from the opening; with a dose, from the dose."""
    summary = summary_of(Recorded().wait(1).records)
    show = Show(summary, Wall([], None, (), UTC), Options())
    assert show.when(1_000) == "+0 min, +0:00:01"


def test_a_reading_of_the_follow_up_lies_outside_the_picture() -> None:
    """The picture ends where watching ended; the reading stands in the timeline."""
    first = summary_of(kept("quiet"), replays=False)
    late = Pressure(first.watched_until_ms + 60_000, 130_00, 80_00, None, typed=False)
    before = pictures(first)[2].svg
    first.pressures.readings.append(late)
    assert pictures(first)[2].svg == before
    assert lines(first, show_of(first))[-1].words != ""


def test_a_picture_has_lanes_for_24_families_at_most() -> None:
    """Every alarm stands in the table; the picture stays readable."""
    summary = summary_of(dosed().spo2(84).wait(40).records, replays=False)
    story = summary.stories[0]
    for number in range(40):
        other = copy.copy(story)
        other.family = f"family {number}"
        summary.stories.append(other)
    assert pictures(summary)[3].svg.count('class="lane"') == 24


def test_a_plan_without_such_rows_draws_no_limits() -> None:
    """A row of another shape, or none at all, has no line."""
    bed = Recorded().wait(2)
    first = bed.records[0].event
    assert isinstance(first, SessionOpened)
    kept_rows = tuple(row for row in first.plan.rows if row.id in ("SPO2-CUM", "SPO2-FAST"))
    rows = tuple(
        msgspec.structs.replace(row, id=name)
        for row, name in zip(kept_rows, ("PR-LOW", "BP-WARN"), strict=True)
    )
    event = msgspec.structs.replace(first, plan=msgspec.structs.replace(first.plan, rows=rows))
    summary = summary_of([Record(1, event, bed.records[0].effects)], replays=False)
    assert 'class="limit"' not in "".join(one.svg for one in pictures(summary))
