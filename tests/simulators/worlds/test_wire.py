"""Reports on their way are lost, late, frozen, flagged or doubled, and come as they were after."""

import pytest
from msgspec import structs

from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from simulators.worlds.scenario import Wire
from simulators.worlds.wire import Wires


def report(seq: int, spo2: float = 97, pulse: float = 70) -> DeviceReport:
    """One report."""
    return DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=(spo2_pct(spo2), pulse_bpm(pulse)),
        seq=seq,
    )


def carried(what: str, value: float = 0.0, *, squeezed: bool = False) -> list[list[DeviceReport]]:
    """What comes of three reports during a failure of three seconds, and of one after it."""
    wires = Wires()
    wires.begin(Wire(name="w", at_min=0, what=what, for_s=3, value=value), 0)  # type: ignore[arg-type]
    return [wires.carry(report(i, 97 - i), 1_000 * i, squeezed=squeezed) for i in range(4)]


def test_without_a_failure_all_comes_as_it_is() -> None:
    """One report, one report."""
    assert Wires().carry(report(1), 0, squeezed=True) == [report(1)]


def test_silence_loses_and_a_batch_brings_it_all_later_as_stored() -> None:
    """What was kept comes before the first report after the gap."""
    stored = [structs.replace(report(i, 97 - i), stored=True) for i in range(3)]
    assert (carried("silent"), carried("batch")) == (
        [[], [], [], [report(3, 94)]],
        [[], [], [], [*stored, report(3, 94)]],
    )


def test_a_stuck_gateway_numbers_its_repeats_anew() -> None:
    """The values of the first report under the numbers of the others."""
    assert carried("frozen") == [[report(i, 97)] for i in range(3)] + [[report(3, 94)]]


def test_reports_come_twice_or_in_the_wrong_order() -> None:
    """An odd one comes when the failure is over."""
    assert (carried("twice")[0], carried("swapped")) == (
        [report(0), report(0)],
        [[], [report(1, 96), report(0)], [], [report(2, 95), report(3, 94)]],
    )


@pytest.mark.parametrize(
    ("what", "flag"),
    [("off", Flag.FINGER_OUT), ("invalid", Flag.SEARCHING)],
)
def test_a_lost_finger_has_a_flag_and_no_value(what: str, flag: Flag) -> None:
    """Every value is unavailable."""
    none = tuple(Observation(m, None, Validity.UNAVAILABLE) for m in (Metric.SPO2, Metric.PULSE))
    changed = structs.replace(report(0), observations=none, flags=(flag,))
    assert carried(what)[0] == [changed]


def test_movement_is_flagged_and_shows_what_it_shows() -> None:
    """The saturation is the script's, the pulse as it was, both questionable."""
    values = (
        Observation(Metric.SPO2, 85_00, Validity.QUESTIONABLE),
        Observation(Metric.PULSE, 70_00, Validity.QUESTIONABLE),
    )
    changed = structs.replace(report(0), observations=values, flags=(Flag.MOTION,))
    assert carried("motion", 85)[0] == [changed]


def test_a_cuff_on_the_same_arm_stops_the_pulse_while_it_squeezes() -> None:
    """And only then."""
    flags = [carried("lost_at_cuff", squeezed=squeezed)[0][0].flags for squeezed in (True, False)]
    assert flags == [(Flag.SEARCHING,), ()]


def test_values_are_doubled_or_shown_too_high_and_missing_ones_stay_missing() -> None:
    """No pulse beyond 250, no saturation beyond 100 %."""
    wires = Wires()
    wires.begin(Wire(name="d", at_min=0, what="doubled", for_s=9), 0)
    wires.begin(Wire(name="b", at_min=0, what="bias", for_s=9, value=4), 0)
    missing = structs.replace(report(2), observations=(Observation(Metric.PULSE, None),))
    found = [
        wires.carry(one, 0, squeezed=False)[0] for one in (report(0, 90, 70), report(1, 98, 140))
    ]
    assert [*found, *wires.carry(missing, 0, squeezed=False)] == [
        report(0, 94, 140),
        report(1, 100, 250),
        missing,
    ]
