"""What every order of a person has, and the texts that orders are made of.

An order is for one session and one mode; `id` is the sender's name for one tap. The orders stand in
modules by idea: `command` (a session's work), `chain_orders` (the test of the alarm chain). This
module reads nothing.

>>> from msgspec import convert
>>> convert("oxygen@61000", AlarmId)
'oxygen@61000'
"""

from typing import Annotated

from msgspec import Meta, Struct

from devices.observation import Mode
from devices.payload import Text
from devices.topic import Name

__all__ = ["AgoMs", "AlarmId", "Mmhg", "OfTen", "OrderBase", "PulseBpm", "RowId", "Said"]

AlarmId = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[\x21-\x7e]+\Z")]
Said = Annotated[Text, Meta(min_length=1)]
AgoMs = Annotated[int, Meta(ge=0, le=600_000)]
PulseBpm = Annotated[int, Meta(ge=1, le=400)]
Mmhg = Annotated[int, Meta(ge=0, le=400)]
OfTen = Annotated[int, Meta(ge=0, le=10)]
RowId = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[A-Z][A-Z0-9+-]*\Z")]


class OrderBase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do"):
    """The session and mode that an order is for, and the tap that it came from."""

    session: Name
    mode: Mode
    id: Name | None = None
