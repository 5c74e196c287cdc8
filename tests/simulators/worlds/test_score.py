"""A world is judged by its scenario's words: met, late, missed, void, unbuilt, broken, false."""

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.contact import Role
from alerts.effects import AlarmChanged, Send, Speak
from monitor.effects import PhaseChanged, Prompted, PromptKind, Refused
from simulators.worlds.onset import Onset
from simulators.worlds.played import Played, Unkept
from simulators.worlds.scenario import Must, MustNot, Scenario
from simulators.worlds.score import FalseAlarm, Found, Mark, families, judge
from tests.timeline import DEFAULT

FAMILY = {"LOW": "oxygen", "CRIT": "oxygen", "FAST": "pulse", "WARN": "pressure"}
P, T = Priority, Transition


def line(
    at_s: float,
    row: str,
    priority: Priority = P.HIGH,
    transition: Transition = T.RAISED,
    kind: Kind = Kind.PHYSIOLOGICAL,
) -> AlarmChanged:
    """One line of an alarm."""
    return AlarmChanged(
        at_ms=round(at_s * 1_000),
        id=f"{FAMILY.get(row, 'people')}@1",
        family=FAMILY.get(row, "people"),
        row=row,
        transition=transition,
        priority=priority,
        alarm_class=AlarmClass.A if priority is P.HIGH else None,
        kind=kind,
    )


def send(at_s: float, contact: str, alarm: str = "oxygen@1", purpose: str = "alarm") -> Send:
    """One message."""
    return Send(
        at_ms=round(at_s * 1_000),
        delivery=f"{alarm}/{contact}",
        alarm=alarm,
        contact=contact,
        way=0,
        channel="sms",
        address="",
        priority=P.HIGH,
        rung="r",
        purpose=purpose,
    )


def played(*lines: AlarmChanged) -> Played:
    """A world of 100 s with its dose at the beginning."""
    world = Played("x", 0, lines=list(lines), watched_ms=100_000)
    world.seen.marks |= {"dose": 0, "event": 10_000}
    return world


def scenario(
    *must: Must, must_not: tuple[MustNot, ...] = (), may: tuple[str, ...] = ()
) -> Scenario:
    """A scenario that asks for this."""
    return Scenario(name="x", title="x", must=must, must_not=must_not, may=may)


def marks(world: Played, *must: Must) -> list[tuple[Mark, float | None]]:
    """What became of each must."""
    return [(one.mark, one.delay_s) for one in judge(scenario(*must), world, FAMILY).found]


LOW = Must(rows=("LOW",), priority=P.HIGH, onset=Onset(mark="event"), within_s=5)


def test_in_time_late_and_never() -> None:
    """The delay counts from the onset; a lower priority is not it, nor is another row."""
    worlds = (
        played(line(12, "LOW", P.MEDIUM), line(14, "LOW", transition=T.UPGRADED)),
        played(line(16, "LOW")),
        played(line(12, "CRIT"), line(13, "LOW", P.LOW)),
        played(line(9, "LOW", P.LOW), line(9.5, "LOW", transition=T.CLEARED)),
    )
    assert [marks(world, LOW) for world in worlds] == [
        [(Mark.MET, 4.0)],
        [(Mark.LATE, 6.0)],
        [(Mark.MISSED, None)],
        [(Mark.MISSED, None)],
    ]


def test_a_row_that_stands_at_the_onset_is_met() -> None:
    """And with `early_s` one that came before it counts too."""
    early = Must(rows=("LOW",), onset=Onset(mark="event"), within_s=0, early_s=5)
    world = played(line(8, "LOW"), line(9, "LOW", transition=T.CLEARED))
    assert marks(played(line(3, "LOW"), line(50, "FAST")), LOW) == [(Mark.MET, 0.0)]
    assert marks(world, early) == [(Mark.MET, -2.0)]
    seen = played(line(3, "LOW"), line(4, "LOW", transition=T.ACCEPTED))
    assert marks(seen, LOW) == [(Mark.MET, 0.0)]


def test_no_onset_and_no_row() -> None:
    """Void, nothing at all when it is optional, unbuilt when no plan knows the row."""
    void = Must(rows=("LOW",), onset=Onset(mark="gone"), within_s=5)
    optional = Must(rows=("LOW",), onset=Onset(mark="gone"), within_s=5, optional=True)
    after = Must(rows=("LOW",), onset=Onset(mark="event", plus_s=500), within_s=5)
    unbuilt = Must(rows=("NEW",), within_s=5)
    verdict = judge(scenario(unbuilt), played(), FAMILY)
    assert marks(played(), void, optional, after, unbuilt) == [
        (Mark.VOID, None),
        (Mark.VOID, None),
        (Mark.UNBUILT, None),
    ]
    assert (verdict.passed, verdict.unbuilt) == (False, True)


def test_a_class_is_asked_for() -> None:
    """Class E is not class A."""
    must = Must(rows=("LOW",), alarm_class=AlarmClass.E, onset=Onset(mark="event"), within_s=5)
    assert marks(played(line(12, "LOW")), must) == [(Mark.MISSED, None)]


def test_other_things_can_be_asked_for() -> None:
    """Ends, messages, phases, refusals, prompts and the call to the emergency number."""
    world = played(
        line(11, "LOW"),
        line(12, "LOW", transition=T.CLEARED),
        line(13, "LOW", transition=T.LATCHED),
    )
    world.sends = [send(12, "sam"), send(13, "dr-lee"), send(14, "dr-roy", "pulse@1")]
    world.phases = [PhaseChanged(at_ms=14_000, before="peak", phase="offset", reason="")]
    world.refused = [Refused(at_ms=14_500, what="dose", reason="")]
    world.prompts = [
        Prompted(at_ms=13_000, prompt=PromptKind.CHECK_IN, due_ms=0, reason=""),
        Prompted(at_ms=15_000, prompt=PromptKind.CUFF, due_ms=0, reason=""),
    ]
    world.calls = [
        Speak(at_ms=12_000, alarm="oxygen@1", row="LOW"),
        Speak(at_ms=15_000, alarm="oxygen@1", row="LOW", call=True),
    ]
    asked = [
        {"what": "cleared", "rows": ("LOW",)},
        {"what": "latched", "rows": ("LOW",)},
        {"what": "page", "rows": ("LOW",), "to": Role.PHYSICIAN},
        {"what": "page", "rows": ("LOW",), "to": Role.BACKUP},
        {"what": "page", "rows": ("LOW",)},
        {"what": "phase", "phase": "offset"},
        {"what": "refused"},
        {"what": "prompt"},
        {"what": "call"},
    ]
    must = [Must(onset=Onset(mark="event"), within_s=5, **one) for one in asked]  # type: ignore[arg-type]
    found = judge(scenario(*must), world, FAMILY)
    assert [(one.mark, one.delay_s) for one in found.found] == [
        (Mark.MET, 2.0),
        (Mark.MET, 3.0),
        (Mark.MET, 3.0),
        (Mark.MISSED, None),
        (Mark.MISSED, None),
        (Mark.MET, 4.0),
        (Mark.MET, 4.5),
        (Mark.MET, 5.0),
        (Mark.MET, 5.0),
    ]
    assert found.found[2] == Found("LOW page to physician within 5 s", Mark.MET, 3.0, high=False)


def test_what_must_not_come_is_named_with_its_time() -> None:
    """Inside its window, more often than allowed; without an onset nothing is forbidden."""
    world = played(line(12, "LOW"), line(20, "FAST", P.MEDIUM))
    world.unkept = [Unkept("watched", 30_000, "nothing came")]
    forbidden = (
        MustNot(rows=("LOW",), onset=Onset(mark="event"), until=Onset(mark="event", plus_s=2)),
        MustNot(rows=("LOW",), onset=Onset(mark="event"), until=Onset(mark="event", plus_s=1)),
        MustNot(priority=P.MEDIUM, more_than=1),
        MustNot(priority=P.MEDIUM, more_than=2),
        MustNot(rows=("LOW",), until=Onset(mark="never")),
        MustNot(rows=("LOW",), onset=Onset(mark="never")),
        MustNot(rows=("LOW",), alarm_class=AlarmClass.E),
    )
    verdict = judge(scenario(must_not=forbidden), world, FAMILY)
    assert (verdict.broken, verdict.passed) == (
        [
            "LOW must not come, and came at 12 s",
            "medium must not come, and came at 20 s",
            "LOW must not come, and came at 12 s",
            "watched at 30 s: nothing came",
        ],
        False,
    )


def test_alarms_that_nothing_asked_for_are_false() -> None:
    """Families are merged, those under a minute apart too, at their highest; people's never."""
    world = played(
        line(10, "LOW"),
        line(20, "FAST", P.LOW),
        line(30, "FAST", P.HIGH, T.UPGRADED),
        line(31, "FAST", P.MEDIUM, T.UPGRADED),
        line(95, "FAST", P.LOW),
        line(40, "WARN", P.LOW),
        line(41, "WARN", P.LOW, T.JOINED),
        line(50, "SAID", P.HIGH, kind=Kind.OBSERVER),
    )
    verdict = judge(scenario(LOW, may=("WARN",)), world, FAMILY)
    assert verdict.false == [
        FalseAlarm(30_000, "pulse", "FAST", Kind.PHYSIOLOGICAL, P.HIGH),
        FalseAlarm(95_000, "pulse", "FAST", Kind.PHYSIOLOGICAL, P.LOW),
    ]


def test_an_alarm_before_the_dose_is_not_counted() -> None:
    """Without a dose nothing is."""
    world = played(line(20, "FAST"))
    del world.seen.marks["dose"]
    assert judge(scenario(), world, FAMILY).false == []


def test_pages_are_alarms_that_the_physician_was_told_of() -> None:
    """Once each, by however many ways; no rehearsal, nobody else, nothing but alarms."""
    world = played()
    world.sends = [
        send(1, "dr-lee"),
        send(9, "dr-lee"),
        send(1, "sam"),
        send(1, "dr-lee", "rehearsal@1"),
        send(1, "dr-lee", purpose="call back"),
    ]
    assert judge(scenario(), world, FAMILY).pages == 1


def test_a_page_has_the_highest_row_of_its_alarm_as_its_cause() -> None:
    """As it was when the first message went out; one that nobody has seen begin has its family.

    What the checkers found is counted by checker.
    """
    world = played(line(1, "LOW", P.MEDIUM), line(2, "CRIT"), line(5, "WARN"))
    world.sends = [send(3, "dr-lee"), send(5, "dr-lee"), send(4, "dr-lee", "x@9")]
    world.unkept = [Unkept("watched", 1, "blind"), Unkept("watched", 2, "blind")]
    verdict = judge(scenario(), world, FAMILY)
    assert (verdict.causes, verdict.pages, verdict.unkept) == (
        {"CRIT": 1, "x": 1},
        2,
        {"watched": 2},
    )


def test_the_families_are_the_plans() -> None:
    """Each row has one."""
    assert families(DEFAULT)["SPO2-LOW"] == "oxygen"
