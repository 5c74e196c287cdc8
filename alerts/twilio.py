"""Twilio: a text message with a code to answer, and a call with a key to press.

What is proved: a text message is SENT when the service takes it, DELIVERED when the carrier says
that it is on the telephone (not every carrier does), ANSWERED by "YES 47" from that very number. A
call is SENT, and then ANSWERED by a key or FAILED with a named reason; ringing, picking up and
voicemail count for nothing. Receipts and answers are asked for once a second, so that no port of
the house is open. Twilio has no idempotency key: a request whose reply was lost is FAILED here and
may have reached the person all the same, so that the ladder's retry may be a repeat. What a code or
a call belongs to is kept in memory: a restart loses it, and the messages sent after it have their
own. Never logs a number or a secret, and never sends a message again.

    sms = Sms(settings, secret, on_news)
    outcome = await sms.send(message)       # SENT, or FAILED "http 429: twilio error 20429"
    await sms.run()                         # asks until cancelled
"""

import asyncio
import secrets
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Final

import structlog

from alerts.asking import now_ms
from alerts.channel import OnNews, Outcome, failed, sent
from alerts.http_way import TOTAL_S
from alerts.http_wire import Request
from alerts.message import Message
from alerts.twilio_calls import FOLLOWED_MS, Call, lost_sight, step
from alerts.twilio_reply import (
    CallSeen,
    Inbound,
    MessageSeen,
    read_call,
    read_inbound,
    read_keys,
    read_message,
)
from alerts.twilio_texts import KEPT, Texts, Took, Treatment
from alerts.twilio_way import CANNOT_READ, TwilioWay, day_before
from alerts.twilio_wire import (
    TwilioSettings,
    change_call,
    create_call,
    create_message,
    fetch_call,
    fetch_message,
    list_inbound,
    list_keys,
)
from alerts.twilio_words import ask_by_text, ask_by_voice

__all__ = ["Sms", "Voice"]

# Failures after which the service may have taken the message all the same.
_PERHAPS_OUT: Final = ("timed out", "connection lost")

log = structlog.get_logger("vigil.twilio")


class Sms(TwilioWay):
    """A channel of text messages from one number.

    Args:
        settings: the account and its number.
        secret: the account's auth token, or the secret of the API key `key_sid`.
        on_news: told receipts and answers.
        total_s: time for one request.
    """

    name: Final = "sms"

    def __init__(
        self,
        settings: TwilioSettings,
        secret: str,
        on_news: OnNews,
        total_s: float = TOTAL_S,
    ) -> None:
        super().__init__(self.name, settings, secret, on_news, total_s)
        self._texts = Texts(secrets.randbelow(90))

    @property
    def counts(self) -> dict[Treatment, int]:
        """Return how many text messages that came in had each treatment."""
        return dict(self._texts.counts)

    async def send(self, message: Message) -> Outcome:
        """Send the text message; never raises for what the network or the service does."""
        if why := self.not_now(message):
            return failed(why)
        code = self._texts.open(
            message.delivery, message.address, now_ms(), int(datetime.now(UTC).timestamp())
        )
        body = ask_by_text(message.preview, message.link, code)
        request = create_message(self.settings, self.secret, message.address, body)
        try:
            seen = await self.ask(request, read_message, created=True)
        except asyncio.CancelledError:
            self._texts.perhaps_sent(message.delivery)
            raise
        finally:
            self.wake.set()
        if isinstance(seen, str):
            if seen.startswith(_PERHAPS_OUT) or seen == CANNOT_READ:
                self._texts.perhaps_sent(message.delivery)
            else:
                self._texts.forget(message.delivery)
            return failed(seen)
        self._texts.sent(message.delivery, seen)
        news = self._texts.fate(message.delivery, seen)
        return sent("taken by the service") if news is None else Outcome(news.state, news.detail)

    async def cancel(self, delivery: str) -> None:
        """What is out stays out; an answer to it is told as late."""
        self._texts.unwanted(delivery)

    async def run(self) -> None:
        """Ask for receipts and answers until cancelled."""
        while True:
            age_ms = self._texts.age_ms(now_ms())
            if age_ms is not None:
                await self._round()
            await self.rest(age_ms)

    async def _round(self) -> None:
        waiting = self._texts.unsettled(now_ms())
        # Answers first: a person's word must not wait for receipts.
        heard = await self.ask(list_inbound(self.settings, self.secret, day_before()), read_inbound)
        for inbound in [] if isinstance(heard, str) else heard:
            await self._answered(inbound, self._texts.took(inbound))
        fates = await asyncio.gather(*(self._fate(delivery, sid) for delivery, sid in waiting))
        self.heard(next(filter(None, (heard if isinstance(heard, str) else "", *fates)), ""))

    async def _fate(self, delivery: str, sid: str) -> str:
        seen: MessageSeen | str = await self.ask(
            fetch_message(self.settings, self.secret, sid), read_message
        )
        if isinstance(seen, str):
            return seen
        if news := self._texts.fate(delivery, seen):
            self.on_news(news)
        return ""

    async def _answered(self, inbound: Inbound, took: Took) -> None:
        if took.news is not None:
            self.on_news(took.news)
        elif took.treatment in (Treatment.STRANGER, Treatment.WRONG):
            log.warning("a text message takes nothing", why=took.treatment.value)
        if took.reply:
            request = create_message(self.settings, self.secret, inbound.number, took.reply)
            told = await self.ask(request, read_message, created=True)
            if isinstance(told, str):
                log.warning("nobody could be told that an answer was not understood", why=told)


class Voice(TwilioWay):
    """A channel of calls from one number.

    Args:
        settings: the account, its number and its TwiML Bin.
        secret: the account's auth token, or the secret of the API key `key_sid`.
        on_news: told failures and answers.
        total_s: time for one request.
    """

    name: Final = "voice"

    def __init__(
        self,
        settings: TwilioSettings,
        secret: str,
        on_news: OnNews,
        total_s: float = TOTAL_S,
    ) -> None:
        super().__init__(self.name, settings, secret, on_news, total_s)
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._endings: set[asyncio.Task[None]] = set()

    async def send(self, message: Message) -> Outcome:
        """Have the person called; never raises for what the network or the service does."""
        if why := self.not_now(message):
            return failed(why)
        twiml = ask_by_voice(message.preview, self.settings.answer_url)
        request = create_call(self.settings, self.secret, message.address, twiml)
        asked = asyncio.create_task(self._dial(message.delivery, request))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            # The service may ring all the same: what it began is ended as soon as it is known.
            ending = asyncio.create_task(self._end_when_known(message.delivery, asked))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            raise

    async def _dial(self, delivery: str, request: Request) -> Outcome:
        seen = await self.ask(request, read_call, created=True)
        if isinstance(seen, str):
            return failed(seen)
        self._calls[delivery] = Call(delivery, seen.sid, self.settings.answer_url, now_ms())
        while len(self._calls) > KEPT:
            self._calls.popitem(last=False)
        self.wake.set()
        return sent("the service is calling")

    async def _end_when_known(self, delivery: str, asked: asyncio.Task[Outcome]) -> None:
        await asked
        await self.cancel(delivery)

    async def close(self) -> None:
        """End what is still to be ended, within the bounds of its requests; then disconnect."""
        if self._endings:
            await asyncio.wait(self._endings)
        await super().close()

    async def cancel(self, delivery: str) -> None:
        """Hang up, whether it rings or somebody listens; `run` does so again until it is done.

        A key that was pressed until then still counts.
        """
        call = self._calls.get(delivery)
        if call is None or call.over:
            return
        call.cancelled = True
        await self._end(call)

    async def run(self) -> None:
        """Ask for the fate of every open call until cancelled."""
        while True:
            calls = [call for call in self._calls.values() if not call.over]
            if calls:
                await self._round(calls)
            age_ms = min((now_ms() - call.at_ms for call in calls), default=None)
            await self.rest(age_ms)

    async def _round(self, calls: list[Call]) -> None:
        requests = (fetch_call(self.settings, self.secret, call.sid) for call in calls)
        states = await asyncio.gather(*(self.ask(request, read_call) for request in requests))
        # The keys after the states: what was pressed before a call ended is then on the list.
        keys = await self.ask(list_keys(self.settings, self.secret, day_before()), read_keys)
        self.heard(next((why for why in (keys, *states) if isinstance(why, str)), ""))
        for call, seen in zip(calls, states, strict=True):
            now = CallSeen(call.sid, "") if isinstance(seen, str) else seen
            if now_ms() - call.at_ms > FOLLOWED_MS:
                done = lost_sight(call)
            elif not isinstance(keys, str):
                done = step(call, now, keys)
            elif now.status != "completed":
                done = step(call, now, ())
            else:
                continue  # a call that has ended is judged with its keys
            for news in done.news:
                self.on_news(news)
            if call.cancelled and not call.over and now.status != "completed":
                await self._end(call)
            elif done.say:
                await self._say(call, done.say)

    async def _end(self, call: Call) -> None:
        request = change_call(self.settings, self.secret, call.sid)
        seen: CallSeen | str = await self.ask(request, read_call)
        if isinstance(seen, str):
            log.warning("a call could not be ended", delivery=call.delivery, why=seen)

    async def _say(self, call: Call, twiml: str) -> None:
        said = await self.ask(change_call(self.settings, self.secret, call.sid, twiml), read_call)
        if isinstance(said, str):
            log.warning("a caller could not be told that the answer arrived", why=said)
