"""One call of the fake telephone network: from ringing to its end, and the keys pressed in it.

Its TwiML is read as strictly as Twilio reads it, as far as this project uses it. The keys go the
way that the project's TwiML Bin gives them: each makes a conference of that name (`Room`).

    call.expect("1", ring_ms=200, think_ms=200, faults=NONE)
    call.happen(at_ms)      # -> [("1", 400)]: the keys that were pressed meanwhile, and when
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

from simulators.services.faults import Faults

__all__ = ["PhoneCall", "Room", "bad_twiml"]

_GATHER: Final = {"action", "method", "numDigits", "timeout"}
_SAID_MS: Final = 300
_MOST_TWIML: Final = 4_000
_WORDS: Final = {"none": "human", "voicemail": "machine_start", "fax": "fax"}
_NOT_PICKED_UP: Final = frozenset({"busy", "no-answer", "failed"})


@dataclass(frozen=True, slots=True)
class Room:
    """A conference that a caller's leg has joined."""

    sid: str
    name: str
    at_ms: int


@dataclass(slots=True)
class PhoneCall:
    """A call; `twiml` is all that it has been told to say, in order."""

    sid: str
    to: str
    number: str
    began_ms: int
    twiml: list[str]
    status: str = "queued"
    answered_by: str | None = None
    _due: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Return whether the call has ended."""
        return self.status in {"completed", *_NOT_PICKED_UP}

    def json(self, date: Callable[[int], str]) -> dict[str, Any]:
        """Return the call as the service shows it."""
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.number,
            "status": self.status,
            "answered_by": self.answered_by,
            "date_created": date(self.began_ms),
        }

    def expect(self, behaviour: str, ring_ms: int, think_ms: int, faults: Faults) -> None:
        """Plan what the call meets: one of `twilio_people.VOICE`."""
        picked_ms = self.began_ms + ring_ms
        self._due = [(self.began_ms + ring_ms // 2, "status", "ringing")]
        if behaviour in _NOT_PICKED_UP:
            self._due.append((picked_ms, "status", behaviour))
            return
        self._due.append((picked_ms, "status", "in-progress"))
        self._due.append((picked_ms, "by", _WORDS.get(behaviour, "human")))
        ended_ms = picked_ms + think_ms + _SAID_MS
        if behaviour not in _WORDS:
            pressed_ms = picked_ms + think_ms + faults.late_answer_ms
            ended_ms = pressed_ms + 10 * _SAID_MS
            self._due.append((pressed_ms, "key", behaviour))
            if faults.double_answer:
                self._due.append((pressed_ms + think_ms, "key", behaviour))
        self._due.append((ended_ms, "status", "completed"))

    def happen(self, at_ms: int) -> list[tuple[str, int]]:
        """Let the time pass; return the keys that were pressed, each with its time."""
        keys = []
        for due in sorted(self._due):
            if due[0] > at_ms:
                break
            self._due.remove(due)
            when_ms, what, value = due
            if what == "key":
                keys.append((value, when_ms))
            elif what == "by":
                self.answered_by = value
            else:
                self.status = value
        return keys

    def end(self, at_ms: int) -> None:
        """The account hangs up; a call that is over stays as it ended."""
        del at_ms
        self._due.clear()
        if not self.over:
            self.status = "completed"

    def redirect(self, twiml: str, at_ms: int, think_ms: int, *, wrong: bool) -> None:
        """Say something else; when it asks for a key once more, the person presses 1, or 7."""
        self.twiml.append(twiml)
        self._due = [due for due in self._due if due[1] == "key"]
        ended_ms = at_ms + think_ms + _SAID_MS
        if "<Gather" in twiml:
            self._due.append((at_ms + think_ms, "key", "7" if wrong else "1"))
            ended_ms += 10 * _SAID_MS
        self._due.append((ended_ms, "status", "completed"))


def bad_twiml(twiml: str, answer_url: str) -> str:
    """Say what Twilio would not do with these words, or nothing."""
    if len(twiml) > _MOST_TWIML:
        return f"TwiML of {len(twiml)} characters, at most {_MOST_TWIML} are taken"
    try:
        root = ET.fromstring(twiml)  # noqa: S314 - written by the hub under test
    except ET.ParseError as error:
        return f"TwiML is no XML: {error}"
    if root.tag != "Response" or not len(root):
        return "TwiML needs a Response with verbs"
    for verb in root.iter():
        if verb.tag not in {"Response", "Say", "Gather"}:
            return f"this account does not know the verb {verb.tag}"
        if verb.tag == "Say" and not (verb.text or "").strip():
            return "nothing is said"
        if verb.tag == "Gather" and set(verb.attrib) != _GATHER:
            return f"Gather has {sorted(verb.attrib)}"
        if verb.tag == "Gather" and verb.attrib["action"] != answer_url:
            return "Gather sends the key elsewhere than to the TwiML Bin"
    return ""
