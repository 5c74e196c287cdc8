"""Short words of scenarios for what goes wrong with an oximeter's reports, as faults of the home.

`[[wire]]` in a scenario's file says `what = "off"` where `simulators/faults` has a clip that is off
the finger; this is the table between the two, and the only model is theirs.

It plays nothing.

>>> fault_of(Wire(name="w", at_min=0, what="silent", for_s=60.0))
DropOut(begins_s=0.0, for_s=60.0, after='open', device='oximeter', share=1.0, told=False)
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from devices.observation import Metric
from simulators.faults import kinds
from simulators.worlds.scenario import Wire

__all__ = ["fault_of"]

_Makes = Callable[[Wire], kinds.ReportFault]
_FAULTS: Mapping[str, _Makes] = MappingProxyType(
    {
        "off": lambda wire: kinds.ClipOff(for_s=wire.for_s),
        "silent": lambda wire: kinds.DropOut(for_s=wire.for_s),
        "batch": lambda wire: kinds.Batch(for_s=wire.for_s),
        "frozen": lambda wire: kinds.Freeze(for_s=wire.for_s),
        "motion": lambda wire: kinds.Motion(for_s=wire.for_s, to_pct=wire.value),
        "invalid": lambda wire: kinds.WeakPulse(for_s=wire.for_s, hold_s=0.0),
        "twice": lambda wire: kinds.Duplicates(for_s=wire.for_s, after_ms=0),
        "swapped": lambda wire: kinds.Reorder(for_s=wire.for_s),
        "doubled": lambda wire: kinds.Misread(for_s=wire.for_s, metric=Metric.PULSE, times=2.0),
        "bias": lambda wire: kinds.Misread(for_s=wire.for_s, metric=Metric.SPO2, by=wire.value),
    }
)


def fault_of(wire: Wire) -> kinds.ReportFault:
    """Return what a scenario's short word means."""
    return _FAULTS[wire.what](wire)
