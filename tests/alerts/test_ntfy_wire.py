"""What is published to ntfy and read from it has ntfy's documented fields, and nothing else."""

import json
from typing import Any

import pytest

from alerts.http_wire import Request
from alerts.ntfy_wire import (
    Line,
    Note,
    NtfySettings,
    publish,
    read_line,
    sequence_of,
    subscribe,
    topic_fault,
    why_refused,
)

SETTINGS = NtfySettings("https://ntfy.example.org/", "answers")


def body(request: Request) -> Any:
    """Return what a request says."""
    return json.loads(request.body)


def test_a_message_with_everything_has_every_field() -> None:
    """Address, token, priority, link, name of the notification and two buttons."""
    note = Note("dr-lee", "Session needs you", "high", "https://hub.home/", "s1", "yes", "no")
    request = publish(SETTINGS, "tk_x", note)
    button = {
        "action": "http",
        "url": "https://ntfy.example.org/answers",
        "method": "POST",
        "clear": True,
    }
    assert (request.method, request.url, request.headers, body(request)) == (
        "POST",
        "https://ntfy.example.org/",
        (("Content-Type", "application/json"), ("Authorization", "Bearer tk_x")),
        {
            "topic": "dr-lee",
            "title": "Vigil",
            "message": "Session needs you",
            "priority": 5,
            "tags": ["rotating_light"],
            "click": "https://hub.home/",
            "sequence_id": "s1",
            "actions": [
                button | {"label": "I take it", "body": "yes"},
                button | {"label": "I cannot", "body": "no"},
            ],
        },
    )


def test_a_message_with_nothing_has_the_least() -> None:
    """No token, link, name or button: none of their fields."""
    request = publish(SETTINGS, "", Note("dr-lee", "x", "low"))
    assert (request.header("authorization"), body(request)) == (
        None,
        {
            "topic": "dr-lee",
            "title": "Vigil",
            "message": "x",
            "priority": 3,
            "tags": ["information_source"],
        },
    )


@pytest.mark.parametrize(
    ("note", "settings", "buttons"),
    [
        (Note("t", "x", "medium", accept="a", reject="b"), SETTINGS, 2),
        (Note("t", "x", "medium", accept="a"), SETTINGS, 0),
        (Note("t", "x", "medium", accept="a", reject="b"), NtfySettings(), 0),
    ],
)
def test_buttons_need_both_answers_and_somewhere_to_post(
    note: Note, settings: NtfySettings, buttons: int
) -> None:
    """Half a choice is none, and without an answer topic nobody could hear it."""
    said = body(publish(settings, "", note))
    assert (len(said.get("actions", [])), said["priority"]) == (buttons, 4)


def test_a_quiet_message_makes_no_sound() -> None:
    """Its priority 2 is "no vibration or sound"; it has no mark either."""
    said = body(publish(SETTINGS, "", Note("t", "x", "high", quiet=True)))
    assert (said["priority"], said["tags"]) == (2, [])


def test_answers_are_read_as_a_stream_of_json() -> None:
    """One topic, from when it was last heard, with the token when there is one."""
    requests = (
        subscribe(SETTINGS, "tk_x", "10m", poll=True),
        subscribe(SETTINGS, "", "1700000000"),
    )
    assert requests == (
        Request(
            "GET",
            "https://ntfy.example.org/answers/json?since=10m&poll=1",
            (("Authorization", "Bearer tk_x"),),
        ),
        Request("GET", "https://ntfy.example.org/answers/json?since=1700000000"),
    )


def test_a_notification_is_named_by_its_delivery_alone() -> None:
    """The same delivery has the same name, which the server takes and which tells nothing."""
    names = [sequence_of(name) for name in ("oxygen@5/ä/0@5", "oxygen@5/ä/0@5", "oxygen@5/ä/1@5")]
    assert (names[0] == names[1], names[0] == names[2], topic_fault(names[0])) == (
        True,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (200, b'{"id":"a","time":1,"event":"message","topic":"t"}', ""),
        (200, b"<html>please log in</html>", "http 200, but not from ntfy: is base_url right?"),
        (200, b'{"event":"message"}', "http 200, but not from ntfy: is base_url right?"),
        (200, b'{"id":"a"}', "http 200, but not from ntfy: is base_url right?"),
        (429, b'{"error":"limit reached"}', "http 429: the server's rate limit is reached"),
        (403, b'{"code":40301,"http":403,"error":"forb\\nidden"}', "http 403: forbidden"),
        (403, b'{"error":""}', "http 403"),
        (403, b'{"error":7}', "http 403"),
        (500, b"[" * 100_000, "http 500"),
        (500, b"[]", "http 500"),
        (302, b"", "http 302"),
    ],
)
def test_only_ntfy_s_own_word_is_taken_for_a_yes(status: int, said: bytes, why: str) -> None:
    """Everything else is a failure with its number, and the server's reason when it gives one."""
    assert why_refused(status, said) == why


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b'{"id":"a","time":5,"event":"open","topic":"t"}', Line("open", "a", 5)),
        (b'{"id":"a","time":5,"event":"message","message":"x"}', Line("message", "a", 5, "x")),
        (b'{"id":"a","time":5,"event":"later"}', Line("later", "a", 5)),
    ],
)
def test_a_line_of_the_stream_is_read(text: bytes, line: Line) -> None:
    """Words that a later server may have are kept as they are."""
    assert read_line(text) == line


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "no JSON object"),
        (b"\xff", "no JSON object"),
        (b"[]", "no JSON object"),
        (b'{"id":"a","time":5}', "no text"),
        (b'{"id":7,"time":5,"event":"open"}', "no text"),
        (b'{"id":"a","time":5,"event":"message","message":7}', "no text"),
        (b'{"id":"a","event":"open"}', "no time"),
        (b'{"id":"a","time":true,"event":"open"}', "no time"),
        (b'{"id":"a","time":-1,"event":"open"}', "no time"),
        (b'{"id":"a","time":99999999999999999,"event":"open"}', "no time"),
    ],
)
def test_a_line_that_is_none_is_refused(text: bytes, why: str) -> None:
    """The reason says what is wrong and never repeats a stranger's text."""
    with pytest.raises(ValueError, match=why):
        read_line(text)


@pytest.mark.parametrize(
    ("url", "topic", "why"),
    [
        ("ntfy.sh", "", "base_url 'ntfy.sh' is no http or https address"),
        ("ftp://ntfy.sh", "", "is no http or https address"),
        ("https://", "", "is no http or https address"),
        ("https://ntfy.sh\x07", "", "is no http or https address"),
        ("https://ntfy.sh:x", "", "is no web address"),
        ("https://[ntfy.sh", "", "is no web address"),
        ("https://ntfy.sh/sub", "", "base_url has a path, a query or a user"),
        ("https://ntfy.sh?a=1", "", "base_url has a path, a query or a user"),
        ("https://ntfy.sh#a", "", "base_url has a path, a query or a user"),
        ("https://me@ntfy.sh", "", "base_url has a path, a query or a user"),
        ("https://ntfy.sh", "a b", "answer_topic is no topic"),
        ("https://ntfy.sh", "a" * 65, "answer_topic is no topic"),
    ],
)
def test_settings_that_cannot_work_are_named(url: str, topic: str, why: str) -> None:
    """Before anything is sent, and without repeating a topic."""
    with pytest.raises(ValueError, match=why.replace("?", r"\?")):
        NtfySettings(url, topic)
