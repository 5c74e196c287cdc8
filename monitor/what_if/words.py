"""A what-if in words: times, changes, and what nobody may read into it. It decides nothing.

>>> clock(5_025_000), span(-1_500), span(None)
('1:23:45', '-2 s', '')
"""

from typing import Final

from monitor.what_if.compare import Change
from monitor.what_if.summary import Whole

__all__ = ["CAUTION", "change_words", "clock", "heading", "span"]

CAUTION: Final = (
    "This says what the rows of another plan would have decided on what was measured and tapped."
    " It says nothing about what people would have done: nobody has answered a new alarm, and the"
    " readings that it would have asked for were never taken."
)


def clock(ms: int) -> str:
    """A time from the session's opening: hours, minutes, seconds."""
    seconds = abs(ms) // 1000
    sign = "-" if ms < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def span(ms: int | None) -> str:
    """A shift in whole seconds, rounded away from zero; empty where there is none."""
    if ms is None:
        return ""
    seconds = -(-abs(ms) // 1000)
    return f"{'-' if ms < 0 else '+'}{seconds} s"


def change_words(change: Change) -> str:
    """One happening's difference; empty when there is none."""
    if change.before is None and change.after is not None:
        return f"{change.name}: gained, {change.after.priority.value}"
    if change.after is None and change.before is not None:
        return f"{change.name}: lost, was {change.before.priority.value}"
    said = []
    if change.shift_ms:
        said.append(
            f"{span(abs(change.shift_ms))[1:]} {'later' if change.shift_ms > 0 else 'earlier'}"
        )
    if change.step and change.before is not None and change.after is not None:
        said.append(f"{change.after.priority.value}, was {change.before.priority.value}")
    return f"{change.name}: {', '.join(said)}" if said else ""


def heading(whole: Whole, plan: str) -> str:
    """One line over everything."""
    return (
        f"{plan}: {whole.changed} of {whole.sessions} sessions would have been different"
        f" ({whole.hours:.1f} hours of watching)"
    )
