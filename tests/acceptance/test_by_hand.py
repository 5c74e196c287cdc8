"""A whole session by hand: no cuff that speaks, every word typed or tapped; it replays."""

from itertools import pairwise
from typing import Any, Self

from alerts.contact import Role
from devices.observation import DeviceKind, Flag
from monitor.effects import AlarmChanged, LimitChanged, PhaseChanged, PromptKind
from monitor.engine import Engine
from monitor.events import (
    CuffFailed,
    Event,
    GateOverridden,
    GateSet,
    Tailored,
    Tick,
    TypedReading,
)
from monitor.journal import Record, decode, encode
from monitor.patient import DeviceBinding
from monitor.snapshot import snapshot
from tests.bedside import Bedside
from tests.timeline import DEFAULT, Timeline
from tests.words import ENGLISH

MINUTE = 60
ANN: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}
DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}


class ByHand(Timeline):
    """A session whose cuff has no Bluetooth: the companion types what it shows."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        super().__init__(dosed=False)

    def take(self, event: Event) -> Self:
        """Keep each event, for the replay; ticks are never recorded."""
        if not isinstance(event, Tick):
            self.events.append(event)
        return super().take(event)

    def bp(self, sbp: float, dbp: float, pulse: float = 70, *flags: Flag) -> "ByHand":
        """The companion starts the cuff and types what it shows; a person types no flags."""
        assert flags == ()
        self.cuff_started()
        typed = TypedReading(
            at_ms=self.now_ms,
            sbp_x100=round(sbp * 100),
            dbp_x100=round(dbp * 100),
            pulse_x100=round(pulse * 100),
            **ANN,
        )
        return self.send(typed)

    def gate_one(self, item: str, state: str) -> "ByHand":
        """One item of the gate."""
        return self.send(GateSet(at_ms=self.now_ms, item=item, state=state, **ANN))


def played() -> ByHand:
    """Return the session from its opening to its discharge."""
    line = ByHand()
    line.at(-300).bp(138, 84).at(-240).bp(136, 82)
    line.gate("health").gate_one("health", "hold")
    line.send(GateOverridden(at_ms=line.now_ms, item="health", reason="a cold, seen", **DR))
    line.at(0).dose()
    line.send(
        Tailored(at_ms=line.now_ms, row="SPO2-LOW", limit_x100=88_00, reason="altitude", **DR)
    )
    line.at(121 * MINUTE).trial().at(131 * MINUTE).trial()
    return line


def test_a_session_by_hand_from_gate_to_discharge() -> None:
    """Phases as the protocol has them, no alarm, nothing refused."""
    line = played()
    assert line.phases() == [
        "-600 gate",
        "0 onset",
        "1200 peak",
        "4500 offset",
        "7200 recovery",
        "7860 follow_up",
    ]
    assert [e for e in line.effects if isinstance(e, AlarmChanged)] == []
    assert line.refused() == []
    assert [(e.row, e.limit_x100, e.by) for e in line.effects if isinstance(e, LimitChanged)] == [
        ("SPO2-LOW", 88_00, "dr")
    ]


def test_its_journal_replays_to_the_byte() -> None:
    """R24: what people typed, tapped and tailored decides the same again."""
    line = played()
    engine, again = Engine(), Engine()
    for n, event in enumerate(line.events, start=1):
        body = encode(Record(n, event, tuple(engine.handle(event))))
        assert encode(Record(n, event, tuple(again.handle(decode(body).event)))) == body
    assert all(before.at_ms <= after.at_ms for before, after in pairwise(line.events))
    shown = [
        snapshot(one, line.now_ms, ENGLISH, record=1, recording=True)
        for one in (line.engine, again)
    ]
    assert shown[0] == shown[1]


def test_a_cuff_that_fails_is_asked_for_again_until_it_is_an_alarm() -> None:
    """One failure: asked again; two: low; three: medium; one family with the overdue reading."""
    line = Timeline().alone(PromptKind.CUFF).at(1_230)
    line.effects.clear()
    for at_s in (1_230, 1_300, 1_370):
        line.at(at_s).send(CuffFailed(at_ms=line.now_ms, reason="moved", **ANN))
    assert line.asked(PromptKind.CUFF) == [(1_230, 1_290), (1_300, 1_360), (1_370, 1_970)]
    assert line.story(until=1_381) == [
        "1300 raised CUFF-FAIL low",
        "1370 upgraded CUFF-FAIL medium",
        "1380 joined CUFF-OVERDUE medium",
    ]
    line.send(TypedReading(at_ms=line.now_ms, sbp_x100=120_00, dbp_x100=80_00, **ANN))
    assert line.story(until=1_382) == [
        "1381 cleared CUFF-OVERDUE medium",
        "1381 cleared CUFF-FAIL medium",
    ]


def test_a_stop_at_the_gate_ends_the_day() -> None:
    """No pass after it, no override; without a dose the companion cancels the session."""
    line = Timeline(dosed=False).at(0).gate("spo2")
    line.send(GateSet(at_ms=line.now_ms, item="spo2", state="stop", **ANN))
    line.send(GateSet(at_ms=line.now_ms, item="spo2", state="pass", **ANN))
    line.send(GateOverridden(at_ms=line.now_ms, item="spo2", reason="known", **DR))
    assert line.refused() == [
        "gate item 'spo2' was stopped: that stands for this session, no dose today",
        "gate item 'spo2' is stop; only an item on hold is overridden",
    ]


def test_a_gate_that_nobody_ends_is_told_to_the_physician() -> None:
    """An hour after the opening: medium, and still watched."""
    line = Timeline(dosed=False).alone()
    assert line.story(until=3_001) == ["3000 raised GATE-LATE medium"]
    assert line.spo2(86).story(until=3_015)[0].startswith("3006 raised SPO2-FAST")
    assert [e.phase for e in line.effects if isinstance(e, PhaseChanged)] == []


def test_a_session_without_any_cuff_bound() -> None:
    """Typed readings need no device: they are due, judged and done as any."""
    devices = (DeviceBinding("ox", DeviceKind.OXIMETER),)
    line = Bedside(DEFAULT, devices)
    line.now_ms = 300_000
    line.send(TypedReading(at_ms=line.now_ms, sbp_x100=205_00, dbp_x100=90_00, **ANN))
    opened = [alarm.top.facts.id for alarm in line.engine.alarms.book.open.values()]
    assert "BP-CRIT" in opened
