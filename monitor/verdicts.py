"""What physicians said of this session's alarms: true, false or unclear, with a note.

Kept beside the engine's decisions and never read by them: a session with verdicts decides as one
without.

    judged(engine, AlarmJudged(alarm="oxygen@61000", verdict=AlarmVerdict.TRUE, ...))
    engine.verdicts["oxygen@61000"].verdict             -> <AlarmVerdict.TRUE: 'true'>
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from alerts.contact import Role
from devices.judge_orders import AlarmVerdict
from monitor.refusal import refuse
from monitor.verdict_events import AlarmJudged

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["VerdictView", "judged"]

_DOCTORS = (Role.PHYSICIAN, Role.BACKUP)


class VerdictView(Struct, frozen=True):
    """The last word about one alarm, whose, and when (hub ms)."""

    verdict: AlarmVerdict
    note: str
    by: str
    at_ms: int


def judged(engine: "Engine", event: AlarmJudged) -> None:
    """A physician judges one alarm; also after it is over, and in the follow-up."""
    why = None
    if event.role not in _DOCTORS:
        why = f"a {event.role.value} may not do this; a physician judges an alarm"
    elif event.alarm not in engine.alarms.book.raised:
        why = f"there was no alarm {event.alarm} in this session"
    if not refuse(engine, event, why):
        # An earlier word about the same alarm stays in the record only.
        said = VerdictView(event.verdict, event.note, event.by, event.at_ms)
        engine.verdicts[event.alarm] = said
