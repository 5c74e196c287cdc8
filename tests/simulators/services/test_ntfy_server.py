"""The fake ntfy takes what the real one documents and no more; its people are a script."""

import json
from typing import Any

import pytest

from simulators.services.exchange import Seen, UnexpectedError
from simulators.services.faults import Faults
from simulators.services.ntfy_server import TOKEN, NtfyServer

HOME = "http://127.0.0.1:1"
BUTTON = {"action": "http", "label": "yes", "url": f"{HOME}/a", "method": "POST", "body": "b"}
NOTE: dict[str, Any] = {"topic": "t", "message": "x", "priority": 5, "tags": ["warning"]}


def post(target: str, body: bytes, token: str = TOKEN) -> Seen:
    """Return a publication."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return Seen("POST", target, headers, body)


def get(target: str, token: str = TOKEN) -> Seen:
    """Return a subscription."""
    return Seen("GET", target, {"authorization": f"Bearer {token}"}, b"")


def publish(server: NtfyServer, note: Any, at_ms: int = 0) -> Any:
    """Publish and return what the server says."""
    server.url = HOME
    return json.loads(server.answer(post("/", json.dumps(note).encode()), at_ms).body)


def lines(text: bytes) -> list[tuple[str, str | None]]:
    """Return event and message of each line."""
    said = [json.loads(line) for line in text.splitlines()]
    return [(line["event"], line.get("message")) for line in said]


def test_a_note_is_answered_with_its_message_and_shown() -> None:
    """The answer has id, time and event; a telephone shows the latest of one sequence."""
    server = NtfyServer()
    said = publish(server, NOTE | {"sequence_id": "s"}, 5_000)
    publish(server, NOTE | {"sequence_id": "s", "message": "y"}, 6_000)
    publish(server, NOTE | {"topic": "other"}, 6_000)
    assert (said, [note["message"] for note in server.phone("t")]) == (
        {
            "id": "fake00000001",
            "time": 5,
            "event": "message",
            "topic": "t",
            "message": "x",
            "priority": 5,
            "tags": ["warning"],
            "sequence_id": "s",
        },
        ["y"],
    )


@pytest.mark.parametrize(
    "note",
    [
        [],
        {"message": "x"},
        NOTE | {"topic": "a b"},
        NOTE | {"titel": "x"},
        NOTE | {"click": 5},
        NOTE | {"priority": 6},
        NOTE | {"tags": [1]},
        NOTE | {"message": "x" * 5_000},
        NOTE | {"sequence_id": "a/b"},
        NOTE | {"actions": [BUTTON] * 4},
        NOTE | {"actions": [BUTTON | {"colour": "red"}]},
        NOTE | {"actions": [BUTTON | {"action": "view"}]},
        NOTE | {"actions": [{"action": "http"}]},
        NOTE | {"actions": [BUTTON | {"url": "https://elsewhere.example/a"}]},
    ],
)
def test_a_note_that_the_service_does_not_know_is_unexpected(note: Any) -> None:
    """Field by field: a fake that is lenient hides a mistake."""
    with pytest.raises(UnexpectedError):
        publish(NtfyServer(), note)


@pytest.mark.parametrize(
    "seen",
    [
        post("/", b"{}", "tk_wrong"),
        post("/a/b", b"x"),
        post("/a", b""),
        Seen("DELETE", "/a", {}, b""),
    ],
)
def test_who_may_not_and_what_is_not_there_is_unexpected(seen: Seen) -> None:
    """A wrong token, a path of no topic, an empty post, another method."""
    with pytest.raises(UnexpectedError):
        NtfyServer().answer(seen, 0)


def test_everybody_may_post_to_a_topic_and_only_the_token_may_read_it() -> None:
    """As access "write-only for everyone" has it."""
    server = NtfyServer()
    server.answer(post("/answers", b" yes ", "nobody"), 0)
    reader = server.subscribe(get("/answers/json?since=10m"), 1_000)
    assert lines(reader.read(1_000, 0)) == [("open", None), ("message", "yes")]
    for wrong in (
        get("/answers/json?since=10m", "nobody"),
        get("/answers/json?since=soon"),
        get("/a/b/json?since=10m"),
        post("/answers/json", b""),
    ):
        with pytest.raises(UnexpectedError):
            server.subscribe(wrong, 1_000)


def test_a_stream_has_what_is_new_and_a_keepalive_when_nothing_is() -> None:
    """From the time that was asked for; other topics are not in it."""
    server = NtfyServer()
    for at_ms, target in ((0, "/a"), (50_000, "/a"), (50_000, "/b")):
        server.answer(post(target, str(at_ms).encode()), at_ms)
    reader = server.subscribe(get("/a/json?since=20"), 60_000)
    first = lines(reader.read(60_000, 45_000))
    quiet = lines(reader.read(100_000, 45_000))
    server.answer(post("/a", b"new"), 101_000)
    second = lines(reader.read(101_000, 45_000))
    alive = lines(reader.read(146_000, 45_000))
    poll = server.subscribe(get("/a/json?since=20&poll=1"), 146_000)
    assert lines(poll.read(146_000, 0)) == [("message", "50000"), ("message", "new")]
    assert (first, quiet, second, alive) == (
        [("open", None), ("message", "50000")],
        [],
        [("message", "new")],
        [("keepalive", None)],
    )


@pytest.mark.parametrize(
    ("people", "faults", "answers"),
    [
        (("accept",), Faults(), ["yes"]),
        (("reject",), Faults(), ["no"]),
        (("ignore",), Faults(), []),
        (("accept",), Faults(no_answer=True), []),
        (("accept",), Faults(lost_answer=True), []),
        (("accept",), Faults(wrong_key=True), ["I am on my way"]),
        (("accept",), Faults(double_answer=True), ["yes", "yes"]),
        (("accept",), Faults(duplicate_receipt=True), ["yes", "yes"]),
        (("accept",), Faults(late_answer_ms=5_000), []),
    ],
)
def test_people_press_as_they_are_told(
    people: tuple[str, ...], faults: Faults, answers: list[str]
) -> None:
    """Within a second, unless the fault says later."""
    server = NtfyServer(people=people, faults=faults)
    buttons = [BUTTON | {"body": "yes"}, BUTTON | {"body": "no"}]
    publish(server, NOTE | {"actions": buttons})
    reader = server.subscribe(get("/a/json?since=0"), 1_000)
    heard = lines(reader.read(1_000, 0))[1:]
    assert [message for _, message in heard] == answers


def test_each_notification_meets_the_next_behaviour() -> None:
    """The last one stays; a notification without buttons meets none."""
    server = NtfyServer(people=("ignore", "accept"))
    for note in (NOTE | {"actions": [BUTTON]}, NOTE, NOTE | {"actions": [BUTTON]}):
        publish(server, note)
    assert (server.shown_to_people, len(server.due)) == (2, 1)
