"""Events carry the figures of their sources and refuse what no body could follow."""

from collections.abc import Callable

import pytest

from devices.checkin import Mood, Sign
from simulators.body.events import (
    Apnoea,
    CoSedative,
    EventError,
    Obstruction,
    Surge,
    alcohol,
    anxiety,
    benzodiazepine,
    opioid,
    pressure_rise,
    vasovagal,
    vomiting,
)

MIN = 60_000


def test_anxiety_is_15_over_10_and_20_beats() -> None:
    """+15/+10 mmHg, +20 a minute, seven minutes, upset and restless."""
    assert anxiety(5 * MIN) == Surge(
        after_dose_ms=5 * MIN,
        sbp_mmhg=15.0,
        dbp_mmhg=10.0,
        pulse_bpm=20.0,
        rr_bpm=6.0,
        rise_ms=MIN,
        hold_ms=7 * MIN,
        fall_ms=2 * MIN,
        mood=Mood.UPSET,
        moving=1,
    )


def test_a_faint_is_40_mmhg_and_30_beats_down() -> None:
    """Within 1 to 2 min, and the companion sees it."""
    faint = vasovagal(0)
    got = (faint.sbp_mmhg, faint.pulse_bpm, MIN <= faint.rise_ms <= 2 * MIN, faint.signs)
    assert got == (-40.0, -30.0, True, (Sign.FAINTED,))


def test_a_rise_takes_its_numbers_and_signs() -> None:
    """What is asked for is what happens; vomiting moves the whole body."""
    crisis = pressure_rise(
        MIN, sbp_mmhg=60.0, dbp_mmhg=35.0, signs=(Sign.WORST_HEADACHE, Sign.SIGHT_LOST)
    )
    sick = vomiting(MIN)
    assert (crisis.sbp_mmhg, crisis.dbp_mmhg, crisis.signs, sick.signs, sick.moving) == (
        60.0,
        35.0,
        (Sign.WORST_HEADACHE, Sign.SIGHT_LOST),
        (Sign.VOMITED,),
        2,
    )


def test_other_sedatives_have_the_figures_of_6_3() -> None:
    """Opioid 0.4..0.8 and given back in part; benzodiazepine and alcohol 0.7..0.9 with closures."""
    drugs = [opioid(0), benzodiazepine(0), alcohol(0)]
    got = [(drug.is_opioid, drug.ventilation, drug.dips_per_h > 0) for drug in drugs]
    assert got == [(True, 0.6, False), (False, 0.8, True), (False, 0.85, True)]
    assert all(1.5 <= drug.sleep_shift <= 2.5 for drug in drugs)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Obstruction(-1, 5.0), "Obstruction.after_dose_ms is -1: use 0..8.64e+07"),
        (lambda: Obstruction(0, 61.0), "Obstruction.depth_pct is 61.0: use 0..60"),
        (lambda: Apnoea(0, hold_ms=-5), "Apnoea.hold_ms is -5"),
        (lambda: CoSedative(0, 0.5, 0.6), "CoSedative.sleep_shift is 0.5: use 1..5"),
        (lambda: CoSedative(0, 2.0, 0.0), "CoSedative.ventilation is 0.0: use 0.05..1"),
        (lambda: Surge(0, sbp_mmhg=float("nan")), "Surge.sbp_mmhg is nan: use -120..150"),
        (lambda: Surge(0, moving=3), "Surge.moving is 3: use 0..2"),
    ],
)
def test_an_impossible_event_is_refused(make: Callable[[], object], told: str) -> None:
    """The refusal names the event, the value and the range."""
    with pytest.raises(EventError) as refused:
        make()
    assert str(refused.value).startswith(told)
