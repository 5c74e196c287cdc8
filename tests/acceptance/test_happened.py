"""What happened once: told, told again when it happens again, and over when a person resets it."""

from collections.abc import Callable

import pytest

from alerts.condition import Transition
from alerts.contact import Role
from alerts.effects import Send, Sound
from monitor.effects import AlarmChanged
from monitor.events import Accepted, Ended, ResetByPerson, Tick
from tests.bedside import OPENED_S
from tests.timeline import DEFAULT, WELL, Timeline

ONCE = {"DOSE-EARLY": "dose", "DOSE-EXTRA": "dose", "END-EARLY": "session"}


def early() -> Timeline:
    """A dose while an item of the gate is open."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)
    return line.at(0).gate("place").dose()


def extra() -> Timeline:
    """A further dose at T+30."""
    return Timeline().at(1_800).extra_dose()


def tired() -> Timeline:
    """A companion who closes the session at T+30."""
    line = Timeline().at(1_800)
    return line.send(Ended(at_ms=line.now_ms, by="ann", role=Role.COMPANION, reason="tired"))


EVENTS: list[tuple[str, Callable[[], Timeline]]] = [
    ("DOSE-EARLY", early),
    ("DOSE-EXTRA", extra),
    ("END-EARLY", tired),
]


def lines(line: Timeline, row: str) -> list[str]:
    """What became of the row, without its time."""
    found = [e for e in line.effects if isinstance(e, AlarmChanged) and e.row == row]
    return [e.transition.value for e in found if e.transition is not Transition.REPEATED]


def rungs(line: Timeline, family: str, first_s: float) -> list[str]:
    """Who was asked about the family, and how long after `first_s`."""
    asked = [e for e in line.effects if isinstance(e, Send) and e.alarm.startswith(f"{family}@")]
    return [f"{one.at_ms / 1000 - OPENED_S - first_s:g} {one.contact}" for one in asked]


def accepted(line: Timeline, family: str, by: str, role: Role) -> Timeline:
    """A person takes the alarm of the family."""
    alarm = line.engine.alarms.book.open[family].id
    return line.send(Accepted(at_ms=line.now_ms, by=by, role=role, alarm=alarm))


def test_which_rows_tell_of_what_happened_once() -> None:
    """They latch, the physician hears of them at once, and no other row is like them."""
    found = {row.id: row.family for row in DEFAULT.rows if getattr(row, "once", False)}
    assert found == ONCE | {"CI-FAST": "companion"}
    assert all(row.latch and row.p0 for row in DEFAULT.rows if row.id in ONCE)


@pytest.mark.parametrize(("row", "story"), EVENTS, ids=[row for row, _ in EVENTS])
@pytest.mark.parametrize("role", [Role.COMPANION, Role.PHYSICIAN], ids=str)
def test_a_person_resets_what_has_happened(
    row: str, story: Callable[[], Timeline], role: Role
) -> None:
    """It latches as soon as it is told; the reset ends it, and nothing is left open."""
    line = story()
    assert lines(line, row) == ["raised", "latched"]
    alarm = line.engine.alarms.book.open[ONCE[row]].id
    line.send(ResetByPerson(at_ms=line.now_ms, by="x", role=role, alarm=alarm))
    assert lines(line, row) == ["raised", "latched", "reset"]
    assert ONCE[row] not in line.engine.alarms.book.open


@pytest.mark.parametrize(("row", "story"), EVENTS, ids=[row for row, _ in EVENTS])
def test_it_sounds_and_is_told_until_somebody_answers(
    row: str, story: Callable[[], Timeline]
) -> None:
    """Neither its being over nor a check-in that finds all well is an answer to it."""
    line = story()
    begun_s = line.now_s
    family = ONCE[row]
    line.at(begun_s + 20).check(WELL).at(begun_s + 550)
    assert [e.pattern.value for e in line.effects if isinstance(e, Sound)] == ["medium"]
    assert rungs(line, family, begun_s) == [
        *("0 ann", "0 dr", "30 ann", "60 ann", "120 dr", "180 dr", "300 bo"),
        *("300 ann", "420 dr", "540 ann"),
    ]
    line.effects.clear()
    accepted(line, family, "ann", Role.COMPANION).at(begun_s + 1_200)
    assert rungs(line, family, begun_s) == []
    assert [e.pattern.value for e in line.effects if isinstance(e, Sound)][:1] == ["low"]


def test_a_further_dose_after_the_first_alarm_was_taken_is_told_again() -> None:
    """The same alarm, its ladder from the foot, and the physician at once."""
    line = accepted(extra(), "dose", "dr", Role.PHYSICIAN).at(2_100)
    line.effects.clear()
    line.extra_dose().at(2_140)
    assert lines(line, "DOSE-EXTRA") == ["joined", "latched"]
    assert rungs(line, "dose", 2_100) == ["0 dr", "0 ann", "30 ann"]


def test_a_companion_who_resets_at_once_silences_no_physician() -> None:
    """P0 informs the physician whoever has accepted: the message stays wanted after the reset."""
    line = extra()
    line.reset("dose").send(Tick(at_ms=line.now_ms))
    sent = [one.delivery for one in line.effects if isinstance(one, Send) and one.contact == "dr"]
    told = [line.engine.alarms.post.bag.deliveries[delivery] for delivery in sent[-1:]]
    assert [(one.rung, one.unwanted) for one in told] == [("P0", "")]


def test_nobody_is_discharged_before_it_is_reset() -> None:
    """Discharge 8: "every latched alert reset by a person"."""
    line = extra().at(1_800 + 121 * 60)
    alarm = line.engine.alarms.book.open["dose"].id
    got = line.engine.criteria(line.now_ms)["no_alarm"]
    assert (got.met, got.words) == (False, f"alarm {alarm} is latched; a person must reset it")
    line.reset("dose")
    assert line.engine.criteria(line.now_ms)["no_alarm"].met is True
