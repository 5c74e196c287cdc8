"""Both devices of a world reach the hub through one link and one line of faults."""

from collections.abc import Sequence

from numpy.random import default_rng

from devices.observation import DeviceReport, Flag
from simulators.carried import LinkNews
from simulators.faults import kinds
from simulators.faults.line import FaultLine
from simulators.worlds.devices import Devices
from simulators.worlds.kit import outfit
from simulators.worlds.scenario import PatientScript


def lived(
    script: PatientScript,
    seconds: int,
    faults: Sequence[kinds.ReportFault] = (),
    press_s: Sequence[int] = (),
) -> list[tuple[int, str, DeviceReport | LinkNews]]:
    """What arrives in so many seconds, with the second in which it was taken."""
    kit = outfit(script, default_rng(5).spawn(4))
    line = FaultLine(default_rng(6))
    devices = Devices(kit, script, line, default_rng(7))
    for fault in faults:
        line.begin(fault, round(fault.begins_s * 1000))
    found = []
    for second in range(1, seconds + 1):
        if second in press_s:
            devices.press(1_000 * second)
            devices.clip_on()
        found += [
            (second, one.device, one.what)
            for one in devices.arrivals(kit.body.advance(1_000 * second))
        ]
    return found


def test_without_a_fault_each_second_has_its_report() -> None:
    """And a reading comes after an inflation; a second press on a busy cuff does nothing."""
    found = lived(PatientScript(), 90, press_s=(5, 9))
    assert [second for second, device, _ in found if device == "oximeter"] == list(range(1, 91))
    assert [device for _, device, _ in found].count("cuff") == 1


def test_a_link_of_a_home_has_gaps() -> None:
    """The radio says so, and reports are missing or late."""
    found = lived(PatientScript(link="home"), 3_600)
    news = [what for _, _, what in found if isinstance(what, LinkNews)]
    assert (len(news) >= 2, len(found) < 3_600 + 20) == (True, True)


def test_a_fault_of_the_home_meets_what_the_link_lets_through() -> None:
    """All that was kept comes after its end."""
    found = lived(PatientScript(), 20, [kinds.Batch(begins_s=5, for_s=5)])
    times = [second for second, _, _ in found]
    assert times == [1, 2, 3, 4, 10, *[11] * 5, *range(11, 21)]


def test_a_cuff_on_the_same_arm_stops_the_pulse_while_it_squeezes() -> None:
    """The last values for 10 s, then none, and the pulse is back 5 s after the reading."""
    found = lived(PatientScript(same_arm=True), 120, press_s=(5,))
    done = next(second for second, device, _ in found if device == "cuff")
    lost = [
        second
        for second, _, what in found
        if isinstance(what, DeviceReport) and Flag.SEARCHING in what.flags
    ]
    assert (lost[0], lost == list(range(15, lost[-1] + 1)), lost[-1] <= done + 5) == (
        15,
        True,
        True,
    )
