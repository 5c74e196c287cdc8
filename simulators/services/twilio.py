"""A fake Twilio on 127.0.0.1: the account of `twilio_account` behind a socket.

with FakeTwilio(people={"+15550111": Person(voice=("busy", "1"))}) as service:
    voice = Voice(service.settings(), TOKEN, on_news)
    ...
    service.account.calls           # what came, and what became of it
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from alerts.twilio_wire import TwilioSettings
from simulators.services.faults import NONE, Faults
from simulators.services.http import Service
from simulators.services.twilio_account import ACCOUNT_SID, ANSWER_URL, NUMBER, TwilioAccount
from simulators.services.twilio_people import Person

__all__ = ["FakeTwilio"]


class FakeTwilio(Service):
    """The service while the `with` block runs; its faults are those of wire, carrier and people."""

    def __init__(self, faults: Faults = NONE, people: Mapping[str, Person] | None = None) -> None:
        # A hub holds the service's times against its own until it knows one.
        started = datetime.now(UTC)
        self.account = TwilioAccount(dict(people or {}), faults, started=started)
        super().__init__(self.account, faults)

    def settings(self, poll_ms: int = 200) -> TwilioSettings:
        """Return the settings that reach this account."""
        return TwilioSettings(
            account_sid=ACCOUNT_SID,
            from_number=NUMBER,
            answer_url=ANSWER_URL,
            base_url=self.url,
            poll_ms=poll_ms,
        )

    def faults_changed(self, faults: Faults) -> None:
        """Carriers and people have the same faults as the wire."""
        self.account.faults = faults

    def write(self, number: str, body: str) -> None:
        """Somebody writes to the account's number."""
        with self.lock:
            self.account.receive(number, body, self.now_ms())
