"""How the hub reaches people: its channels, joined to the loop.

A piece of the wiring: it opens the channels that the settings name, lets the hands give them what
the loop decides, keeps each listening for answers, watches the network that they need, and closes
them last. It decides nothing.

    people = People(hub, hands, config, base, texts)
    people.add(page_channel)
    people.listen(parts)
    await people.sender.drain(4.0)
    await people.close()
"""

from functools import partial
from pathlib import Path

from alerts.channel import Channel, News
from alerts.effects import CancelSend
from alerts.open_channels import open_channels
from alerts.secret_file import address_of
from alerts.texts import Texts
from monitor.channel_ears import hear
from monitor.config import Config
from monitor.house_hands import HouseHands
from monitor.hub import Hub
from monitor.message_for import message_for
from monitor.net_state import Target, targets_of
from monitor.net_watch import NetWatch
from monitor.parts import Parts
from monitor.sender import Sender

__all__ = ["People"]


class People:
    """The ways out: made inside the running loop.

    Raises:
        SecretError: a secret cannot be had.
    """

    def __init__(
        self, hub: Hub, hands: HouseHands, config: Config, base: Path, texts: Texts
    ) -> None:
        self._hub, self._config = hub, config
        ways = config.ways
        self._urls = ways.urls
        self._channels: dict[str, Channel] = open_channels(ways, base, self.on_news)
        self._network = NetWatch(hub, self._beyond_the_house)
        self.sender = Sender(
            self._channels,
            hub,
            config.record.intent_wait_ms,
            urls=self._urls,
            resolve=lambda address: address_of(address, base),
            say=partial(message_for, texts=texts, public_url=config.hub.public_url),
            heard=self._network.heard,
        )
        hands.senders.append(self.sender.send)
        hands.on(CancelSend, lambda bed, effect: self.sender.cancel(effect.delivery, bed.session))

    def on_news(self, news: News) -> None:
        """Take what a channel has learnt."""
        self.sender.on_news(news)

    def add(self, channel: Channel) -> None:
        """Add a channel that ends on the hub itself."""
        self._channels[channel.name] = channel

    def listen(self, parts: Parts) -> None:
        """Let every channel hear its answers, and look at the network."""
        for name, channel in self._channels.items():
            parts.go(hear(self._hub, channel), f"answers by {name}")
        parts.go(self._network.run(), "network")

    async def close(self) -> None:
        """Let go of every connection."""
        for channel in self._channels.values():
            await channel.close()

    def _beyond_the_house(self) -> tuple[Target, ...]:
        """Whoever must answer so that people can be told: services, webhooks, the watcher."""
        urls = [*self._urls.values(), self._config.watch.url]
        for bed in self._hub.ward.beds.values():
            for contact in bed.engine.alarms.post.contacts:
                urls += [way.address for way in contact.ways if way.channel == "webhook"]
        return targets_of(urls)
