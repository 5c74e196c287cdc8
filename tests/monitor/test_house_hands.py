"""The hub's hands: every part gets what it said it takes, and no part keeps it from another."""

from collections.abc import Callable
from typing import Any, cast

from alerts.effects import CancelSend, Send, Sound
from alerts.signal import Pattern
from monitor.effects import Effect
from monitor.events import Tick
from monitor.house_hands import HouseHands
from monitor.ward import Bed

BED = cast("Bed", object())
CANCEL = CancelSend(at_ms=1, delivery="d", reason="accepted")
SOUND = Sound(at_ms=1, pattern=Pattern.HIGH)


class Parts:
    """Hands whose parts note what they were given."""

    def __init__(self) -> None:
        self.bugs: list[str] = []
        self.got: list[Any] = []
        self.hands = HouseHands(lambda text, error: self.bugs.append(f"{text} {type(error)}"))

    def note(self, name: str) -> Callable[..., None]:
        """Return a part that notes what it takes under this name."""
        return lambda *what: self.got.append((name, *what))


def test_an_effect_goes_to_all_who_take_its_type_and_to_nobody_else() -> None:
    """Two parts take a cancelling, each once; a sound has no taker here."""
    parts = Parts()
    parts.hands.on(CancelSend, parts.note("sender"))
    parts.hands.on(CancelSend, parts.note("page"))
    parts.hands.decided.append(parts.note("feed"))
    effects: list[Effect] = [SOUND, CANCEL]
    event = Tick(at_ms=1)
    parts.hands.effects(BED, event, effects)
    assert parts.got == [
        ("feed", BED, event, effects),
        ("sender", BED, CANCEL),
        ("page", BED, CANCEL),
    ]


def test_sounds_messages_commits_and_ends_reach_their_parts_in_order() -> None:
    """Each of the other hands calls its own parts, in the order in which they were named."""
    parts = Parts()
    hands = parts.hands
    hands.sounds += [parts.note("speaker"), parts.note("light")]
    hands.senders.append(parts.note("sender"))
    hands.done += [parts.note("feed"), parts.note("gateway")]
    hands.over.append(parts.note("over"))
    send = cast("Send", object())
    hands.sound(Pattern.HIGH)
    hands.send(BED, send, "future")
    hands.committed(BED, [SOUND])
    hands.closed(BED)
    assert parts.got == [
        ("speaker", Pattern.HIGH),
        ("light", Pattern.HIGH),
        ("sender", BED, send, "future"),
        ("feed", BED, [SOUND]),
        ("gateway", BED, [SOUND]),
        ("over", BED),
    ]


def test_a_part_that_fails_keeps_nothing_from_the_others_and_is_told() -> None:
    """A light that raises is our bug, said by name; the speaker behind it still sounds."""
    parts = Parts()

    def broken(_: Pattern) -> None:
        raise KeyError("red")

    parts.hands.sounds += [broken, parts.note("speaker")]
    parts.hands.sound(Pattern.LOW)
    assert (parts.got, parts.bugs) == (
        [("speaker", Pattern.LOW)],
        ["our bug: what was decided could not be carried out: KeyError('red') <class 'KeyError'>"],
    )
