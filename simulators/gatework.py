"""What a companion does at the gate, and when the dose is taken: only when every item has passed.

First two pressures, a look at the patient, the rehearsal, the test sound, and a word for each item.
Then, every few minutes, whatever is still open in the way the gate asks for it (`clinical.md` 1.4):
a pressure that is too high rests ten minutes and is taken twice again, a hand with a low SpO2 is
warmed and other fingers are tried, a sleepy patient is looked at once more, a proof is done again.
Only then "it passes" is said against a value, which asks the physician. A stop that stays ends the
day: there is no dose then.

It presses nothing itself and never sees more than the board.

    work.first()              -> [(300_000, Deed.START_CUFF), (360_000, Deed.CHECK_IN), ...]
    work.look(board, at_ms)   -> [(at_ms, Dose(...))]
"""

from collections.abc import Mapping

from devices.command import Dose, End, Gate, Order, Rehearse, SoundTest
from devices.observation import Mode
from simulators.board import Board, Item
from simulators.person import RETRY_MS, Act, Deed

__all__ = ["AWAKE", "PRESSURE", "GateWork", "Plans"]

PRESSURE, AWAKE = "blood_pressure", "awake"
"""The items of the shipped plans that a person can measure anew."""

_S = 1000
_MIN = 60_000
_REST_MS = 10 * _MIN
_ROUND_MS = 4 * _MIN  # two readings two minutes apart, and the second one's inflation
# Warm the hand, try another finger, then the other hand: two minutes of signal for each.
_HANDS_MS = 6 * _MIN
_PROVE_MS = {"rehearsal": 100 * _S, "sound": 150 * _S}
_LOOKS = 3

Plans = list[tuple[int, Act]]


class GateWork:
    """One companion's way through the gate of one session."""

    def __init__(
        self,
        session: str,
        mode: Mode,
        *,
        start_ms: int,
        rest_ms: int,
        items: Mapping[str, str | None],
    ) -> None:
        """`items`: what the gate asks for, each with the proof that alone passes it."""
        self._session, self._mode, self._items = session, mode, items
        self._first_ms = max(start_ms + rest_ms - 5 * _MIN, start_ms + 30 * _S)
        words = sum(proof is None for proof in items.values())
        self._next_ms = max(start_ms + rest_ms, self._first_ms + 170 * _S + words * 5 * _S)
        self._repeated: set[str] = set()
        self._stops = 0

    def first(self) -> Plans:
        """Return what is done before the dose is first thought of, each with its time."""
        at_ms = self._first_ms
        plans: Plans = [(at_ms, Deed.START_CUFF), (at_ms + 2 * _MIN, Deed.START_CUFF)]
        plans.append((at_ms + _MIN, Deed.CHECK_IN))
        said_ms = at_ms + 170 * _S
        for item, proof in self._items.items():
            if proof is not None:
                plans.append((at_ms + _PROVE_MS[proof], self._prove(proof)))
                continue
            plans.append((said_ms, self._passes(item)))
            said_ms += 5 * _S
        return plans

    def says(self, act: Gate, board: Board) -> bool:
        """Whether this word is said now: never against a stop, against a value when tried again."""
        item = board.gate_items.get(act.item)
        if item is None or item.state in ("open", "pass"):
            return True
        return item.state == "hold" and act.item in self._repeated

    def look(self, board: Board, at_ms: int) -> Plans:
        """Return what is done about the gate as it is shown now."""
        if board.phase != "gate" or at_ms < self._next_ms:
            return []
        self._next_ms = at_ms + RETRY_MS
        still = {name: one for name, one in board.gate_items.items() if one.state != "pass"}
        if not still:
            return [(at_ms, Dose(session=self._session, mode=self._mode))]
        stopped = [name for name, one in still.items() if one.state == "stop" and not one.proof]
        self._stops = self._stops + 1 if stopped else 0
        if self._stops >= _LOOKS or any(still[name].final for name in stopped):
            reason = f"no dose today: {', '.join(stopped)}"
            return [(at_ms, End(session=self._session, mode=self._mode, reason=reason))]
        return [plan for name, one in still.items() for plan in self._again(name, one, at_ms)]

    # --- inside -------------------------------------------------------------------------------

    def _again(self, name: str, item: Item, at_ms: int) -> Plans:
        """One item that has not passed, done once more."""
        if item.proof is not None:
            return [(at_ms, self._prove(item.proof))]
        if item.state == "open":
            return [(at_ms, self._passes(name))]
        if name == AWAKE:
            self._repeated.add(name)
            return [(at_ms, Deed.CHECK_IN), (at_ms + 10 * _S, self._passes(name))]
        if name == PRESSURE:
            return self._measure(item, at_ms)
        if name in self._repeated:
            return []  # the physician has been asked
        self._repeated.add(name)
        return [(at_ms + _HANDS_MS, self._passes(name))]

    def _measure(self, item: Item, at_ms: int) -> Plans:
        """Two new pressures, after the rest that a high one asks for."""
        rests = "rest" in item.note
        if PRESSURE in self._repeated and not rests and item.note.startswith("blood pressure"):
            return []  # the second mean is high too: the physician has been asked
        self._repeated.add(PRESSURE)
        begin_ms = at_ms + _REST_MS if rests else at_ms
        self._next_ms = begin_ms + _ROUND_MS + _MIN
        return [
            (begin_ms, Deed.START_CUFF),
            (begin_ms + 2 * _MIN, Deed.START_CUFF),
            (begin_ms + _ROUND_MS, self._passes(PRESSURE)),
        ]

    def _passes(self, item: str) -> Gate:
        return Gate(session=self._session, mode=self._mode, item=item, state="pass")

    def _prove(self, proof: str) -> Order:
        """Start the rehearsal, or ask for the test sound."""
        kind = Rehearse if proof == "rehearsal" else SoundTest
        return kind(session=self._session, mode=self._mode)
