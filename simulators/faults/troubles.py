"""All faults of one world: each begins at its time and is given to what plays it.

A scenario's list goes in; the world says when the session opened and when the dose was taken, and
asks for what arrives, what becomes of a message, and what of the house still works. Faults of every
kind can be laid over one another.

It draws from the generator that is handed in, and reads no clock.

>>> from numpy.random import default_rng
>>> troubles = Troubles((kinds.NetworkDown(begins_s=60, for_s=30, after="dose"),), default_rng(1))
>>> troubles.opened(0)
>>> troubles.dosed(600_000)
>>> troubles.house.network(660_000)
False
"""

from collections.abc import Mapping, Sequence
from typing import get_args

from numpy.random import Generator

from simulators.chain import Fate
from simulators.faults import kinds
from simulators.faults.house import House
from simulators.faults.line import NAMES, FaultLine
from simulators.faults.words import troubled

__all__ = ["Troubles"]

_OF_REPORTS = get_args(kinds.ReportFault)
_OF_WORDS = get_args(kinds.WordFault)
_OF_HOUSE = get_args(kinds.HouseFault)


class Troubles:
    """The faults of one world. `line` carries its reports, `house` answers for the rest."""

    def __init__(
        self,
        faults: Sequence[kinds.Fault],
        rng: Generator,
        *,
        devices: Mapping[str, str] = NAMES,
        wall_ms: int = 0,
    ) -> None:
        """`devices` names "oximeter" and "cuff"; `wall_ms` is Unix time at hub time 0."""
        self._faults = tuple(faults)
        line_rng, self._rng = rng.spawn(2)
        self.line = FaultLine(line_rng, devices=devices, wall_ms=wall_ms)
        self.house = House()
        self._words: list[tuple[int, int, kinds.WordFault]] = []
        self._is_dosed = False

    def opened(self, at_ms: int) -> None:
        """The session is open: what counts from there gets its time."""
        self._plan("open", at_ms)

    def dosed(self, at_ms: int) -> None:
        """The first dose is taken: what counts from there gets its time. Later ones do nothing."""
        if not self._is_dosed:
            self._is_dosed = True
            self._plan("dose", at_ms)

    def begin(self, fault: kinds.Fault, at_ms: int) -> None:
        """Let one fault be at work from `at_ms` on, whatever its own beginning says."""
        if isinstance(fault, _OF_REPORTS):
            self.line.begin(fault, at_ms)
        if isinstance(fault, _OF_WORDS):
            self._words.append((at_ms, at_ms + round(fault.for_s * 1000), fault))
        if isinstance(fault, _OF_HOUSE):
            self.house.begin(fault, at_ms)

    def message(self, channel: str, fates: tuple[Fate, ...], at_ms: int) -> tuple[Fate, ...]:
        """Return what becomes of a message that is handed over now, in order of time."""
        for begins_ms, ends_ms, fault in self._words:
            if begins_ms <= at_ms < ends_ms:
                fates = troubled(fates, channel, fault, self._rng)
        return tuple(sorted(fates, key=lambda fate: fate.after_ms))

    def _plan(self, after: str, from_ms: int) -> None:
        for fault in self._faults:
            if fault.after == after:
                self.begin(fault, from_ms + round(fault.begins_s * 1000))
