"""Orders at the gate before the dose: an item set by word, a question answered, a hold overridden.

What follows from them is decided in `monitor/protocol.py` and `monitor/gate_asked.py`.

>>> from devices.observation import Mode
>>> GateAnswer(session="s1", mode=Mode.TEST, item="drugs", question="alcohol", yes=False).yes
False
"""

from typing import Literal

from devices.order import OrderBase, Said
from devices.payload import Text
from devices.topic import Name

__all__ = ["Gate", "GateAnswer", "Override"]


class Gate(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="gate"):
    """Answer one item of the gate before the dose."""

    item: Name
    state: Literal["pass", "hold", "stop"]
    note: Text = ""


class GateAnswer(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="gate_answer"
):
    """Answer one question of a gate item with yes or no."""

    item: Name
    question: Name
    yes: bool


class Override(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="override"):
    """Let an item of the gate pass that is on hold."""

    item: Name
    reason: Said
