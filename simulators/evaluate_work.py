"""Plays the pieces of an evaluation over processes and keeps each as it is done.

A piece is a block of worlds, the planted defects of one row, one set of recordings, or a scenario
played once more for its digest. The pool of processes is the outside thing. A stop (Ctrl-C, or the
time is up) lets the pieces under way come to their end, so that nothing played is lost.

    done = play_all(pieces, ledger, jobs=2, told=print)
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

import msgspec
from msgspec import Struct

from simulators.evaluate_command import counted
from simulators.mutation import hunt
from simulators.recorded_table import sections
from simulators.semi.sets import semi_one
from simulators.worlds.blocks import Block, written
from simulators.worlds.crew import play_one
from simulators.worlds.ledger import Ledger

__all__ = ["Piece", "play_all", "work"]

_PLAN = "vitals_only"
_ASKED = "readings a minute apart (semi-synthetic: each answers the prompt)"
_AHEAD = 2
_SPENT = "spent"


class Piece(Struct, frozen=True):
    """One thing to play: exactly one of the four. `weight` is about how long it takes, in worlds.

    `row`: its planted defects; `again`: a scenario whose seed 0 is played once more; `recording`: a
    file of readings, `asked`: its cuff readings a minute apart; `semi`: the folder of recordings
    when the block's sessions are made of them.
    """

    key: str
    weight: float = 1.0
    block: Block | None = None
    row: str = ""
    again: str = ""
    recording: str = ""
    asked: bool = False
    semi: str = ""


def work(piece: Piece) -> bytes:
    """Play one piece in whatever process this is, and return what is kept of it."""
    if piece.block is not None:
        worlds = [(piece.block.scenario, seed) for seed in piece.block.seeds]
        if piece.semi:
            return written([semi_one(world, Path(piece.semi)) for world in worlds])
        return written([play_one(world) for world in worlds])
    if piece.row:
        return msgspec.json.encode({one.value: ok for one, ok in hunt(piece.row).items()})
    if piece.again:
        return msgspec.json.encode(play_one((piece.again, 0)).digest)
    path = Path(piece.recording)
    name = f"{path.name}, {_ASKED}" if piece.asked else path.name
    return msgspec.json.encode(sections({name: counted(path, _PLAN, asked=piece.asked)}))


def play_all(
    pieces: Sequence[Piece],
    ledger: Ledger,
    *,
    jobs: int,
    told: Callable[[float, float], None],
    minutes: float | None = None,
) -> bool:
    """Play what is not kept yet; return whether all is there.

    Args:
        pieces: all of them, in the order of playing.
        ledger: where they are kept.
        jobs: processes.
        told: is given the weight that is done and that of all, after each piece.
        minutes: begin nothing more after that long; None: go on to the end.

    Raises:
        OSError: a piece cannot be kept or a recording cannot be read.
    """
    todo = iter([one for one in pieces if not ledger.has(one.key)])
    whole = sum(one.weight for one in pieces)
    done = sum(one.weight for one in pieces if ledger.has(one.key))
    told(done, whole)
    clock = _Clock(ledger, minutes)
    with ProcessPoolExecutor(jobs, initializer=_deaf) as pool:
        flying: dict[Future[bytes], Piece] = {}
        stop = False
        while True:
            try:
                stop = stop or clock.is_over
                for piece in () if stop else _some(todo, jobs * _AHEAD - len(flying)):
                    flying[pool.submit(work, piece)] = piece
                if not flying:
                    break
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    piece = flying.pop(future)
                    ledger.put(piece.key, future.result())
                    clock.keep()
                    done += piece.weight
                    told(done, whole)
            except KeyboardInterrupt:
                # What waits for a process is given back; what runs comes to its end.
                stop = True
                flying = {one: piece for one, piece in flying.items() if not one.cancel()}
    return all(ledger.has(one.key) for one in pieces)


def _some(todo: Iterator[Piece], most: int) -> list[Piece]:
    return [piece for _, piece in zip(range(most), todo, strict=False)]


def _deaf() -> None:
    """Ctrl-C is for the one that keeps the pieces, not for those who play."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Clock:
    """The time that this call may take, and all calls have taken."""

    def __init__(self, ledger: Ledger, minutes: float | None) -> None:
        self._ledger = ledger
        self._begun_s = time.monotonic()
        self._most_s = float("inf") if minutes is None else minutes * 60
        self._before_s = float(ledger.get(_SPENT) or 0)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._begun_s >= self._most_s

    def keep(self) -> None:
        spent_s = self._before_s + time.monotonic() - self._begun_s
        self._ledger.put(_SPENT, f"{spent_s:.0f}".encode())
