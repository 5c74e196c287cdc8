"""A call is owed until a physician has made it: every deadline asks the next of the two."""

import pytest

from alerts.alarm import RowFacts
from alerts.callback import KEEP, CallTask
from alerts.condition import Kind
from alerts.contact import Contact
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import TaskState
from tests.alerts.room import (
    ANN,
    BACKUP,
    COMPANION,
    ITO,
    LEE,
    MEDIUM,
    PHYSICIAN,
    Room,
    S,
)

SEV = RowFacts("SEV", "pressure_high", Kind.PHYSIOLOGICAL, MEDIUM, S, p0=True, callback_s=600)
ALARM = "pressure_high@0"


def room_of(*people: Contact) -> Room:
    """A room with a row that asks for a call; every message is delivered."""
    room = Room(people or (ANN, LEE, ITO))
    room.present(SEV, 0)
    return room


def calls(room: Room) -> list[str]:
    """What was said of calls since the last time."""
    return [line for line in room.take() if " call " in line or "callback" in line]


def test_a_row_asks_the_physician_for_a_call_within_its_time() -> None:
    """As soon as it is full; once, however often it comes back while the call is owed."""
    room = Room()
    room.present(SEV, 0, full=False)
    assert calls(room) == []
    room.present(SEV, 1)
    room.absent(SEV, 2)
    room.present(SEV, 3)
    assert calls(room) == ["1 call pressure_high@0 open lee until 601"]
    assert room.system.callbacks.tasks == {
        ALARM: CallTask(
            alarm=ALARM,
            row="SEV",
            within_ms=600_000,
            priority=MEDIUM,
            state=TaskState.OPEN,
            role=PHYSICIAN,
            to="lee",
            due_ms=601_000,
        )
    }


def test_a_missed_call_is_asked_of_the_backup_then_of_the_physician_again() -> None:
    """An acceptance of the alarm is no call and changes nothing of it."""
    room = room_of()
    room.person("accept", ALARM, LEE, 5)
    room.run(1200)
    assert calls(room) == [
        "0 call pressure_high@0 open lee until 600",
        "600 call pressure_high@0 missed ito until 1200",
        "600 send pressure_high@0/ito/0@600000 callback",
        "1200 call pressure_high@0 missed lee until 1800",
        "1200 send pressure_high@0/lee/0@1200000 callback",
    ]


@pytest.mark.parametrize(("who", "role"), [(LEE, PHYSICIAN), (ITO, BACKUP)])
def test_a_call_that_was_made_ends_it(who: Contact, role: object) -> None:
    """By either of the two; the message that asks for it is taken back, the next row asks anew."""
    room = room_of()
    room.answers = False
    room.run(600)
    room.take()
    assert who.role is role
    assert room.system.called_back(ALARM, who.id, who.role, 601_000) is None
    room.run(601)
    assert [line for line in room.take() if "601 c" in line] == [
        f"601 call pressure_high@0 done {'ito'} by {who.id}",
        f"601 cancel pressure_high@0/ito/0@600000: {who.id} has called",
    ]
    room.run(3000)
    assert calls(room) == []
    why = room.system.called_back(ALARM, who.id, who.role, 3_000_000)
    assert why == f"nobody waits for a call about {ALARM}"
    room.absent(SEV, 3001)
    room.present(SEV, 3002)
    assert calls(room) == ["3002 call pressure_high@0 open lee until 3602"]


def test_a_companion_calls_nobody_back() -> None:
    """Only a physician's own word ends it."""
    why = room_of().system.called_back(ALARM, "ann", COMPANION, 9)
    assert why == "a companion does not call back: the physician says that they have called"


def test_a_promise_is_shown_and_keeps_the_deadline_and_a_refusal_asks_the_next_at_once() -> None:
    """By the answer to the message that asked."""
    room = room_of()
    room.run(600)
    room.take()
    answered = room.system.answered
    assert answered(f"{ALARM}/ito/0@600000", Verdict.ACCEPT, "key 1", 610_000) is None
    assert answered(f"{ALARM}/ito/0@600000", Verdict.REJECT, "key 2", 620_000) is None
    room.run(620)
    assert calls(room) == [
        "610 call pressure_high@0 promised ito until 1200 by ito",
        "620 call pressure_high@0 missed lee until 1220",
        "620 send pressure_high@0/lee/0@620000 callback",
    ]
    room.system.called_back(ALARM, "lee", PHYSICIAN, 630_000)
    late = [answered(f"{ALARM}/lee/0@620000", verdict, "", 640_000) for verdict in Verdict]
    assert late == [f"nobody waits for a call about {ALARM}"] * 2


def test_with_one_physician_the_same_is_asked_again_and_with_none_it_is_said() -> None:
    """The deadline goes on in any case."""
    room = room_of(ANN, LEE)
    room.run(600)
    assert calls(room)[-1] == "600 send pressure_high@0/lee/0@600000 callback"
    room = room_of(ANN)
    room.run(600)
    assert calls(room) == [
        "0 call pressure_high@0 open nobody until 600",
        "600 call pressure_high@0 missed nobody until 1200",
        "600 skip pressure_high@0 callback: no physician is set for this session",
    ]


def test_the_session_ends_what_is_owed() -> None:
    """Nobody is asked after it; what was done stays done."""
    room = room_of()
    room.system.end_all("session is ended", 9_000)
    room.run(9)
    assert calls(room)[-1] == "9 call pressure_high@0 closed lee"
    room.run(2000)
    assert calls(room) == []
    room = room_of()
    room.system.called_back(ALARM, "lee", PHYSICIAN, 5_000)
    room.run(5)
    room.take()
    room.system.end_all("session is ended", 9_000)
    room.run(9)
    assert calls(room) == []


def test_a_rename_moves_the_call_with_its_deadline() -> None:
    """An alarm that has none moves nothing."""
    room = room_of()
    tasks = room.system.callbacks
    tasks.rename("oxygen@0", "oxygen@1")
    tasks.rename(ALARM, "pressure_high@7")
    assert [task.alarm for task in tasks.tasks.values()] == ["pressure_high@7"]
    assert room.timers.due_ms(("callback", "pressure_high@7")) == 600_000
    assert ("callback", ALARM) not in room.timers


def test_the_finished_ones_are_bounded() -> None:
    """The oldest are forgotten; one that is owed never is."""
    tasks = room_of().system.callbacks
    for number in range(1, KEEP + 3):
        tasks.ask(f"a@{number}", "SEV", 600, MEDIUM, number)
        tasks.done(f"a@{number}", "lee", PHYSICIAN, number)
    tasks.ask("b@0", "SEV", 600, MEDIUM, 99)
    assert [*tasks.tasks] == [ALARM, *(f"a@{n}" for n in range(3, KEEP + 3)), "b@0"]


def test_a_person_whom_no_way_reaches_is_passed_over_once_before_each_deadline() -> None:
    """Two dead telephones do not ring in turn without end."""
    room = room_of()
    room.run(599)
    room.answers = False
    room.run(600)
    room.take()
    room.report(f"{ALARM}/ito/0@600000", DeliveryState.FAILED, 600.1, "dead")
    for way in range(3):
        at_ms = 600_100 + way * 100
        room.report(
            f"{ALARM}/lee/{way}@{at_ms}", DeliveryState.FAILED, (at_ms + 100) / 1000, "dead"
        )
    room.run(602)
    said = [line for line in calls(room) if "try" not in line and "next way" not in line]
    assert said == [
        "600.1 call pressure_high@0 missed lee until 1200.1",
        "600.1 send pressure_high@0/lee/0@600100 callback",
        "600.2 send pressure_high@0/lee/1@600200 callback (sms: dead)",
        "600.3 send pressure_high@0/lee/2@600300 callback (sms: dead)",
    ]
    room.run(1200.1)
    assert "1200.1 send pressure_high@0/ito/0@1200100 callback" in room.take()
