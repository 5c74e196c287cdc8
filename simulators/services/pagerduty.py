"""A fake PagerDuty on 127.0.0.1: the account of `pagerduty_account` behind one socket.

with FakePagerDuty(people=("ignore", "ack")) as service:
    pages = PagerDuty(service.settings(), REST_TOKEN, on_news)
    ...
    service.account.alerts          # what was opened, and how often somebody was notified
"""

from alerts.pagerduty_wire import PagerDutySettings
from simulators.services.faults import NONE, Faults
from simulators.services.http import Service
from simulators.services.pagerduty_account import PagerDutyAccount

__all__ = ["FakePagerDuty"]


class FakePagerDuty(Service):
    """The service while the `with` block runs; its faults are those of wire and people."""

    def __init__(self, faults: Faults = NONE, people: tuple[str, ...] = ("ack",)) -> None:
        self.account = PagerDutyAccount(people=people, faults=faults)
        super().__init__(self.account, faults)

    def settings(self, poll_ms: int = 200) -> PagerDutySettings:
        """Return the settings that reach this account."""
        return PagerDutySettings(self.url, self.url, "hub under test", poll_ms)

    def faults_changed(self, faults: Faults) -> None:
        """People have the same faults as the wire."""
        self.account.faults = faults
