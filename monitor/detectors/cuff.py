"""What all rows of cuff readings have in common: they may want one more, or want them sooner.

A home cuff is started by hand, so what a row wants is asked of the companion (`monitor/prompts.py`)
and bounded there: no row starts anything itself.

    detector.wants_ms     when this row would like one more reading; taken once by the engine
    detector.every_ms     how long after a reading the next is due while the row is as it is
"""

from monitor.detectors.base import Detector

__all__ = ["APART_MS", "CuffDetector", "text_of"]

# "at least 60 s between the end of one inflation and the next start" (`clinical.md` 1.4)
APART_MS = 60_000


class CuffDetector(Detector):
    """A row that judges each accepted cuff reading."""

    wants_ms: int | None = None

    @property
    def every_ms(self) -> int | None:
        """How long after a reading the next is due; None: as the schedule has it."""
        return None


def text_of(sbp_x100: int, dbp_x100: int) -> str:
    """Return a pair of pressures as people write it: 120/80."""
    return f"{sbp_x100 / 100:g}/{dbp_x100 / 100:g}"
