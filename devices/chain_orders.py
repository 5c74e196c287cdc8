"""Orders about the alarm chain itself: rehearse it, play the test sound, say what was heard.

They change nothing about a patient. What a rehearsal proves is decided in `alerts/rehearsal.py`.

>>> from devices.observation import Mode
>>> Heard(session="s1", mode=Mode.TEST, bursts=3).bursts
3
"""

from typing import Annotated

from msgspec import Meta

from devices.order import OrderBase

__all__ = ["Heard", "Rehearse", "SoundTest"]

Bursts = Annotated[int, Meta(ge=0, le=9)]


class Rehearse(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="rehearse"):
    """Send a test alarm down the whole chain; each person answers by name."""


class SoundTest(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sound_test"):
    """Let the hub's loudspeaker play some short bursts, to be counted."""


class Heard(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="heard"):
    """How many bursts of the test sound the companion heard; 0: none."""

    bursts: Bursts
