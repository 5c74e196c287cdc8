"""A Twilio account without its socket: messages, calls and conferences, and the people behind them.

It speaks the wire format of Twilio's documentation and is strict: another path, method, login,
field, number or verb is `UnexpectedError`, because a fake that takes everything proves nothing.
What happens to a call is a plan made when it is placed and carried out when somebody looks, so that
the account is a pure function of requests and times. It has no rate limit and no prices, and it is
no proof that the real service behaves so: that was read in its documentation.

    account = TwilioAccount(people={"+15550111": Person(voice=("2", "1"))})
    account.answer(seen, at_ms=0)
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from simulators.services.exchange import Reply, Seen, UnexpectedError, json_reply
from simulators.services.faults import NONE, Faults
from simulators.services.twilio_call import PhoneCall, Room, bad_twiml
from simulators.services.twilio_people import Person, texts_back

__all__ = ["ACCOUNT_SID", "ANSWER_URL", "NUMBER", "TOKEN", "TwilioAccount"]

ACCOUNT_SID: Final = "AC" + "0123456789abcdef" * 2
TOKEN: Final = "fake-auth-token-7f3a"  # noqa: S105 - opens nothing
NUMBER: Final = "+15550100"
ANSWER_URL: Final = "https://handler.twilio.com/twiml/EH" + "0" * 32

_ROOT: Final = f"/2010-04-01/Accounts/{ACCOUNT_SID}"


@dataclass(slots=True)
class TwilioAccount:
    """One account with one number and one TwiML Bin.

    Args:
        people: who has which number; everybody else answers at once as `Person()` does.
        faults: what goes wrong with carriers and people; may be changed at any time.
        ring_ms: how long it rings before somebody picks up.
        think_ms: how long a person takes to answer.
        started: what the account's clock shows at its first request.
    """

    people: dict[str, Person] = field(default_factory=dict)
    faults: Faults = NONE
    ring_ms: int = 200
    think_ms: int = 200
    started: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)
    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: list[PhoneCall] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    _coming: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    _began_ms: int | None = None
    _count: int = 0

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer one request."""
        self._began_ms = at_ms if self._began_ms is None else self._began_ms
        self._check_login(seen)
        self._happen(at_ms)
        where = seen.path.removeprefix(_ROOT)
        kind, _, sid = where.removesuffix(".json").strip("/").partition("/")
        if seen.path == where or not where.endswith(".json"):
            raise UnexpectedError("no such path", _error(404, 20404))
        match (seen.method, kind, bool(sid)):
            case ("POST", "Messages", False):
                return self._send(seen, at_ms)
            case ("GET", "Messages", False):
                return self._list_messages(seen)
            case ("GET", "Messages", True):
                return json_reply(200, self._find(self.messages, sid))
            case ("POST", "Calls", False):
                return self._call(seen, at_ms)
            case ("GET", "Calls", True):
                return json_reply(200, self._find_call(sid).json(self._date))
            case ("POST", "Calls", True):
                return self._change(seen, sid, at_ms)
            case ("GET", "Conferences", False):
                return self._list_rooms(seen)
        raise UnexpectedError("no such resource", _error(405, 20004))

    def receive(self, number: str, body: str, at_ms: int) -> None:
        """Somebody writes to our number, asked or not."""
        self._began_ms = at_ms if self._began_ms is None else self._began_ms
        self.messages.append(self._message(number, NUMBER, body, "inbound", "received", at_ms))

    # --- messages -----------------------------------------------------------------------------

    def _send(self, seen: Seen, at_ms: int) -> Reply:
        form = _fields(seen, {"To", "From", "Body"})
        _check_numbers(form)
        if not 0 < len(form["Body"]) <= 1600:  # noqa: PLR2004 - Twilio's own limit
            raise UnexpectedError("a body of 1 to 1600 characters is needed", _error(400, 21602))
        before = sum(item["to"] == form["To"] for item in self.messages)
        message = self._message(NUMBER, form["To"], form["Body"], "outbound-api", "queued", at_ms)
        self.messages.append(message)
        person = self.people.get(form["To"], Person())
        coming = texts_back(person, before, form["Body"], self.faults, self.think_ms)
        for after_ms, change in coming:
            due_ms = at_ms + after_ms
            if "body" in change:
                body = str(change["body"])
                came = self._message(form["To"], NUMBER, body, "inbound", "received", due_ms)
                times = 2 if self.faults.duplicate_receipt else 1
                self._coming.extend([(due_ms, came)] * times)
            else:
                self._coming.append((due_ms, {"sid": message["sid"], **change}))
        return json_reply(201, dict(message))

    def _list_messages(self, seen: Seen) -> Reply:
        query = _query(seen, {"To", "DateSent>", "PageSize"})
        found = [item for item in self.messages if item["to"] == query["To"]]
        return json_reply(
            200, {"messages": found[::-1][: int(query["PageSize"])], "next_page_uri": None}
        )

    # --- calls --------------------------------------------------------------------------------

    def _call(self, seen: Seen, at_ms: int) -> Reply:
        names = {"To", "From", "Twiml", "Timeout", "TimeLimit", "MachineDetection"}
        form = _fields(seen, names)
        _check_numbers(form)
        if why := bad_twiml(form["Twiml"], ANSWER_URL):
            raise UnexpectedError(why, _error(400, 21218))
        if form["MachineDetection"] not in {"Enable", "DetectMessageEnd"}:
            raise UnexpectedError("no such MachineDetection", _error(400, 21264))
        person = self.people.get(form["To"], Person())
        before = sum(call.to == form["To"] for call in self.calls)
        call = PhoneCall(self._sid("CA"), form["To"], NUMBER, at_ms, [form["Twiml"]])
        ring_ms = min(int(form["Timeout"]) * 1000, self.ring_ms)
        call.expect(person.on_call(before, self.faults), ring_ms, self.think_ms, self.faults)
        self.calls.append(call)
        return json_reply(201, call.json(self._date))

    def _change(self, seen: Seen, sid: str, at_ms: int) -> Reply:
        call = self._find_call(sid)
        form = seen.form()
        if form == {"Status": "completed"}:
            call.end(at_ms)
        elif set(form) == {"Twiml"}:
            if why := bad_twiml(form["Twiml"], ANSWER_URL):
                raise UnexpectedError(why, _error(400, 21218))
            if call.over:
                return _error(400, 21220)
            call.redirect(form["Twiml"], at_ms, self.think_ms, wrong=self.faults.wrong_key)
        else:
            raise UnexpectedError(f"unknown fields {sorted(form)}", _error(400, 20001))
        return json_reply(200, call.json(self._date))

    def _list_rooms(self, seen: Seen) -> Reply:
        query = _query(seen, {"DateCreated>", "PageSize"})
        rooms = [
            {
                "sid": room.sid,
                "friendly_name": room.name,
                "status": "init",
                "date_created": self._date(room.at_ms),
            }
            for room in self.rooms[::-1][: int(query["PageSize"])]
        ]
        return json_reply(200, {"conferences": rooms, "next_page_uri": None})

    # --- what happens by itself ---------------------------------------------------------------

    def _happen(self, at_ms: int) -> None:
        for call in self.calls:
            for digit, pressed_ms in call.happen(at_ms):
                times = 2 if self.faults.duplicate_receipt else 1
                sid = self._sid("CF")
                room = Room(sid, f"vigil-{call.sid}-{digit}", pressed_ms)
                self.rooms.extend([] if self.faults.lost_answer else [room] * times)
        due = [entry for entry in self._coming if entry[0] <= at_ms]
        self._coming = [entry for entry in self._coming if entry[0] > at_ms]
        for _, change in sorted(due, key=lambda entry: entry[0]):
            if "direction" in change:
                self.messages.append(change)
            else:
                self._find(self.messages, change["sid"]).update(change)

    # --- small things -------------------------------------------------------------------------

    def _check_login(self, seen: Seen) -> None:
        login = base64.b64encode(f"{ACCOUNT_SID}:{TOKEN}".encode()).decode()
        if seen.headers.get("authorization") != f"Basic {login}":
            raise UnexpectedError("wrong login", _error(401, 20003))

    def _message(
        self, number: str, to: str, body: str, direction: str, status: str, at_ms: int
    ) -> dict[str, Any]:
        return {
            "sid": self._sid("SM"),
            "from": number,
            "to": to,
            "body": body,
            "direction": direction,
            "status": status,
            "error_code": None,
            "date_created": self._date(at_ms),
            "date_sent": self._date(at_ms),
        }

    def _sid(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count:032x}"

    def _date(self, at_ms: int) -> str:
        assert self._began_ms is not None  # noqa: S101 - every door sets it
        return format_datetime(self.started + timedelta(milliseconds=at_ms - self._began_ms))

    def _find(self, items: list[dict[str, Any]], sid: str) -> dict[str, Any]:
        for item in items:
            if item["sid"] == sid:
                return item
        raise UnexpectedError(f"nothing has the sid {sid}", _error(404, 20404))

    def _find_call(self, sid: str) -> PhoneCall:
        for call in self.calls:
            if call.sid == sid:
                return call
        raise UnexpectedError(f"no call has the sid {sid}", _error(404, 20404))


def _error(status: int, code: int) -> Reply:
    return json_reply(status, {"code": code, "message": "refused", "status": status})


def _fields(seen: Seen, names: set[str]) -> dict[str, str]:
    form = seen.form()
    if set(form) != names:
        raise UnexpectedError(f"fields {sorted(form)}, not {sorted(names)}", _error(400, 20001))
    return form


def _query(seen: Seen, names: set[str]) -> dict[str, str]:
    query = seen.query
    if set(query) != names:
        raise UnexpectedError(f"query {sorted(query)}, not {sorted(names)}", _error(400, 20001))
    day = query.get("DateSent>") or query.get("DateCreated>") or ""
    try:
        datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise UnexpectedError(f"{day!r} is no day", _error(400, 20001)) from error
    return query


def _check_numbers(form: dict[str, str]) -> None:
    if form["From"] != NUMBER:
        raise UnexpectedError("From is not a number of the account", _error(400, 21606))
    if not (form["To"].startswith("+") and form["To"][1:].isdecimal()):
        raise UnexpectedError("To is no E.164 number", _error(400, 21211))
