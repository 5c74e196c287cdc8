"""ntfy: a notification with two buttons, whose answers come back as a stream of lines.

What is proved: SENT means that the server took the message, never that a telephone showed it; a
press of a button is an answer by the person of that topic. Nothing between is known, so this way
never says DELIVERED. A message that nobody needs any more is not deleted but replaced, in its
place and without a sound, by "no longer needed": a notification that vanishes leaves a person in
doubt, and a server or telephone too old to replace (before ntfy 2.16) shows it as a second, silent
one. After a restart such messages stay; answers to them are still understood when there is a token.

    ntfy = Ntfy(NtfySettings("https://ntfy.example.org", "answers-x7"), token, on_news)
    outcome = await ntfy.send(message)      # SENT, or FAILED "refused", "http 429: ..."
    await ntfy.run()                        # listens until cancelled
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import httpx
import structlog

from alerts.channel import News, OnNews, Outcome, failed, sent
from alerts.delivery import Verdict
from alerts.guard import refusal
from alerts.http_way import CONNECT_S, TOTAL_S, HttpWay, why_lost
from alerts.message import Message
from alerts.ntfy_answers import KEPT, Answers, Seal, Treatment
from alerts.ntfy_wire import (
    KEEPALIVE_S,
    Line,
    Note,
    NtfySettings,
    publish,
    read_line,
    sequence_of,
    subscribe,
    topic_fault,
    why_refused,
)

__all__ = ["Ntfy"]

# A keepalive may be late by a slow network before its silence counts as a dead connection.
_SILENCE_S: Final = KEEPALIVE_S + 15.0
_FIRST_WAIT_S: Final = 0.25
_LONGEST_WAIT_S: Final = 5.0
_MOST_LINE_BYTES: Final = 64 * 1024
# What came while nobody listened: at a start the length of a restart with room; later from a little
# before the last line, by the server's own clock, because a server may store a message late.
_FIRST_SINCE: Final = "10m"
_OVERLAP_S: Final = 60
_STRANGERS_TOLD: Final = 100
# Failures after which the server may have taken the message all the same.
_PERHAPS_OUT: Final = ("timed out", "connection lost")
_NO_LONGER: Final = "This call is no longer needed"

log = structlog.get_logger("vigil.ntfy")


class Ntfy:
    """A channel to the topics of one ntfy server.

    Args:
        settings: the server and the answer topic.
        secret: an access token of the server; empty for none.
        on_news: told each answer.
        total_s: time for one message.
        silence_s: the longest silence of the answer stream before it is connected anew.
    """

    name: Final = "ntfy"

    def __init__(
        self,
        settings: NtfySettings,
        secret: str,
        on_news: OnNews,
        total_s: float = TOTAL_S,
        silence_s: float = _SILENCE_S,
    ) -> None:
        self._settings, self._token, self._on_news = settings, secret, on_news
        self._silence_s = silence_s
        self._http = HttpWay(min(CONNECT_S, total_s), total_s)
        self._seal = Seal(secret)
        self._answers = Answers(self._seal)
        self._topics: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._rng = random.Random()  # noqa: S311 - spreads reconnections, hides nothing
        self._heard_until_s: int | None = None
        self.listening = False
        self.not_listening_why = "not connected yet" if settings.answer_topic else "no answer_topic"

    @property
    def deaf_why(self) -> str:
        """Return why answers are not heard now; empty when they are, or when there can be none."""
        return self.not_listening_why if self._settings.answer_topic else ""

    @property
    def counts(self) -> dict[Treatment, int]:
        """Return how many lines of the answer topic had each treatment."""
        return dict(self._answers.counts)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    async def send(self, message: Message) -> Outcome:
        """Publish the message; never raises for what the network or the server does."""
        if why := refusal(message.mode, self.name, self._settings.base_url):
            return failed(why)
        if why := topic_fault(message.address):
            return failed(f"the address {why}")
        note = Note(
            topic=message.address,
            text=message.preview,
            priority=message.priority.value,
            link=message.link,
            sequence=sequence_of(message.delivery),
            accept=self._seal.close(message.delivery, Verdict.ACCEPT),
            reject=self._seal.close(message.delivery, Verdict.REJECT),
        )
        # Remembered before it is out: a request that was given up may have been heard all the same.
        self._topics[message.delivery] = (message.address, message.mode)
        while len(self._topics) > KEPT:
            self._topics.popitem(last=False)
        why = await self._publish(note)
        if not why:
            return sent("taken by the server")
        if not why.startswith(_PERHAPS_OUT):
            del self._topics[message.delivery]
        return failed(why)

    async def cancel(self, delivery: str) -> None:
        """Replace the notification by a silent word that it is no longer needed."""
        self._answers.withdrawn(delivery)
        if (known := self._topics.pop(delivery, None)) is None:
            return
        topic, mode = known
        note = Note(topic, _NO_LONGER, "low", sequence=sequence_of(delivery), quiet=True)
        if why := refusal(mode, self.name, self._settings.base_url) or await self._publish(note):
            log.warning("a notification could not be withdrawn", delivery=delivery, why=why)

    async def run(self) -> None:
        """Listen for answers until cancelled; returns at once without an answer topic."""
        if not self._settings.answer_topic:
            return
        failures = 0
        while True:
            try:
                if self._heard_until_s is None:
                    await self._catch_up()
                async with aclosing(self._lines(self._since(), poll=False)) as lines:
                    async for line in lines:
                        self._heard(line)
                        # A server that only ever opens the stream is no server that works.
                        failures = failures if line.event == "open" else 0
                why = "the server ended the stream"
            except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
                why = why_lost(error)
            except _StreamError as error:
                why = str(error)
            finally:
                self.listening = False
            if why != self.not_listening_why:
                log.warning("answers cannot be heard", why=why)
            self.not_listening_why = why
            await asyncio.sleep(_wait_s(failures, self._rng))
            failures += 1

    async def _publish(self, note: Note) -> str:
        """Publish a note; return why it was not taken, or nothing."""
        reply = await self._http.ask(publish(self._settings, self._token, note))
        return reply.why or why_refused(reply.status, reply.body)

    def _since(self) -> str:
        return _FIRST_SINCE if self._heard_until_s is None else str(self._heard_until_s)

    async def _catch_up(self) -> None:
        """Take what was answered while no hub ran: of each message the last word alone.

        The hub before may have taken some of it, and told in order an old "no" would undo a "yes".
        """
        last: dict[str, News] = {}
        async with aclosing(self._lines(self._since(), poll=True)) as lines:
            async for line in lines:
                if (news := self._news_of(line)) is not None:
                    last[news.delivery] = news
        for news in last.values():
            self._on_news(news)

    async def _lines(self, since: str, *, poll: bool) -> AsyncGenerator[Line]:
        """Connect and give each line of the stream.

        Raises:
            _StreamError: the answer is not ntfy's stream.
            httpx.HTTPError: the connection fails or is silent for too long.
        """
        request = subscribe(self._settings, self._token, since, poll=poll)
        async with self._http.stream(request, self._silence_s) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _StreamError(f"http {answer.status_code}")
            rest = b""
            async for part in answer.aiter_raw():
                *whole, rest = (rest + part).split(b"\n")
                if len(rest) > _MOST_LINE_BYTES:
                    raise _StreamError("a line of the stream is too long")
                for text in filter(None, map(bytes.strip, whole)):
                    try:
                        yield read_line(text)
                    except ValueError as error:
                        raise _StreamError(str(error)) from error

    def _heard(self, line: Line) -> None:
        if not self.listening:
            self.listening, self.not_listening_why = True, ""
            log.info("answers are heard")
        if (news := self._news_of(line)) is not None:
            self._on_news(news)

    def _news_of(self, line: Line) -> News | None:
        """Return what a line tells, if it tells anything."""
        if line.event == "open":
            return None  # what was missed comes after it
        self._heard_until_s = max(self._heard_until_s or 0, line.time_s - _OVERLAP_S)
        if line.event != "message":
            return None
        treatment, news = self._answers.take(line.id, line.message)
        if treatment is Treatment.WRONG and self.counts[treatment] % _STRANGERS_TOLD == 1:
            log.warning("answers that this hub has not written", count=self.counts[treatment])
        return news


class _StreamError(Exception):
    """The server's answer is no stream of ntfy; the text says why."""


def _wait_s(failures: int, rng: random.Random) -> float:
    """Return how long to wait before connecting again, spread over its upper half."""
    ceiling = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(failures, 10))
    return rng.uniform(ceiling / 2, ceiling)
