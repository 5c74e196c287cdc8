"""Baselines are frozen once: medians before the dose, or of a recording's first minutes."""

import msgspec
import pytest

from devices.observation import DeviceKind, Metric
from monitor.baseline import BaselineKeeper
from monitor.chart import BpReading, Chart
from monitor.patient import DeviceBinding
from monitor.session import Phase
from tests.bedside import DEFAULT, VITALS_ONLY
from tests.charts import take

DOSE = 600_000


def dosed(first_s: int, last_s: int, *, readings: int = 0) -> Chart:
    """Return a chart with a sample each second in this span before the dose at 600 s."""
    chart = Chart(DEFAULT, (DeviceBinding("ox", DeviceKind.OXIMETER, 1_000),), athlete=False)
    for second in range(first_s, last_s):
        take(chart.oximeter, second * 1000, 97 if second % 2 else 96, 70)
    for number in range(readings):
        chart.readings.append(BpReading(number, 120_00 + number * 1_00, 80_00))
    chart.dose_ms = chart.first_dose_ms = DOSE
    chart.phase = Phase.ONSET
    return chart


def frozen(chart: Chart) -> list[tuple[str, int | None, str]]:
    """Return what is frozen now."""
    keeper = BaselineKeeper(chart)
    got = [(e.metric, e.value_x100, e.reason) for e, _ in keeper.consider(DOSE)]
    assert keeper.consider(DOSE) == []
    return got


def test_medians_of_five_minutes() -> None:
    """An even number of samples has its median between two."""
    assert frozen(dosed(300, 600, readings=3)) == [
        ("spo2", 96_50, "median of 300 valid samples of 5 min"),
        ("pulse", 70_00, "median of 300 valid samples of 5 min"),
        ("sbp", 121_50, "mean of 2 gate readings"),
        ("dbp", 80_00, "mean of 2 gate readings"),
    ]


@pytest.mark.parametrize(
    ("first_s", "reason"),
    [
        (450, "median of 150 valid samples of 5 min"),
        (451, "median of 120 valid samples of the last 2 min of the gate"),
    ],
)
def test_too_few_fall_back_to_the_gate(first_s: int, reason: str) -> None:
    """150 are needed; else the last two minutes, at least half of them."""
    assert frozen(dosed(first_s, 600))[0] == ("spo2", 96_50, reason)


def test_none_is_said() -> None:
    """Neither: rows that compare are off, and nothing is made up."""
    chart = dosed(500, 539)
    assert frozen(chart) == [
        ("spo2", None, "no baseline of spo2: only 39 valid samples, 150 are needed"),
        ("pulse", None, "no baseline of pulse: only 39 valid samples, 150 are needed"),
        ("sbp", None, "no baseline of sbp: no blood pressure was taken at the gate"),
    ]
    assert chart.baseline_x100 == {}
    assert chart.baseline_missing[Metric.SPO2] == "only 39 valid samples, 150 are needed"


def test_a_frozen_baseline_never_moves() -> None:
    """A later reading, and a further dose, change nothing; before the dose nothing is frozen."""
    chart = dosed(300, 600, readings=1)
    chart.phase = Phase.GATE
    keeper = BaselineKeeper(chart)
    assert keeper.consider(DOSE) == []
    chart.phase = Phase.ONSET
    keeper.consider(DOSE)
    chart.readings.append(BpReading(DOSE + 1, 200_00, 100_00))
    chart.dose_ms = DOSE + 1
    assert keeper.consider(DOSE + 1) == []
    assert (chart.baseline_bp, chart.baseline_x100) == (
        (120_00, 80_00),
        {Metric.SPO2: 96_50, Metric.PULSE: 70_00},
    )


def recording(*, oximeter: bool = True) -> Chart:
    """Return the chart of a recording."""
    devices = (DeviceBinding("ox", DeviceKind.OXIMETER, 1_000),) if oximeter else ()
    plan = msgspec.structs.replace(VITALS_ONLY, baseline_s=10, baseline_samples=10)
    chart = Chart(plan, devices, athlete=False)
    chart.phase = Phase.PEAK
    return chart


def test_a_recording_freezes_its_first_minutes_by_time_alone() -> None:
    """It says when that will be; before the first valid sample nobody knows."""
    chart = recording()
    keeper = BaselineKeeper(chart)
    assert (keeper.due_ms(0), keeper.consider(0)) == (None, [])
    for second in range(5, 15):
        take(chart.oximeter, second * 1000)
    assert (keeper.due_ms(14_000), keeper.consider(14_999)) == (15_000, [])
    assert [(e.metric, e.value_x100) for e, _ in keeper.consider(15_000)] == [
        ("spo2", 97_00),
        ("pulse", 70_00),
    ]
    assert keeper.due_ms(15_000) is None


def test_a_recording_with_too_few_has_none() -> None:
    """There is no gate to fall back to."""
    chart = recording()
    take(chart.oximeter, 0)
    keeper = BaselineKeeper(chart)
    assert keeper.due_ms(10_000) is None
    assert [e.value_x100 for e, _ in keeper.consider(10_000)] == [None, None]


def test_a_recording_without_an_oximeter_never_asks() -> None:
    """It was never promised; a session with a dose has no such deadline either."""
    assert BaselineKeeper(recording(oximeter=False)).consider(10_000) == []
    assert BaselineKeeper(dosed(300, 301)).due_ms(0) is None
