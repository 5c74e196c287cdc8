"""The burden of alarms, against a second program that reads the plain JSON of the same records."""

import json
from collections import Counter
from typing import Any

import pytest

from alerts.condition import Kind, Priority
from devices.judge_orders import AlarmVerdict
from monitor.burden.session import AlarmBurden, Burden, BurdenCollector, outside, union
from monitor.burden.summary import groups_of
from monitor.events import Accepted, Acknowledged, MonitorDown
from monitor.journal import Record, encode
from monitor.verdict_events import AlarmJudged
from tests.canonical import SESSIONS, records
from tests.reports import DR, WHO, Recorded, dosed

MINUTE_MS = 60_000


def burden_of(recorded: list[Record] | tuple[Record, ...]) -> Burden:
    """What a collector makes of these records."""
    collector = BurdenCollector()
    for record in recorded:
        collector.take(record)
    found = collector.burden()
    assert found is not None
    return found


def by_hand(recorded: list[Record] | tuple[Record, ...]) -> dict[str, Any]:
    """The same figures, second by second, from the bytes of the journal alone."""
    lines = [json.loads(encode(record)) for record in recorded]
    opened = lines[0]["event"]
    doctors = {c["id"] for c in opened["patient"]["contacts"] if c["role"] != "companion"}
    effects = [effect for line in lines for effect in line.get("effects", [])]
    changed = [one for one in effects if one["effect"] == "AlarmChanged"]
    raised = {one["id"]: one["at_ms"] for one in changed if one["transition"] == "raised"}
    taken: dict[str, int] = {}
    for one in changed:
        if one["transition"] == "accepted":
            taken.setdefault(one["id"], one["at_ms"] - raised[one["id"]])
    pages = Counter(
        one["alarm"]
        for one in effects
        if one["effect"] == "Send" and one["contact"] in doctors and one["alarm"] in raised
    )
    ends = [
        one["at_ms"]
        for one in effects
        if one["effect"] == "PhaseChanged"
        and one["phase"] in {"follow_up", "discharged", "ended", "aborted"}
    ]
    until_ms = ends[0] if ends else lines[-1]["event"]["at_ms"]
    return {
        "watched_ms": until_ms - opened["at_ms"],
        "accept": sorted(taken.values()),
        "alarms": len(raised),
        "pages": sum(pages.values()),
    }


@pytest.mark.parametrize("name", SESSIONS)
def test_a_whole_session_against_the_second_program(name: str) -> None:
    """Hours, alarms, answers and messages of three simulated sessions."""
    found = burden_of(records(name))
    assert {
        "watched_ms": found.watched_ms,
        "accept": sorted(a.accept_ms for a in found.alarms if a.accept_ms is not None),
        "alarms": len(found.alarms),
        "pages": sum(a.pages for a in found.alarms),
    } == by_hand(records(name))
    assert (found.unwatched_ms, found.down_ms, found.muted_ms) == (0, 0, 0)


def troubled() -> Recorded:
    """A fall that is paused, taken and judged; then a hub that was down, and a silent clip."""
    bed = dosed().wait(300)
    bed.spo2(86).wait(20)
    alarm = bed.engine.alarms.book.open["oxygen"].id
    bed.send(Acknowledged(at_ms=bed.now_ms, alarm=alarm, **WHO)).wait(10)
    bed.send(Accepted(at_ms=bed.now_ms, alarm=alarm, **DR)).wait(10)
    bed.spo2(97).wait(60)
    now_ms, note = bed.now_ms, "the clip slipped"
    bed.send(AlarmJudged(at_ms=now_ms, alarm=alarm, verdict=AlarmVerdict.FALSE, note=note, **DR))
    # A companion's verdict is refused, and counts for nothing.
    bed.take(AlarmJudged(at_ms=now_ms, alarm=alarm, verdict=AlarmVerdict.TRUE, **WHO))
    bed.now_ms += 30_000
    bed.send(MonitorDown(at_ms=bed.now_ms, down_ms=30_000))
    return bed.wait(30)


def test_what_people_and_failures_did_is_counted() -> None:
    """A pause until the alarm is taken, the verdict of the physician alone, the outage."""
    bed = troubled()
    found = burden_of(bed.records)
    oxygen = next(one for one in found.alarms if one.row.startswith("SPO2"))
    assert oxygen.accept_ms == next(
        10_000 + change.at_ms - alarm_raised(bed)
        for record in bed.records
        if isinstance(change := record.event, Acknowledged)
    )
    assert oxygen.verdict == "false"
    # 30 s of outage, for 15 of which the last sample stood.
    assert (found.muted_ms, found.down_ms, found.unwatched_ms) == (10_000, 30_000, 15_000)


def alarm_raised(bed: Recorded) -> int:
    """When the oxygen alarm was raised, from its id."""
    return next(
        int(event.alarm.rpartition("@")[2])
        for record in bed.records
        if isinstance(event := record.event, Acknowledged)
    )


def test_a_pause_that_is_not_over_counts_up_to_the_end() -> None:
    """Nobody took the alarm: the sound stays paused for as long as the record goes."""
    bed = dosed().wait(300)
    bed.spo2(86).wait(20)
    alarm = bed.engine.alarms.book.open["oxygen"].id
    bed.send(Acknowledged(at_ms=bed.now_ms, alarm=alarm, **WHO)).wait(30)
    assert burden_of(bed.records).muted_ms == 30_000


def test_without_a_dose_nothing_is_unwatched_and_without_an_opening_there_is_nothing() -> None:
    """Before the dose nobody is promised to be watched."""
    bed = Recorded().wait(5).wait(60, samples=False)
    found = burden_of(bed.records)
    assert (found.unwatched_ms, found.watched_ms > 0) == (0, True)
    assert BurdenCollector().burden() is None


def test_spans_are_joined_and_cut() -> None:
    """Time is counted once, whatever overlaps."""
    assert union([(5, 9), (0, 5), (12, 13), (6, 7)]) == [(0, 9), (12, 13)]
    assert outside([(0, 10), (20, 30)], [(2, 3), (8, 22), (25, 40)]) == [(0, 2), (3, 8), (22, 25)]
    assert outside([(0, 10)], [(0, 10)]) == []
    assert outside([(5, 6)], []) == [(5, 6)]


def alarm(row: str, priority: Priority, accept_ms: int | None, verdict: str | None) -> AlarmBurden:
    """One alarm that was told to physicians twice."""
    return AlarmBurden(row, Kind.PHYSIOLOGICAL, priority, accept_ms, 2, verdict)


def night(patient: str, software: str, *alarms: AlarmBurden) -> Burden:
    """One session of two hours."""
    return Burden("s", patient, software, 120 * MINUTE_MS, alarms, 1_000, 2_000, 3_000, 1)


def test_sessions_are_grouped_by_patient_by_release_or_not_at_all() -> None:
    """Causes by how often they come; times to a person of high and medium alarms only."""
    high, low = Priority.HIGH, Priority.LOW
    nights = [
        night("b", "2", alarm("SPO2-LOW", high, 40_000, "true"), alarm("STALE", low, None, None)),
        night(
            "a", "1", alarm("SPO2-LOW", high, 20_000, "false"), alarm("BP-SEV", high, None, None)
        ),
        night("a", ""),
    ]
    assert [(one.name, one.sessions) for one in groups_of(nights, "patient")] == [
        ("a", 2),
        ("b", 1),
    ]
    releases = groups_of(nights, "release")
    assert [one.name for one in releases] == ["1", "2", "unknown release"]
    (whole,) = groups_of(nights, "all")
    assert (whole.watched_ms, whole.muted_ms, whole.unwatched_ms) == (360 * MINUTE_MS, 3_000, 6_000)
    assert (whole.down_ms, whole.unknown_downs, whole.pages) == (9_000, 3, 8)
    assert (whole.answered_median_ms, whole.answered_p95_ms, whole.unanswered) == (
        20_000,
        40_000,
        1,
    )
    assert whole.verdicts == {"false": 1, "none": 2, "true": 1}
    assert [(one.row, one.rate.count, one.pages, one.verdicts) for one in whole.causes] == [
        ("SPO2-LOW", 2, 4, {"false": 1, "true": 1}),
        ("BP-SEV", 1, 2, {}),
        ("STALE", 1, 2, {}),
    ]
    assert releases[2].answered_median_ms is None
