"""The oximeter and the cuff of a world on their way to the hub: radio link, then the home's faults.

The cuff on the oximeter's own arm stops the pulse at the finger for as long as it is inflated. What
arrives within a second is given out at its end.

It knows no hub and draws only what its parts draw.

    devices.press(at_ms)
    devices.arrivals(truth)     -> [Carried(61_000, "oximeter", DeviceReport(...))]
"""

from numpy.random import Generator

from simulators.body.vitals import Vitals
from simulators.carried import Carried
from simulators.faults.line import FaultLine
from simulators.link import HOME, Link
from simulators.worlds.kit import DEVICES, Kit
from simulators.worlds.scenario import PatientScript
from simulators.worlds.truth import CuffLines

__all__ = ["Devices"]


class Devices:
    """Both devices of one world. `cuff_lines` replaces the cuff's own readings."""

    def __init__(self, kit: Kit, script: PatientScript, line: FaultLine, rng: Generator) -> None:
        """`line` carries every report through the faults that are at work."""
        self._oximeter, self._cuff, self._line = kit.oximeter, kit.cuff, line
        self._same_arm = script.same_arm
        # Without gaps there is nothing to draw and nothing to keep: no link at all is the same.
        self._link = Link(HOME, rng, device=DEVICES[0]) if script.link == "home" else None
        self.cuff_lines = CuffLines()

    def press(self, at_ms: int) -> None:
        """Somebody presses start; on a cuff that is inflating that does nothing."""
        if self._cuff.is_busy:
            return
        self._cuff.start(at_ms)
        if self._same_arm:
            self._oximeter.squeeze(at_ms)

    def clip_on(self) -> None:
        """Somebody puts a clip that has slipped off back on the finger."""
        self._oximeter.put_back()

    def arrivals(self, truth: Vitals) -> list[Carried]:
        """Let both devices live this second, and return what arrives at the hub in it, in order."""
        at_ms = truth.at_ms
        report = self._oximeter.sample(truth)
        if self._link is None:
            self._line.carry(Carried(at_ms, DEVICES[0], report))
        else:
            self._link.send(at_ms, report)
            for one in self._link.due(at_ms):
                self._line.carry(one)
        reading = self._cuff.poll(truth)
        if reading is not None:
            if self._same_arm:
                self._oximeter.let_go(at_ms)
            self._line.carry(Carried(at_ms, DEVICES[1], self.cuff_lines.over(reading)))
        return self._line.due(at_ms)
