"""What a visit proves: a first value of now, and every reason why a device will not do."""

from datetime import datetime, timedelta

import pytest

from devices.gatt_bytes import DateTime
from devices.heard import Heard
from devices.observation import (
    DeviceKind,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from monitor.device_trial import (
    CuffTrial,
    battery_fault,
    clock_fault,
    oximeter_trial,
    value_words,
)

GOOD = Heard(kind=DeviceKind.OXIMETER, observations=(spo2_pct(97), pulse_bpm(70)))
OUT = Heard(kind=DeviceKind.OXIMETER, flags=(Flag.FINGER_OUT,))
BATTERY = Heard(kind=DeviceKind.OXIMETER, battery_pct=50)
NOW = datetime.fromisoformat("2026-03-01T12:00:00")
TRY = "warm the hand, take another finger, keep still"


def every(step_ms: int, *heard: Heard) -> list[tuple[int, Heard]]:
    """One after the other."""
    return [(number * step_ms, one) for number, one in enumerate(heard)]


def test_a_good_oximeter() -> None:
    """A battery's word is no report."""
    trial = oximeter_trial(every(1_000, BATTERY, *[GOOD] * 10))
    assert (trial, trial.slow, trial.faults) == ((10, 10, 1_000, GOOD, ()), "", [])


@pytest.mark.parametrize(
    ("heard", "first", "faults"),
    [
        ([], None, ["sent no report: switch it on, put it on a finger and bring it nearer"]),
        (
            every(1_000, OUT, OUT, GOOD, GOOD, GOOD),
            GOOD,
            [f"3 of 5 samples were valid (finger out): {TRY}"],
        ),
        (
            every(4_000, GOOD, GOOD, GOOD, GOOD, GOOD),
            GOOD,
            ["it sends every 4.0 s: a session's oximeter at least every 2 s"],
        ),
        # Too few to tell a pace by.
        (every(4_000, GOOD, GOOD, GOOD, GOOD), GOOD, []),
        (every(2_200, GOOD, GOOD, GOOD, GOOD, GOOD), GOOD, []),
        (
            every(
                1_000,
                Heard(kind=GOOD.kind, observations=GOOD.observations, stored=True),
                Heard(kind=GOOD.kind, observations=GOOD.observations, mode=Mode.DEMO),
            ),
            None,
            [f"0 of 2 samples were valid (from its memory, demo mode): {TRY}"],
        ),
        (
            every(1_000, Heard(kind=GOOD.kind, observations=(spo2_pct(97),))),
            None,
            [f"0 of 1 samples were valid (no value): {TRY}"],
        ),
    ],
)
def test_why_an_oximeter_will_not_do(
    heard: list[tuple[int, Heard]], first: Heard | None, faults: list[str]
) -> None:
    """Nothing sent, bad signal, too slow, not live."""
    trial = oximeter_trial(heard)
    assert (trial.first, trial.faults) == (first, faults)


def pressure(age_s: int | None = None, **more: object) -> Heard:
    """One reading of a cuff, of so long ago by its own clock."""
    at = None
    if age_s is not None:
        then = NOW - timedelta(seconds=age_s)
        at = DateTime(then.year, then.month, then.day, then.hour, then.minute, then.second)
    values = (
        Observation(Metric.SBP, 131_00, Validity.VALID),
        Observation(Metric.DBP, 84_00, Validity.VALID),
    )
    fields = {"kind": DeviceKind.CUFF, "observations": values, "at": at} | more
    return Heard(**fields)  # type: ignore[arg-type]


STAMP = (
    "stamps its readings {:+d} s from now: set its clock, for an old reading cannot be told from a"
    " new one"
)


@pytest.mark.parametrize(
    ("right", "readings", "taken", "memory", "faults", "right_after"),
    [
        # Without a time of its own the arrival is the measurement.
        (False, [pressure()], 1, 0, [], False),
        (False, [pressure(60)], 1, 0, [], True),
        (False, [pressure(61)], 0, 0, [STAMP.format(-61)], False),
        (False, [pressure(-61)], 0, 0, [STAMP.format(61)], False),
        # A reading of now proves the clock, and what came before was memory.
        (False, [pressure(7_200), pressure(0)], 1, 1, [], True),
        (True, [pressure(300)], 1, 0, [], True),
        (True, [pressure(301)], 0, 1, [], True),
        (True, [pressure(-61)], 0, 1, [], True),
        (True, [pressure(0, stored=True)], 0, 1, [], True),
        (True, [pressure(at=DateTime(0, 0, 0, 0, 0, 0))], 1, 0, [], True),
        (True, [Heard(kind=DeviceKind.CUFF, battery_pct=50)], 0, 0, [], True),
        (
            True,
            [pressure(mode=Mode.TEST)],
            0,
            0,
            ["is in test mode: no reading of it is anybody's"],
            True,
        ),
        (
            True,
            [pressure(observations=(), failure="the cuff is loose")] * 2,
            0,
            0,
            ["could not measure: the cuff is loose"],
            True,
        ),
        (
            True,
            [pressure(observations=(Observation(Metric.SBP, 131_00, Validity.QUESTIONABLE),))],
            0,
            0,
            ["sent a reading without pressures"],
            True,
        ),
        (
            True,
            [pressure(observations=(Observation(Metric.SBP, 131_00, Validity.VALID),))],
            0,
            0,
            ["sent a reading without pressures"],
            True,
        ),
        (True, [pressure(1), pressure(2)], 1, 0, [], True),
    ],
)
def test_readings_of_a_cuff(
    right: bool,
    readings: list[Heard],
    taken: int,
    memory: int,
    faults: list[str],
    right_after: bool,
) -> None:
    """The first reading of now counts; what is older than five minutes is memory."""
    trial = CuffTrial(clock_right=right)
    for one in readings:
        trial.take(one, NOW)
    first = next((one for one in readings if one is trial.first), None)
    assert (int(trial.first is not None), trial.memory, trial.faults, trial.clock_right) == (
        taken,
        memory,
        faults,
        right_after,
    )
    assert trial.first is first


def test_battery_and_clock() -> None:
    """More than 30 %, and right to a minute; what is not told is no fault."""
    got = [battery_fault(one) for one in (None, 31, 30)]
    assert got == [
        "",
        "",
        "its battery is at 30 %: change or charge it, the gate wants more than 30 %",
    ]
    got = [clock_fault(one) for one in (None, 60, -60, 61, -61)]
    words = "its clock is off by {} s: set it with --set-clock"
    assert got == ["", "", "", words.format("+61"), words.format("-61")]


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (GOOD, "SpO2 97 %, pulse 70"),
        (pressure(), "131/84 mmHg"),
        (OUT, "no value"),
        (pressure(observations=(Observation(Metric.SBP, 131_00, Validity.VALID),)), "no value"),
        (
            pressure(
                observations=(
                    *pressure().observations,
                    Observation(Metric.CUFF_PULSE, 66_50, Validity.VALID),
                )
            ),
            "131/84 mmHg, pulse 66.5",
        ),
    ],
)
def test_values_in_words(heard: Heard, words: str) -> None:
    """As they were sent."""
    assert value_words(heard) == words
