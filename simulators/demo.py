"""A whole session for somebody to watch: a real hub, and a simulated home that talks to it by MQTT.

The broker is the outside thing: the world's devices publish readings and keep each until the hub
has it, its people publish check-ins and orders, and all of them know of the hub only what the hub
publishes. The hub is a process of its own (`hub_process`); what happens in the home is decided in
`world`, when in `pace`, what is shown in `view`.

    code = await run_demo(find("standard"), hub, seed=1, speed=60, view=view)
"""

import asyncio
import random
from collections import deque
from dataclasses import dataclass

import msgspec
from numpy.random import default_rng

from devices.checkin import CheckIn
from devices.command import Command, Order
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, LinkChange, MqttSettings, NotSentError
from devices.observation import DeviceReport, Mode
from devices.outbound import encode_check_in, encode_command
from devices.topic import ROOT, Inbound, inbound_topic
from monitor.session import OVER
from simulators.board import Board, BoardError, Line, read_board, read_effect, refusal
from simulators.hub_process import HubError, HubProcess
from simulators.pace import Pace, Tally
from simulators.publisher import ReadingPublisher
from simulators.scenario import Scenario
from simulators.view import View
from simulators.world import CUFF, OXIMETER, Said, World

__all__ = ["run_demo"]

_OVER = frozenset(phase.value for phase in OVER)
_FIRST_BOARD_S = 30.0
_LONGEST_MS = 6 * 3_600_000
_FRAME_S = 0.25
_LAST_ACKS_S = 5.0
_TRIES = 50


@dataclass(frozen=True, slots=True)
class _Letter:
    topic: str
    payload: bytes


class _Home:
    """The simulated home on the wire. All methods belong to one loop."""

    def __init__(
        self, scenario: Scenario, hub: HubProcess, *, seed: int, speed: float, view: View
    ) -> None:
        self.board: Board | None = None
        self.tally = Tally()
        self._scenario = scenario
        self._hub = hub
        self._seed = seed
        self._speed = speed
        self._view = view
        self._pace = Pace(speed)
        self._world: World | None = None
        self._letters: deque[_Letter] = deque()
        self._wake = asyncio.Event()
        self._first_board = asyncio.Event()
        self._taps = 0
        rng = random.Random(seed)
        self._devices = {
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
        await self._hub.open_session()
        try:
            async with asyncio.timeout(_FIRST_BOARD_S):
                await self._first_board.wait()
        except TimeoutError:
            raise HubError(f"the hub published no snapshot in {_FIRST_BOARD_S:g} s") from None
        began_ms = self._world_now().now_ms
        next_frame_ms = 0
        while (board := self._shown()).phase not in _OVER:
            self._hub.check()
            now_ms = self._now_ms()
            world = self._world_now()
            for said in world.advance(self._pace.hub_ms(now_ms), board):
                self._send(said)
            if world.now_ms - began_ms > _LONGEST_MS:
                raise HubError(f"the session is still in phase {board.phase} after 6 h")
            if now_ms >= next_frame_ms:
                next_frame_ms = now_ms + round(_FRAME_S * 1000)
                self._view.show(board, silent_ms=self._pace.silent_ms(now_ms))
            await asyncio.sleep(min(max(0.5 / self._speed, 0.005), _FRAME_S))
        self._view.show(board, silent_ms=0)
        return self._shown()

    def _send(self, said: Said) -> None:
        what = said.what
        if isinstance(what, DeviceReport):
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
        self.tally.hear(effect)
        if (line := refusal(effect)) is not None and self.board is not None:
            self._view.note(line, self.board)

    def _take(self, board: Board) -> None:
        if self.board is not None and board.session != self.board.session:
            raise BoardError(f"a board of session {board.session} beside {self.board.session}")
        self.board = board
        self.tally.take(board)
        self._pace.heard(hub_ms=board.at_ms, own_ms=self._now_ms())
        if self._world is None:
            self._world = World(
                self._scenario,
                default_rng(self._seed),
                session=board.session,
                mode=Mode.DEMO,
                start_ms=board.at_ms,
                gate_items=tuple(board.gate),
            )
            self._first_board.set()

    def _linked(self, change: LinkChange) -> None:
        if self.board is not None:
            self._view.note(Line(self.board.at_ms, f"people's link: {change.reason}"), self.board)

    def _shown(self) -> Board:
        if self.board is None:
            raise HubError("the hub has published no snapshot yet")
        return self.board

    def _world_now(self) -> World:
        if self._world is None:
            raise HubError("the world has not begun: the hub has published no snapshot yet")
        return self._world

    @staticmethod
    def _now_ms() -> int:
        return round(asyncio.get_running_loop().time() * 1000)


async def run_demo(
    scenario: Scenario, hub: HubProcess, *, seed: int, speed: float, view: View
) -> tuple[Tally, Board]:
    """Play one session against a running hub; return its alarms and its last board.

    Raises:
        HubError: see `_Home.run`.
        BoardError: the hub published what is no snapshot.
    """
    home = _Home(scenario, hub, seed=seed, speed=speed, view=view)
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
