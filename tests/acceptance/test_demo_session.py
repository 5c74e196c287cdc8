"""The simulated home and the real engine play a whole session in virtual time.

No hub, broker or clock: the world's messages go straight into the engine, and what the people see
is the engine's own snapshot, sent through JSON as the hub would send it.
"""

from importlib.resources import files

import msgspec
import pytest
from numpy.random import default_rng

from alerts.condition import Transition
from alerts.contact import Role
from alerts.delivery import DeliveryState
from devices import command
from devices.checkin import CheckIn
from devices.observation import DeviceReport, Mode
from monitor import events, orders
from monitor.effects import AlarmChanged, Effect, PhaseChanged, Refused, Send
from monitor.engine import Engine
from monitor.patients import read_patient
from monitor.plan import load_plan
from monitor.snapshot import snapshot
from simulators.board import Board, read_board
from simulators.demo_files import PATIENT_ID, patient_text
from simulators.scenario import find
from simulators.world import BACKUP, PHYSICIAN, Said, World
from tests.words import ENGLISH

MIN = 60_000
PLAN = load_plan(
    files("monitor").joinpath("plans", "default.toml").read_text(encoding="utf-8"), "default.toml"
)
PATIENT = read_patient(patient_text(), PATIENT_ID).patient


class Session:
    """One engine and one world, seconds at a time."""

    def __init__(self, scenario: str, seed: int) -> None:
        self.engine = Engine()
        self.effects: list[Effect] = []
        self.world = World(
            find(scenario),
            default_rng(seed),
            mode=Mode.DEMO,
            start_ms=0,
        )
        self.take(
            events.SessionOpened(at_ms=0, session="s1", mode=Mode.DEMO, patient=PATIENT, plan=PLAN)
        )

    def board(self, at_ms: int) -> Board:
        """What the hub would publish now."""
        shown = snapshot(self.engine, at_ms, ENGLISH, record=len(self.effects), recording=True)
        return read_board(msgspec.json.encode(shown))

    def take(self, event: events.Event) -> None:
        """Hand one event to the engine, deadlines before it; the console delivers at once."""
        while (due_ms := self.engine.next_deadline()) is not None and due_ms <= event.at_ms:
            self.follow(self.engine.handle(events.Tick(at_ms=due_ms)))
        self.follow(self.engine.handle(event))

    def follow(self, effects: list[Effect]) -> None:
        """Keep the effects, and say of each message that it was sent."""
        self.effects += effects
        for sent in effects:
            self.world.hear(sent)
            if isinstance(sent, Send):
                self.follow(
                    self.engine.handle(
                        events.DeliveryReported(
                            at_ms=self.engine.now_ms,
                            delivery=sent.delivery,
                            state=DeliveryState.SENT,
                        )
                    )
                )

    def play(self, step_ms: int) -> None:
        """Go on to the end; the people see a board every `step_ms`."""
        at_ms, board = 0, self.board(0)
        while self.engine.chart.phase not in {"follow_up", "ended", "aborted"}:
            if at_ms % step_ms == 0:
                board = self.board(at_ms)
            at_ms += 1_000
            assert at_ms < 300 * MIN
            for said in self.world.advance(at_ms, board):
                self.take(event_of(said))

    def story(self) -> list[tuple[str, str, str]]:
        """Alarm lines that people hear of: row, transition, priority.

        A rise that one reading of the cuff shows and the second does not is no part of the story.
        """
        told = {Transition.RAISED, Transition.UPGRADED, Transition.LATCHED, Transition.RESET}
        return [
            (line.row, line.transition.value, line.priority.value)
            for line in self.effects
            if isinstance(line, AlarmChanged) and line.transition in told and line.row != "BP-RISE1"
        ]

    def takers(self) -> set[str | None]:
        """Who accepted an alarm."""
        return {
            line.by
            for line in self.effects
            if isinstance(line, AlarmChanged) and line.transition is Transition.ACCEPTED
        }


def event_of(said: Said) -> events.Event:
    """What the hub would make of one message of this world."""
    what, at_ms = said.what, said.at_ms
    if isinstance(what, DeviceReport):
        return events.Reading(at_ms=at_ms, report=what)
    role = {PHYSICIAN: Role.PHYSICIAN, BACKUP: Role.BACKUP, PATIENT_ID: Role.PATIENT}.get(
        said.by, Role.COMPANION
    )
    by = said.by
    match what:
        case CheckIn():
            return events.CheckedIn(at_ms=at_ms, by=by, role=role, check=what)
        case command.Accept():
            return events.Accepted(at_ms=at_ms, by=by, role=role, alarm=what.alarm)
        case command.Reset():
            return events.ResetByPerson(at_ms=at_ms, by=by, role=role, alarm=what.alarm)
        case command.Gate():
            return events.GateSet(at_ms=at_ms, by=by, role=role, item=what.item, state=what.state)
        case command.Dose():
            return events.DoseConfirmed(at_ms=at_ms, by=by, role=role)
        case command.CuffStarted():
            return events.CuffStarted(at_ms=at_ms, by=by, role=role)
        case command.Ok():
            return events.PatientTapped(at_ms=at_ms, by=by, role=role)
        case command.Discharge() | command.Rehearse() | command.SoundTest() | command.Heard():
            return orders.event_of(what, by, role, at_ms)
        case _:
            raise AssertionError(f"the world says {what}, which this test does not know")


OXYGEN = [
    ("SPO2-FAST", "raised", "medium"),
    ("SPO2-LOW", "upgraded", "high"),
    ("SPO2-LOW", "latched", "high"),
    ("SPO2-LOW", "reset", "high"),
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "step_ms",
    [
        pytest.param(1_000, marks=pytest.mark.long, id="each second"),
        pytest.param(60_000, id="each minute"),
    ],
)
def test_the_standard_session_has_one_alarm(seed: int, step_ms: int) -> None:
    """One oxygen alarm, taken by both, latched, reset; discharge at the second trial: nothing else.

    It holds too when people see a board only once a minute, as at 60 times real time.
    """
    session = Session("standard", seed)
    session.play(step_ms)
    phases = [line.phase for line in session.effects if isinstance(line, PhaseChanged)]
    refused = [
        line
        for line in session.effects
        # Who has not seen the end yet may still say a word: it is refused, and that is all.
        if isinstance(line, Refused) and line.reason != "the session is discharged"
    ]
    dose_ms = session.engine.chart.dose_ms or 0
    assert (session.story(), session.takers(), refused) == (OXYGEN, {"sam", "dr-lee"}, [])
    assert phases == ["gate", "onset", "peak", "offset", "recovery", "follow_up"]
    assert 132 * MIN <= session.engine.now_ms - dose_ms <= 150 * MIN


@pytest.mark.long
def test_the_short_session_begins_with_the_clip() -> None:
    """SENSOR-OFF after a minute, then the same oxygen alarm, all in the first quarter of an hour.

    Two pressures that differ ask for a third before the dose.
    """
    session = Session("short", 1)
    session.play(1_000)
    lines = [line for line in session.effects if isinstance(line, AlarmChanged)]
    first_ms = lines[0].at_ms
    high_ms = next(line.at_ms for line in lines if line.priority == "high")
    assert session.story() == [("SENSOR-OFF", "raised", "low"), *OXYGEN]
    assert (first_ms < 75_000, high_ms < 15 * MIN) == (True, True)


@pytest.mark.long
def test_the_same_seed_is_the_same_session() -> None:
    """Every effect of two runs is equal, in order."""
    one, other = Session("lifelike", 4), Session("lifelike", 4)
    one.play(1_000)
    other.play(1_000)
    assert one.effects == other.effects
