"""The hub of a world keeps its deadlines, and after a kill goes on where it was."""

from collections.abc import Sequence

import pytest
from numpy.random import default_rng

from alerts.contact import Role
from alerts.effects import AlarmChanged
from devices.observation import Mode
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, HelpCalled, MonitorDown, SessionOpened, Tick
from simulators.worlds.agenda import Agenda
from simulators.worlds.hub import VirtualHub
from simulators.worlds.kit import outfit
from simulators.worlds.scenario import PatientScript
from tests.timeline import DEFAULT

WHO = outfit(PatientScript(), default_rng(0).spawn(4)).who
OPENED = SessionOpened(at_ms=0, session="s", mode=Mode.TEST, patient=WHO, plan=DEFAULT)
HELP = HelpCalled(at_ms=1_000, by="sam", role=Role.COMPANION)


class Log:
    """What was heard."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.lines: list[AlarmChanged] = []

    def hear(self, event: Event, effects: Sequence[Effect], _engine: Engine) -> None:
        """Keep it."""
        self.events.append(event)
        self.lines += [one for one in effects if isinstance(one, AlarmChanged)]


def test_what_is_due_before_an_event_happens_before_it() -> None:
    """Ticks come at their own times, in order, and none when nothing is due."""
    log = Log()
    hub = VirtualHub(log.hear)
    assert hub.next_ms is None
    hub.give(OPENED)
    hub.give(HELP)
    hub.wake(20_000)
    times = [event.at_ms for event in log.events]
    assert (times == sorted(times), any(isinstance(one, Tick) for one in log.events)) == (
        True,
        True,
    )


def test_a_killed_hub_takes_nothing_and_rises_with_the_same_alarm() -> None:
    """Same id, told of the outage; a twin that was not killed has the same alarm."""
    log = Log()
    hub = VirtualHub(log.hear, keeps_records=True)
    assert [hub.give(OPENED), hub.give(HELP)] == [True, True]
    hub.kill(5_000)
    assert (hub.give(Tick(at_ms=6_000)), hub.next_ms) == (False, None)
    hub.rise(17_000)
    assert (log.events[-1], hub.engine.alarms.book.open["panic"].id) == (
        MonitorDown(at_ms=17_000, down_ms=12_000),
        "panic@1000",
    )


def test_a_hub_without_records_cannot_rise() -> None:
    """It says what to do."""
    hub = VirtualHub(Log().hear)
    hub.give(OPENED)
    hub.kill(5_000)
    with pytest.raises(ValueError, match="keeps_records=True"):
        hub.rise(6_000)


def test_an_engine_can_be_prepared_once() -> None:
    """After its opening, before its first event."""
    seen: list[int] = []
    hub = VirtualHub(Log().hear, prepare=lambda engine: seen.append(engine.now_ms))
    hub.give(OPENED)
    hub.give(HELP)
    assert seen == [0]


def test_an_agenda_is_in_order() -> None:
    """By time, then by entry; an empty one has nothing to do."""
    done: list[tuple[str, int]] = []
    agenda = Agenda()
    agenda.run_next()
    for name, at_ms in (("b", 5), ("a", 2), ("c", 5)):
        agenda.add(at_ms, lambda now_ms, name=name: done.append((name, now_ms)))  # type: ignore[misc]
    first_ms = agenda.next_ms
    for _ in range(4):
        agenda.run_next()
    assert (first_ms, agenda.next_ms) == (2, None)
    assert done == [("a", 2), ("b", 5), ("c", 5)]


def test_what_was_planted_is_planted_again_in_the_hub_that_takes_over() -> None:
    """In the first engine after its first event, and in the one that rises."""
    seen: list[Engine] = []
    hub = VirtualHub(Log().hear, keeps_records=True, prepare=seen.append)
    hub.give(OPENED)
    first = hub.engine
    hub.kill(5_000)
    hub.rise(17_000)
    assert seen == [first, hub.engine]
    assert first is not hub.engine
