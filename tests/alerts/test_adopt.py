"""What a record holds open stays open after an update, and only a person ends it."""

from alerts.adopt import adopt
from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import AlarmChanged
from tests.alerts.room import ANN, HIGH, MEDIUM, SLOW, SPO2_LOW, WARN, A, Room


def line(row: str, priority: Priority, alarm_class: AlarmClass | None = None) -> AlarmChanged:
    """A line of the record."""
    return AlarmChanged(
        at_ms=5_000,
        id="oxygen@5000",
        family="oxygen",
        row=row,
        transition=Transition.RAISED,
        priority=priority,
        alarm_class=alarm_class,
        kind=Kind.PHYSIOLOGICAL,
        reason="as recorded",
    )


def test_an_alarm_that_only_the_record_knows_is_latched_and_told_again() -> None:
    """From the foot of its ladder to the end; then a person resets it."""
    room = Room()
    room.run(9)
    assert adopt(room.system, [line("WARN", MEDIUM), line("LOW", HIGH, A)], 9_000) == [
        "oxygen@5000"
    ]
    room.run(70)
    assert room.take() == [
        "9 signal oxygen@5000 latched",
        "9 send oxygen@5000/ann/0@9000 companion+0s",
        "9 send oxygen@5000/lee/0@9000 physician+0s",
        "9 sound high oxygen@5000",
        "39 send oxygen@5000/ann/1@39000 companion+30s",
        "69 send oxygen@5000/lee/1@69000 physician+60s",
    ]
    assert room.person("reset", "oxygen@5000", ANN, 70) is None
    assert room.take() == [
        "70 reset oxygen@5000 WARN high A by ann",
        "70 reset oxygen@5000 LOW high A by ann",
        "70 signal oxygen@5000 off",
        "70 skip oxygen@5000 rest: reset by a person",
        "70 sound silent",
    ]


def test_an_alarm_that_is_open_under_its_own_id_is_left_alone() -> None:
    """Nothing to take over."""
    room = Room()
    room.present(SPO2_LOW, 5, HIGH)
    room.take()
    assert adopt(room.system, [line("LOW", HIGH, A)], 9_000) == []
    room.run(9)
    assert room.take() == []


def test_an_alarm_that_is_open_under_another_id_takes_that_of_the_record() -> None:
    """Its rows stay; other families are not touched."""
    room = Room()
    room.present(SLOW, 0, MEDIUM)
    room.present(WARN, 6)
    room.take()
    assert adopt(room.system, [line("LOW", HIGH, A)], 9_000) == ["oxygen@5000"]
    assert [alarm.id for alarm in room.system.book.open.values()] == [
        "pressure_high@0",
        "oxygen@5000",
    ]
    assert [delivery.alarm for delivery in room.system.post.deliveries.values()] == [
        "pressure_high@0",
        "oxygen@5000",
    ]
    room.absent(WARN, 10)
    assert room.take() == [
        "10 cleared oxygen@5000 WARN medium",
        "10 signal oxygen@5000 off",
    ]
