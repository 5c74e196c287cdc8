"""What happened once: a dose before the gate, a further dose, a wish to end the session early.

A state is reported until somebody says that it is over. Nobody can say so of something that
happened: it is said, and over as soon as it is said. Its row latches (`once` in the plan), so the
alarm, its ladder and its sound go on until people answer, and a person can reset it. Happening
again, it is told again. Nothing here decides whom to tell.

    happened(engine, "dose_extra", "entered by ann", at_ms=9_000)   -> raised, then latched
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["happened"]


def happened(engine: "Engine", report: str, reason: str, at_ms: int) -> None:
    """Tell of one event, with every row judged by it; `reason` says what it was."""
    for present in (True, False):
        engine.observer.say(report, present=present, reason=reason)
        engine.refresh(at_ms)
