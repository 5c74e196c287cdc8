"""How the hub is heard and seen in the room: loudspeaker, lamp and voice, joined to the loop.

A piece of the wiring: the loudest pattern goes to speaker and lamp, a line that is due to the
voice, which shares the loudspeaker with the bursts, and test bursts to the speaker. A part that
does not work is a condition of the hub. It decides nothing.

    room = Room(hub, hands, config, texts)
    await room.close()
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from alerts.effects import Speak
from alerts.light import Light
from alerts.player import COMMAND, play
from alerts.signal import Pattern
from alerts.sound_proof import TestSound
from alerts.sound_turn import SoundTurn
from alerts.speaker import Speaker
from alerts.spoken import Spoken
from alerts.texts import Texts
from alerts.tone import beeps, wav_of
from monitor.config import Config
from monitor.house_hands import HouseHands
from monitor.hub import Hub
from monitor.message_for import spoken_line
from monitor.ward import Bed

__all__ = ["Room"]

_GRACE_S: Final = 5.0
_WAIT_S: Final = 15.0
_MOST_TASKS: Final = 8

log = structlog.get_logger("vigil.room")


class Room:
    """What is in the room, as the settings say: made inside the running loop."""

    def __init__(self, hub: Hub, hands: HouseHands, config: Config, texts: Texts) -> None:
        self._hub = hub
        self._texts = texts
        self._turn = SoundTurn()
        self._tasks: set[asyncio.Task[None]] = set()
        channels = config.channels
        self.speaker = (
            Speaker(self._teller("sound"), turn=self._turn) if config.alarm.speaker else None
        )
        self.light = (
            Light(channels.light.pin, self._teller("room:light"))
            if channels.light.enabled
            else None
        )
        speaks = channels.spoken.enabled
        told = self._teller("room:voice")
        self.voice = Spoken(told, language=texts.language) if speaks else None
        hands.sounds.append(self._show)
        hands.on(Speak, self._speak)
        hands.on(TestSound, self._test)

    async def close(self) -> None:
        """Be silent and dark."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.speaker is not None:
            await self.speaker.close()
        if self.light is not None:
            await self.light.close()

    def _teller(self, condition: str) -> Callable[[bool, str], None]:
        """Return what a part calls when it does not work, and when it does again."""

        def tell(missing: bool, reason: str) -> None:
            self._hub.condition(condition, present=missing, detail=reason)

        return tell

    def _show(self, pattern: Pattern) -> None:
        if self.speaker is not None:
            self.speaker.play(pattern.value)
        if self.light is not None:
            self.light.show(pattern.value)

    def _speak(self, bed: Bed, speak: Speak) -> None:
        if self.voice is not None:
            self._start(
                self._say(self.voice, spoken_line(bed, speak, self._texts), speak.alarm), "speak"
            )

    async def _say(self, voice: Spoken, text: str, alarm: str) -> None:
        if why := await voice.say(text, self._turn):
            log.warning("a line was not said", alarm=alarm, why=why)

    def _test(self, bed: Bed, test: TestSound) -> None:
        if self.speaker is None:
            log.warning("no test sound: the speaker is off", session=bed.session)
        else:
            self._start(self._beep(test.bursts), "test sound")

    async def _beep(self, count: int) -> None:
        """Play the beeps in the loudspeaker's turn; a new alarm is heard before them."""
        burst = beeps(count)
        limit_s = burst.length_ms / 1000 + _GRACE_S
        try:
            async with asyncio.timeout(_WAIT_S), self._turn.speech():
                why = await play(COMMAND, wav_of(burst), limit_s)
        except TimeoutError:
            why = "an alarm sounds"
        if why:
            # Nothing was heard, so nobody can say the number: the sound stays unproved.
            log.warning("no test sound", why=why)

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        if len(self._tasks) >= _MOST_TASKS:
            coroutine.close()
            log.warning("too much waits for the loudspeaker", what=name)
            return
        task = asyncio.create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
