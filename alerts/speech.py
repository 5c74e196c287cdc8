"""When the hub speaks: the first line of a high alarm's card, aloud, at the ladder's times.

Only a high alarm is ever spoken, while its condition is there and nobody in the room has taken it.
A pause of the sound pauses the voice too: what was due in it is said once when it ends. Words and
voice are chosen by others; nothing private is spoken (`cards.md` card 11 never sounds).

    arm_speech(carer, care)                  timer ("speak", id)
    speak(carer, care, at_ms=60_000)         -> Speak(alarm="oxygen@0", row="SPO2-LOW")
"""

from typing import TYPE_CHECKING

from alerts.care import Care
from alerts.contact import Role
from alerts.effects import Skipped, Speak
from alerts.escalation import speech_due_ms
from alerts.signal import SignalState

if TYPE_CHECKING:
    from alerts.carer import Carer

__all__ = ["PRIVATE", "arm_speech", "speak"]

# After the rungs and messages of the same instant.
_ORDER = 10_003
PRIVATE = frozenset({"SI-1", "SI-2"})
"""Rows of the private card: on a screen, never aloud."""


def arm_speech(carer: "Carer", care: Care) -> None:
    """Set the time at which the hub speaks next of this alarm, if it does."""
    due = speech_due_ms(carer.ladder, care.standing)
    key = ("speak", care.id)
    if due is None or care.closed or care.stopped_for(Role.COMPANION) is not None:
        carer.timers.cancel(key)
    elif care.state is SignalState.ACKNOWLEDGED and care.until_ms is not None:
        carer.timers.set(key, max(due[0], care.until_ms), _ORDER)
    else:
        carer.timers.set(key, due[0], _ORDER)


def speak(carer: "Carer", care: Care, at_ms: int) -> None:
    """Say what is due, once; a pause that has begun meanwhile comes first."""
    if care.state is not SignalState.ACKNOWLEDGED:
        call = False
        while (due := speech_due_ms(carer.ladder, care.standing)) and due[0] <= at_ms:
            care.standing.spoken += 1
            call = call or due[1].call
        _say(carer, care, at_ms, call=call)
    arm_speech(carer, care)


def _say(carer: "Carer", care: Care, at_ms: int, *, call: bool) -> None:
    row = carer.book.open[care.family].top.facts.id
    why = "this card is private" if row in PRIVATE else ""
    if carer.post.held is not None:
        why = "due while the hub did not run"
    if why:
        carer.emit(Skipped(at_ms=at_ms, alarm=care.id, rung="speak", reason=why))
    else:
        carer.emit(Speak(at_ms=at_ms, alarm=care.id, row=row, call=call))
