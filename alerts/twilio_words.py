"""What is said by telephone and in a text message, and what an answer means.

Only the preview goes out: marks and "Session needs you", never a finding or a name. A pressed key
reaches the hub without an open port like this: `<Gather>` sends it to a TwiML Bin that Twilio hosts
for the account (`BIN`), the Bin lets the caller's leg join a conference whose name holds the call
and the key, and the hub reads the names of conferences. The caller hears silence until the hub has
read the key and says so in the call; when it has not for 20 s, the Bin says that instead. So the
caller is thanked only for an answer that has arrived. Standard library only.

>>> read_answer("yes 47")
Answer(accept=True, code='47')
"""

import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

__all__ = [
    "ACCEPT_KEY",
    "BIN",
    "REJECT_KEY",
    "Answer",
    "arrived",
    "ask_again",
    "ask_by_text",
    "ask_by_voice",
    "not_open",
    "read_answer",
    "tell_by_voice",
]

ACCEPT_KEY: Final = "1"
REJECT_KEY: Final = "2"

BIN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<Response>\n"
    '  <Dial timeLimit="20">\n'
    '    <Conference beep="false" waitUrl="">vigil-{{CallSid}}-{{Digits}}</Conference>\n'
    "  </Dial>\n"
    "  <Say>Your answer could not be confirmed. Please open the page of the session.</Say>\n"
    "</Response>\n"
)
"""The TwiML Bin, to be made once in the account; its address is the setting `answer_url`."""

_GATHER_S: Final = 8
_ANSWER: Final = re.compile(r"\W*(yes|no)\b\W*([0-9]{2})\b", re.IGNORECASE)
_KEYS: Final = f"Press {ACCEPT_KEY} if you take it. Press {REJECT_KEY} if you cannot."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text message says: takes it or cannot, and which message it means."""

    accept: bool
    code: str


def ask_by_text(preview: str, link: str, code: str) -> str:
    """Return the text message that asks for an answer.

    Args:
        preview: what may pass through other people's servers.
        link: the session's page; empty leaves it out.
        code: two digits that name this message.
    """
    page = f" {link}" if link else ""
    return f"{preview}.{page} Answer YES {code} if you take it, NO {code} if you cannot."


def not_open(codes: list[str]) -> str:
    """Return the text message for an answer that names no open message."""
    if not codes:
        return "Nothing is open for this number now. Please open the page of the session."
    which = " or ".join(f"YES {code}" for code in codes)
    return f"That was not understood and nothing was taken. Answer {which} (or NO)."


def read_answer(body: str) -> Answer | None:
    """Read "YES 47" or "no 47", with anything after it; None for all else."""
    found = _ANSWER.match(body)
    return Answer(found[1].lower() == "yes", found[2]) if found else None


def ask_by_voice(preview: str, answer_url: str) -> str:
    """Return the TwiML that says the preview twice and asks for a key, then all of it once more."""
    words = f"{preview}. {preview}. {_KEYS}"
    return _response(_gather(words, answer_url) * 2 + _say("No key was pressed. Good bye."))


def ask_again(answer_url: str) -> str:
    """Return the TwiML for a key that means nothing."""
    return _response(
        _gather(f"That key is not known. {_KEYS}", answer_url)
        + _say("No known key was pressed. Good bye.")
    )


def arrived(*, accept: bool) -> str:
    """Return the TwiML by which the caller hears that the hub knows the answer."""
    heard = "you take it" if accept else "you cannot take it"
    return _response(
        _say(f"Thank you. Your answer has arrived: {heard}. Please see the page of the session.")
    )


def tell_by_voice(text: str) -> str:
    """Return the TwiML that says something twice and asks for nothing.

    >>> tell_by_voice("Hello.")
    '<Response><Say>Hello. Hello.</Say></Response>'
    """
    return _response(_say(f"{text} {text}"))


def _response(verbs: str) -> str:
    return f"<Response>{verbs}</Response>"


def _say(words: str) -> str:
    return f"<Say>{escape(words)}</Say>"


def _gather(words: str, answer_url: str) -> str:
    # Without a key Twilio goes on with the verb after it; with one it never comes back.
    action = quoteattr(answer_url)
    return (
        f'<Gather action={action} method="POST" numDigits="1" timeout="{_GATHER_S}">'
        f"{_say(words)}</Gather>"
    )
