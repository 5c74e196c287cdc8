"""What the rehearsal and the counted bursts make of the gate; R22: no chain test, no pass."""

from typing import Any

import msgspec
import pytest

from alerts.contact import Contact, Role, Way
from alerts.delivery import Verdict
from alerts.rehearsal import RehearsalChanged
from alerts.sound_proof import TestSound
from monitor.effects import Effect, PhaseChanged, Refused, Send
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    DeliveryAnswered,
    DoseConfirmed,
    Event,
    GateOverridden,
    GateSet,
    HelpCalled,
    HubCondition,
    OnCallChanged,
    RehearsalAsked,
    Rejected,
    SoundAsked,
    SoundHeard,
    Tick,
)
from monitor.journal import Record
from monitor.plan import Plan
from monitor.recovery import recover
from tests.bedside import DEFAULT, plan_named
from tests.sessions import opened
from tests.timeline import Timeline, only

ANN: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}
DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}
REHEARSAL: Plan = plan_named("rehearsal")
WORD = (
    "gate item 'alarm_chain' is proved and never set by word: "
    "start the rehearsal and let each person answer the test alarm"
)


def refused(effects: list[Effect]) -> list[str]:
    """The reasons of refusals."""
    return [effect.reason for effect in effects if isinstance(effect, Refused)]


def states(line: Timeline) -> tuple[str | None, str | None]:
    """Where the two proved items stand."""
    gate = line.engine.chart.gate
    return gate.get("alarm_chain"), gate.get("sound")


def at_gate() -> Timeline:
    """A session at the gate, ten minutes before the dose."""
    return Timeline(dosed=False)


@pytest.mark.parametrize("state", ["pass", "hold"])
def test_no_word_passes_what_is_proved(state: str) -> None:
    """Nor holds it: a physician could override that without any test."""
    line = at_gate()
    line.send(GateSet(at_ms=0, item="alarm_chain", state=state, **ANN))
    line.send(GateSet(at_ms=0, item="sound", state=state, **ANN))
    sound = (
        "gate item 'sound' is proved and never set by word: "
        "play the test sound and tap how many bursts were heard"
    )
    assert (line.refused(), states(line)) == ([WORD, sound], (None, None))


def test_everybody_answers() -> None:
    """Companion, physician and backup, each on their own page: the item passes with their names."""
    line = at_gate().rehearse().answers()
    assert (line.refused(), states(line)) == ([], ("pass", None))
    assert line.engine.chart.gate_notes["alarm_chain"] == "answered by ann, dr, bo"


def test_the_companion_does_not_answer() -> None:
    """A stop that nobody overrides; only a later rehearsal that passes lifts it."""
    line = at_gate().rehearse().answers("dr", "bo").at(-530)
    assert states(line)[0] == "stop"
    line.send(GateOverridden(at_ms=line.now_ms, item="alarm_chain", reason="by phone", **DR))
    line.send(GateSet(at_ms=line.now_ms, item="alarm_chain", state="pass", **ANN))
    assert line.refused() == [
        "gate item 'alarm_chain' is stop; only an item on hold is overridden",
        WORD,
    ]
    assert states(line.rehearse().answers())[0] == "pass"


def test_the_physician_does_not_answer() -> None:
    """On hold; a physician who was called by phone overrides it."""
    line = at_gate().rehearse().answers("ann", "bo").at(-470)
    assert states(line)[0] == "hold"
    assert line.engine.chart.gate_notes["alarm_chain"].startswith("no answer of dr within 120 s")
    line.send(GateOverridden(at_ms=line.now_ms, item="alarm_chain", reason="by phone", **DR))
    assert (line.refused(), states(line)[0]) == ([], "pass")


def told(line: Timeline, until: float) -> list[str]:
    """What becomes of GATE-HOLD until then."""
    return only(line.story(until=until), "GATE-HOLD")


def test_the_physician_is_asked_when_a_repeated_rehearsal_is_on_hold_too() -> None:
    """The first one on hold asks for another rehearsal only: "repeat, then physician decides"."""
    line = at_gate().rehearse().answers("ann", "bo")
    assert (told(line, -300), states(line)[0]) == ([], "hold")
    line.rehearse().answers("ann", "bo")
    assert told(line, -60) == ["-120 raised GATE-HOLD medium"]


def test_rehearsals_of_the_same_people_add_up() -> None:
    """The physician is slow in one and the backup in the next: each has shown that they answer."""
    line = at_gate().rehearse().answers("ann", "bo").at(-300)
    line.rehearse().answers("ann", "dr")
    asked = told(line, -60)
    note = "answered by ann, dr, bo, in 2 rehearsals"
    assert (states(line)[0], line.engine.chart.gate_notes["alarm_chain"]) == ("pass", note)
    assert asked == []


def test_a_gap_in_the_rota_asks_at_once() -> None:
    """No rehearsal helps while nobody knows who is on call."""
    line = at_gate().rehearse().answers("ann", "bo").at(-300)
    line.send(HubCondition(at_ms=line.now_ms, condition="rota:physician", present=True, detail="-"))
    assert told(line, -200) == ["-240 raised GATE-HOLD medium"]


def test_what_was_never_rehearsed_is_not_overridden() -> None:
    """While nobody knows who is on call the item is on hold: that proves nothing of the companion.

    After a rehearsal that the companion has answered, a physician who was called may override it.
    """
    line = at_gate()
    gap = HubCondition(at_ms=0, condition="rota:physician", present=True, detail="nobody")
    override = GateOverridden(at_ms=0, item="alarm_chain", reason="by phone", **DR)
    line.send(gap).send(override)
    assert states(line)[0] == "hold"
    assert line.refused() == [
        (
            "gate item 'alarm_chain' was not rehearsed: start the rehearsal and let each person "
            "answer the test alarm; then it may be overridden"
        )
    ]
    line.rehearse().answers()
    assert states(line)[0] == "hold"
    assert states(line.send(override))[0] == "pass"


def test_a_persons_own_stop_is_final() -> None:
    """Who sees a danger may always stop; no rehearsal lifts that."""
    line = at_gate()
    line.send(GateSet(at_ms=0, item="alarm_chain", state="stop", note="phone is dead", **ANN))
    assert states(line.rehearse().answers())[0] == "stop"
    assert line.engine.chart.gate_notes["alarm_chain"] == "phone is dead"


def test_a_stop_by_rehearsal_may_be_made_final_by_a_person() -> None:
    """From then on it is theirs."""
    line = at_gate().rehearse().at(-530)
    line.send(GateSet(at_ms=line.now_ms, item="alarm_chain", state="stop", **ANN))
    line.at(-470)
    assert (line.refused(), states(line.rehearse().answers())[0]) == ([], "stop")


def test_another_physician_is_on_call() -> None:
    """What was proved of the one before counts no more, and a rehearsal that runs is over."""
    eve = Contact("eve", Role.PHYSICIAN, "Dr Eve", (Way("console"),))
    line = at_gate().rehearse().answers()
    line.send(OnCallChanged(at_ms=line.now_ms, role=Role.PHYSICIAN, contact=eve))
    assert states(line)[0] == "open"
    why = "another person is on call since: start the rehearsal again"
    assert line.engine.chart.gate_notes["alarm_chain"] == why
    line.at(-590).rehearse()
    back = Contact("dr", Role.PHYSICIAN, "Dr Berg", (Way("console"),))
    line.send(OnCallChanged(at_ms=line.now_ms, role=Role.PHYSICIAN, contact=back))
    trial = line.engine.rehearser.last
    assert trial is not None
    assert (trial.over, trial.stopped, states(line)[0]) == (
        True,
        "another person is on call: start the rehearsal again",
        "open",
    )


def test_a_stop_stays_one_when_another_physician_comes() -> None:
    """The companion has still not answered."""
    line = at_gate().rehearse().at(-470)
    line.send(OnCallChanged(at_ms=line.now_ms, role=Role.PHYSICIAN, contact=None))
    assert states(line)[0] == "stop"


def test_an_answer_by_the_way_of_the_message() -> None:
    """A yes proves the way and the person, a no is one; one that was never sent is refused."""
    line = at_gate().rehearse()
    name, at_ms = line.engine.rehearser.last.id, line.now_ms  # type: ignore[union-attr]
    for who, verdict in (("ann", Verdict.ACCEPT), ("dr", Verdict.REJECT)):
        line.send(
            DeliveryAnswered(at_ms=at_ms, delivery=f"{name}/{who}/0@{at_ms}", verdict=verdict)
        )
    line.send(Rejected(at_ms=at_ms, alarm=name, by="bo", role=Role.BACKUP))
    line.send(DeliveryAnswered(at_ms=at_ms, delivery="rehearsal@9/x/0@9", verdict=Verdict.ACCEPT))
    assert len(line.refused()) == 1
    assert states(line)[0] == "hold"
    assert line.engine.chart.gate_notes["alarm_chain"] == (
        "dr cannot take it (by console); bo cannot take it (on their page)"
    )


def test_the_sound_is_proved_by_its_number() -> None:
    """Wrong is asked again with another sound, right is a pass."""
    line = at_gate().sound_test()
    first = line.engine.sound_proof.bursts
    line.heard(first + 1).at(-590).heard(line.engine.sound_proof.bursts)
    played = [effect.bursts for effect in line.effects if isinstance(effect, TestSound)]
    assert (line.refused(), states(line), len(played), played[0]) == ([], (None, "pass"), 2, first)


def test_three_wrong_numbers_hold_the_item() -> None:
    """A physician may override; another series may prove it after all."""
    line = at_gate().sound_test().heard(0).heard(0).heard(0)
    assert states(line)[1] == "hold"
    line.heard(2)
    assert line.refused() == ["no test sound waits for a number: ask for one"]
    line.send(GateOverridden(at_ms=line.now_ms, item="sound", reason="phone sounds", **DR))
    assert states(line)[1] == "pass"
    line.sound_test().heard(0).heard(0).heard(0)
    assert states(line)[1] == "hold"
    assert states(line.sound_test().heard(line.engine.sound_proof.bursts))[1] == "pass"


def test_who_may_ask_and_answer() -> None:
    """Whoever looks after the patient asks; only the companion counts."""
    line = at_gate()
    for kind in (RehearsalAsked, SoundAsked):
        line.send(kind(at_ms=0, by="p1", role=Role.PATIENT))
    line.sound_test()
    line.send(SoundHeard(at_ms=0, bursts=3, **DR))
    line.rehearse().rehearse()
    assert line.refused() == [
        "a patient may not do this",
        "a patient may not do this",
        "only the companion, who will be in the room, says how many bursts were heard",
        "rehearsal@0 runs already; wait for its end",
    ]


def test_the_chain_is_tested_at_the_gate_only() -> None:
    """A dose ends a rehearsal; later none begins, and no sound is counted."""
    line = at_gate().rehearse()
    line.dose()
    trial = line.engine.rehearser.last
    assert trial is not None
    assert trial.stopped == "the gate is closed, the session is in onset"
    line.rehearse().sound_test().heard(3)
    why = "the alarm chain is tested at the gate, the session is in onset"
    assert line.refused() == [why, why, why]


def test_a_gate_that_has_lapsed_is_not_tested() -> None:
    """An hour after the opening nothing that was checked is known."""
    line = at_gate().silence().at(3_100).rehearse()
    assert line.refused() == ["the gate lapsed after 60 min; open a new session"]


# --- a session that is a rehearsal and nothing else ----------------------------------------------


def alone() -> Engine:
    """A session of the rehearsal's own plan."""
    engine = Engine()
    engine.handle(msgspec.structs.replace(opened(), plan=REHEARSAL))
    return engine


def test_a_rehearsal_alone_begins_and_ends_by_itself() -> None:
    """Test alarms go out at the opening; 15 s after its end it is over, without a dose."""
    engine = Engine()
    effects = engine.handle(msgspec.structs.replace(opened(), plan=REHEARSAL))
    sends = [(e.contact, e.alarm) for e in effects if isinstance(e, Send)]
    assert sends == [("ann", "rehearsal@0"), ("dr", "rehearsal@0"), ("bo", "rehearsal@0")]
    assert [row.id for row in REHEARSAL.rows if row not in DEFAULT.rows] == []
    said = []
    while (due_ms := engine.next_deadline()) is not None and due_ms < 400_000:
        said += engine.handle(Tick(at_ms=due_ms))
    phases = [(e.at_ms, e.phase, e.reason) for e in said if isinstance(e, PhaseChanged)]
    assert phases == [(135_000, "aborted", "the rehearsal is over")]


def test_no_dose_belongs_into_a_rehearsal() -> None:
    """It watches nobody: the dose is refused, with what to do."""
    assert refused(alone().handle(DoseConfirmed(at_ms=1, **ANN))) == [
        (
            "this session is a rehearsal and watches nobody: end it, open a session, and confirm "
            "the dose there with the time it was taken"
        )
    ]


def test_help_in_a_rehearsal_is_real() -> None:
    """The emergency goes on when the rehearsal is over."""
    engine = alone()
    engine.handle(HelpCalled(at_ms=1_000, by="p1", role=Role.PATIENT))
    while (due_ms := engine.next_deadline()) is not None and due_ms < 200_000:
        engine.handle(Tick(at_ms=due_ms))
    assert engine.chart.phase == "emergency"


# --- recovery ------------------------------------------------------------------------------------


def test_a_rehearsal_survives_a_restart_at_every_record() -> None:
    """Same name, same deadlines, same answers so far, wherever the journal ends."""
    events: list[Event] = [
        opened(),
        RehearsalAsked(at_ms=1_000, **ANN),
        Accepted(at_ms=5_000, alarm="rehearsal@1000", **ANN),
        SoundAsked(at_ms=6_000, **ANN),
        SoundHeard(at_ms=9_000, bursts=0, **ANN),
        Accepted(at_ms=20_000, alarm="rehearsal@1000", **DR),
        *(Tick(at_ms=at_ms) for at_ms in (31_000, 61_000, 130_000)),
    ]
    engine, records = Engine(), []
    for number, event in enumerate(events, start=1):
        records.append(Record(number, event, tuple(engine.handle(event))))
        back = recover(records)
        again = back.engine
        assert back.differs is None
        assert again.rehearser.last == engine.rehearser.last
        assert again.sound_proof.bursts == engine.sound_proof.bursts
        assert again.next_deadline() == engine.next_deadline()
        assert again.chart.gate == engine.chart.gate
    lines = [e for record in records for e in record.effects if isinstance(e, RehearsalChanged)]
    assert lines[-1].state == "failed"
