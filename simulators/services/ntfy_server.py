"""An ntfy server without its socket: topics, notifications, buttons, and the people who press them.

It takes the JSON that the real server documents and refuses everything else as `UnexpectedError`;
who may do what is a token for the hub, and for everybody else no more than posting to a topic, as
access "write-only for everyone" gives it. The people are a script: the first notification with
buttons meets the first behaviour (`accept`, `reject`, `ignore`), and the last one stays. A pure
function of requests and times.

    server = NtfyServer(people=("ignore", "accept"))
    server.answer(seen, at_ms=0)
"""

import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from simulators.services.exchange import Reply, Seen, UnexpectedError, json_reply
from simulators.services.faults import NONE, Faults

__all__ = ["TOKEN", "NtfyServer", "Subscription"]

TOKEN: Final = "tk_fake0ntfy0token0for0tests0only0"  # noqa: S105 - opens nothing

_NAME: Final = re.compile(r"[-_A-Za-z0-9]{1,64}")
_KEPT: Final = 1_000
_MOST_MESSAGE_BYTES: Final = 4_096
_MOST_ACTIONS: Final = 3
_MINUTE: Final = re.compile(r"(\d{1,4})m")
_PLAIN: Final = {"topic": str, "title": str, "message": str, "click": str, "sequence_id": str}
_ACTION: Final = {"action": str, "label": str, "url": str, "method": str, "body": str}
_PERSON_MS: Final = 200
_WRONG: Final = "I am on my way"


@dataclass(slots=True)
class NtfyServer:
    """All topics of one server.

    Attributes:
        token: what a publisher and a subscriber must show.
        people: what they do with each notification that has buttons.
        faults: what goes wrong with them.
        url: the server's own address, to which buttons must post.
        lines: every message of every topic, in order; `due` is what people will post, and when.
    """

    token: str = TOKEN
    people: tuple[str, ...] = ("accept",)
    faults: Faults = NONE
    url: str = ""
    lines: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    due: list[tuple[int, str, str]] = field(default_factory=list)
    count: int = 0
    shown_to_people: int = 0

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer a publication; a subscription is `subscribe`'s."""
        self.advance(at_ms)
        if (seen.method, seen.target) == ("POST", "/"):
            self._must_have_token(seen)
            return json_reply(200, self._publish(seen.json(), at_ms))
        topic = seen.path.removeprefix("/")
        if seen.method == "POST" and _NAME.fullmatch(topic) and len(seen.body) > 0:
            return json_reply(200, self._add(topic, at_ms, message=_text(seen.body)))
        raise UnexpectedError("no such method and path", _error(404, 40401, "page not found"))

    def subscribe(self, seen: Seen, at_ms: int) -> "Subscription":
        """Return the stream that a request asks for.

        Raises:
            UnexpectedError: the request is none for the stream of one topic.
        """
        self.advance(at_ms)
        topic = seen.path.removeprefix("/").removesuffix("/json")
        if seen.method != "GET" or not _NAME.fullmatch(topic):
            raise UnexpectedError("no stream of one topic", _error(404, 40401, "page not found"))
        self._must_have_token(seen)
        since = seen.query.get("since", "")
        if minutes := _MINUTE.fullmatch(since):
            since_s = at_ms // 1000 - int(minutes[1]) * 60
        elif since.isdecimal():
            since_s = int(since)
        else:
            raise UnexpectedError(f"since={since}", _error(400, 40008, "invalid since parameter"))
        return Subscription(self, topic, since_s, is_poll=seen.query.get("poll") == "1")

    def advance(self, at_ms: int) -> None:
        """Let people post what they have decided to post by now."""
        self.due.sort()
        while self.due and self.due[0][0] <= at_ms:
            due_ms, topic, body = self.due.pop(0)
            self._add(topic, due_ms, message=body)

    def phone(self, topic: str) -> list[dict[str, Any]]:
        """Return what a telephone shows of a topic: one of each sequence, the latest."""
        shown: dict[str, dict[str, Any]] = {}
        for line in list(self.lines):
            if line["topic"] == topic:
                shown[line.get("sequence_id", line["id"])] = line
        return list(shown.values())

    def _publish(self, note: Any, at_ms: int) -> dict[str, Any]:
        _check(note)
        line = self._add(note["topic"], at_ms, **{k: v for k, v in note.items() if k != "topic"})
        actions = note.get("actions", [])
        for action in actions:
            if not action["url"].startswith(f"{self.url}/"):
                raise _bad(f"a button posts to {action['url']}")
        if actions:
            self._decide(actions, at_ms)
        return line

    def _decide(self, actions: list[dict[str, Any]], at_ms: int) -> None:
        behaviour = self.people[min(self.shown_to_people, len(self.people) - 1)]
        self.shown_to_people += 1
        if self.faults.no_answer or self.faults.lost_answer or behaviour == "ignore":
            return
        pressed = actions[0 if behaviour == "accept" else 1]
        body = _WRONG if self.faults.wrong_key else pressed["body"]
        topic = pressed["url"].rpartition("/")[2]
        due_ms = at_ms + (self.faults.late_answer_ms or _PERSON_MS)
        self.due.append((due_ms, topic, body))
        if self.faults.double_answer:
            self.due.append((due_ms + _PERSON_MS, topic, body))

    def _add(self, topic: str, at_ms: int, **said: Any) -> dict[str, Any]:
        self.count += 1
        line = {"id": f"fake{self.count:08d}", "time": at_ms // 1000, "event": "message"}
        self.lines.append(line | {"topic": topic} | said)
        return self.lines[-1]

    def _must_have_token(self, seen: Seen) -> None:
        if seen.headers.get("authorization") != f"Bearer {self.token}":
            raise UnexpectedError("a wrong token", _error(403, 40301, "forbidden"))


class Subscription:
    """One reader of one topic: what is new since it was asked last.

    A poll has no opening, and ends when it has been read once.
    """

    def __init__(self, server: NtfyServer, topic: str, since_s: int, *, is_poll: bool) -> None:
        self.is_poll = is_poll
        self._server, self._topic, self._since_s = server, topic, since_s
        self._read = 0
        self._last_ms: int | None = None

    def read(self, at_ms: int, keepalive_ms: int) -> bytes:
        """Return the lines that are due: the opening, messages, else a keepalive in time.

        Args:
            at_ms: now.
            keepalive_ms: how long the stream may be silent; 0 for a server that never says a word.
        """
        server = self._server
        server.advance(at_ms)
        said: list[dict[str, Any]] = []
        if self._last_ms is None and not self.is_poll:
            said.append(self._word("open", at_ms))
        new = server.count - self._read
        for line in list(server.lines)[max(0, len(server.lines) - new) :] if new else []:
            if line["topic"] == self._topic and line["time"] >= self._since_s:
                said += [line, line] if server.faults.duplicate_receipt else [line]
        self._read = server.count
        if not said and keepalive_ms and at_ms - (self._last_ms or 0) >= keepalive_ms:
            said.append(self._word("keepalive", at_ms))
        if said:
            self._last_ms = at_ms
        return b"".join(json.dumps(each).encode() + b"\n" for each in said)

    def _word(self, event: str, at_ms: int) -> dict[str, Any]:
        return {
            "id": f"{event}{at_ms}",
            "time": at_ms // 1000,
            "event": event,
            "topic": self._topic,
        }


def _check(note: Any) -> None:
    """Refuse what the server's documentation does not have."""
    if not isinstance(note, dict) or not _NAME.fullmatch(str(note.get("topic", ""))):
        raise _bad("no topic")
    actions, tags = note.get("actions", []), note.get("tags", [])
    rest = {key: note[key] for key in note.keys() - {"actions", "tags", "priority"}}
    if any(not isinstance(value, _PLAIN.get(key, ())) for key, value in rest.items()):
        raise _bad(f"fields {sorted(rest)}")
    if note.get("priority", 3) not in range(1, 6) or not all(isinstance(tag, str) for tag in tags):
        raise _bad("priority or tags")
    if len(str(note.get("message", "")).encode()) > _MOST_MESSAGE_BYTES:
        raise _bad("the message is too long")
    if not _NAME.fullmatch(note.get("sequence_id", "x")):
        raise _bad("sequence_id")
    if len(actions) > _MOST_ACTIONS:
        raise _bad("more than three actions")
    for action in actions:
        rest = {key: value for key, value in action.items() if key != "clear"}
        if any(not isinstance(value, _ACTION.get(key, ())) for key, value in rest.items()):
            raise _bad(f"an action with {sorted(rest)}")
        if rest.keys() != _ACTION.keys() or action["action"] != "http":
            raise _bad("an action that is no complete http action")


def _bad(why: str) -> UnexpectedError:
    return UnexpectedError(why, _error(400, 40000, f"invalid request: {why}"))


def _error(status: int, code: int, said: str) -> Reply:
    return json_reply(status, {"code": code, "http": status, "error": said})


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").strip()
