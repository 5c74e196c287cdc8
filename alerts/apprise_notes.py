"""Notes through apprise: more than a hundred services, for messages that may come late or never.

Apprise waits up to 11 s between messages of one service without saying so, and its own retries
cannot be bounded, so it may carry nothing that anybody waits for: whatever is not of low priority
is refused. SENT means that apprise says so. Each address is one apprise URL, with one object for
it, tried in a thread of its own that is left behind after 4 s. The package is optional; without it
a message fails with what to install. Its own log is kept silent, because it repeats addresses.

    outcome = await AppriseNotes().send(message)    # address: "json://localhost:8000/notes"
"""

import importlib
import logging
from typing import Final

from alerts.channel import OneWay, Outcome, failed, sent
from alerts.condition import Priority
from alerts.guard import refusal
from alerts.message import Message
from alerts.own_threads import OwnThreads

__all__ = ["AppriseNotes"]

_TOTAL_S: Final = 4.0
_MOST_THREADS: Final = 8
_TITLE: Final = "Vigil"


class AppriseNotes(OneWay):
    """A channel to whatever an apprise URL names.

    Args:
        total_s: time for one message, with everything.
    """

    name: Final = "apprise"

    def __init__(self, total_s: float = _TOTAL_S) -> None:
        self._total_s = total_s
        self._threads = OwnThreads("apprise", _MOST_THREADS)

    async def send(self, message: Message) -> Outcome:
        """Send a note of low priority; never raises for what apprise or a service does."""
        if message.priority is not Priority.LOW:
            return failed("apprise carries low priority only: it may be late without saying so")
        if why := refusal(message.mode, self.name, message.address):
            return failed(why)
        if self._threads.full:
            return failed(f"{_MOST_THREADS} notes already wait for their services")
        text = "\n".join(filter(None, (message.preview, message.link)))
        why = await self._threads.run(
            lambda: _notify(message.address, text, self._total_s), self._total_s
        )
        return failed(why) if why else sent("apprise says so")


def _notify(address: str, text: str, limit_s: float) -> str:
    """Send one note; return why it failed, or nothing. Never shows the address."""
    try:
        apprise = importlib.import_module("apprise")
    except ModuleNotFoundError:
        return "apprise is not installed: pip install 'vigil[apprise]'"
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # A redirect could lead a rehearsal out of the house; nothing is kept on disk.
    asset = apprise.AppriseAsset(storage_mode="memory", http_redirects=False)
    notes = apprise.Apprise(asset=asset)
    if not notes.add(address) or len(notes) != 1:
        # One of several in a list would be tried unseen, also one that the guard has not judged.
        return "the address is not exactly one apprise URL"
    result = notes.notify(body=text, title=_TITLE, timeout=limit_s)
    return "" if result else f"apprise says {result.status.name.lower()}"
