"""The numbers of the gate, each at its edge; what is not known passes nothing."""

import pytest

from devices.checkin import CheckIn
from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.gate_values import MEASURES, Found, judged
from monitor.patient import DeviceBinding, Health
from tests.bedside import DEFAULT
from tests.charts import take

DEVICES = (DeviceBinding("ox", DeviceKind.OXIMETER, 1_000), DeviceBinding("cuff", DeviceKind.CUFF))
NOW = 300_000


def chart(health: Health | None = None, *, athlete: bool = False, bound: bool = True) -> Chart:
    """Return the chart of a session at its gate."""
    one = Chart(DEFAULT, DEVICES if bound else (), athlete=athlete)
    one.health = health or Health()
    return one


def sampled(one: Chart, spo2: float = 97, pulse: float = 70, count: int = 121) -> Chart:
    """Two minutes of samples up to now."""
    for second in range(count):
        take(one.oximeter, NOW - (count - 1 - second) * 1_000, spo2, pulse)
    return one


def pressures(one: Chart, *readings: tuple[int, int, int]) -> Chart:
    """Cuff readings: second, systolic, diastolic."""
    for at_s, sbp, dbp in readings:
        one.readings.append(BpReading(at_s * 1_000, sbp * 100, dbp * 100))
    return one


OLD = Health(age_years=66)


@pytest.mark.parametrize(
    ("readings", "health", "state", "words"),
    [
        ([(0, 140, 90), (60, 140, 90)], None, "pass", "blood pressure 140/90"),
        ([(0, 140, 90), (60, 141, 90)], None, "hold", "blood pressure 141/90"),
        ([(0, 120, 90), (60, 120, 91)], None, "hold", "blood pressure 120/91"),
        ([(0, 150, 90), (60, 150, 90)], OLD, "pass", "blood pressure 150/90"),
        ([(0, 150, 90), (60, 150, 90)], Health(age_years=65), "hold", "blood pressure 150/90"),
        ([(0, 100, 55), (60, 100, 55)], None, "pass", "blood pressure 100/55"),
        ([(0, 99, 60), (60, 99, 60)], None, "hold", "blood pressure 99/60"),
        ([(0, 110, 54), (60, 110, 54)], None, "hold", "blood pressure 110/54"),
        ([(0, 120, 80)], None, "pass", "blood pressure 120/80"),
        # A third decides with the second; one that comes too soon counts for nothing.
        ([(0, 160, 80), (60, 138, 80), (120, 136, 80)], None, "pass", "blood pressure 137/80"),
        ([(0, 130, 80), (59, 170, 80)], None, "pass", "blood pressure 130/80"),
        # A first high mean asks for rest; the second round decides.
        ([(0, 165, 80), (60, 165, 80)], None, "hold", "blood pressure 165/80"),
    ],
)
def test_pressure(
    readings: list[tuple[int, int, int]], health: Health | None, state: str, words: str
) -> None:
    """The mean of two, rounded to a whole number."""
    rest = ": rest 10 min, then two new readings" if state == "hold" else ""
    found = judged(pressures(chart(health), *readings), "pressure", NOW)
    assert found == Found(state, words + rest, ask=state == "pass")


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ((150, 80), (138, 80), Found("pass", "blood pressure 138/80")),
        ((150, 80), (150, 80), Found("hold", "blood pressure 150/80")),
        ((150, 80), (160, 80), Found("hold", "blood pressure 160/80")),
        ((160, 80), (160, 80), Found("stop", "blood pressure 160/80")),
        ((120, 100), (120, 100), Found("stop", "blood pressure 120/100")),
        ((89, 60), (89, 60), Found("stop", "blood pressure 89/60")),
        (
            (120, 80),
            (150, 80),
            Found("hold", "blood pressure 150/80: rest 10 min, then two new readings", ask=False),
        ),
    ],
)
def test_two_rounds(first: tuple[int, int], second: tuple[int, int], found: Found) -> None:
    """A stop needs it in both rounds; a second mean above asks the physician."""
    one = pressures(chart(), (0, *first), (60, *first), (700, *second), (770, *second))
    assert judged(one, "pressure", 800_000) == found


@pytest.mark.parametrize(
    ("pulse", "slow_ok", "state"),
    [
        (50, False, "pass"),
        (100, False, "pass"),
        (49, False, "hold"),
        (40, False, "hold"),
        (39, False, "stop"),
        (101, False, "hold"),
        (130, False, "hold"),
        (131, False, "stop"),
        (49, True, "pass"),
        (40, True, "pass"),
        (39, True, "stop"),
    ],
)
def test_pulse(pulse: int, slow_ok: bool, state: str) -> None:
    """50 to 100; from 40 for an athlete or with a beta-blocker."""
    athlete = sampled(chart(athlete=slow_ok), pulse=pulse)
    blocked = sampled(chart(Health(beta_blocker=slow_ok)), pulse=pulse)
    got = [judged(one, "pulse", NOW).state for one in (athlete, blocked)]
    assert got == [state, state]


@pytest.mark.parametrize(
    ("spo2", "usual", "state"),
    [
        (95, None, "pass"),
        (94, None, "hold"),
        (93, None, "hold"),
        (92, None, "stop"),
        (92, 92, "pass"),
        (91, 92, "hold"),
        (90, 92, "stop"),
    ],
)
def test_spo2(spo2: int, usual: int | None, state: str) -> None:
    """95 and more, or what is usual high up."""
    one = sampled(chart(Health(usual_oxygen_pct=usual)), spo2=spo2)
    assert judged(one, "spo2", NOW).state == state


@pytest.mark.parametrize("measure", ["pressure", "pulse", "spo2"])
def test_what_is_not_known(measure: str) -> None:
    """Too little signal, or no reading, is not known; without a device people's word stands."""
    few = sampled(chart(), count=60)
    assert judged(few, measure, NOW).state is None
    assert judged(chart(bound=False), measure, NOW) == Found("pass", "by word")


@pytest.mark.parametrize(
    ("codes", "rr", "state"),
    [
        (None, None, "pass"),
        ("W5", None, "pass"),
        ("W4", None, "stop"),
        ("W5", (NOW - 30_000, 10_00), "pass"),
        ("W5", (NOW, 20_00), "pass"),
        ("W5", (NOW, 9_00), "hold"),
        ("W5", (NOW, 21_00), "hold"),
        ("W5", (NOW, 24_00), "hold"),
        ("W5", (NOW, 7_00), "stop"),
        ("W5", (NOW, 25_00), "stop"),
        ("W5", (NOW - 30_001, 25_00), "pass"),
    ],
)
def test_awake(codes: str | None, rr: tuple[int, int] | None, state: str) -> None:
    """A rating of 5, and 10 to 20 breaths where they are measured."""
    one = chart()
    one.check = None if codes is None else CheckIn.parse(codes)
    one.gate_rr = rr
    assert judged(one, "awake", NOW).state == state


def test_the_plan_measures_all_of_them() -> None:
    """Every measure has its item."""
    assert sorted(item.measure for item in DEFAULT.gate if item.measure) == sorted(MEASURES)


@pytest.mark.parametrize(
    ("promised_ms", "step_ms", "found"),
    [
        (1_000, 1_000, Found("pass", "devices work")),
        (2_000, 2_200, Found("pass", "devices work")),
        (
            2_000,
            2_300,
            Found(
                None,
                "valid values come every 2.3 s: 2 s at most; bring the oximeter nearer, or take"
                " another",
            ),
        ),
        (
            1_000,
            5_000,
            Found(
                None,
                "valid values come every 5.0 s: 2 s at most; bring the oximeter nearer, or take"
                " another",
            ),
        ),
        (2_500, 1_000, Found("stop", "the oximeter sends every 2.5 s: 2 s at most")),
        # Five values in a minute are too few to tell a pace by, and too few to pass.
        (1_000, 13_000, Found(None, "the oximeter needs a minute of good signal")),
    ],
)
def test_an_oximeter_that_is_slower_than_every_two_seconds_does_not_pass(
    promised_ms: int, step_ms: int, found: Found
) -> None:
    """What the file or the model promises is a stop; what is found slow stays open, by name."""
    devices = (DeviceBinding("ox", DeviceKind.OXIMETER, promised_ms),)
    one = Chart(DEFAULT, devices, athlete=False)
    for at_ms in range(NOW % step_ms, NOW + 1, step_ms):
        take(one.oximeter, at_ms)
    assert judged(one, "devices", NOW) == found


def test_batteries_and_a_session_without_an_oximeter() -> None:
    """30 % and less holds; without a device people's word stands."""
    low = sampled(chart())
    low.battery_pct |= {"ox": 30, "cuff": 31}
    found = [judged(one, "devices", NOW) for one in (low, chart(bound=False))]
    assert found == [
        Found("hold", "battery ox 30 %: change or charge it"),
        Found("pass", "by word"),
    ]
