"""A request to Twilio is the documented one, byte for byte; settings that cannot work are named."""

import pytest

from alerts.http_wire import Request
from alerts.twilio_wire import (
    TwilioSettings,
    change_call,
    create_call,
    create_message,
    fetch_call,
    fetch_message,
    list_inbound,
    list_keys,
    number_fault,
)

ACCOUNT = "AC" + "0" * 32
KEY = "SK" + "1" * 32
BASE = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
LOGIN = ("Authorization", "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDpz")
JSON = ("Accept", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
SETTINGS = TwilioSettings(ACCOUNT, "+15550100")


def test_a_text_message_is_a_form_with_basic_login() -> None:
    """To, From and Body; the account's SID and the secret are the login."""
    assert create_message(SETTINGS, "s", "+15550111", "Look now & answer") == Request(
        "POST",
        f"{BASE}/Messages.json",
        (LOGIN, JSON, FORM),
        b"To=%2B15550111&From=%2B15550100&Body=Look+now+%26+answer",
    )


def test_a_call_says_its_words_itself_and_looks_for_machines() -> None:
    """Twiml stands in the request, so that nobody has to be reachable."""
    assert create_call(SETTINGS, "s", "+15550111", "<Response/>") == Request(
        "POST",
        f"{BASE}/Calls.json",
        (LOGIN, JSON, FORM),
        b"To=%2B15550111&From=%2B15550100&Twiml=%3CResponse%2F%3E&Timeout=25&TimeLimit=120"
        b"&MachineDetection=Enable",
    )


def test_a_call_is_told_something_else_or_ended() -> None:
    """Without words it is hung up, in whatever state it is."""
    say, end = change_call(SETTINGS, "s", "CA1", "<R/>"), change_call(SETTINGS, "s", "CA1")
    assert [(request.method, request.url, request.body) for request in (say, end)] == [
        ("POST", f"{BASE}/Calls/CA1.json", b"Twiml=%3CR%2F%3E"),
        ("POST", f"{BASE}/Calls/CA1.json", b"Status=completed"),
    ]


def test_what_became_of_it_is_asked_without_a_body() -> None:
    """One entry by its SID, or the newest of a list since a day."""
    asked = [
        fetch_message(SETTINGS, "s", "SM1"),
        fetch_call(SETTINGS, "s", "CA1"),
        list_inbound(SETTINGS, "s", "2026-11-23"),
        list_keys(SETTINGS, "s", "2026-11-23"),
    ]
    assert asked == [
        Request("GET", BASE + path, (LOGIN, JSON))
        for path in (
            "/Messages/SM1.json",
            "/Calls/CA1.json",
            "/Messages.json?To=%2B15550100&DateSent%3E=2026-11-23&PageSize=20",
            "/Conferences.json?DateCreated%3E=2026-11-23&PageSize=20",
        )
    ]


def test_an_api_key_is_the_login_when_there_is_one() -> None:
    """The account stays in the address; a slash at the end of the base changes nothing."""
    settings = TwilioSettings(ACCOUNT, key_sid=KEY, base_url="http://127.0.0.1:1/")
    request = fetch_call(settings, "s", "CA1")
    assert (request.url, request.header("authorization")) == (
        f"http://127.0.0.1:1/2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json",
        "Basic U0sxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTpz",
    )


@pytest.mark.parametrize("number", ["+15550100", "+4930901820", "+123456789012345"])
def test_a_number_in_e164_form_has_no_fault(number: str) -> None:
    """A plus, a country code, 7 to 15 digits."""
    assert number_fault(number) is None


@pytest.mark.parametrize("number", ["", "5550100", "+05550100", "+1 555 0100", "+1234567890123456"])
def test_any_other_number_is_refused_without_being_repeated(number: str) -> None:
    """A telephone number stands in no log."""
    assert number_fault(number) == (
        "is no E.164 number: write + and country code, then digits only, such as +15550100"
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"account_sid": "AC1"}, "account_sid is not AC and 32 hexadecimal digits: copy it again"),
        (
            {"key_sid": "SK1"},
            "key_sid is not SK and 32 hexadecimal digits: copy it, or leave it out",
        ),
        (
            {"from_number": "0170"},
            (
                "from_number is no E.164 number: write + and country code, then digits only,"
                " such as +15550100"
            ),
        ),
        ({"base_url": "twilio"}, "base_url 'twilio' is no http address: write https://..."),
        ({"answer_url": "http:x"}, "answer_url 'http:x' is no http address: write https://..."),
        ({"ring_s": 4}, "ring_s is 4: write 5 to 60"),
        ({"poll_ms": 10_001}, "poll_ms is 10001: write 200 to 10000"),
    ],
)
def test_a_setting_that_cannot_work_says_which_and_what_to_write(
    wrong: dict[str, object], why: str
) -> None:
    """Refused when the hub starts, not in the middle of an alarm."""
    with pytest.raises(ValueError, match=r".") as told:
        TwilioSettings(**wrong)  # type: ignore[arg-type]
    assert str(told.value) == why


def test_what_a_way_still_needs_is_named() -> None:
    """A call needs the TwiML Bin as well."""
    assert (
        TwilioSettings().missing("sms"),
        SETTINGS.missing("sms"),
        SETTINGS.missing("voice"),
        TwilioSettings(ACCOUNT, "+15550100", "https://handler.example/").missing("voice"),
    ) == (["account_sid", "from_number"], [], ["answer_url"], [])
