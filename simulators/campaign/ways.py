"""Ways to people in virtual time: each takes a message, may deliver it, and brings an answer back.

A way behaves as its service would: it takes a while, hands over, proves delivery where that service
can, and carries the person's answer when there is one. A behaviour changes exactly one of these.
What is out when the hub is killed stays out, and its answer comes to the hub that runs then. Every
message that leaves is written into the log: the auditor reads nothing else.
"""

import asyncio
from collections.abc import Callable

from alerts.channel import News, OneWay, Outcome, failed, sent
from alerts.delivery import DeliveryState, Verdict
from alerts.message import Message
from simulators.campaign.behaviour import WAYS, Behaviour
from simulators.campaign.log import Answered, Learned, Log, Out, Outcomed, Stopped

__all__ = ["VirtualWay"]


_HANG_S = 4.0
_VOICEMAIL_S = 12.0


class VirtualWay(OneWay):
    """One channel. `behaviour` may be changed at any time; `answers` says who answers and when.

    Args:
        answers: the seconds after which this person answers a message that reached them by this
            way, and how; None: they do not.
        on_news: takes this way's news to the hub that runs; False when none does.
    """

    def __init__(
        self,
        name: str,
        log: Log,
        answers: Callable[[Message, str], tuple[float, Verdict] | None],
        on_news: Callable[[str, News], bool],
    ) -> None:
        self.name = name
        self.behaviour = Behaviour()
        self._facts = WAYS[name]
        self._log, self._answers, self._on_news = log, answers, on_news
        self._stopped: set[str] = set()

    async def send(self, message: Message) -> Outcome:
        """Take one message."""
        how = self.behaviour
        self._log.note(Out(self._log.now_s, self.name, message, reached=False))
        if how.refuses:
            await asyncio.sleep(0.02)
            return self._outcome(message, failed(how.refuses))
        if how.hangs:
            await asyncio.sleep(_HANG_S)
            return self._outcome(message, failed("timed out"))
        # Half of the time is the way there: from then on the message is out, whatever we hear.
        await asyncio.sleep((self._facts.takes_s + how.slow_s) / 2)
        self._go_on(message, how)
        await asyncio.sleep((self._facts.takes_s + how.slow_s) / 2)
        return self._outcome(message, sent())

    async def cancel(self, delivery: str) -> None:
        """Take it back: nobody is rung any more."""
        self._stopped.add(delivery)
        self._log.note(Stopped(self._log.now_s, self.name, delivery))

    def _outcome(self, message: Message, outcome: Outcome) -> Outcome:
        self._log.note(
            Outcomed(self._log.now_s, self.name, message.delivery, outcome.state, outcome.reason)
        )
        return outcome

    def _go_on(self, message: Message, how: Behaviour) -> None:
        """The message is on its way to the person; the hub may die meanwhile."""
        loop = asyncio.get_running_loop()
        if self.name == "voice" and how.voicemail:
            news = News(message.delivery, DeliveryState.FAILED, "voicemail")
            loop.call_later(_VOICEMAIL_S, self._bring, news, how)
            return
        reach_s = self._facts.receipt_s if self._facts.receipt_s is not None else 1.5
        loop.call_later(reach_s, self._reach, message, how)
        if self._facts.receipt_s is not None and not how.no_receipt:
            news = News(message.delivery, DeliveryState.DELIVERED)
            loop.call_later(reach_s, self._bring, news, how)

    def _reach(self, message: Message, how: Behaviour) -> None:
        if message.delivery in self._stopped:
            return
        self._log.note(Out(self._log.now_s, self.name, message, reached=True))
        answer = self._answers(message, self.name)
        if answer is None:
            return
        after_s, verdict = answer
        news = News(message.delivery, DeliveryState.ANSWERED, self.name, verdict)
        loop = asyncio.get_running_loop()
        loop.call_later(after_s + how.answer_late_s, self._answer, message, news, how)

    def _answer(self, message: Message, news: News, how: Behaviour) -> None:
        self._log.note(
            Answered(self._log.now_s, message.person, message.delivery, str(news.verdict))
        )
        self._bring(news, how)
        if how.wrong:
            wrong = News(f"{news.delivery}/no", DeliveryState.ANSWERED, "wrong", news.verdict)
            self._bring(wrong, how)

    def _bring(self, news: News, how: Behaviour) -> None:
        for _ in range(2 if how.twice else 1):
            heard = self._on_news(self.name, news)
            now_s = self._log.now_s
            self._log.note(Learned(now_s, self.name, news.delivery, news.state, heard))
