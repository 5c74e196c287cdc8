"""CI-FAST: check-ins that were tapped too quickly to be looks.

"A full check-in ended <4 s after opening is "too fast": asked again once, third time in a session
low to physician" (`cards.md` section 2). The page asks again, and says how long the first try took;
here they are counted. Who answered "no answer", two questions of a high alarm, or a correction was
not asked for five looks, and a check-in that says no time is not counted. No value is judged here.

    take(engine, CheckedIn(at_ms=900_000, check=five_answers, took_ms=2_100, ...))
"""

from typing import TYPE_CHECKING, Final

from devices.checkin import CheckIn
from monitor.events import CheckedIn
from monitor.happened import happened

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["take"]

_TOO_FAST_MS: Final = 4_000
_TOLD_FROM: Final = 3


def take(engine: "Engine", event: CheckedIn) -> None:
    """Count one check-in that was too quick; from the third one on the physician is told."""
    if event.took_ms is None or event.took_ms >= _TOO_FAST_MS or not _is_full(event.check):
        return
    chart = engine.chart
    chart.quick_looks += 1
    if chart.quick_looks >= _TOLD_FROM:
        reason = f"{chart.quick_looks} of this session took less than 4 s"
        happened(engine, "check_in_quick", reason, event.at_ms)


def _is_full(check: CheckIn) -> bool:
    """All five questions were answered."""
    return None not in (check.breathing, check.colour, check.mood) and bool(check.signs)
