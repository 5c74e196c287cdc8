"""Shipped worlds whose people leave, sleep or are asked the day after, and a clip that counts."""

import pytest

from simulators.mutation import stories
from simulators.worlds.crew import generator, read_all
from simulators.worlds.played import Played
from simulators.worlds.script import play
from tests.timeline import DEFAULT

# Whole worlds, and one that goes on to the next day.
pytestmark = pytest.mark.long


def told(name: str) -> Played:
    """Play a shipped scenario or story with its first seed."""
    return play({**stories(), **read_all()}[name], 0, generator(name, 0), DEFAULT)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("companion_leaves", "COMP-ABSENT"),
        ("asleep_at_ninety", "CI-MISS-P"),
        ("follow_up_missed", "FU-MISS"),
        ("breathing_counted", "RR-LOW2"),
    ],
)
def test_a_world_comes_to_what_it_is_about(name: str, row: str) -> None:
    """The telephone goes along; the patient sleeps; nobody answers in the evening; breaths fall."""
    assert row in {one for _, one in told(name).seen.present}


def test_the_day_after_is_played_to_its_end() -> None:
    """Minute by minute, until the questions of the next day are answered."""
    assert [change.phase for change in told("follow_up_ok").phases][-2:] == [
        "follow_up",
        "completed",
    ]
