"""What a change of phase says by itself: a peak that did not end in time is told to the physician.

"T+120 -> EXTENDED, medium to physician" (`clinical.md` 1.4, phase 3). It is so until the session
leaves EXTENDED. This module looks at a change that has happened and moves no phase.

    follow(observer, PhaseChanged(before="peak", phase="extended", ...))    -> report peak_late
"""

from monitor.effects import PhaseChanged
from monitor.observer import Observer
from monitor.session import Phase

__all__ = ["follow"]


def follow(observer: Observer, change: PhaseChanged) -> None:
    """Say, or take back, that the peak has not ended in time."""
    extended = change.phase == Phase.EXTENDED.value
    if extended and change.before == Phase.PEAK.value:
        observer.say("peak_late", present=True, reason=change.reason)
    elif not extended:
        observer.say("peak_late", present=False, reason=f"the session is in {change.phase}")
