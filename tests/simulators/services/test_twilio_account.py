"""The fake Twilio is strict about what it takes, and its people do what their script says."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from alerts.twilio_words import arrived, ask_again, ask_by_voice
from simulators.services.exchange import Reply, Seen, UnexpectedError
from simulators.services.faults import NONE, Faults
from simulators.services.twilio_account import (
    ACCOUNT_SID,
    ANSWER_URL,
    NUMBER,
    TOKEN,
    TwilioAccount,
)
from simulators.services.twilio_call import bad_twiml
from simulators.services.twilio_people import Person

ROOT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
LEE = "+15550111"
WORDS = ask_by_voice("Session needs you", ANSWER_URL)
LOGIN = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{TOKEN}".encode()).decode()
CALL = {
    "To": LEE,
    "From": NUMBER,
    "Twiml": WORDS,
    "Timeout": "25",
    "TimeLimit": "120",
    "MachineDetection": "Enable",
}
TEXT = {"To": LEE, "From": NUMBER, "Body": "Answer YES 47"}


def seen(method: str, path: str, form: dict[str, str] | None = None, login: str = LOGIN) -> Seen:
    """Return a request."""
    headers = {"authorization": login, "content-type": "application/x-www-form-urlencoded"}
    return Seen(method, path, headers, urlencode(form or {}).encode())


def ask(
    account: TwilioAccount, at_ms: int, method: str, path: str, form: dict[str, str] | None = None
) -> Any:
    """Ask and return the JSON of the reply."""
    return json.loads(account.answer(seen(method, ROOT + path, form), at_ms).body)


def inbound(account: TwilioAccount, at_ms: int) -> list[str]:
    """Return the texts that came in to our number, newest first."""
    path = f"/Messages.json?{urlencode({'To': NUMBER, 'DateSent>': '2026-11-23', 'PageSize': 50})}"
    return [item["body"] for item in ask(account, at_ms, "GET", path)["messages"]]


def rooms(account: TwilioAccount, at_ms: int) -> list[str]:
    """Return the names of all conferences, newest first."""
    path = f"/Conferences.json?{urlencode({'DateCreated>': '2026-11-23', 'PageSize': 50})}"
    return [item["friendly_name"] for item in ask(account, at_ms, "GET", path)["conferences"]]


def states(account: TwilioAccount, sid: str, times: list[int]) -> list[tuple[str, str | None]]:
    """Return what the service says of a call at each time."""
    found = [ask(account, at_ms, "GET", f"/Calls/{sid}.json") for at_ms in times]
    return [(call["status"], call["answered_by"]) for call in found]


def test_a_text_message_is_delivered_and_answered() -> None:
    """After 100 and 200 ms, by the account's own clock."""
    account = TwilioAccount()
    made = ask(account, 5_000, "POST", "/Messages.json", TEXT)
    path = f"/Messages/{made['sid']}.json"
    assert (
        (made["status"], made["date_created"]),
        [ask(account, at_ms, "GET", path)["status"] for at_ms in (5_099, 5_100)],
        [inbound(account, at_ms) for at_ms in (5_199, 5_200)],
    ) == (
        ("queued", "Tue, 24 Nov 2026 12:00:00 +0000"),
        ["queued", "delivered"],
        [[], ["YES 47"]],
    )


@pytest.mark.parametrize(
    ("faults", "status", "texts"),
    [
        (Faults(undelivered=True), "undelivered", []),
        (Faults(lost_receipt=True), "queued", ["YES 47"]),
        (Faults(duplicate_receipt=True), "delivered", ["YES 47", "YES 47"]),
        (Faults(no_answer=True), "delivered", []),
        (Faults(lost_answer=True), "delivered", []),
        (Faults(wrong_key=True), "delivered", ["YES 00"]),
        (Faults(double_answer=True), "delivered", ["YES 47", "YES 47"]),
        (Faults(late_answer_ms=5_000), "delivered", []),
    ],
)
def test_each_fault_of_a_text_message(faults: Faults, status: str, texts: list[str]) -> None:
    """A service that tells twice tells the same message twice; a person who answers twice, two."""
    account = TwilioAccount(faults=faults)
    sid = ask(account, 0, "POST", "/Messages.json", TEXT)["sid"]
    got = ask(account, 1_000, "GET", f"/Messages/{sid}.json")["status"]
    assert (got, inbound(account, 1_000)) == (status, texts)


def test_a_person_s_answers_come_in_turn_and_silence_is_one() -> None:
    """A message without a code is not answered; anybody may write unasked."""
    account = TwilioAccount({LEE: Person(sms=("", "no {code}"))})
    for at_ms, body in ((0, "YES 47"), (1_000, "YES 48"), (2_000, "hello")):
        ask(account, at_ms, "POST", "/Messages.json", TEXT | {"Body": body})
    account.receive("+15550199", "who is this?", 3_000)
    assert inbound(account, 9_000) == ["who is this?", "no 48"]


@pytest.mark.parametrize(
    ("voice", "faults", "ends"),
    [
        ("1", NONE, ("in-progress", "human")),
        ("none", NONE, ("completed", "human")),
        ("1", Faults(no_key=True), ("completed", "human")),
        ("1", Faults(voicemail=True), ("completed", "machine_start")),
        ("fax", NONE, ("completed", "fax")),
        ("1", Faults(busy=True), ("busy", None)),
        ("1", Faults(no_answer=True), ("no-answer", None)),
        ("failed", NONE, ("failed", None)),
    ],
)
def test_a_call_rings_and_meets_what_the_script_says(
    voice: str, faults: Faults, ends: tuple[str, str | None]
) -> None:
    """A fault comes before the script."""
    account = TwilioAccount({LEE: Person(voice=(voice,))}, faults)
    sid = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    assert states(account, sid, [50, 150, 1_000]) == [("queued", None), ("ringing", None), ends]


def test_a_key_makes_a_conference_and_the_call_goes_on_until_it_is_told_something() -> None:
    """Words without a question end it; the second call meets the second behaviour."""
    account = TwilioAccount({LEE: Person(voice=("2", "7"))})
    first = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    second = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    before = rooms(account, 399)
    ask(account, 400, "POST", f"/Calls/{first}.json", {"Twiml": arrived(accept=False)})
    ask(account, 400, "POST", f"/Calls/{second}.json", {"Twiml": ask_again(ANSWER_URL)})
    assert (
        before,
        rooms(account, 700),
        states(account, first, [899, 900]),
        states(account, second, [900, 3_900]),
    ) == (
        [],
        [f"vigil-{second}-1", f"vigil-{second}-7", f"vigil-{first}-2"],
        [("in-progress", "human"), ("completed", "human")],
        [("in-progress", "human"), ("completed", "human")],
    )


@pytest.mark.parametrize(
    ("faults", "digits"),
    [
        (Faults(double_answer=True), ["1", "1"]),
        (Faults(duplicate_receipt=True), ["1", "1"]),
        (Faults(lost_answer=True), []),
        (Faults(late_answer_ms=5_000), []),
        (Faults(wrong_key=True), ["7"]),
    ],
)
def test_each_fault_of_a_key(faults: Faults, digits: list[str]) -> None:
    """What the hub can see of it after a second."""
    account = TwilioAccount(faults=faults)
    ask(account, 0, "POST", "/Calls.json", CALL)
    assert [name.rpartition("-")[2] for name in rooms(account, 1_000)] == digits


def test_a_person_who_presses_wrong_does_so_again() -> None:
    """For as long as the fault lasts."""
    account = TwilioAccount(faults=Faults(wrong_key=True))
    sid = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    ask(account, 400, "POST", f"/Calls/{sid}.json", {"Twiml": ask_again(ANSWER_URL)})
    assert rooms(account, 600) == [f"vigil-{sid}-7"] * 2


def test_a_call_is_ended_in_any_state_and_stays_as_it_ended() -> None:
    """Whoever would have pressed a key cannot any more; a call that is over says nothing more."""
    account = TwilioAccount({LEE: Person(voice=("1", "busy"))})
    ended = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    busy = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    said = [
        ask(account, at_ms, "POST", f"/Calls/{sid}.json", {"Status": "completed"})["status"]
        for at_ms, sid in ((100, ended), (300, busy))
    ]
    path = f"{ROOT}/Calls/{ended}.json"
    late = account.answer(seen("POST", path, {"Twiml": arrived(accept=True)}), 400)
    assert (said, late.status, rooms(account, 9_000)) == (["completed", "busy"], 400, [])


QUERY = urlencode({"To": NUMBER, "DateSent>": "2026-11-23", "PageSize": "50"})


@pytest.mark.parametrize(
    ("request_", "why", "status"),
    [
        (seen("GET", f"{ROOT}/Calls/CA1.json", login="Basic x"), "wrong login", 401),
        (seen("GET", "/other.json"), "no such path", 404),
        (seen("GET", f"{ROOT}/Calls/CA1"), "no such path", 404),
        (seen("DELETE", f"{ROOT}/Calls/CA1.json"), "no such resource", 405),
        (seen("GET", f"{ROOT}/Calls/CA1.json"), "no call has the sid CA1", 404),
        (seen("GET", f"{ROOT}/Messages/SM1.json"), "nothing has the sid SM1", 404),
        (
            seen("POST", f"{ROOT}/Messages.json", {"To": LEE}),
            "fields ['To'], not ['Body', 'From', 'To']",
            400,
        ),
        (
            seen("POST", f"{ROOT}/Messages.json", TEXT | {"Body": "x" * 1601}),
            "a body of 1 to 1600 characters is needed",
            400,
        ),
        (
            seen("POST", f"{ROOT}/Messages.json", TEXT | {"From": LEE}),
            "From is not a number of the account",
            400,
        ),
        (
            seen("POST", f"{ROOT}/Messages.json", TEXT | {"To": "0170"}),
            "To is no E.164 number",
            400,
        ),
        (
            seen("POST", f"{ROOT}/Calls.json", CALL | {"MachineDetection": "maybe"}),
            "no such MachineDetection",
            400,
        ),
        (
            seen("POST", f"{ROOT}/Calls.json", CALL | {"Twiml": "<Response/>"}),
            "TwiML needs a Response with verbs",
            400,
        ),
        (
            seen("GET", f"{ROOT}/Messages.json?To=1"),
            "query ['To'], not ['DateSent>', 'PageSize', 'To']",
            400,
        ),
        (
            seen("GET", f"{ROOT}/Messages.json?{QUERY.replace('2026', 'x')}"),
            "'x-11-23' is no day",
            400,
        ),
    ],
)
def test_what_the_service_would_not_understand_is_unexpected(
    request_: Seen, why: str, status: int
) -> None:
    """With the status that the real one has for it."""
    with pytest.raises(UnexpectedError) as told:
        TwilioAccount().answer(request_, 0)
    assert (str(told.value), told.value.reply.status) == (why, status)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"Twiml": "<Response><Play/></Response>"}, "this account does not know the verb Play"),
        ({"Status": "paused"}, "unknown fields ['Status']"),
    ],
)
def test_a_call_cannot_be_told_anything(form: dict[str, str], why: str) -> None:
    """Words that Twilio knows, or the end."""
    account = TwilioAccount()
    sid = ask(account, 0, "POST", "/Calls.json", CALL)["sid"]
    with pytest.raises(UnexpectedError) as told:
        account.answer(seen("POST", f"{ROOT}/Calls/{sid}.json", form), 0)
    assert (str(told.value), isinstance(told.value.reply, Reply)) == (why, True)


@pytest.mark.parametrize(
    ("twiml", "why"),
    [
        (WORDS, ""),
        ("x" * 4_001, "TwiML of 4001 characters, at most 4000 are taken"),
        ("<Response>", "TwiML is no XML: no element found: line 1, column 10"),
        ("<Say>x</Say>", "TwiML needs a Response with verbs"),
        ("<Response><Say> </Say></Response>", "nothing is said"),
        ("<Response><Gather/></Response>", "Gather has []"),
        (
            WORDS.replace(ANSWER_URL, "https://other.example/"),
            "Gather sends the key elsewhere than to the TwiML Bin",
        ),
    ],
)
def test_words_are_read_as_twilio_reads_them(twiml: str, why: str) -> None:
    """As far as this project uses them."""
    assert bad_twiml(twiml, ANSWER_URL) == why


@pytest.mark.parametrize(
    ("voice", "sms"), [((), ("x",)), (("1",), ()), (("sleep",), ("x",))], ids=repr
)
def test_a_script_that_would_do_nothing_is_refused(
    voice: tuple[str, ...], sms: tuple[str, ...]
) -> None:
    """Every word is known, and there is at least one."""
    with pytest.raises(ValueError, match="unknown or no behaviour"):
        Person(voice, sms)
