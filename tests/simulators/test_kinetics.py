"""The kinetic model meets the published peaks and conserves what it should."""

import pytest

from simulators.kinetics import Kinetics, KineticsError, typical


def curve(dose_mg: float, weight_kg: float, minutes: int) -> tuple[list[float], list[float]]:
    """Plasma and effect site, ng/mL, every half minute."""
    body = Kinetics(typical(weight_kg))
    body.take(dose_mg)
    plasma, site = [], []
    for _ in range(minutes * 2):
        body.advance(30)
        plasma.append(body.plasma_ng_ml)
        site.append(body.effect_ng_ml)
    return plasma, site


def peak(values: list[float]) -> tuple[float, float]:
    """Height (ng/mL) and time (min) of the highest value of a half-minute curve."""
    top = max(values)
    return round(top, 1), (values.index(top) + 1) / 2


def test_25_mg_peaks_as_measured() -> None:
    """25 mg in 70 kg peaks at 27 ng/mL at T+41.5 (Chong 28.6 at 46 min, Rolan 45 min)."""
    plasma, site = curve(25, 70, 120)
    assert (peak(plasma), peak(site)) == ((27.0, 41.5), (26.5, 48.5))


@pytest.mark.parametrize(
    ("dose_mg", "peak_ng_ml"), [(100, 108), (200, 216), (300, 324), (400, 431)]
)
def test_the_peak_grows_with_the_dose(dose_mg: float, peak_ng_ml: float) -> None:
    """The body is linear: the peak is 1.08 ng/mL for each mg in 70 kg."""
    plasma, _ = curve(dose_mg, 70, 60)
    height, _at_min = peak(plasma)
    assert height == pytest.approx(peak_ng_ml, abs=1)


def test_half_of_the_peak_is_left_after_two_hours() -> None:
    """At T+120 55 % and at T+240 28 % of the peak are still in the plasma."""
    plasma, _ = curve(100, 70, 240)
    top = max(plasma)
    assert (round(plasma[239] / top, 2), round(plasma[479] / top, 2)) == (0.55, 0.28)


def test_a_second_dose_adds_its_own_curve() -> None:
    """Two doses give the sum of the two curves, the second shifted by its time."""
    both = Kinetics(typical(70))
    both.take(100)
    both.advance(1800)
    both.take(50)
    both.advance(1800)
    first = Kinetics(typical(70))
    first.take(100)
    first.advance(3600)
    second = Kinetics(typical(70))
    second.take(50)
    second.advance(1800)
    assert both.plasma_ng_ml == pytest.approx(first.plasma_ng_ml + second.plasma_ng_ml)


def test_nothing_comes_from_nothing() -> None:
    """Without a dose an hour leaves every amount at zero."""
    body = Kinetics(typical(70))
    body.advance(3600)
    assert (body.plasma_ng_ml, body.effect_ng_ml) == (0.0, 0.0)


@pytest.mark.parametrize("dose_mg", [0, -1, 1001, float("nan")])
def test_an_impossible_dose_is_refused(dose_mg: float) -> None:
    """A dose outside 0..1000 mg names itself and the range."""
    with pytest.raises(KineticsError, match=r"dose_mg is .*: use more than 0 and at most 1000"):
        Kinetics(typical(70)).take(dose_mg)


@pytest.mark.parametrize("weight_kg", [29, 251, float("nan")])
def test_an_impossible_weight_is_refused(weight_kg: float) -> None:
    """A weight outside 30..250 kg names itself and the range."""
    with pytest.raises(KineticsError, match=r"weight_kg is .*: use 30.0..250.0"):
        typical(weight_kg)


@pytest.mark.parametrize("seconds", [-1, 10_000_000])
def test_time_neither_goes_back_nor_runs_away(seconds: int) -> None:
    """Negative and absurd times are refused before anything moves."""
    with pytest.raises(KineticsError, match=r"seconds is .*: use 0..604800"):
        Kinetics(typical(70)).advance(seconds)
