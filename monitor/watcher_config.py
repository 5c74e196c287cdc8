r"""The settings of `vigil watch`, the watcher on another machine: the text of `watch.toml`.

Where it listens, whose leases it takes, whom it pages besides the people of a lease, and the ways
to people, which are written as in `config.toml`. Secrets stand in files that keys ending in `_file`
name. This module never opens one.

>>> load_watcher('[[hubs]]\nid = "home"\nsecret_file = "home.secret"').hubs[0].id
'home'
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from alerts.channel_settings import ChannelSettings
from alerts.contact import Way
from monitor.channels_config import ChannelsConfig, check_channels, settings_of
from monitor.config import AlarmConfig
from monitor.faults import Faults, FaultsError, convert, read_toml
from monitor.watch_config import HubId

__all__ = [
    "HubEntry",
    "PersonEntry",
    "WatcherConfig",
    "WatcherError",
    "WatcherTable",
    "load_watcher",
]

WATCHER_NAME: Final = "watch.toml"

_FilePath = Annotated[
    str, Meta(max_length=4096, description="a path, or nothing between the quotes")
]


class WatcherError(FaultsError):
    """`watch.toml` cannot be used; `faults` names every reason at once."""


class HubEntry(Struct, frozen=True):
    """[[hubs]]. One hub whose leases are taken."""

    id: HubId
    secret_file: Annotated[str, Meta(min_length=1, max_length=4096, description="a file's path")]


class PersonEntry(Struct, frozen=True):
    """[[people]]. One person who is told besides those of a lease."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    ways: Annotated[tuple[Way, ...], Meta(min_length=1, max_length=8)]


class WatcherTable(Struct, frozen=True):
    """[watch]. Without a certificate the door speaks plain HTTP."""

    host: Annotated[str, Meta(min_length=1, max_length=253, description="a host or address")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")] = 8790
    data_dir: Annotated[str, Meta(min_length=1, max_length=4096, description="a folder")] = "watch"
    certificate_file: _FilePath = ""
    key_file: _FilePath = ""
    speaker: bool = True


class WatcherConfig(Struct, frozen=True):
    """Everything in `watch.toml`; `alarm` and `channels` are the ways out of `config.toml`."""

    hubs: Annotated[tuple[HubEntry, ...], Meta(min_length=1, max_length=64)]
    watch: WatcherTable = WatcherTable()
    people: Annotated[tuple[PersonEntry, ...], Meta(max_length=16)] = ()
    alarm: AlarmConfig = AlarmConfig()
    channels: ChannelsConfig = ChannelsConfig()

    @property
    def ways(self) -> ChannelSettings:
        """The ways out that are enabled."""
        alarm = self.alarm
        return settings_of(
            self.channels,
            alarm.webhook_connect_ms,
            alarm.webhook_total_ms,
            alarm.webhook_token_file,
        )


def load_watcher(text: str, where: str = WATCHER_NAME) -> WatcherConfig:
    """Return the watcher's settings in `text`; `where` names the file in messages.

    Raises:
        WatcherError: with one line for every fault.
    """
    faults = Faults()
    mapping = read_toml(text, where, faults)
    config = None if mapping is None else convert(WatcherConfig, mapping, where, faults)
    if config is not None:
        _check_together(config, where, faults)
    if config is None or faults:
        raise WatcherError(faults)
    return config


def _check_together(config: WatcherConfig, where: str, faults: Faults) -> None:
    """Note settings that are right one by one and wrong beside each other."""
    check_channels(config.channels, where, faults)
    names = [hub.id for hub in config.hubs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        faults.add(f"{where}: hubs", f"{', '.join(twice)} stands twice", "name each hub once")
    if bool(config.watch.certificate_file) != bool(config.watch.key_file):
        faults.add(
            f"{where}: watch.key_file",
            "a certificate and its key belong together",
            "name both or neither",
        )
