"""Every fault of the simulator, alone and with others, meets the real engine in virtual time.

Whatever breaks between the finger and the hub, there is never more than half a minute in which the
engine has neither a valid sample of the last 15 s nor an open alarm that says so.
"""

from dataclasses import replace
from importlib.resources import files
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from alerts.condition import Priority
from alerts.contact import Role
from devices.checkin import CheckIn
from devices.observation import DeviceReport, Metric, Mode
from monitor import events, orders
from monitor.effects import AlarmChanged, Effect, Send
from monitor.engine import Engine
from monitor.patients import read_patient
from monitor.plan import load_plan
from monitor.snapshot import snapshot
from simulators.board import Board, read_board
from simulators.carried import Carried
from simulators.chain import Chain
from simulators.demo_files import PATIENT_ID, patient_text
from simulators.faults import kinds
from simulators.faults.troubles import Troubles
from simulators.scenario import Scenario, find
from simulators.world import BACKUP, CUFF, OXIMETER, PHYSICIAN, Said, World
from tests.words import ENGLISH

# Whole homes, each for a session.
pytestmark = pytest.mark.long
MIN = 60_000
PLAN = load_plan(
    files("monitor").joinpath("plans", "default.toml").read_text(encoding="utf-8"), "default.toml"
)
DEMO = read_patient(patient_text(), PATIENT_ID).patient
PATIENT = msgspec.structs.replace(
    DEMO, devices=tuple(msgspec.structs.replace(one, clock=True) for one in DEMO.devices)
)
WALL_MS = 1_790_000_000_000
QUIET = replace(find("short"), obstructions=(), clip_off=(), rest_ms=4 * MIN)
ROLES = {PHYSICIAN: Role.PHYSICIAN, BACKUP: Role.BACKUP}
WATCHED = {"onset", "peak", "offset", "extended", "emergency"}


class Home:
    """A quiet session of some minutes after the dose, with faults between devices and engine."""

    def __init__(
        self, faults: list[kinds.Fault], seed: int = 1, scenario: Scenario = QUIET
    ) -> None:
        self.engine = Engine()
        self.world = World(scenario, default_rng(seed), mode=Mode.DEMO, start_ms=0)
        names = {"oximeter": OXIMETER, "cuff": CUFF}
        self.troubles = Troubles(faults, default_rng(seed), devices=names, wall_ms=WALL_MS)
        self.chain = Chain(default_rng(seed))
        self.events = 0
        self.down_ms = 0
        self.blind_s = self.worst_s = 0
        self.rows: set[str] = set()
        self.rose: set[tuple[str, Priority]] = set()
        self.take(
            events.SessionOpened(at_ms=0, session="s1", mode=Mode.DEMO, patient=PATIENT, plan=PLAN)
        )
        self.troubles.opened(0)

    def run(self, minutes: int = 8) -> "Home":
        """Live until so long after the dose."""
        at_ms, chart = 0, self.engine.chart
        board = self.board(0)
        while chart.dose_ms is None or at_ms < chart.dose_ms + minutes * MIN:
            if at_ms % 5_000 == 0:
                board = self.board(at_ms)
            if chart.dose_ms is not None:
                self.troubles.dosed(chart.dose_ms)
            at_ms += 1_000
            assert at_ms < 30 * MIN + minutes * MIN
            said = self.world.advance(at_ms, board)
            if self.is_down(at_ms):
                continue
            for one in said:
                self.said(one)
            for arrived in self.troubles.line.due(at_ms):
                self.arrived(arrived)
            self.tick(at_ms)
            self.look(at_ms)
        return self

    def is_down(self, at_ms: int) -> bool:
        """Whether the hub is dead: then nothing is taken; back again, it says for how long."""
        if not self.troubles.house.alive(at_ms):
            self.down_ms += 1_000
            return True
        if self.down_ms:
            self.follow(self.engine.handle(events.MonitorDown(at_ms=at_ms, down_ms=self.down_ms)))
            self.down_ms = 0
        return False

    def board(self, at_ms: int) -> Board:
        """What people see."""
        shown = snapshot(self.engine, at_ms, ENGLISH, record=0, recording=True)
        return read_board(msgspec.json.encode(shown))

    def said(self, said: Said) -> None:
        """Reports go through the faults; words of people who are there go straight in."""
        what, at_ms = said.what, said.at_ms
        if isinstance(what, DeviceReport):
            self.troubles.line.carry(Carried(at_ms, said.by, what))
            return
        role = ROLES.get(said.by, Role.COMPANION)
        if self.troubles.house.is_away(role.value, at_ms):
            return
        if isinstance(what, CheckIn):
            self.take(events.CheckedIn(at_ms=at_ms, by=said.by, role=role, check=what))
        else:
            self.take(orders.event_of(what, said.by, role, at_ms))

    def arrived(self, one: Carried) -> None:
        """What the hub takes in: a report, or the news of a link."""
        at_ms = max(one.at_ms, self.engine.now_ms)
        if isinstance(one.what, DeviceReport):
            wall_ms = WALL_MS + at_ms + self.troubles.house.wall_step_ms(at_ms)
            self.take(
                events.Reading(at_ms=at_ms, report=one.what, wall_ms=wall_ms, received_ms=at_ms)
            )
        else:
            news = one.what
            status = events.DeviceStatus(
                at_ms=at_ms,
                device=one.device,
                online=news.online,
                reason=news.reason,
                battery_pct=news.battery_pct,
            )
            self.take(status)

    def take(self, event: events.Event) -> None:
        """Hand one event to the engine, deadlines before it."""
        self.tick(event.at_ms)
        self.follow(self.engine.handle(event))
        self.events += 1
        self.troubles.house.count_event(self.events, event.at_ms)

    def tick(self, until_ms: int) -> None:
        """Let happen what happens by itself."""
        while (due_ms := self.engine.next_deadline()) is not None and due_ms <= until_ms:
            self.follow(self.engine.handle(events.Tick(at_ms=due_ms)))

    def follow(self, effects: list[Effect]) -> None:
        """Say of each message what became of it at once."""
        for one in effects:
            self.world.hear(one)
            if isinstance(one, AlarmChanged):
                self.rows.add(one.row)
                self.rose.add((one.row, one.priority))
            if isinstance(one, Send):
                self.send(one)

    def send(self, one: Send) -> None:
        """What becomes of a message is known at once here; its times are the chain's own tests."""
        network = self.troubles.house.network(one.at_ms)
        fates = self.chain.fates(one.channel, network=network)
        for fate in self.troubles.message(one.channel, fates, one.at_ms):
            if fate.told:
                report = events.DeliveryReported(
                    at_ms=self.engine.now_ms,
                    delivery=one.delivery,
                    state=fate.state,
                    detail=fate.detail,
                )
                self.follow(self.engine.handle(report))

    def look(self, at_ms: int) -> None:
        """Count the seconds in which nobody would know that the oximeter says nothing."""
        chart = self.engine.chart
        seen = chart.oximeter.spo2.latest(at_ms, 15_000) is not None
        told = "no_signal" in self.engine.alarms.book.open
        if seen or told or chart.phase.value not in WATCHED:
            self.blind_s = 0
        else:
            self.blind_s += 1
            self.worst_s = max(self.worst_s, self.blind_s)


def made(
    kind: type[kinds.Fault], begins_s: float = 60, for_s: float = 120, **more: object
) -> kinds.Fault:
    """One fault of this kind, after the dose, with whatever it needs."""
    needed = {"metric": Metric.PULSE, "step_s": 3_600.0, "channel": "console", "times": 2.0}
    known = {field.name for field in msgspec.structs.fields(kind)}
    own = {name: value for name, value in needed.items() if name in known}
    return kind(begins_s=begins_s, for_s=for_s, after="dose", **{**own, **more})  # type: ignore[arg-type]


KINDS = get_args(kinds.Fault)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_one_fault_is_never_taken_for_silence_that_is_fine(kind: type[kinds.Fault]) -> None:
    """Two minutes of it: at most 15 s pass between the last valid sample and an alarm."""
    home = Home([made(kind)]).run()
    assert home.worst_s <= 15


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        (made(kinds.DropOut), {"STALE"}),
        (made(kinds.Batch), {"STALE"}),
        (made(kinds.BrokerDown), {"STALE"}),
        (made(kinds.ClipOff), {"SENSOR-OFF"}),
        (made(kinds.WeakPulse), {"SIG-LOST"}),
        (made(kinds.Freeze), {"FROZEN"}),
        (made(kinds.Motion), {"SIG-LOST"}),
        (made(kinds.Misread), {"PR-JUMP", "PR-TACHY"}),
        (made(kinds.Battery), {"BATT"}),
        (made(kinds.Battery, pct=5), {"BATT+"}),
        (made(kinds.DeviceClock), {"CLOCK"}),
        (made(kinds.HubClock), {"CLOCK"}),
        (made(kinds.DropOut, told=True), {"STALE", "BLE-DOWN"}),
        (made(kinds.Restart), {"MONITOR-DOWN"}),
        (made(kinds.Restart, at_event=500), {"MONITOR-DOWN"}),
        (made(kinds.Duplicates), set()),
        (made(kinds.Reorder), set()),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_fault_raises_the_rows_that_are_for_it(fault: kinds.Fault, rows: set[str]) -> None:
    """Two minutes of it are enough; what harms nobody raises nothing."""
    said = Home([fault]).run().rows
    assert (rows <= said, rows != set() or said == set()) == (True, True)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            made,
            st.sampled_from(KINDS),
            st.integers(0, 240),
            st.integers(5, 200),
        ),
        min_size=2,
        max_size=4,
    ),
    st.integers(1, 3),
)
def test_faults_together_neither(faults: list[kinds.Fault], seed: int) -> None:
    """Any two to four of them at any times."""
    assert Home(faults, seed).run().worst_s <= 15


def test_a_companion_who_sleeps_is_woken_or_replaced() -> None:
    """Prompts that nobody answers become an alarm, and a high one in the end."""
    sleeps = kinds.Away(begins_s=0, for_s=900, after="dose")
    home = Home([sleeps])
    home.run(minutes=14)
    assert ("CI-MISS-C", Priority.HIGH) in home.rose


def test_the_troubled_demonstration_tells_each_of_its_faults() -> None:
    """A stuck oximeter, a failing cuff, movement and a sleeping companion, and the fall as well."""
    home = Home([], scenario=find("troubled")).run(minutes=66)
    told = {
        ("FROZEN", Priority.MEDIUM),
        ("SIG-LOST", Priority.MEDIUM),
        ("SPO2-LOW", Priority.HIGH),
        ("CI-MISS-C", Priority.HIGH),
    }
    cuff = {"CUFF-FAIL", "CUFF-OVERDUE"} & home.rows
    assert (told <= home.rose, cuff != set(), home.worst_s <= 15) == (True, True, True)


def test_two_quiet_homes_of_one_seed_are_the_same() -> None:
    """And without a fault nothing is open in the end."""
    one, other = Home([]).run(), Home([]).run()
    assert (one.rows, one.engine.now_ms, one.worst_s) == (set(), other.engine.now_ms, 0)
