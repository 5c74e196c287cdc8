"""Twilio on the wire: how a text message and a call are asked for, ended and asked after.

Everything is one HTTP request of the hub, so that no port of the house is open; what comes back is
read by `alerts/twilio_reply.py`. This module opens no connection. Standard library only, because
the supervisor calls people with it too.

Checked against Twilio's documentation ("Messages resource", "Calls resource", "Conference
resource", "TwiML Voice: Gather, Say, Dial, Conference", "Answering Machine Detection", "TwiML
Bins", "Modify a call in progress", "E.164"). Two facts shape this module. The events of a call,
which hold the key pressed, can be read only 15 minutes after it ends; so the key is shown by the
name of a conference that the caller's leg joins (see `alerts/twilio_words.py`). And Twilio knows no
idempotency key: a request that was given up may have rung a telephone, so a retry may be a repeat.

>>> settings = TwilioSettings("AC" + "0" * 32, "+15550100")
>>> create_message(settings, "token", "+15550111", "Session needs you").body
b'To=%2B15550111&From=%2B15550100&Body=Session+needs+you'
"""

import base64
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from alerts.http_wire import Request

__all__ = [
    "TwilioSettings",
    "change_call",
    "create_call",
    "create_message",
    "fetch_call",
    "fetch_message",
    "list_inbound",
    "list_keys",
    "number_fault",
]

PAGE: Final = 20
"""So many of the newest entries are read at once: they fit into 64 KiB, and a second has fewer."""

_ACCOUNT: Final = re.compile(r"AC[0-9a-fA-F]{32}")
_KEY_SID: Final = re.compile(r"SK[0-9a-fA-F]{32}")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_MOST_CALL_S: Final = 120


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """One Twilio account, best a subaccount of its own for the hub.

    `account_sid` and `from_number` are needed by every way, `answer_url` (the TwiML Bin that shows
    which key was pressed) by the voice call. `key_sid` names an API key, whose secret is then the
    password; without it the password is the account's auth token. `ring_s` is how long it rings (5
    to 60 s), `poll_ms` how often the fate of a fresh message is asked for (200 to 10000).

    Raises:
        ValueError: one of them cannot be used; says which, and what to write.
    """

    account_sid: str = ""
    from_number: str = ""
    answer_url: str = ""
    key_sid: str = ""
    base_url: str = "https://api.twilio.com"
    ring_s: int = 25
    poll_ms: int = 1000

    def __post_init__(self) -> None:
        """Refuse what Twilio would refuse in the middle of an alarm."""
        if self.account_sid and not _ACCOUNT.fullmatch(self.account_sid):
            raise ValueError("account_sid is not AC and 32 hexadecimal digits: copy it again")
        if self.key_sid and not _KEY_SID.fullmatch(self.key_sid):
            raise ValueError(
                "key_sid is not SK and 32 hexadecimal digits: copy it, or leave it out"
            )
        if self.from_number and (fault := number_fault(self.from_number)):
            raise ValueError(f"from_number {fault}")
        for name, url in (("base_url", self.base_url), ("answer_url", self.answer_url)):
            if url and (
                urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname
            ):
                raise ValueError(f"{name} {url!r} is no http address: write https://...")
        for name, value, low, high in (
            ("ring_s", self.ring_s, 5, 60),
            ("poll_ms", self.poll_ms, 200, 10_000),
        ):
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}: write {low} to {high}")

    def missing(self, channel: str) -> list[str]:
        """Return the names of the keys that `sms` or `voice` still needs."""
        needed = {"account_sid": self.account_sid, "from_number": self.from_number}
        if channel == "voice":
            needed["answer_url"] = self.answer_url
        return [name for name, value in needed.items() if not value]


def number_fault(number: str) -> str | None:
    """Say why this is no telephone number in E.164 form, or None; never repeats the number."""
    if _E164.fullmatch(number):
        return None
    return "is no E.164 number: write + and country code, then digits only, such as +15550100"


def create_message(settings: TwilioSettings, secret: str, to: str, body: str) -> Request:
    """Send a text message."""
    form = {"To": to, "From": settings.from_number, "Body": body}
    return _request(settings, secret, "POST", "/Messages.json", form)


def fetch_message(settings: TwilioSettings, secret: str, sid: str) -> Request:
    """Ask what became of a message."""
    return _request(settings, secret, "GET", f"/Messages/{sid}.json")


def list_inbound(settings: TwilioSettings, secret: str, day: str) -> Request:
    """Ask for the newest messages to our number since a day (YYYY-MM-DD, UTC)."""
    query = urlencode({"To": settings.from_number, "DateSent>": day, "PageSize": PAGE})
    return _request(settings, secret, "GET", f"/Messages.json?{query}")


def create_call(settings: TwilioSettings, secret: str, to: str, twiml: str) -> Request:
    """Call somebody and say something; machines are told from people as early as possible."""
    form = {
        "To": to,
        "From": settings.from_number,
        "Twiml": twiml,
        "Timeout": str(settings.ring_s),
        "TimeLimit": str(_MOST_CALL_S),
        "MachineDetection": "Enable",
    }
    return _request(settings, secret, "POST", "/Calls.json", form)


def fetch_call(settings: TwilioSettings, secret: str, sid: str) -> Request:
    """Ask what became of a call."""
    return _request(settings, secret, "GET", f"/Calls/{sid}.json")


def change_call(settings: TwilioSettings, secret: str, sid: str, twiml: str = "") -> Request:
    """Say something else in a call, or (empty) end it, whether it rings or somebody listens."""
    form = {"Twiml": twiml} if twiml else {"Status": "completed"}
    return _request(settings, secret, "POST", f"/Calls/{sid}.json", form)


def list_keys(settings: TwilioSettings, secret: str, day: str) -> Request:
    """Ask for the newest conferences since a day (YYYY-MM-DD, UTC): they show the keys."""
    query = urlencode({"DateCreated>": day, "PageSize": PAGE})
    return _request(settings, secret, "GET", f"/Conferences.json?{query}")


def _request(
    settings: TwilioSettings,
    secret: str,
    method: str,
    path: str,
    form: dict[str, str] | None = None,
) -> Request:
    user = settings.key_sid or settings.account_sid
    login = base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
    headers = [("Authorization", f"Basic {login}"), ("Accept", "application/json")]
    if form is not None:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    base = f"{settings.base_url.rstrip('/')}/2010-04-01/Accounts/{settings.account_sid}"
    return Request(method, base + path, tuple(headers), urlencode(form or {}).encode("ascii"))
