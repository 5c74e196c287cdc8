"""The way to a person by the page that they have open: shown, sounded, and said so by the page.

A message goes to every connection of its person that may see the session. The first page that has
shown it with sound proves the delivery. When each of them has said that its browser gives no sound,
or has gone before it said anything, the message has failed, and the next way starts at once. A page
that is silent proves nothing: the time-out of the ladder ends that. Open messages live in memory
only: after a restart of the hub a page is not shown an old one again, but its alarm still stands on
the page, with its own button.

    channel = PageChannel(feed.clients_of, on_news)
    await channel.send(message)         -> failed("not connected"), or sent and later news
    channel.seen(client, Seen(...))     the page's word
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from alerts.channel import News, OneWay, OnNews, Outcome, failed, refused_by_mode, sent
from alerts.delivery import DeliveryState
from alerts.message import Message
from monitor.feed_client import Client, tell
from monitor.feed_words import encode
from monitor.message_words import MessageOver, MessageSent, Seen

__all__ = ["NAME", "PageChannel"]

NAME: Final = "page"
KEEP: Final = 500
"""Bound: so many open messages are kept; the oldest is forgotten first, and says nothing more."""

log = structlog.get_logger("vigil.page")


class _Open:
    """One message that nobody has answered: the pages that have not spoken, and what they said."""

    __slots__ = ("frame", "is_known", "is_private", "person", "session", "waiting")

    def __init__(self, message: Message, frame: bytes) -> None:
        self.person = message.person
        self.session = message.session
        self.frame = frame
        self.waiting: set[Client] = set()
        self.is_known = False
        self.is_private = message.private


class PageChannel(OneWay):
    """Belongs to the hub's loop.

    Args:
        clients_of: the connections of a person that may see a session.
        on_news: told what the pages say.
    """

    def __init__(self, clients_of: Callable[[str, str], Sequence[Client]], on_news: OnNews) -> None:
        self._clients_of = clients_of
        self._on_news = on_news
        self._open: dict[str, _Open] = {}

    @property
    def name(self) -> str:
        """Return the name of this channel."""
        return NAME

    async def send(self, message: Message) -> Outcome:
        """Show it on every page of its person; without one the next way must start at once."""
        refused = refused_by_mode(message, NAME)
        if refused is not None:
            return refused
        clients = self._clients(message.person, message.session)
        if not clients:
            return failed("not connected")
        one = _Open(message, encode(_frame(message)))
        one.waiting.update(clients)
        self._open.pop(message.delivery, None)
        self._open[message.delivery] = one
        while len(self._open) > KEEP:
            oldest = next(iter(self._open))
            log.warning("too many messages are open on pages", forgotten=oldest)
            del self._open[oldest]
        tell(clients, one.frame)
        pages = "page" if len(clients) == 1 else "pages"
        return sent(f"shown to {len(clients)} {pages}")

    async def cancel(self, delivery: str) -> None:
        """Take a message from the pages of its person."""
        self._end(delivery, "nobody needs to answer it any more")

    # --- what the feed tells ------------------------------------------------------------------

    def joined(self, client: Client) -> None:
        """A page has come: it is shown what its person has not answered yet."""
        for one in self._open.values():
            if client in self._clients(one.person, one.session):
                one.waiting.add(client)
                tell([client], one.frame)

    def left(self, client: Client) -> None:
        """A page has gone. The last one that had not spoken takes the message with it."""
        for delivery, one in list(self._open.items()):
            if client in one.waiting:
                self._spoke(delivery, one, client, "the page was closed before it showed it")

    def seen(self, client: Client, words: Seen) -> bool:
        """A page has shown a message; False when that message was not for it, or is over."""
        one = self._open.get(words.delivery)
        if one is None or client not in one.waiting:
            return False
        if words.sound == "blocked":
            self._spoke(words.delivery, one, client, "shown, but the page gives no sound")
            return True
        if words.sound == "private" and not one.is_private:
            self._spoke(words.delivery, one, client, "shown without a sound, and it is not private")
            return True
        one.waiting.discard(client)
        if not one.is_known:
            one.is_known = True
            how = "shown, with sound" if words.sound == "on" else "shown; private, so without sound"
            self._on_news(News(words.delivery, DeliveryState.DELIVERED, how))
        return True

    def answered(self, delivery: str) -> None:
        """A person has answered a message: it goes from their other pages too."""
        self._end(delivery, "answered")

    # --- inside -------------------------------------------------------------------------------

    def _clients(self, person: str, session: str) -> list[Client]:
        return [client for client in self._clients_of(person, session) if client.keeps_up]

    def _spoke(self, delivery: str, one: _Open, client: Client, why: str) -> None:
        """One page will not deliver it; the last one to say so fails the message."""
        one.waiting.discard(client)
        if one.waiting or one.is_known:
            return
        # It stays in sight where it is shown, and can be answered there; nobody relies on it.
        one.is_known = True
        self._on_news(News(delivery, DeliveryState.FAILED, why))

    def _end(self, delivery: str, reason: str) -> None:
        one = self._open.pop(delivery, None)
        if one is not None:
            over = encode(MessageOver(delivery=delivery, reason=reason))
            tell(self._clients_of(one.person, one.session), over)


def _frame(message: Message) -> MessageSent:
    return MessageSent(
        session=message.session,
        delivery=message.delivery,
        alarm=message.alarm,
        priority=message.priority,
        text=message.text,
        late=message.late,
        may_repeat=message.may_repeat,
        purpose=message.purpose,
        private=message.private,
    )
