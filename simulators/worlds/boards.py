"""The board that people of a world see: what the hub would publish, without what nobody reads.

A snapshot holds everything for every page; a simulated person reads a part of it, and worlds ask
for one at every decision. So only that part is made, by the very functions that make the snapshot.
tests/simulators/worlds/test_boards.py holds both side by side.

It decides nothing, and nothing is sent.

    board_of(engine, at_ms, reached={"oxygen@60000/0/0/0"})  -> Board(phase="peak", alarms=...)
"""

from collections.abc import Set as AbstractSet
from types import SimpleNamespace
from typing import Any

import msgspec

from monitor import follow_views, gate_views, reach_views
from monitor.engine import Engine
from monitor.patient_taps import patient_check
from monitor.snapshot import alarms, prompts, values
from simulators.board import Board

__all__ = ["board_of", "parts"]


def board_of(engine: Engine, at_ms: int, reached: AbstractSet[str]) -> Board:
    """Return what the hub shows now; of its messages, those that have reached their person.

    Raises:
        ValueError: the session was not opened.
    """
    shown = SimpleNamespace(**parts(engine, at_ms, reached))
    return msgspec.convert(shown, Board, from_attributes=True)


def parts(engine: Engine, at_ms: int, reached: AbstractSet[str]) -> dict[str, Any]:
    """Return every field of a board by name, but `record` and `recording`, which no person reads.

    Raises:
        ValueError: the session was not opened.
    """
    opened = engine.opened
    if opened is None:
        raise ValueError("no session is open in this engine: handle SessionOpened first")
    chart = engine.chart
    return dict(  # noqa: C408 - the fields as the snapshot names them
        session=opened.session,
        mode=opened.mode,
        at_ms=at_ms,
        phase=chart.phase.value,
        dose_ms=chart.dose_ms,
        patient_name=opened.patient.name,
        values=values(engine),
        alarms=alarms(engine),
        prompts=prompts(engine),
        told=reach_views.told(engine, reached),
        gate={item.id: chart.gate.get(item.id, "open") for item in chart.gate_items},
        gate_items=gate_views.gate_items(engine),
        discharge=engine.trials,
        follow_up=follow_views.questions(engine),
        patient_check=patient_check(engine),
    )
