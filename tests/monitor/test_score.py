"""NEWS2: its chart, its missing parts by name, and a lower bound that is called one."""

import msgspec
import pytest

from devices.checkin import CheckIn
from devices.observation import Metric, Observation
from monitor.chart import BpReading, Chart
from monitor.score import PARTS, Score, news2, points
from monitor.session import Phase
from tests.charts import Rig, oximeter_report
from tests.timeline import Timeline

CHART: dict[str, list[tuple[float, int]]] = {
    "respiration": [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)],
    "spo2": [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)],
    "systolic": [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)],
    "pulse": [
        (40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)
    ],
    "temperature": [
        (35, 3), (35.1, 1), (36, 1), (36.1, 0), (38, 0), (38.1, 1), (39, 1), (39.1, 2)
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "value", "score"),
    [(part, value, score) for part, edges in CHART.items() for value, score in edges],
)
def test_every_edge_of_the_chart(part: str, value: float, score: int) -> None:
    """As the college prints it."""
    assert points(part, round(value * 100)) == score


def seen(spo2: float, pulse: float, rr: float | None, phase: Phase = Phase.RECOVERY) -> Chart:
    """Return a chart with two minutes of this; the minute before was worse."""
    chart = Rig("SPO2-LOW").chart
    chart.phase = phase
    for at_s in range(240):
        report = oximeter_report(spo2 if at_s >= 100 else 80, pulse if at_s >= 100 else 150)
        if rr is not None:
            rate = Observation(Metric.RR, round(rr * 100))
            report = msgspec.structs.replace(report, observations=(*report.observations, rate))
        chart.oximeter.take(report, at_s * 1000)
    return chart


def test_what_is_missing_is_named_and_the_rest_is_a_lower_bound() -> None:
    """No pressure, no rating, no respiration, no temperature."""
    score = news2(seen(95, 95, None), 239_000)
    assert score == Score(
        parts={"spo2": 1, "air": 0, "pulse": 1},
        missing=("respiration", "systolic", "consciousness", "temperature"),
        at_least=2,
        total=None,
        single_3=False,
        interpretable=True,
    )
    words = "NEWS2 at least 2, without respiration, systolic, consciousness, temperature"
    assert score.words == words


@pytest.mark.parametrize(("codes", "value"), [("W5", 0), ("W4", 0), ("W3", 3), ("W0", 3)])
def test_all_but_the_temperature(codes: str, value: int) -> None:
    """A rating of 3 is voice; the temperature alone keeps it a lower bound."""
    chart = seen(97, 70, 14)
    chart.readings.append(BpReading(0, 105_00, 70_00))
    chart.check = CheckIn.parse(codes)
    score = news2(chart, 239_000)
    assert (score.at_least, score.total, score.missing) == (1 + value, None, ("temperature",))
    assert (score.single_3, list(score.parts)) == (value == 3, list(PARTS[:-1]))


def test_an_old_pressure_is_none() -> None:
    """Half an hour."""
    chart = seen(97, 70, None)
    chart.readings.append(BpReading(0, 85_00, 50_00))
    assert "systolic" in news2(chart, 1_800_000).parts
    assert "systolic" in news2(chart, 1_800_001).missing


def test_in_the_peak_it_is_not_interpretable() -> None:
    """Whatever it is made of."""
    assert news2(seen(97, 70, 14, Phase.PEAK), 239_000).words == (
        "NEWS2 is not interpretable in the peak"
    )


def test_a_whole_score_is_called_so() -> None:
    """With nothing missing."""
    whole = Score(
        parts=dict.fromkeys(PARTS, 0), missing=(), at_least=0, total=0, single_3=False,
        interpretable=True,
    )  # fmt: skip
    assert whole.words == "NEWS2 0"


def test_a_check_in_and_a_trial_of_discharge_are_scored() -> None:
    """In the peak it is not interpretable; a trial makes the line anew."""
    line = Timeline().at(25 * 60)
    peak = line.engine.news2
    line.at(122 * 60).trial()
    trial = line.engine.news2
    assert peak is not None
    assert trial is not None
    assert (peak.words, trial.at_ms) == ("NEWS2 is not interpretable in the peak", line.now_ms)
    assert trial.words == "NEWS2 at least 0, without respiration, temperature"
