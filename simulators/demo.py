"""A whole session for somebody to watch: a real hub, and a simulated home that talks to it by MQTT.

The broker is the outside thing: the world's devices publish readings and keep each until the hub
has it, its people publish check-ins and orders, and all of them know of the hub only what the hub
publishes. The hub is a process of its own (`hub_process`); what happens in the home is decided in
`world`, when in `pace`, what is shown in `view`. At speed the two keep step by a page of memory
(`monitor.home_clock`): on a busy machine both are slower, and nothing else happens.

    code = await run_demo(find("standard"), hub, seed=1, speed=60, view=view)
"""

import asyncio
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Protocol

import msgspec
from numpy.random import default_rng

from devices.checkin import CheckIn
from devices.command import Command, Order
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, LinkChange, MqttSettings, NotSentError
from devices.observation import DeviceReport, Mode
from devices.outbound import encode_check_in, encode_command
from devices.topic import ROOT, Inbound, inbound_topic
from monitor.session import OVER, Phase
from simulators.board import Board, BoardError, Line, effect_line, read_board, read_effect
from simulators.hub_process import HubError, HubProcess
from simulators.pace import Pace, Tally, reach_ms
from simulators.publisher import ReadingPublisher
from simulators.scenario import Scenario
from simulators.view import View
from simulators.world import CUFF, OXIMETER, Said, World

__all__ = ["Sender", "run_demo"]

# A day of follow-up is no demo: it ends with the discharge.
_OVER = frozenset(phase.value for phase in (*OVER, Phase.FOLLOW_UP))
_FIRST_BOARD_MS = 60_000
_LONGEST_MS = 6 * 3_600_000
_STOOD_MS = 60_000
_FRAME_S = 0.25
_TRIES = 50


class Sender(Protocol):
    """A device that sends reports: by MQTT, or by Bluetooth."""

    link: LinkChange

    def put(self, report: DeviceReport) -> object:
        """Send one report."""
        ...

    async def run(self) -> None:
        """Live until cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class _Letter:
    topic: str
    payload: bytes


class _Home:
    """The simulated home on the wire. All methods belong to one loop."""

    def __init__(
        self,
        scenario: Scenario,
        hub: HubProcess,
        *,
        seed: int,
        speed: float,
        view: View,
        senders: Mapping[str, Sender] | None = None,
    ) -> None:
        self.board: Board | None = None
        self.tally = Tally()
        self._hub = hub
        self._speed = speed
        self._view = view
        self._pace = Pace(speed, own_ms=self._now_ms())
        self._page = hub.page
        self._sent_ms = -1
        self._opening: asyncio.Task[None] | None = None
        self._world = World(scenario, default_rng(seed), mode=Mode.DEMO, start_ms=0)
        self._early: list[Line] = []
        self._letters: deque[_Letter] = deque()
        self._wake = asyncio.Event()
        self._taps = 0
        rng = random.Random(seed)
        self._devices: Mapping[str, Sender] = senders or {
            name: ReadingPublisher(
                hub.host,
                hub.port,
                device=name,
                boot_id=f"demo-{seed}",
                rng=rng,
                login=hub.login,
            )
            for name in (OXIMETER, CUFF)
        }
        user, password = hub.login
        settings = MqttSettings(
            host=hub.host,
            port=hub.port,
            identifier="vigil-demo-people",
            subscriptions=(f"{ROOT}/session/+/snapshot", f"{ROOT}/session/+/alarm"),
            username=user,
            password=password,
        )
        self._adapter = MqttAdapter(settings, on_message=self._heard, on_link=self._linked, rng=rng)

    async def run(self) -> Board:
        """Live until the session is over; return the last board.

        Raises:
            HubError: the hub ended, stayed silent, or the session never came to its end.
        """
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(device.run()) for device in self._devices.values()]
            tasks.append(group.create_task(self._adapter.run()))
            tasks.append(group.create_task(self._post()))
            board = await self._live()
            for task in tasks:
                task.cancel()
        return board

    async def _live(self) -> Board:
        """Let the home live. The devices stream before somebody opens the session."""
        began_ms = self._now_ms()
        next_frame_ms = 0
        try:
            while (board := self.board) is None or board.phase not in _OVER:
                now_ms = self._now_ms()
                self._check(board, now_ms - began_ms)
                if self._opening is None:
                    if all(one.link.subscribed for one in self._devices.values()):
                        self._opening = asyncio.create_task(self._hub.open_session())
                elif self._opening.done():
                    self._opening.result()
                to_ms = self._pace.world_ms(now_ms, self._may_reach_ms())
                for said in self._world.advance(to_ms, board):
                    self._send(said)
                if self._page is not None:
                    self._page.say(sent_ms=self._sent_ms, world_ms=self._world.now_ms)
                if board is not None and now_ms >= next_frame_ms:
                    next_frame_ms = now_ms + round(_FRAME_S * 1000)
                    self._view.show(board, silent_ms=self._pace.silent_ms(now_ms))
                await asyncio.sleep(min(max(0.5 / self._speed, 0.005), _FRAME_S))
        finally:
            if self._opening is not None:
                self._opening.cancel()
        self._view.show(board, silent_ms=0)
        return board

    def _check(self, board: Board | None, past_ms: int) -> None:
        """Everything here has a bound."""
        self._hub.check()
        if board is None and past_ms > _FIRST_BOARD_MS:
            raise HubError(f"the hub has shown no session for {past_ms // 1000} s")
        if self._world.now_ms > _LONGEST_MS:
            raise HubError(f"no end after 6 h: {board.phase if board else 'no session'}")
        stood_ms = self._pace.stood_ms(self._now_ms())
        if stood_ms > _STOOD_MS:
            raise HubError(f"the hub has recorded no reading for {stood_ms // 1000} s")

    def _may_reach_ms(self) -> float:
        """While somebody opens the session the home stands still: nobody watches it yet."""
        page = self._page
        if page is None:
            return inf
        if self.board is None:
            return inf if self._opening is None else self._world.now_ms
        return reach_ms(self._world.now_ms, sent_ms=self._sent_ms, recorded_ms=page.recorded_ms)

    def _send(self, said: Said) -> None:
        what = said.what
        if isinstance(what, DeviceReport):
            if self._page is not None and said.by == OXIMETER:
                # For the hub's clock alone. Of one device, or one could overtake the other.
                what = msgspec.structs.replace(what, measured_ms=said.at_ms)
                if self.board is not None:
                    self._sent_ms = said.at_ms
            self._devices[said.by].put(what)
            return
        self._taps += 1
        tap = f"tap-{self._taps}"
        board = self._shown()
        if isinstance(what, CheckIn):
            topic = inbound_topic(Inbound.CHECK_IN, said.by)
            payload = encode_check_in(
                session=board.session, mode=board.mode, codes=what.codes, id=tap
            )
        else:
            topic = inbound_topic(Inbound.COMMAND, said.by)
            order: Order = msgspec.structs.replace(what, id=tap)
            payload = encode_command(Command(said.by, order))
        self._letters.append(_Letter(topic, payload))
        self._wake.set()

    async def _post(self) -> None:
        """Send what people said, in order; each has an id, so a repetition counts once."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._letters:
                await self._deliver(self._letters[0])
                self._letters.popleft()

    async def _deliver(self, letter: _Letter) -> None:
        for attempt in range(_TRIES):
            try:
                await self._adapter.publish(letter.topic, letter.payload)
            except NotSentError:
                await asyncio.sleep(min(0.1 * (attempt + 1), 1.0))
            else:
                return
        raise HubError(f"{letter.topic} could not be sent in {_TRIES} tries")

    def _heard(self, incoming: Incoming) -> None:
        """Take one message of the hub: a snapshot, or a line about an alarm or a refusal."""
        self._adapter.acknowledge(incoming.token)
        if incoming.topic.endswith("/snapshot"):
            self._take(read_board(incoming.payload))
            return
        effect = read_effect(incoming.payload)
        self._world.hear(effect)
        self.tally.hear(effect)
        if (line := effect_line(effect)) is not None:
            self._note(line)

    def _take(self, board: Board) -> None:
        if self.board is not None and board.session != self.board.session:
            raise BoardError(f"a board of session {board.session} beside {self.board.session}")
        self._pace.heard(self._now_ms())
        self.tally.take(board)
        is_first = self.board is None
        self.board = board
        if is_first:
            self._view.show(board, silent_ms=0)
            for line in self._early:
                self._view.note(line, board)

    def _note(self, line: Line) -> None:
        """Lines that come before the first board wait for it: only it knows the session's time."""
        if self.board is None:
            self._early.append(line)
        else:
            self._view.note(line, self.board)

    def _linked(self, change: LinkChange) -> None:
        if self.board is not None:
            self._note(Line(self.board.at_ms, f"the people's link: {change.reason}"))

    def _shown(self) -> Board:
        if self.board is None:
            raise HubError("somebody acted before the session was open: a fault of the world")
        return self.board

    @staticmethod
    def _now_ms() -> int:
        return round(asyncio.get_running_loop().time() * 1000)


async def run_demo(
    scenario: Scenario,
    hub: HubProcess,
    *,
    seed: int,
    speed: float,
    view: View,
    senders: Mapping[str, Sender] | None = None,
) -> tuple[Tally, Board]:
    """Play one session against a running hub; return its alarms and its last board.

    `senders` are the two devices by name; left out, they send by MQTT.

    Raises:
        HubError: see `_Home.run`.
        BoardError: the hub published what is no snapshot.
    """
    home = _Home(scenario, hub, seed=seed, speed=speed, view=view, senders=senders)
    try:
        board = await home.run()
    except BaseExceptionGroup as group:
        known, other = group.split((HubError, BoardError))
        if known is None or other is not None:
            raise
        first: BaseException = known
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return home.tally, board
