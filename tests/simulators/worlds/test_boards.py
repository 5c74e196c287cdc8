"""What people of a world see is what the hub would publish, made without the rest of it."""

from collections.abc import Sequence

import msgspec
import pytest
from numpy.random import default_rng

from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event
from monitor.snapshot import snapshot
from simulators.board import Board, read_board
from simulators.worlds.boards import board_of, parts
from simulators.worlds.played import Unkept
from simulators.worlds.reader import read_scenario
from simulators.worlds.script import play
from tests.sessions import opened
from tests.timeline import DEFAULT
from tests.words import ENGLISH

SCENARIO = """
name = "x"
title = "x"
length_min = 6
[[course]]
name = "fall"
at_min = 2
of = "spo2_pct"
points = [[0, 80], [60, 80]]
"""


class SideBySide:
    """At every decision of a world: the board of its people, and the one through the wire."""

    def __init__(self) -> None:
        self.boards: list[Board] = []
        self.published: list[Board] = []

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Keep both; every message has reached its person."""
        if effects:
            reached = set(engine.alarms.post.deliveries)
            self.boards.append(board_of(engine, event.at_ms, reached))
            shown = snapshot(engine, event.at_ms, ENGLISH, record=0, recording=True)
            self.published.append(read_board(msgspec.json.encode(shown)))
        return []


def test_a_board_is_the_snapshot_as_it_is_read_from_the_wire() -> None:
    """Through gate, dose and a fall that people are told of: equal at every decision."""
    both = SideBySide()
    play(read_scenario(SCENARIO, "x.toml"), 1, default_rng(1), DEFAULT, (both,))
    assert both.boards == both.published
    assert {bool(board.alarms) and bool(board.told) for board in both.boards} == {False, True}


def test_a_board_leaves_nothing_out_that_people_read() -> None:
    """Whatever is new on a board has to be made here too, or it would stay at its default."""
    engine = Engine()
    engine.handle(opened())
    left_out = {"record", "recording"}
    assert set(parts(engine, 0, frozenset())) == set(Board.__struct_fields__) - left_out


def test_a_message_that_has_not_reached_its_person_is_not_on_their_board() -> None:
    """The hub shows it as sent; the person does not have it yet."""
    both = SideBySide()

    class Unreached(SideBySide):
        def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
            self.boards.append(board_of(engine, event.at_ms, frozenset()))
            return both.hear(event, effects, engine)

    unreached = Unreached()
    play(read_scenario(SCENARIO, "x.toml"), 1, default_rng(1), DEFAULT, (unreached,))
    assert any(board.told for board in both.boards)
    assert {board.told for board in unreached.boards} == {()}


def test_an_engine_without_a_session_has_no_board() -> None:
    """As no page has anything to show."""
    with pytest.raises(ValueError, match="no session is open"):
        board_of(Engine(), 0, frozenset())
