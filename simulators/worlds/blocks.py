"""Blocks of seeds: what an evaluation plays in one go, keeps, and never plays again.

A long evaluation is stopped and goes on, so its worlds are cut into blocks of ten seeds of one
scenario. The blocks of all scenarios come in turn: wherever it is stopped, every scenario has had
its share. A block's verdicts are one JSON text.

It plays nothing and knows no folder.

>>> [one.key for one in rounds({"a": 12, "b": 5})]
['a.0-9', 'b.0-4', 'a.10-11']
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from simulators.worlds.score import Verdict

__all__ = ["Block", "BlockError", "read_block", "rounds", "written"]

_SIZE = 10


class BlockError(ValueError):
    """What was kept of a block is not that block; the message says which and what to do."""


class Block(Struct, frozen=True):
    """Seeds `first` to `last`, both included, of one scenario."""

    scenario: str
    first: int
    last: int

    @property
    def key(self) -> str:
        """Its name among all blocks."""
        return f"{self.scenario}.{self.first}-{self.last}"

    @property
    def seeds(self) -> range:
        """Its seeds."""
        return range(self.first, self.last + 1)


def rounds(numbers: Mapping[str, int], size: int = _SIZE) -> list[Block]:
    """Return all blocks in the order of playing: the share that each scenario has had stays even.

    Args:
        numbers: how many seeds each scenario has, by its name; seeds begin with 0.
        size: seeds in a block, at least 1; the last of a scenario may have fewer.
    """
    cut = [
        Block(name, first, min(first + size, count) - 1)
        for name, count in numbers.items()
        for first in range(0, count, size)
    ]
    return sorted(cut, key=lambda one: (one.first / numbers[one.scenario], one.first))


def written(verdicts: Sequence[Verdict]) -> bytes:
    """Return the verdicts of a block as they are kept."""
    return msgspec.json.encode(verdicts)


def read_block(block: Block, kept: bytes) -> list[Verdict]:
    """Read what was kept of a block.

    Raises:
        BlockError: it is cut off, of another version, or of other worlds.
    """
    try:
        verdicts = msgspec.json.decode(kept, type=list[Verdict])
    except msgspec.MsgspecError as error:
        raise BlockError(f"{block.key} cannot be read ({error}): delete it and go on") from None
    found = [(one.scenario, one.seed) for one in verdicts]
    if found != [(block.scenario, seed) for seed in block.seeds]:
        raise BlockError(f"{block.key} holds other worlds: delete it and go on")
    return verdicts
