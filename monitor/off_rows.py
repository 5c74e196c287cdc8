"""Which rows cannot work in this session, and why: in the record once, at the gate to be read.

A row whose input was never promised (no outside watcher, no baseline, a sample rate that is too
slow) is off for a known reason, and whoever gives the dose must know what nobody looks out for. A
baseline that is not frozen yet is no reason: it will be. Nothing here turns a row off.

>>> why_off(Off("nobody outside watches this hub"))
'nobody outside watches this hub'
>>> why_off(Off("baseline of spo2: not frozen yet")) is None
True
"""

from msgspec import Struct

from alerts.condition import Assessment, Off
from monitor.detectors.build import Board
from monitor.detectors.limit import PENDING

__all__ = ["OffView", "off_rows", "why_off"]


class OffView(Struct, frozen=True):
    """One row that cannot work; `label` is what it would look out for."""

    row: str
    label: str
    why: str


def why_off(answer: Assessment) -> str | None:
    """Say why a row with this answer cannot work, or None when it does or soon will."""
    return answer.why if isinstance(answer, Off) and not answer.why.endswith(PENDING) else None


def off_rows(board: Board) -> tuple[OffView, ...]:
    """Return the rows that cannot work now, in plan order."""
    return tuple(
        OffView(detector.id, detector.label, why)
        for detector in board.all
        # Nearly every row works, and a screen is made at every decision.
        if isinstance(detector.answer, Off) and (why := why_off(detector.answer)) is not None
    )
