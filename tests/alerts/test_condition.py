"""Priorities and classes have one order, and only class E stands above its priority."""

import msgspec

from alerts.condition import Absent, AlarmClass, Assessment, Off, Present, Priority, Unknown, rank


def test_priorities_rank_one_two_three() -> None:
    """Higher is more urgent."""
    assert {p: p.rank for p in Priority} == {Priority.LOW: 1, Priority.MEDIUM: 2, Priority.HIGH: 3}


def test_class_e_is_above_every_other_high_and_a_equals_s() -> None:
    """Rank decides what is an upgrade: from A to E is one, from S to A is none."""
    levels = [
        (Priority.LOW, None),
        (Priority.MEDIUM, None),
        (Priority.HIGH, None),
        (Priority.HIGH, AlarmClass.S),
        (Priority.HIGH, AlarmClass.A),
        (Priority.HIGH, AlarmClass.E),
    ]
    assert [rank(*level) for level in levels] == [2, 4, 6, 6, 6, 7]


def test_an_assessment_is_one_of_four_words_never_a_boolean() -> None:
    """Each word says what it must: a reason, or why nobody could look."""
    words: list[Assessment] = [
        Present(Priority.LOW, None, "now"),
        Absent(),
        Unknown("no signal"),
        Off("no respiration"),
    ]
    assert [msgspec.structs.asdict(word) for word in words] == [
        {
            "priority": Priority.LOW,
            "alarm_class": None,
            "reason": "now",
            "value_x100": None,
            "limit_x100": None,
            "full": True,
            "until_ms": None,
        },
        {"reason": "", "until_ms": None},
        {"why": "no signal", "until_ms": None},
        {"why": "no respiration", "until_ms": None},
    ]
