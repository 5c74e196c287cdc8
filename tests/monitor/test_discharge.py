"""The ten criteria of discharge: met, not met, or not known, and when a trial counts."""

from typing import Any

import msgspec
import pytest

from alerts.alarm import Alarm, RowFacts, RowState
from alerts.condition import AlarmClass, Kind, Present, Priority
from devices.checkin import CheckIn
from devices.observation import DeviceKind, Metric
from monitor.chart import BpReading, Chart
from monitor.discharge import Answers, Criterion, Trials, judged, next_reading_ms, unmet
from monitor.patient import DeviceBinding
from monitor.session import Phase
from tests.bedside import DEFAULT, FINE
from tests.charts import take

MIN = 60_000
NOW_MS = 125 * MIN


def chart(spo2: float = 97, pulse: float = 70, *, every: int = 1) -> Chart:
    """Return a chart at T+125 with all measured criteria met."""
    made = Chart(DEFAULT, (DeviceBinding("ox", DeviceKind.OXIMETER, 1_000),), athlete=False)
    made.phase = Phase.RECOVERY
    made.dose_ms = made.first_dose_ms = 0
    made.baseline_x100 = {Metric.SPO2: 97_00, Metric.PULSE: 70_00}
    made.baseline_bp = (125_00, 80_00)
    made.readings.append(BpReading(90 * MIN, 126_00, 80_00))
    made.readings.append(BpReading(120 * MIN, 128_00, 81_00))
    made.check, made.check_ms = CheckIn.parse("W5 B0 C0 D0 X0"), 120 * MIN
    for second in range(0, 601, every):
        take(made.oximeter, NOW_MS - 600_000 + second * 1000, spo2, pulse)
    return made


def asked(answers: Answers | None = FINE) -> Trials:
    """Return trials with these answers, given just now."""
    trials = Trials()
    if answers is not None:
        trials.answered(answers, NOW_MS)
    return trials


def one(name: str, made: Chart, trials: Trials | None = None, now_ms: int = NOW_MS) -> Criterion:
    """Return one criterion."""
    return judged(made, trials or asked(), (), now_ms)[name]


def alarm(priority: Priority, *, family: str = "pulse_fast", **changes: Any) -> Alarm:
    """Return an open alarm of one row."""
    present = Present(priority, AlarmClass.A if priority is Priority.HIGH else None, "so")
    kind = changes.pop("kind", Kind.PHYSIOLOGICAL)
    state = RowState(RowFacts("ROW", family, kind), present, 0, **changes)
    return Alarm(f"{family}@0", family, 0, {"ROW": state})


def test_a_well_patient_meets_all_ten() -> None:
    """Nothing is open, and every criterion says in words what it rests on."""
    got = judged(chart(), asked(), (), NOW_MS)
    assert got == {
        "time": Criterion(True, "120 min since the dose"),
        "blood_pressure": Criterion(True, "blood pressure 128/81"),
        "pulse": Criterion(True, "pulse 70, before the dose 70"),
        "spo2": Criterion(True, "SpO2 97 %"),
        "awake": Criterion(True, "awake, knows person, place and date"),
        "feels_normal": Criterion(True, "feels normal, or nearly"),
        "walks": Criterion(True, "walks alone, drinks, nausea 3 of 10 at most"),
        "no_alarm": Criterion(True, "no alarm of the body is open"),
        "no_ideation": Criterion(True, "no thoughts of suicide"),
        "stays": Criterion(True, "the companion stays, nobody drives"),
    }
    assert unmet(got) == []


@pytest.mark.parametrize(
    ("dose_ms", "expected"),
    [
        (None, Criterion(None, "no dose is on record")),
        (5 * MIN, Criterion(True, "120 min since the dose")),
        (5 * MIN + 1, Criterion(False, "1 min left of 120 min since the dose")),
        (65 * MIN, Criterion(False, "60 min left of 120 min since the dose")),
    ],
)
def test_the_time_since_the_last_dose(dose_ms: int | None, expected: Criterion) -> None:
    """At 120 min, not before; without a dose nobody knows."""
    made = chart()
    made.dose_ms = dose_ms
    assert one("time", made) == expected


@pytest.mark.parametrize(
    ("before", "last", "met"),
    [
        ((130, 82), (140, 90), True),
        ((129, 82), (140, 90), False),
        ((130, 81), (140, 90), False),
        ((141, 90), (141, 90), True),
        ((145, 90), (145, 90), True),
        ((146, 90), (146, 90), False),
        ((140, 91), (140, 90), True),
        ((140, 91), (140, 91), False),
        ((160, 80), (160, 80), False),
        ((140, 100), (140, 100), False),
    ],
)
def test_the_blood_pressure(before: tuple[int, int], last: tuple[int, int], met: bool) -> None:
    """Not rising by more than 10/8, and at most 140/90 or +20/+10 on a baseline of 125/80."""
    made = chart()
    made.readings.clear()
    made.readings.append(BpReading(100 * MIN, before[0] * 100, before[1] * 100))
    made.readings.append(BpReading(NOW_MS - 15 * MIN, last[0] * 100, last[1] * 100))
    assert one("blood_pressure", made).met is met


@pytest.mark.parametrize("case", ["none", "old", "only one", "no baseline"])
def test_a_blood_pressure_that_is_not_known(case: str) -> None:
    """None, none of the last 15 min, nothing to compare with: not known, so not met."""
    made = chart()
    if case == "no baseline":
        made.baseline_bp = None
        made.readings.append(BpReading(121 * MIN, 141_00, 82_00))
        made.readings.append(BpReading(122 * MIN, 141_00, 82_00))
    else:
        readings = list(made.readings)
        made.readings.clear()
        made.readings.extend({"none": [], "old": readings[:1], "only one": readings[1:]}[case])
    got = one("blood_pressure", made)
    assert (got.met, got.words) == (
        None,
        {
            "none": "no blood pressure of the last 15 min",
            "old": "no blood pressure of the last 15 min",
            "only one": "only one blood pressure so far",
            "no baseline": "blood pressure 141/82 is above 140/90, and there is no value before "
            "the dose",
        }[case],
    )


@pytest.mark.parametrize(
    ("pulse", "baseline", "expected"),
    [
        (90, 70_00, Criterion(True, "pulse 90, before the dose 70")),
        (91, 70_00, Criterion(False, "pulse 91, before the dose 70")),
        (110, 90_00, Criterion(True, "pulse 110, before the dose 90")),
        (111, 99_00, Criterion(False, "pulse 111 is above 110")),
        (50, 70_00, Criterion(True, "pulse 50, before the dose 70")),
        (49, 70_00, Criterion(False, "pulse 49 is below 50")),
        (49, 54_00, Criterion(True, "pulse 49, before the dose 54")),
        (48, 54_00, Criterion(False, "pulse 48 is below 49")),
        (100, None, Criterion(True, "pulse 100, and there is no value before the dose")),
        (101, None, Criterion(None, "pulse 101, and there is no value before the dose")),
    ],
)
def test_the_pulse(pulse: int, baseline: int | None, expected: Criterion) -> None:
    """The 10 min median, against fixed limits and the value before the dose."""
    made = chart(pulse=pulse)
    made.baseline_x100 = {} if baseline is None else {Metric.PULSE: baseline}
    assert one("pulse", made) == expected


@pytest.mark.parametrize(
    ("spo2", "baseline", "expected"),
    [
        (94, 97_00, Criterion(True, "SpO2 94 %")),
        (93, 97_00, Criterion(False, "SpO2 93 % is below 94 %")),
        (93, 95_00, Criterion(True, "SpO2 93 %")),
        (92, 95_00, Criterion(False, "SpO2 92 % is below 93 %")),
        (93, None, Criterion(False, "SpO2 93 % is below 94 %")),
    ],
)
def test_the_oxygen(spo2: int, baseline: int | None, expected: Criterion) -> None:
    """94 % or within 2 of the value before the dose."""
    made = chart(spo2=spo2)
    made.baseline_x100 = {} if baseline is None else {Metric.SPO2: baseline}
    assert one("spo2", made) == expected


@pytest.mark.parametrize(("every", "met"), [(1, True), (2, None)])
def test_a_poor_signal_is_not_known(every: int, met: bool | None) -> None:
    """80 % of ten minutes must be valid, for the oxygen and the pulse."""
    made = chart(every=every)
    assert (one("spo2", made).met, one("pulse", made).met) == (met, met)


@pytest.mark.parametrize("now_ms", [NOW_MS + MIN, NOW_MS + MIN + 1])
def test_a_signal_that_has_just_stopped_is_stale(now_ms: int) -> None:
    """R29: no discharge on values older than a minute, however good the ten minutes were."""
    got = one("spo2", chart(), now_ms=now_ms)
    stale = Criterion(None, "no valid SpO2 in the last minute")
    assert got == (stale if now_ms - NOW_MS > MIN else Criterion(True, "SpO2 97 %"))


def test_without_any_oximeter_nothing_is_known() -> None:
    """No sample at all: neither oxygen nor pulse."""
    made = Chart(DEFAULT, (), athlete=False)
    assert (one("spo2", made).met, one("pulse", made).met) == (None, None)


@pytest.mark.parametrize(
    ("codes", "oriented", "expected"),
    [
        ("W5", True, Criterion(True, "awake, knows person, place and date")),
        ("W5", False, Criterion(False, "not so: awake, knows person, place and date")),
        ("W4", True, Criterion(False, "last check-in: not fully awake (MOAA/S 4)")),
        (None, True, Criterion(None, "no fresh check-in")),
    ],
)
def test_awake_and_oriented(codes: str | None, oriented: bool, expected: Criterion) -> None:
    """MOAA/S 5 at the last check-in, and the companion asked for person, place and date."""
    made = chart()
    made.check = None if codes is None else CheckIn.parse(codes)
    trials = asked(msgspec.structs.replace(FINE, oriented=oriented))
    assert one("awake", made, trials) == expected


@pytest.mark.parametrize(
    ("name", "changes", "met"),
    [
        ("walks", {"walk": False}, False),
        ("walks", {"drink": False, "nausea": None}, False),
        ("walks", {"nausea": 3}, True),
        ("walks", {"nausea": 4}, False),
        ("walks", {"nausea": None}, None),
        ("walks", {"drink": None}, None),
        ("feels_normal", {"feels_normal": False}, False),
        ("feels_normal", {"feels_normal": None}, None),
        ("no_ideation", {"no_ideation": False}, False),
        ("stays", {"stays": False}, False),
    ],
)
def test_what_the_companion_answers(name: str, changes: dict[str, Any], met: bool | None) -> None:
    """What was not answered is not known."""
    trials = asked(msgspec.structs.replace(FINE, **changes))
    assert one(name, chart(), trials).met is met


@pytest.mark.parametrize(("age_ms", "met"), [(15 * MIN, True), (15 * MIN + 1, None)])
def test_an_answer_is_known_for_a_quarter_of_an_hour(age_ms: int, met: bool | None) -> None:
    """Then it must be asked again."""
    trials = Trials()
    trials.answered(FINE, NOW_MS - age_ms)
    got = one("stays", chart(), trials)
    assert (got.met, "not answered" in got.words) == (met, met is None)


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        (alarm(Priority.MEDIUM), "alarm pulse_fast@0 is open"),
        (alarm(Priority.HIGH, kind=Kind.OBSERVER), "alarm pulse_fast@0 is open"),
        (
            alarm(
                Priority.LOW,
                kind=Kind.TECHNICAL,
                present=False,
                kept=Present(Priority.LOW, None, "was"),
            ),
            "alarm pulse_fast@0 is latched; a person must reset it",
        ),
        (alarm(Priority.LOW), None),
        (alarm(Priority.HIGH, kind=Kind.TECHNICAL), None),
    ],
)
def test_open_alarms(opened: Alarm, words: str | None) -> None:
    """R29: medium or high of the body, or any latched row; the equipment's own stop nobody."""
    got = judged(chart(), asked(), [opened], NOW_MS)["no_alarm"]
    assert got == Criterion(words is None, words or "no alarm of the body is open")


def test_an_oxygen_alarm_of_any_priority() -> None:
    """Even a low one."""
    got = judged(chart(), asked(), [alarm(Priority.LOW, family="oxygen")], NOW_MS)["spo2"]
    assert got == Criterion(False, "an oxygen alarm is open")


MET = {"blood_pressure": Criterion(True, "fine")}
OPEN = {"blood_pressure": Criterion(False, "high")}


def test_twice_means_ten_minutes_apart_with_nothing_open_between() -> None:
    """A trial that is not met, or a new phase, starts over."""
    trials = Trials()
    seen: list[tuple[int | None, bool]] = []
    for minute, criteria in ((0, OPEN), (1, MET), (5, MET), (11, MET), (12, OPEN), (13, MET)):
        trials.judge(criteria, minute * MIN)
        seen.append((trials.met_since_ms, trials.twice(minute * MIN)))
    trials.restart()
    seen.append((trials.met_since_ms, trials.twice(99 * MIN)))
    assert seen == [
        (None, False),
        (MIN, False),
        (MIN, False),
        (MIN, True),
        (None, False),
        (13 * MIN, False),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("criteria", "last_min", "due_min"),
    [
        ({"blood_pressure": Criterion(None, "old")}, 90, 125),
        (OPEN, 124, 129),
        (OPEN, 115, 125),
        (MET, 120, None),
        (MET, 119, 132),
        (MET | {"walks": Criterion(False, "no")}, 119, None),
    ],
)
def test_which_trial_wants_a_pressure(
    criteria: dict[str, Criterion], last_min: int, due_min: int | None
) -> None:
    """Now when there is none, soon when it is not met, in time for the second trial."""
    made = chart()
    made.readings.append(BpReading(last_min * MIN, 128_00, 81_00))
    due_ms = next_reading_ms(made, criteria, NOW_MS)
    assert due_ms == (None if due_min is None else due_min * MIN)
