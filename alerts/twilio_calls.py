"""One telephone call: what its state and the keys pressed in it mean, and what is said next.

A call proves nothing but a pressed key: that it rang, that somebody or something picked up and that
it was spoken to counts for nothing, so that this way never says DELIVERED. What looks like a
machine fails the call at once, and the next way starts; but nobody hangs up, because a person may
have been taken for a machine, and a key still counts. A pure function of what the service says;
times and requests are the shell's.

    step(call, CallSeen("CA..", "in-progress", "human"), [Key("CF..", "CA..", "1")])
    # -> Step(News(delivery, ANSWERED, ..., ACCEPT), say="<Response>...")
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict
from alerts.twilio_reply import CallSeen, Key
from alerts.twilio_words import ACCEPT_KEY, REJECT_KEY, arrived, ask_again

__all__ = ["FOLLOWED_MS", "Call", "Step", "lost_sight", "step"]

FOLLOWED_MS: Final = 300_000
"""After this long a call is over, whatever the service says: it may ring 65 s and talk 120 s."""

_ASKED_AGAIN: Final = 2
# A key may appear in the list a moment after the call has ended.
_ROUNDS_AFTER_END: Final = 3
_VERDICTS: Final = {ACCEPT_KEY: Verdict.ACCEPT, REJECT_KEY: Verdict.REJECT}
_ENDS: Final = {"busy": "busy", "no-answer": "nobody picked up", "failed": "the call failed"}


@dataclass(slots=True)
class Call:
    """What the channel knows of one call. `over` means that nothing more will come of it."""

    delivery: str
    sid: str
    answer_url: str
    at_ms: int
    over: bool = False
    cancelled: bool = False
    failed: bool = False
    answered: bool = False
    asked_again: int = 0
    rounds_after_end: int = 0
    rooms: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """What is told now, and what is said in the call (empty: it goes on as it is)."""

    news: tuple[News, ...] = ()
    say: str = ""


def step(call: Call, seen: CallSeen, keys: Sequence[Key]) -> Step:
    """Take what the service says of a call now.

    Args:
        call: is changed.
        seen: its state, asked for before the keys.
        keys: all keys that the service shows, also of other calls, oldest first.
    """
    news: list[News] = []
    say = ""
    for key in keys:
        if key.call != call.sid or key.room in call.rooms:
            continue
        call.rooms.add(key.room)
        verdict = _VERDICTS.get(key.digit)
        if verdict is None:
            say = _wrong_key(call)
            continue
        detail = f"pressed {key.digit}" + (" once more" if call.answered else "")
        call.answered = True
        news.append(News(call.delivery, DeliveryState.ANSWERED, detail, verdict))
        say = arrived(accept=verdict is Verdict.ACCEPT)
    why = _why_failed(call, seen)
    if why and not (call.answered or call.failed or call.cancelled):
        call.failed = True
        news.append(News(call.delivery, DeliveryState.FAILED, why))
    return Step(tuple(news), "" if call.over else say)


def lost_sight(call: Call) -> Step:
    """The call is older than any call can be, and its end was never seen."""
    call.over = True
    if call.answered or call.failed or call.cancelled:
        return Step()
    call.failed = True
    why = f"the service did not say in {FOLLOWED_MS // 1000} s what became of the call"
    return Step((News(call.delivery, DeliveryState.FAILED, why),))


def _wrong_key(call: Call) -> str:
    call.asked_again += 1
    return ask_again(call.answer_url) if call.asked_again <= _ASKED_AGAIN else ""


def _why_failed(call: Call, seen: CallSeen) -> str:
    """Say why the call has failed by now, or nothing; notes the end of the call."""
    if seen.status in _ENDS or seen.status == "canceled":
        call.over = True
        return _ENDS.get(seen.status, "the call was cancelled at the service")
    if seen.status == "completed":
        call.rounds_after_end += 1
        call.over = call.answered or call.rounds_after_end >= _ROUNDS_AFTER_END
    if seen.answered_by.startswith("machine"):
        return "voicemail"
    if seen.answered_by == "fax":
        return "a fax machine answered"
    if not call.over:
        return ""
    return "picked up, wrong key pressed" if call.asked_again else "picked up, no key pressed"
