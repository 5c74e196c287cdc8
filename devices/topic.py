"""Where each message lives on the broker, and what a name in a topic may look like.

The tree is `vigil/v1/...`. Devices and people write under `reading`, `status`, `checkin` and
`command`; the hub writes under `ack` and `session`. A name is one topic level: letters, digits and
`_ . : -`, at most 64, so that it can be neither a wildcard nor a path.

This module never reads a payload.

>>> parse_topic("vigil/v1/reading/ox-1")
(<Inbound.READING: 'reading'>, 'ox-1')
"""

import re
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from devices.strict_json import Malformed, Reason

__all__ = [
    "ROOT",
    "SUBSCRIPTIONS",
    "Inbound",
    "Name",
    "ack_topic",
    "alarm_topic",
    "inbound_topic",
    "parse_topic",
    "snapshot_topic",
]

ROOT = "vigil/v1"

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\Z"

Name = Annotated[str, Meta(pattern=_NAME)]
"""A device, person, session or boot: one topic level."""


class Inbound(StrEnum):
    """The kinds of message that the hub listens to."""

    READING = "reading"
    STATUS = "status"
    CHECK_IN = "checkin"
    COMMAND = "command"


SUBSCRIPTIONS: tuple[str, ...] = tuple(f"{ROOT}/{kind}/+" for kind in Inbound)
"""What the hub subscribes to."""


def parse_topic(topic: str) -> tuple[Inbound, str]:
    """Return the kind and the name (a device or a person) of an incoming topic.

    Raises:
        Malformed: TOPIC, for a topic outside the tree or a name that is no name.
    """
    head, _, name = topic.rpartition("/")
    root, _, kind = head.rpartition("/")
    if root != ROOT or kind not in Inbound.__members__.values() or not re.match(_NAME, name):
        raise Malformed(
            Reason.TOPIC,
            f"{topic[:120]!r} is none of ours; use {ROOT}/(reading|status|checkin|command)/NAME "
            "with a NAME of at most 64 letters, digits and _ . : -",
        )
    return Inbound(kind), name


def inbound_topic(kind: Inbound, name: str) -> str:
    """Return the topic on which `name` sends messages of `kind`.

    Raises:
        ValueError: `name` cannot be one topic level.
    """
    return f"{ROOT}/{kind}/{_checked(name)}"


def ack_topic(device: str) -> str:
    """Return the topic on which a device hears which of its readings are recorded."""
    return f"{ROOT}/ack/{_checked(device)}"


def alarm_topic(session: str) -> str:
    """Return the topic of one session's alarm lines."""
    return f"{ROOT}/session/{_checked(session)}/alarm"


def snapshot_topic(session: str) -> str:
    """Return the topic of one session's latest snapshot (retained)."""
    return f"{ROOT}/session/{_checked(session)}/snapshot"


def _checked(name: str) -> str:
    if not re.match(_NAME, name):
        raise ValueError(
            f"{name!r} cannot be a topic level; use at most 64 letters, digits and _ . : -"
        )
    return name
