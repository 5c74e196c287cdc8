"""How the hub reaches people and is heard in the room: channels and speaker, joined to the loop.

A piece of the wiring: it builds the channels from the settings, lets the hands give them what the
loop decides, and closes them last. It decides nothing.

    people = People(hub, hands, config, base)
    await people.sender.drain(4.0)
    await people.close()
"""

import sys
from pathlib import Path

from alerts.beeps import Beeps
from alerts.channel import Channel
from alerts.console import Console
from alerts.effects import CancelSend
from alerts.secret_file import read_secret
from alerts.signal import Pattern
from alerts.sound_proof import TestSound
from alerts.sound_turn import SoundTurn
from alerts.speaker import Speaker
from alerts.webhook import Webhook
from monitor.config import Config
from monitor.house_hands import HouseHands
from monitor.hub import Hub
from monitor.sender import Sender

__all__ = ["People"]


class People:
    """The ways out: made inside the running loop.

    Raises:
        SecretError: a file that holds a secret cannot be used.
    """

    def __init__(self, hub: Hub, hands: HouseHands, config: Config, base: Path) -> None:
        self._hub = hub
        alarm = config.alarm
        token_file = alarm.webhook_token_file
        token = read_secret(base / token_file) if token_file else None
        self._turn = SoundTurn()
        self.speaker = Speaker(self._no_sound, turn=self._turn) if alarm.speaker else None
        self._beeps = Beeps(self._not_heard)
        if self.speaker is not None:
            hands.sounds.append(self._play)
            hands.on(TestSound, lambda _, effect: self._beeps.play(effect.bursts, self._turn))
        self._channels: dict[str, Channel] = {
            "console": Console(sys.stderr),
            "webhook": Webhook(
                token, alarm.webhook_connect_ms / 1000, alarm.webhook_total_ms / 1000
            ),
        }
        self.sender = Sender(self._channels, hub, config.record.intent_wait_ms)
        hands.senders.append(self.sender.send)
        hands.on(CancelSend, lambda bed, effect: self.sender.cancel(effect.delivery, bed.session))

    def add(self, channel: Channel) -> None:
        """One more way, from before the first message."""
        self._channels[channel.name] = channel

    def _play(self, pattern: Pattern) -> None:
        if self.speaker is not None:
            self.speaker.play(pattern.value)

    def _no_sound(self, missing: bool, reason: str) -> None:
        self._hub.condition("sound", present=missing, detail=reason)

    def _not_heard(self, reason: str) -> None:
        detail = f"the test sound was not played: {reason}"
        self._hub.condition("sound", present=True, detail=detail, passing=True)

    async def close(self) -> None:
        """Be silent and let go of every connection."""
        await self._beeps.close()
        if self.speaker is not None:
            await self.speaker.close()
        for channel in self._channels.values():
            await channel.close()
