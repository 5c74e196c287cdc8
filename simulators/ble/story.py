"""A story about Bluetooth: which devices there are, what they do when, what must have come through.

The same file is played on every rig (`stage`), so that a fault is seen alike by BlueZ's messages
and by real ATT bytes. Whatever is told, one thing always holds and is not written in any file: what
a device could send has been heard exactly once and in order, and nothing else has.

>>> read_story('what = "x"').what
Traceback (most recent call last):
msgspec.ValidationError: Object missing required field `end_ms`
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

__all__ = ["Expected", "Step", "Story", "StoryDevice", "Stream", "read_story"]

Millis = Annotated[int, Meta(ge=0, le=600_000)]


class StoryDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """One device; a stranger's is in reach and bound to nobody.

    `battery_tells` false: an oximeter whose battery can be read and not subscribed to.
    """

    id: str
    model: str
    address: str
    stranger: bool = False
    battery_tells: bool = True


class Stream(Struct, frozen=True, forbid_unknown_fields=True):
    """Values that a device sends by itself whenever somebody listens."""

    device: str
    from_ms: Millis
    every_ms: Annotated[int, Meta(ge=1, le=60_000)]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happens. `lose_radio` and `radio_back` need no device.

    `hold` leaves subscriptions without an answer, until `let_go`.
    """

    at_ms: Millis
    do: Literal[
        "advertise",
        "silence",
        "send",
        "drop",
        "refuse",
        "rubbish",
        "hold",
        "let_go",
        "lose_radio",
        "radio_back",
    ]
    device: str = ""
    times: int = 1
    errors: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """How many values came through at least, over how many links, and how many were refused."""

    at_least: int
    links: int
    refused: int = 0


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole story. It ends when all of `expect` is reached, at the latest at `end_ms`."""

    what: str
    end_ms: Millis
    devices: tuple[StoryDevice, ...]
    steps: tuple[Step, ...]
    expect: dict[str, Expected]
    streams: tuple[Stream, ...] = ()


def read_story(text: str) -> Story:
    """Return the story of a file's text.

    Raises:
        msgspec.ValidationError: naming the field.
    """
    return msgspec.toml.decode(text, type=Story)
