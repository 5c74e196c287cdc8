"""A request is read strictly: what a service would not understand is named, never guessed."""

import pytest

from simulators.services.exchange import Reply, Seen, UnexpectedError, json_reply

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
JSON = {"content-type": "application/json"}


def test_a_request_has_a_path_a_query_and_a_body() -> None:
    """Each is read from its own place; an empty field stays a field."""
    seen = Seen("POST", "/a/b.json?To=%2B44&x=", FORM, b"Body=a+b&To=%2B1")
    assert (seen.path, seen.query, seen.form()) == (
        "/a/b.json",
        {"To": "+44", "x": ""},
        {"Body": "a b", "To": "+1"},
    )


def test_json_is_read_as_json() -> None:
    """The value, whatever it is."""
    assert Seen("POST", "/", JSON, b'{"a": [1]}').json() == {"a": [1]}


@pytest.mark.parametrize(
    ("headers", "body", "why", "status"),
    [
        ({}, b"a=1", "content type '', not application/x-www-form-urlencoded", 415),
        (FORM, b"a", "no form: bad query field: 'a'", 400),
        (FORM, b"a=1&a=2", "a field stands twice in the form", 400),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    headers: dict[str, str], body: bytes, why: str, status: int
) -> None:
    """With what is wrong, and the status that the caller gets."""
    with pytest.raises(UnexpectedError) as told:
        Seen("POST", "/", headers, body).form()
    assert (str(told.value), told.value.reply) == (why, Reply(status))


def test_a_body_that_is_no_json_is_refused() -> None:
    """Another content type, or other bytes."""
    with pytest.raises(UnexpectedError, match="content type 'application/x-www-form-urlencoded'"):
        Seen("POST", "/", FORM, b"{}").json()
    with pytest.raises(UnexpectedError, match="no JSON"):
        Seen("POST", "/", JSON, b"{").json()


def test_a_json_reply_says_that_it_is_json() -> None:
    """Status, type and bytes."""
    assert json_reply(201, {"a": 1}) == Reply(
        201, b'{"a": 1}', {"Content-Type": "application/json"}
    )
