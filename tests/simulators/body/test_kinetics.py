"""The kinetic model meets the published peaks and conserves what it should."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from simulators.body.kinetics import BLOCK_S, Kinetics, KineticsError, Uptake, typical


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


def slopes(uptake: Uptake, state: np.ndarray) -> list[float]:
    """The same model written out by hand, mg and ng/mL a minute: what an ODE solver is given."""
    mucosa, gut, central, peripheral, site, nor = state
    out, back = (
        uptake.exchange_l_h / 60 * amount / volume
        for amount, volume in ((central, uptake.central_l), (peripheral, uptake.peripheral_l))
    )
    leave = uptake.clearance_l_h / 60 * central / uptake.central_l
    lost = (1 - uptake.mucosal_fraction - uptake.gut_fraction) / uptake.gut_fraction
    return [
        -uptake.mucosal_per_min * mucosa,
        -uptake.gut_per_min * gut,
        uptake.mucosal_per_min * mucosa + uptake.gut_per_min * gut - leave - out + back,
        out - back,
        np.log(2) / uptake.effect_half_min * (1000 * central / uptake.central_l - site),
        0.8 * (leave + uptake.gut_per_min * gut * lost)
        - uptake.norketamine_clearance_l_h / 60 * nor / uptake.norketamine_l,
    ]


def test_the_powers_of_one_second_are_what_an_ode_solver_finds() -> None:
    """Plasma, effect site and norketamine agree with scipy's DOP853 to one part in a million."""
    uptake = typical(82)
    body = Kinetics(uptake)
    body.take(200)
    body.advance(2 * 3600)
    start = np.array([200 * uptake.mucosal_fraction, 0, 0, 0, 0, 0])
    lag_min = uptake.gut_lag_s / 60
    for begin, end, swallowed in ((0, lag_min, 0.0), (lag_min, 120, 200 * uptake.gut_fraction)):
        start[1] += swallowed
        start = solve_ivp(
            lambda _t, state: slopes(uptake, state),
            (begin, end),
            start,
            method="DOP853",
            rtol=1e-10,
            atol=1e-10,
        ).y[:, -1]
    assert [body.plasma_ng_ml, body.effect_ng_ml, body.norketamine_ng_ml] == pytest.approx(
        [start[2] * 1000 / uptake.central_l, start[4], start[5] * 1000 / uptake.norketamine_l],
        rel=1e-6,
    )


def test_looking_ahead_moves_nothing_and_sees_what_will_be() -> None:
    """The effect site seen ahead is the one that is reached, a swallow within included."""
    body = Kinetics(typical(70))
    body.take(100)
    body.advance(14 * 60)
    seen = body.effect_ahead(BLOCK_S)
    reached = []
    for _ in range(BLOCK_S):
        body.advance(1)
        reached.append(body.effect_ng_ml)
    assert seen.tolist() == pytest.approx(reached, rel=1e-12)


def test_a_lozenge_that_is_spat_out_gives_its_mucosal_part_only() -> None:
    """Without a swallowed part the mucosal one is all; norketamine comes from the liver alone."""
    uptake = replace(typical(70), gut_fraction=0.0)
    body = Kinetics(uptake)
    body.take(100)
    body.advance(30 * 60)
    whole = Kinetics(typical(70))
    whole.take(100)
    whole.advance(30 * 60)
    assert (0 < body.plasma_ng_ml < whole.plasma_ng_ml) is True
    assert body.norketamine_ng_ml < whole.norketamine_ng_ml / 2


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"mucosal_fraction": 0.6, "gut_fraction": 0.5}, "use 0..1, together at most 1"),
        ({"mucosal_fraction": -0.1}, "use 0..1, together at most 1"),
        ({"central_l": 0}, "central_l is 0: use a number above 0"),
        ({"gut_lag_s": -1}, "gut_lag_s is -1: use a number above 0"),
        ({"clearance_l_h": float("nan")}, "clearance_l_h is nan: use a number above 0"),
    ],
)
def test_constants_that_no_body_has_are_refused(changed: dict[str, float], told: str) -> None:
    """The refusal names the constant and what is allowed."""
    with pytest.raises(KineticsError, match=told):
        replace(typical(70), **changed)  # type: ignore[arg-type]
