"""An evaluation is cut into blocks, every scenario has its share at any time, and none is mixed."""

import pytest

from alerts.condition import Kind, Priority
from simulators.worlds.blocks import Block, BlockError, read_block, rounds, written
from simulators.worlds.score import FalseAlarm, Found, Mark, Verdict

BLOCK = Block("a", 0, 1)


def test_blocks_cover_every_seed_once_and_shares_stay_even() -> None:
    """A third of a long one has its turn with a third of a short one."""
    blocks = rounds({"long": 6, "short": 3}, size=2)
    assert [one.key for one in blocks] == [
        "long.0-1",
        "short.0-1",
        "long.2-3",
        "short.2-2",
        "long.4-5",
    ]
    assert [seed for one in blocks if one.scenario == "long" for seed in one.seeds] == list(
        range(6)
    )


def test_what_is_kept_is_read_back_whole() -> None:
    """Every field of a verdict."""
    alarm = FalseAlarm(5, "oxygen", "SPO2-LOW", Kind.PHYSIOLOGICAL, Priority.HIGH)
    found = Found("LOW within 5 s", Mark.LATE, 7.5, high=True)
    first = Verdict("a", 0, [found], ["broke"], [alarm], 3, 2.5, {"LOW": 3}, {"watched": 1}, "d")
    verdicts = [first, Verdict("a", 1, ended_in="peak")]
    assert read_block(BLOCK, written(verdicts)) == verdicts


def test_what_is_cut_off_or_of_other_worlds_is_refused() -> None:
    """With the block's name and what to do."""
    with pytest.raises(BlockError, match=r"a.0-1 cannot be read .*: delete it and go on"):
        read_block(BLOCK, b"[{")
    with pytest.raises(BlockError, match=r"a.0-1 holds other worlds: delete it and go on"):
        read_block(BLOCK, written([Verdict("a", 0)]))
