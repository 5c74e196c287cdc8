"""SIGKILL at any moment of a running escalation: no message is lost, and no repeat is unmarked.

Real supervised hubs, four at a time (a hub that dies often is started again after up to 5 s), each
with a latched high alarm, a lease, and people who are reached slowly. Hub time runs ten times as
fast, so that rungs and time-outs fall into every life. `VIGIL_LONG=1` kills 200 times.
"""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from alerts.book import Alarm
from alerts.signal import Pattern
from alerts.tone import wav
from monitor.control import ControlError
from monitor.events import MonitorDown
from monitor.journal import Record
from monitor.recovery import recover
from simulators.services.faults import Faults
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN
from tests.integration.hub_house import RunningHub, house, until
from tests.integration.kill_promises import Carried, held
from tests.integration.slow_people import Webhook, audit, webhook

pytestmark = pytest.mark.integration

HOUSES = 4
KILLS = 200 if os.environ.get("VIGIL_LONG") == "1" else 20
SPEED = 10.0
NTFY_MS = 700
# A hub that dies again and again is started after 5 s; then it loads, and recovers.
BACK_S = 30.0
NOTICED_MS = 5_000
MOMENTS = ("sending", "sending", "answering", "settled", "starting")


class Life:
    """One house whose hub is killed again and again."""

    def __init__(self, hub: RunningHub, people: Webhook, rng: random.Random) -> None:
        self.hub, self.people, self.rng = hub, people, rng
        self.played = hub.folder / "played"
        self.ends: list[list[Record]] = []
        self.killed_ms: list[float] = []
        self.in_flight = 0
        self.sounded = 0
        self.recorded: Counter[str] = Counter()
        self.dead = 0
        self.records: list[Record] = []
        self.found = audit([], [], [])
        self.carried = Carried()

    def bursts(self, pattern: Pattern) -> int:
        """How often the room has heard a pattern."""
        lines = self.played.read_text().split() if self.played.exists() else []
        return lines.count(str(len(wav(pattern.value))))

    def open_alarms(self) -> dict[str, Alarm]:
        """What is wrong by the record, by family."""
        return recover(self.hub.records()).engine.alarms.book.open

    async def begin(self) -> None:
        """Help is called and the call taken back: latched. The companion takes another alarm."""
        await self.hub.start(speed=SPEED)
        await self.hub.open()
        await self.order({"do": "help"})
        await self.order({"do": "cancel_help"})
        assert self.open_alarms()["panic"].rows["PANIC"].latched
        await until(lambda: "no_signal" in self.open_alarms(), 10)
        await self.order(self.accept())
        await asyncio.sleep(1.2)  # one beat: the supervisor knows that a session is open

    def accept(self) -> dict[str, str]:
        """The order with which the companion takes the silent oximeter's alarm."""
        return {"do": "accept", "alarm": self.open_alarms()["no_signal"].id}

    async def order(self, order: dict[str, str]) -> None:
        """The companion orders; what is said to be recorded must be in the record for ever."""
        with contextlib.suppress(ControlError):
            reply = await self.hub.ask("order", session="s1", by="companion", order=order)
            if reply["ok"] and reply["recorded"]:
                self.recorded[order["do"]] += 1

    async def moment(self) -> None:
        """Wait for the moment of the next kill, or make it."""
        kind = self.rng.choice(MOMENTS)
        if kind == "starting":
            await asyncio.sleep(self.rng.uniform(0, 2))
            return
        await self.settle()
        if not recover(self.hub.records()).engine.alarms.cares[self.accept()["alarm"]].leases:
            # It has ended, or an upgrade has ended it.
            await self.order(self.accept())
        if kind == "sending":
            await self.order({"do": "help"})
            await self.order({"do": "cancel_help"})
            await until(lambda: self.people.waiting > 0, 20)
            await asyncio.sleep(self.rng.uniform(0, 0.1))
        elif kind == "answering":
            choices = (self.accept(), {"do": "help"}, {"do": "cancel_help"})
            task = asyncio.create_task(self.order(self.rng.choice(choices)))
            await asyncio.sleep(self.rng.uniform(0, 0.03))
            self.kill()
            await task
        else:
            await asyncio.sleep(self.rng.uniform(0, 3))

    async def settle(self) -> None:
        """The hub is back: it says for how long it was away, and sounds what still stands."""
        before = self.bursts(Pattern.HIGH)
        lives = 1 + len({len(records) for records in self.ends})
        await until(lambda: len(self.hub.events(MonitorDown)) + 1 == lives, BACK_S)
        if recover(self.hub.records()).engine.alarms.sound[0] is Pattern.HIGH:
            await until(lambda: self.bursts(Pattern.HIGH) > before, 8)
            self.sounded += 1

    def kill(self) -> None:
        """SIGKILL, as the power would."""
        self.in_flight += self.people.waiting > 0
        self.dead = self.hub.hub_pid()
        self.killed_ms.append(time.time() * 1000)
        os.kill(self.dead, signal.SIGKILL)

    def lives(self) -> bool:
        """Whether another hub than the killed one was started."""
        words = (self.hub.data_dir / "hub.pid").read_text().split()
        return bool(words) and int(words[0]) != self.dead

    async def die_and_return(self) -> None:
        """Kill the hub unless it is dead, keep its record as it was then, wait for the next hub."""
        if self.lives():
            self.kill()
        await until(lambda: not Path(f"/proc/{self.dead}").exists(), 5)
        self.ends.append(self.hub.records())
        await until(self.lives, BACK_S)


async def live(folder: Path, number: int) -> Life:
    """One house from its first start to the audit of everything that reached anybody."""
    rng = random.Random(number)  # noqa: S311 - a test's own
    player = folder / "bin" / "aplay"
    player.parent.mkdir(parents=True)
    async with house(folder, supervised=True) as hub:
        player.write_text(f"#!/bin/sh\nwc -c >> {hub.folder}/played\nsleep 0.1\n")
        player.chmod(0o755)
        hub.environ = {"PATH": f"{player.parent}:{os.environ['PATH']}"}
        with webhook(rng) as people, FakeNtfy(Faults(slow_ms=NTFY_MS), ("ignore",)) as ntfy:
            (hub.folder / "token").write_text(TOKEN)
            hub.settings = {
                "alarm": {"speaker": True},
                # On a busy disk a message would else go before its record: then a kill can hide it.
                "record": {"intent_wait_ms": 1000},
                "channels.ntfy": {"enabled": True, "base_url": ntfy.url, "token_file": "token"},
            }
            ways = (
                f'ways = [{{ channel = "webhook", address = "{people.url}/a" }}, '
                f'{{ channel = "webhook", address = "{people.url}/b" }}, '
                '{ channel = "ntfy", address = "someone" }]'
            )
            hub.patient(plan="default", ways={"companion": ways, "physician": ways})
            life = Life(hub, people, rng)
            await life.begin()
            for _ in range(KILLS // HOUSES):
                await life.moment()
                await life.die_and_return()
            await life.settle()

            def quiet() -> bool:
                # What came is read first: every message has its record before it goes.
                came = [*people.got], [*ntfy.seen]
                life.records = hub.records()
                life.found = audit(life.records, *came)
                return not life.found.lost

            with contextlib.suppress(TimeoutError):
                await until(quiet, 10)
    judge(life)
    return life


def judge(life: Life) -> None:
    """Hold everything that was kept against the promises."""
    found = life.found
    assert (found.unexpected, found.lost, found.odd) == ([], [], [])
    # The supervisor pages too: after a kill, everybody once by each way at most.
    after = [[at_ms - killed for killed in life.killed_ms] for at_ms in found.stopped]
    assert found.stopped
    assert all(any(0 <= ms < NOTICED_MS for ms in each) for each in after), after
    life.carried = held(life.records, life.ends, life.recorded)


@pytest.mark.timeout(150 + 9 * KILLS // HOUSES * 2)
async def test_no_kill_loses_a_message_or_changes_what_was_promised(tmp_path: Path) -> None:
    """20 SIGKILLs of four hubs: same alarms, deadlines and leases, and the sound again.

    Of the messages none is lost, each comes at most once more for each kill, then marked, and
    nobody gets one that the record does not hold.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(live(tmp_path / str(i), i)) for i in range(HOUSES)]
    lives = [task.result() for task in tasks]
    assert sum(len(life.ends) for life in lives) == KILLS
    # Else the kills would prove nothing.
    counts = {
        "messages under way": sum(life.in_flight for life in lives),
        "sounded again": sum(life.sounded for life in lives),
        "leases": sum(life.carried.leases for life in lives),
        "deadlines": sum(life.carried.due for life in lives),
        "repeats": sum(life.carried.repeats for life in lives),
    }
    assert [what for what, count in counts.items() if count < KILLS // 4] == []
