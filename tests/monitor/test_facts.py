"""Each fact is true, false or not known, and only what is known counts."""

from collections.abc import Callable

import pytest

from devices.checkin import CheckIn
from monitor.chart import BpReading, Chart
from monitor.facts import Fact, all_true, any_true, known
from tests.charts import Rig, take

NOW = 1_000_000
SEEN = (Fact.NO_ANSWER, Fact.NO_BREATH, Fact.LIPS_BLUE)


def fresh() -> Chart:
    """Return a chart that knows nothing."""
    return Rig("SPO2-LOW").chart


def rated(codes: str) -> Callable[[Chart], None]:
    """A check-in was made."""

    def change(chart: Chart) -> None:
        chart.check = CheckIn.parse(codes)

    return change


def stale(chart: Chart) -> None:
    """The next check-in was due 3 min and 1 ms ago."""
    chart.check = CheckIn.parse("W0")
    chart.check_in.due_ms = NOW - 180_001


def just_fresh(chart: Chart) -> None:
    """The next check-in was due 3 min ago."""
    chart.check = CheckIn.parse("W0")
    chart.check_in.due_ms = NOW - 180_000


def sampled(spo2: float, pulse: float, ago_ms: int = 0) -> Callable[[Chart], None]:
    """A sample came."""

    def change(chart: Chart) -> None:
        take(chart.oximeter, NOW - ago_ms, spo2, pulse)

    return change


def symptom(ago_ms: int) -> Callable[[Chart], None]:
    """A symptom was entered."""

    def change(chart: Chart) -> None:
        chart.check, chart.symptom_ms = CheckIn.parse("W5"), NOW - ago_ms

    return change


def signed(ago_ms: int) -> Callable[[Chart], None]:
    """A symptom was entered."""

    def change(chart: Chart) -> None:
        chart.check, chart.sign_ms = CheckIn.parse("W5"), NOW - ago_ms

    return change


def cuffed(chart: Chart) -> None:
    """Only the cuff knows the pulse."""
    chart.readings.append(BpReading(NOW - 60_000, 120_00, 80_00, 120_00))


def inflating(chart: Chart) -> None:
    """The cuff is inflating on the oximeter's arm."""
    chart.inflated_since_ms, chart.held_until_ms = NOW, NOW + 60_000


@pytest.mark.parametrize(
    ("fact", "change", "value"),
    [
        (Fact.MOAAS_LE_3, None, None),
        (Fact.MOAAS_LE_3, rated("W4"), False),
        (Fact.MOAAS_LE_3, rated("W3"), True),
        (Fact.MOAAS_LE_3, rated("W0"), True),
        (Fact.MOAAS_LE_3, stale, None),
        (Fact.MOAAS_LE_3, just_fresh, True),
        (Fact.MOAAS_3, rated("W3"), True),
        (Fact.MOAAS_3, rated("W2"), False),
        (Fact.MOAAS_LE_2, rated("W3"), False),
        (Fact.MOAAS_LE_2, rated("W2"), True),
        (Fact.SYMPTOM, None, None),
        (Fact.SYMPTOM, rated("W5"), False),
        (Fact.SYMPTOM, symptom(600_000), True),
        (Fact.SYMPTOM, symptom(600_001), False),
        (Fact.PRESSURE_SIGN, None, None),
        (Fact.PRESSURE_SIGN, rated("W5"), False),
        (Fact.PRESSURE_SIGN, signed(600_000), True),
        (Fact.PRESSURE_SIGN, signed(600_001), False),
        (Fact.SPO2_LT_92, None, None),
        (Fact.SPO2_LT_92, sampled(91.99, 70), True),
        (Fact.SPO2_LT_92, sampled(92, 70), False),
        (Fact.SPO2_LT_92, sampled(80, 70, 30_001), None),
        (Fact.SPO2_LT_94, None, None),
        (Fact.SPO2_LT_94, sampled(93.99, 70), True),
        (Fact.SPO2_LT_94, sampled(94, 70), False),
        (Fact.PULSE_GT_120, None, None),
        (Fact.PULSE_GT_120, sampled(97, 120.01), True),
        (Fact.PULSE_GT_120, sampled(97, 120), False),
        (Fact.BREATHING_SLOW, None, None),
        (Fact.BREATHING_SLOW, rated("W5"), None),
        (Fact.BREATHING_SLOW, rated("W5 B1"), False),
        (Fact.BREATHING_SLOW, rated("W5 B2"), True),
        (Fact.CUFF_IDLE, None, True),
        (Fact.CUFF_IDLE, inflating, False),
        (Fact.PULSE_GT_110, None, None),
        (Fact.PULSE_GT_110, sampled(97, 110.01), True),
        (Fact.PULSE_GT_110, sampled(97, 110), False),
        (Fact.PULSE_GT_110, cuffed, True),
        (Fact.PULSE_LT_50, None, None),
        (Fact.PULSE_LT_50, sampled(97, 49.99), True),
        (Fact.PULSE_LT_50, sampled(97, 50), False),
        (Fact.BREATHING_BAD, None, None),
        (Fact.BREATHING_BAD, rated("W5"), None),
        (Fact.BREATHING_BAD, rated("W5 B0"), False),
        (Fact.BREATHING_BAD, rated("W5 B1"), True),
        (Fact.BREATHING_BAD, rated("W5 B3"), True),
        (Fact.LIFELESS, None, None),
        (Fact.LIFELESS, rated("W2 B2 C1"), False),
        (Fact.LIFELESS, rated("W0"), True),
        (Fact.LIFELESS, rated("W5 B3"), True),
        (Fact.LIFELESS, rated("W5 C2"), True),
        *[(fact, None, None) for fact in SEEN],
        *[(fact, rated("W2 B2 C1"), False) for fact in SEEN],
        (Fact.NO_ANSWER, rated("W0"), True),
        (Fact.NO_BREATH, rated("W0"), None),
        (Fact.NO_BREATH, rated("W5 B3"), True),
        (Fact.LIPS_BLUE, rated("W0"), None),
        (Fact.LIPS_BLUE, rated("W5 C2"), True),
        (Fact.LAST_TEN_LOW, None, None),
        (Fact.LAST_TEN_LOW, sampled(91, 70), False),
    ],
)
def test_a_fact(fact: Fact, change: Callable[[Chart], None] | None, value: bool | None) -> None:
    """At its edge and just beyond."""
    chart = fresh()
    if change is not None:
        change(chart)
    assert known(chart, fact, NOW) is value


def test_five_of_ten_are_low() -> None:
    """The fifth makes it true."""
    chart = fresh()
    got = []
    for second in range(6):
        take(chart.oximeter, NOW + second * 1000, 91, 70)
        got.append(known(chart, Fact.LAST_TEN_LOW, NOW))
    assert got == [False, False, False, False, True, True]


def test_all_and_any() -> None:
    """All of none is true; any names the first that is true; unknown is neither."""
    chart = fresh()
    rated("W3 B0")(chart)
    facts = (Fact.SPO2_LT_92, Fact.BREATHING_BAD, Fact.MOAAS_3, Fact.MOAAS_LE_3)
    assert all_true(chart, (), NOW)
    assert all_true(chart, facts[2:], NOW)
    assert not all_true(chart, facts, NOW)
    assert any_true(chart, facts, NOW) is Fact.MOAAS_3
    assert any_true(chart, facts[:2], NOW) is None
