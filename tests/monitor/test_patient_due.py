"""When the patient is asked for a tap: in some phases, at fixed minutes, and at each trial."""

import pytest

from monitor.patient_due import PatientDue
from monitor.plan import Schedule
from monitor.session import Phase

MIN = 60_000
TAPS = Schedule(at_min=(10, 90, 120), early_s=120)


def due(phase: Phase = Phase.ONSET, now_min: int = 0) -> PatientDue:
    """Return the schedule of a patient whose dose was at 0, in a phase that began then."""
    new = PatientDue(TAPS, (Phase.ONSET, Phase.OFFSET, Phase.RECOVERY))
    new.enter(phase, now_min * MIN, 0)
    return new


@pytest.mark.parametrize(
    ("phase", "now_min", "due_min"),
    [
        (Phase.GATE, 0, None),
        (Phase.ONSET, 0, 10),
        (Phase.ONSET, 10, 10),
        (Phase.PEAK, 20, None),
        (Phase.EMERGENCY, 30, None),
        (Phase.OFFSET, 75, 90),
        (Phase.OFFSET, 90, 90),
        (Phase.OFFSET, 95, 120),
        (Phase.RECOVERY, 120, 120),
        (Phase.RECOVERY, 121, None),
    ],
)
def test_a_phase_asks_from_its_beginning_on(
    phase: Phase, now_min: int, due_min: int | None
) -> None:
    """What fell into a phase that does not ask is passed over, and never late."""
    expected = None if due_min is None else due_min * MIN
    assert due(phase, now_min).due_ms == expected


def test_a_phase_that_asks_goes_on_asking() -> None:
    """What is due at the end of one phase stays due in the next, and is dropped by the peak."""
    taps = due(Phase.OFFSET, 75)
    taps.enter(Phase.RECOVERY, 120 * MIN, 0)
    stays = taps.due_ms
    taps.enter(Phase.PEAK, 121 * MIN, 0)
    assert (stays, taps.due_ms) == (90 * MIN, None)


@pytest.mark.parametrize(("at_s", "due_min"), [(479, 10), (480, 90), (600, 90), (900, 90)])
def test_a_tap_counts_two_minutes_early(at_s: int, due_min: int) -> None:
    """From T+8 on it is the tap of T+10."""
    taps = due()
    taps.satisfy(at_s * 1000, 0)
    assert taps.due_ms == due_min * MIN


def test_an_early_tap_covers_the_next_phase_too() -> None:
    """Tapped at T+119, nothing is due when recovery begins."""
    taps = due(Phase.OFFSET, 95)
    taps.satisfy(119 * MIN, 0)
    taps.enter(Phase.RECOVERY, 120 * MIN, 0)
    assert taps.due_ms is None


def test_a_tap_in_the_peak_asks_for_nothing() -> None:
    """It may be given, and no next one is due."""
    taps = due(Phase.PEAK, 20)
    taps.satisfy(30 * MIN, 0)
    assert (taps.due_ms, taps.asks) == (None, False)


def test_a_trial_asks_at_once_unless_a_tap_has_just_come() -> None:
    """Without any tap, after one that is older than two minutes, and never in the peak."""
    taps = due(Phase.RECOVERY, 121)
    taps.at_trial(122 * MIN)
    first = (taps.due_ms, taps.reason)
    taps.satisfy(123 * MIN, 0)
    taps.at_trial(125 * MIN)
    fresh = taps.due_ms
    taps.at_trial(125 * MIN + 1)
    again = taps.due_ms
    peak = due(Phase.PEAK, 20)
    peak.at_trial(30 * MIN)
    assert (first, fresh, again, peak.due_ms) == (
        (122 * MIN, "trial of discharge"),
        None,
        125 * MIN + 1,
        None,
    )
