"""The counter of the feed: one order of a person, checked, carried out, answered after its commit.

The person's role is asked first, then whether they may see the session, then whether the order can
be read; only then the engine judges. Whatever was wrong is the reply's error, in words for a
person. What cannot be seen and what is not there are told in the same words.

    reply = await feed_desk.answer(invitation, OrderGiven("r1", {"do": "help"}, "s1"))
"""

from typing import Any

import structlog

from monitor.desk import Desk
from monitor.events import DeliveryAnswered
from monitor.feed_orders import (
    OrderError,
    do_of,
    event_for,
    read_answer,
    read_opening,
    read_order,
)
from monitor.feed_words import OrderGiven, Reply
from monitor.hub import Hub
from monitor.page_channel import PageChannel
from monitor.rights import sees, why_not
from monitor.tokens import Invitation
from monitor.ward import Bed

__all__ = ["FeedDesk"]

_SHOWN = ("error", "session", "phase", "mode", "plan", "note")

log = structlog.get_logger("vigil.feed")


class FeedDesk:
    """Carries out what people order. Belongs to the hub's loop."""

    def __init__(self, hub: Hub, desk: Desk, channel: PageChannel) -> None:
        self._hub = hub
        self._desk = desk
        self._channel = channel

    def beds(self, who: Invitation) -> list[Bed]:
        """The open sessions that a person may see."""
        return [
            bed
            for bed in self._hub.ward.beds.values()
            if sees(who.role, who.patient, bed.opened.patient.id)
        ]

    async def answer(self, who: Invitation, given: OrderGiven) -> Reply:
        """Return the answer to one order; never raises for what a person can get wrong."""
        do = do_of(given.order)
        refused = why_not(who.role, do)
        if refused is not None:
            self._hub.count("feed: not allowed")
            return _no(given, refused)
        try:
            if do == "open":
                return await self._open(who, given)
            bed = next((one for one in self.beds(who) if one.session == given.session), None)
            if bed is None:
                return _no(given, f"no session {given.session or '(none named)'} is open for you")
            if do == "answer":
                return await self._answer(who, given, bed)
            return await self._order(who, given, bed)
        except OrderError as error:
            self._hub.count("feed: unreadable order")
            return _no(given, str(error))

    async def _open(self, who: Invitation, given: OrderGiven) -> Reply:
        opening = read_opening(given.order)
        request: dict[str, Any] = {"do": "open", "patient": opening.patient}
        if opening.plan is not None:
            request["plan"] = opening.plan
        answer = await self._desk.answer(request)
        if answer["ok"]:
            log.info("session opened on a page", session=answer["session"], by=who.person)
        return _reply(given, answer)

    async def _answer(self, who: Invitation, given: OrderGiven, bed: Bed) -> Reply:
        """A message is answered by its name: the session knows whom it was for."""
        answer = read_answer(given.order)
        # Of two sessions with a message of one name, the second's is called otherwise outside.
        name = answer.delivery.removesuffix(f"~{bed.session}")
        delivery = bed.engine.alarms.post.deliveries.get(name)
        if delivery is None or delivery.contact != who.person:
            return _no(given, f"message {answer.delivery} is not one that you can answer")
        told = await self._desk.tell(
            bed,
            lambda at_ms: DeliveryAnswered(
                at_ms=at_ms,
                delivery=name,
                verdict=answer.verdict,
                detail="tapped on the page",
            ),
        )
        if told["ok"]:
            self._channel.answered(answer.delivery)
        return _reply(given, told)

    async def _order(self, who: Invitation, given: OrderGiven, bed: Bed) -> Reply:
        asked = read_order(given.order, bed.session, bed.opened.mode)
        answer = await self._desk.tell(
            bed, lambda at_ms: event_for(asked, who.person, who.role, at_ms)
        )
        return _reply(given, answer)


def _no(given: OrderGiven, error: str) -> Reply:
    return Reply(ref=given.ref, ok=False, recorded=False, error=error)


def _reply(given: OrderGiven, answer: dict[str, Any]) -> Reply:
    shown = {key: answer[key] for key in _SHOWN if key in answer}
    return Reply(
        ref=given.ref, ok=answer["ok"], recorded=bool(answer.get("recorded", False)), **shown
    )
