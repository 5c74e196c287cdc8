"""Each short word of a scenario is a fault of the home, and there is no other model of one."""

from typing import get_args, get_type_hints

from devices.observation import Metric
from simulators.faults import kinds
from simulators.worlds.scenario import Wire
from simulators.worlds.wire import fault_of

FAULTS = {
    "off": kinds.ClipOff(for_s=9),
    "silent": kinds.DropOut(for_s=9),
    "batch": kinds.Batch(for_s=9),
    "frozen": kinds.Freeze(for_s=9),
    "motion": kinds.Motion(for_s=9, to_pct=85),
    "invalid": kinds.WeakPulse(for_s=9, hold_s=0),
    "twice": kinds.Duplicates(for_s=9, after_ms=0),
    "swapped": kinds.Reorder(for_s=9),
    "doubled": kinds.Misread(for_s=9, metric=Metric.PULSE, times=2),
    "bias": kinds.Misread(for_s=9, metric=Metric.SPO2, by=85),
}


def test_every_word_is_a_fault_of_the_same_length() -> None:
    """With the value where the fault has one."""
    words = get_args(get_type_hints(Wire)["what"])
    found = {
        word: fault_of(Wire(name="w", at_min=0, what=word, for_s=9, value=85)) for word in words
    }
    assert found == FAULTS
