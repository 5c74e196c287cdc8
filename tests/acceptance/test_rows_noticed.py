"""What people notice or say, as alarms in time: who is told when, what stays, what is quiet."""

from typing import Any

import pytest

from alerts.condition import Priority
from alerts.contact import Role
from alerts.effects import Send, Sound, Speak
from devices.notice import Thing
from monitor.events import Noticed
from tests.timeline import Timeline


def say(line: Timeline, what: Thing, role: Role = Role.COMPANION, **more: Any) -> Timeline:
    """Somebody says what they noticed, now."""
    by = "p1" if role is Role.PATIENT else "ann"
    return line.send(Noticed(at_ms=line.now_ms, by=by, role=role, what=what, **more))


def told(line: Timeline, since_s: float) -> list[tuple[float, str]]:
    """Who was told when, in seconds after `since_s`."""
    return [
        (e.at_ms / 1000 - 600 - since_s, e.contact) for e in line.effects if isinstance(e, Send)
    ]


@pytest.mark.parametrize(
    ("what", "story"),
    [
        (Thing.HEAD_HIT, ["100 raised FALL high/E"]),
        (Thing.VOMITED_BLOOD, ["100 raised NV-2 medium"]),
        (Thing.COUGHS, ["100 raised NV-ASP high/A"]),
        (Thing.NOISY_THROAT, ["100 raised SYM-LARYNX high/E"]),
        (Thing.RESTLESS, ["100 raised AGIT medium"]),
        (Thing.IDEATION, ["100 raised SI-1 medium"]),
        (Thing.INTENT, ["100 raised SI-2 high/S"]),
        (Thing.LEFT_HOME, ["100 raised LEFT-HOME medium"]),
        (Thing.MUST_GO, ["100 raised COMP-ABSENT medium"]),
        (Thing.IMPAIRED, ["100 raised COMP-IMPAIRED medium"]),
        (Thing.STANDS_ALONE, ["100 raised MOVE-ALONE low"]),
        (Thing.BLADDER, ["100 raised SYM-BLAD low"]),
    ],
)
def test_each_thing_has_its_row_at_once(what: Thing, story: list[str]) -> None:
    """No delay, and nothing else."""
    assert say(Timeline().at(100), what).story(until=101) == story


@pytest.mark.parametrize(
    ("what", "number", "story"),
    [
        (Thing.NAUSEA, 6, []),
        (Thing.NAUSEA, 7, ["100 raised NV-1 low"]),
        (Thing.DISTRESS, 7, ["100 raised DIS-DISTRESS medium"]),
        (Thing.CADSS6, 20, []),
    ],
)
def test_scores(what: Thing, number: int, story: list[str]) -> None:
    """Seven of ten is much; a CADSS-6 in the peak alone is no alarm."""
    line = say(Timeline().at(100), what, Role.PATIENT, number=number)
    assert line.story(until=101) == story


@pytest.mark.parametrize(
    ("what", "end"),
    [
        (Thing.HEAD_HIT, "200 latched FALL high/E"),
        (Thing.VOMITED_BLOOD, "200 cleared NV-2 medium"),
        (Thing.COUGHS, "200 latched NV-ASP high/A"),
        (Thing.RESTLESS, "200 latched AGIT medium"),
        (Thing.IDEATION, "200 latched SI-1 medium"),
        (Thing.INTENT, "200 latched SI-2 high/S"),
        (Thing.LEFT_HOME, "200 latched LEFT-HOME medium"),
        (Thing.MUST_GO, "200 latched COMP-ABSENT medium"),
        (Thing.IMPAIRED, "200 latched COMP-IMPAIRED medium"),
        (Thing.STANDS_ALONE, "200 cleared MOVE-ALONE low"),
        (Thing.BLADDER, "200 latched SYM-BLAD low"),
    ],
)
def test_what_is_over_ends_or_waits_for_a_person(what: Thing, end: str) -> None:
    """A row that latches stays until somebody resets it."""
    line = say(Timeline().at(100), what)
    line.story(until=101)
    assert say(line.at(200), what, over=True).story(until=201) == [end]


def test_p0_tells_the_physician_at_once() -> None:
    """A low row for the physician, a helper who leaves, a wish to be dead: at 0 s."""
    for what in (Thing.BLADDER, Thing.LEFT_HOME, Thing.MUST_GO, Thing.IDEATION):
        line = Timeline().at(100)
        line.effects.clear()
        say(line, what).at(101)
        assert told(line, 100) == [(0, "ann"), (0, "dr")]


@pytest.mark.parametrize(
    ("codes", "level"), [("W5 B0 C0 D0 X0", "high/S"), ("W4 B0 C0 D0 X0", "high/A")]
)
def test_a_companion_who_is_gone_is_high_after_five_minutes(codes: str, level: str) -> None:
    """Class S while the patient is known to be awake, else A: then the backup comes at 120 s."""
    line = Timeline().at(600).check(codes)
    line.story(until=601)
    say(line, Thing.MUST_GO)
    assert line.story(until=902) == [
        "601 raised COMP-ABSENT medium",
        f"901 upgraded COMP-ABSENT {level}",
    ]
    line.at(1_021)
    line.effects.clear()
    line.at(1_021.5)
    assert ("bo" in [who for _, who in told(line, 901)]) is (level == "high/A")


@pytest.mark.parametrize(("what", "priority"), [(Thing.IDEATION, "medium"), (Thing.INTENT, "high")])
def test_thoughts_of_death_make_no_sound_and_are_never_spoken(what: Thing, priority: str) -> None:
    """Private: the physician is told at once, the room stays quiet, and the words say nothing."""
    line = Timeline().at(600)
    line.effects.clear()
    say(line, what, Role.PATIENT).at(1_000)
    alarm = line.engine.alarms.book.open["stay"]
    assert alarm.level[0] is Priority(priority)
    assert [e for e in line.effects if isinstance(e, Sound | Speak)] == []
    assert (0, "dr") in told(line, 600)
    assert alarm.top.shown.reason in (
        "stay close: told by p1",
        "stay close, never leave alone: told by p1",
    )


def test_another_alarm_sounds_beside_a_private_one() -> None:
    """Only the private alarm is quiet."""
    line = say(Timeline().at(600), Thing.INTENT)
    line.effects.clear()
    line.check("W5 B3 C0 D0 X0")
    assert [e.pattern.value for e in line.effects if isinstance(e, Sound)] == ["high"]
