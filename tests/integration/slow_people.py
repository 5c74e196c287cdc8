"""People who are reached slowly, and the audit of what reached them against the record.

A webhook answers each message late, sometimes with an error, by a seeded draw, and keeps what came;
the fake ntfy of the simulators stands beside it. The audit takes the record for the truth:
whatever arrived and was not decided is unexpected, whatever was decided and neither arrived nor was
taken back is lost.
"""

import contextlib
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from alerts.ntfy_wire import sequence_of
from monitor.effects import CancelSend, Send
from monitor.journal import Record
from simulators.services.exchange import Seen

OUTSIDE = frozenset({"webhook", "ntfy"})
REPEAT, LATE = "[may be a repeat]", "[late]"
_SLOWEST_S = 1.5
_WITHDRAWN = "This call is no longer needed"
_STOPPED = "The monitor has stopped."


class Word(NamedTuple):
    """One message: its name, and what it says of itself."""

    delivery: str
    late: bool
    may_repeat: bool


@dataclass
class Webhook:
    """Addresses that answer late: `got` is what came, `waiting` counts who has no answer yet."""

    rng: random.Random
    url: str = ""
    waiting: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def draw(self) -> tuple[float, int]:
        """How long the next answer takes in s, and its code."""
        with self.lock:
            return self.rng.uniform(0.05, _SLOWEST_S), self.rng.choice((200, 200, 200, 500))


@contextlib.contextmanager
def webhook(rng: random.Random) -> Iterator[Webhook]:
    """Run the addresses; whoever still waits at the end is let go."""
    kept, over = Webhook(rng), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the hub was killed in the middle of it: no service has a message then
            takes_s, code = kept.draw()
            with kept.lock:
                kept.got.append(json.loads(body))
                kept.waiting += 1
            over.wait(takes_s)
            with kept.lock:
                kept.waiting -= 1
            with contextlib.suppress(OSError):  # a killed hub does not wait for its answer
                self.send_response(code)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield kept
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Audit:
    """What reached people, held against what was decided.

    `stopped` are the times of the supervisor's own pages, in ms of the wall clock; `odd` names
    all that must not be.
    """

    arrived: Counter[Word]
    decided: Counter[Word]
    taken_back: set[str]
    odd: list[str]
    stopped: set[int]

    @property
    def unexpected(self) -> list[Word]:
        """Messages that came although nothing of the kind was decided, or once more than that."""
        return sorted((self.arrived - self.decided).elements())

    @property
    def lost(self) -> list[str]:
        """Messages that were decided, never came, and that nobody took back."""
        came = {word.delivery for word in self.arrived}
        return sorted({word.delivery for word in self.decided} - came - self.taken_back)


def audit(
    records: Sequence[Record], pages: Sequence[dict[str, Any]], notes: Sequence[Seen]
) -> Audit:
    """Compare what came by webhook and by ntfy with a session's record."""
    effects = [effect for record in records for effect in record.effects]
    sends = [e for e in effects if isinstance(e, Send) and e.channel in OUTSIDE]
    made = Audit(
        Counter(),
        Counter(Word(e.delivery, e.late, e.may_repeat) for e in sends),
        {e.delivery for e in effects if isinstance(e, CancelSend)},
        [],
        set(),
    )
    by_supervisor: set[str] = set()
    names = {sequence_of(send.delivery): send.delivery for send in sends}
    for page in pages:
        if page["mode"] != "test":
            made.odd.append(f"not marked as a test: {page}")
        if not page["alarm"].startswith("watchdog@"):
            made.arrived[Word(page["delivery"], page["late"], page["may_repeat"])] += 1
        elif page["delivery"] in by_supervisor:
            made.odd.append(f"paged twice by the supervisor: {page}")
        else:
            by_supervisor.add(page["delivery"])
            made.stopped.add(int(page["alarm"].partition("@")[2]))
    for seen in notes:
        note = json.loads(seen.body)
        text, name = note["message"], names.get(note.get("sequence_id", ""))
        if _STOPPED in text and name is None:
            continue  # the supervisor's own page has no name that could be answered
        if name is None or (text.startswith(_WITHDRAWN) and name not in made.taken_back):
            made.odd.append(f"nobody decided this note: {note}")
        elif not text.startswith(_WITHDRAWN):
            made.arrived[Word(name, LATE in text, REPEAT in text)] += 1
    return made
