"""From an order on the feed to what the hub is asked: one strict reading of every order.

A feed order says nothing of the session and its mode (the message and the session do), and nothing
of the person (the token does). Whether the person may give it is decided in `rights`, whether it
makes sense now by the engine.

>>> read_order({"do": "accept", "alarm": "oxygen@5"}, "s1", Mode.TEST)
Accept(session='s1', mode=<Mode.TEST: 'test'>, id=None, alarm='oxygen@5')
>>> read_order({"do": "accept"}, "s1", Mode.TEST)
Traceback (most recent call last):
monitor.feed_orders.OrderError: order accept: Object missing required field `alarm`
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

import msgspec

from alerts.contact import Role
from devices import command as told
from devices.checkin import CheckIn, CheckInError
from devices.observation import Mode
from monitor.events import Event
from monitor.feed_words import AnswerOrder, CheckInOrder, CorrectOrder, OpenOrder
from monitor.orders import check_in_event, event_of

__all__ = [
    "Asked",
    "OrderError",
    "do_of",
    "event_for",
    "read_answer",
    "read_opening",
    "read_order",
]

Asked = told.Order | told.PersonCheckIn

_OWN: dict[str, Any] = {"check_in": CheckInOrder, "correct": CorrectOrder}
_TOLD: dict[str, Any] = {cls.__struct_config__.tag: cls for cls in get_args(told.Order)}
_IMPLIED = ("session", "mode")


class OrderError(ValueError):
    """An order cannot be read; the message says which field and what it must be."""


def do_of(order: Mapping[str, Any]) -> str:
    """Return what an order asks for; a text that names no order when it does not say."""
    do = order.get("do")
    return do if isinstance(do, str) else "(nothing)"


def read_opening(order: Mapping[str, Any]) -> OpenOrder:
    """Read the order `open`.

    Raises:
        OrderError: a field is wrong.
    """
    opening: OpenOrder = _convert("open", order, OpenOrder)
    return opening


def read_answer(order: Mapping[str, Any]) -> AnswerOrder:
    """Read the order `answer`.

    Raises:
        OrderError: a field is wrong.
    """
    answer: AnswerOrder = _convert("answer", order, AnswerOrder)
    return answer


def read_order(order: Mapping[str, Any], session: str, mode: Mode) -> Asked:
    """Read an order for one session.

    Raises:
        OrderError: no such order, a field is wrong, or codes that are no check-in.
    """
    do = do_of(order)
    if do in _OWN:
        return _check_in(do, order, session, mode)
    if do not in _TOLD:
        raise OrderError(f"order {do[:40]} is not taken by this version of the hub")
    for name in _IMPLIED:
        if name in order:
            raise OrderError(f"order {do}: leave out `{name}`; the message says it")
    asked: told.Order = _convert(do, {**order, "session": session, "mode": mode.value}, _TOLD[do])
    return asked


def event_for(asked: Asked, by: str, role: Role, at_ms: int) -> Event:
    """Return what happens to the session by this order."""
    if isinstance(asked, told.PersonCheckIn):
        return check_in_event(asked, by, role, at_ms)
    return event_of(asked, by, role, at_ms)


def _check_in(do: str, order: Mapping[str, Any], session: str, mode: Mode) -> told.PersonCheckIn:
    tapped = _convert(do, order, _OWN[do])
    try:
        check = CheckIn.parse(tapped.codes)
    except CheckInError as error:
        raise OrderError(f"order {do}: {error}") from None
    return told.PersonCheckIn(
        person="",
        session=session,
        mode=mode,
        check=check,
        corrects=do == "correct",
        id=tapped.id,
        first_tap_ms=getattr(tapped, "first_tap_ms", None),
        took_ms=getattr(tapped, "took_ms", None),
    )


def _convert(do: str, order: Mapping[str, Any], kind: Any) -> Any:
    try:
        return msgspec.convert(order, kind, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        raise OrderError(f"order {do}: {error}") from None
