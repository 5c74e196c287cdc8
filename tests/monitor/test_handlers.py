"""The table of handlers has every kind of event, and no other."""

from typing import get_args

from monitor.events import Event
from monitor.handlers import HANDLERS


def test_every_event_has_a_handler() -> None:
    """An event that is added without one is seen here."""
    assert set(HANDLERS) == set(get_args(Event))
