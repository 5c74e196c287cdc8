"""A channel that does not hear is said and started again, and never ends the hub."""

import asyncio
import contextlib
from typing import Any

import pytest

from alerts.channel import OneWay, Outcome, sent
from alerts.message import Message
from monitor.channel_ears import hear
from tests.integration.hub_house import until

pytestmark = pytest.mark.integration
LOOK_S = 0.01


class Hub:
    """Keeps the conditions that were said, each change once."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool, str]] = []

    def condition(self, name: str, *, present: bool, detail: str) -> None:
        """Note a change."""
        if not self.said or self.said[-1] != (name, present, detail):
            self.said.append((name, present, detail))


class Ear(OneWay):
    """A channel whose listening the test scripts: how each run ends."""

    name = "sms"

    def __init__(self, *ends: str) -> None:
        self.ends = list(ends)
        self.runs = 0
        self.deaf_why = ""

    async def send(self, message: Message) -> Outcome:  # noqa: ARG002 - nothing goes out here
        """Nothing to do."""
        return sent()

    async def run(self) -> None:
        """End as the script says, else listen for ever."""
        self.runs += 1
        end = self.ends.pop(0) if self.ends else "listen"
        if end == "raise":
            raise RuntimeError("+15550100")
        if end == "listen":
            await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def hearing(ear: Ear) -> Any:
    """Hear for as long as the block lasts; give the hub."""
    hub: Any = Hub()
    task = asyncio.create_task(hear(hub, ear, LOOK_S))
    try:
        yield hub
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_a_run_that_raises_is_told_without_its_words_and_started_again() -> None:
    """What the error says may be a number; the condition ends when the next run lasts."""
    ear = Ear("raise", "end")
    async with hearing(ear) as hub:
        await until(lambda: ear.runs == 3 and not hub.said[-1][1], 5)
    assert hub.said == [
        ("channel:sms", True, "answers by sms are not heard: our bug: RuntimeError"),
        ("channel:sms", True, "answers by sms are not heard: it has ended by itself"),
        ("channel:sms", False, "answers are heard"),
    ]


async def test_a_way_without_answers_is_left_alone() -> None:
    """It returns at once: nothing is wrong, and it is not started again."""
    ear = Ear("end")
    async with hearing(ear) as hub:
        await asyncio.sleep(0.2)
    assert (ear.runs, hub.said) == (1, [])


async def test_a_way_that_is_deaf_for_long_is_said_until_it_hears() -> None:
    """A short silence is no news."""
    ear = Ear()
    async with hearing(ear) as hub:
        ear.deaf_why = "refused"
        await asyncio.sleep(0.1)
        assert hub.said == []
        await until(lambda: bool(hub.said), 5)
        ear.deaf_why = ""
        await until(lambda: not hub.said[-1][1], 5)
    assert hub.said == [
        ("channel:sms", True, "answers by sms are not heard: refused"),
        ("channel:sms", False, "answers are heard"),
    ]
