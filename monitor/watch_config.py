"""The hub's `[watch]`: who notices from outside that the hub, or the whole house, is dead.

The secrets stand in files that keys ending in `_file` name. This module never opens one.

>>> WatchConfig().is_off, is_open_http("http://10.0.0.2:8790"), is_open_http("http://127.0.0.1:1")
(True, True, False)
"""

import ipaddress
from typing import Annotated, Final
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from alerts.guard import host_of
from monitor.faults import Faults

__all__ = [
    "NO_WATCH",
    "WATCHED",
    "HubId",
    "WatchConfig",
    "check_watch",
    "is_loopback",
    "is_open_http",
]

NO_WATCH: Final = "no_watch"
"""The hub's condition that nobody outside was ever asked to watch: rows about it are off."""

WATCHED: Final = (
    NO_WATCH,
    *(f"{base}:{way}" for base in ("watch", "watch_long") for way in ("lease", "ping")),
)
"""Every condition about the watch from outside, by its full name."""

HubId = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9][a-z0-9_-]{0,39}\Z",
        description="1 to 40 small letters, digits, - or _, like home",
    ),
]
_FilePath = Annotated[
    str, Meta(max_length=4096, description="a path, or nothing between the quotes")
]
_Address = Annotated[
    str,
    Meta(
        pattern=r"\A(https?://[^/?#\s@]+/?)?\Z",
        description='a web address like "https://watcher.example:8790", or nothing',
    ),
]


class WatchConfig(Struct, frozen=True):
    """[watch]. Off while no address is given.

    `url` is a `vigil watch`, `hub` the name by which it knows this hub and `secret_file` what the
    two share. `ping_url_file` holds the address of a check of the healthchecks kind.
    """

    url: _Address = ""
    hub: HubId = "home"
    secret_file: _FilePath = ""
    ca_file: _FilePath = ""
    ping_url_file: _FilePath = ""

    @property
    def is_off(self) -> bool:
        """Nobody outside watches."""
        return not (self.url or self.ping_url_file)


def check_watch(watch: WatchConfig, where: str, faults: Faults) -> None:
    """Note what is wrong together in `[watch]`."""
    if watch.url and not watch.secret_file:
        faults.add(
            f"{where}: watch.secret_file", "is empty beside a url", "name the file of the secret"
        )
    if watch.ca_file and not watch.url.startswith("https://"):
        faults.add(
            f"{where}: watch.ca_file", "is set beside a url without https", "write an https url"
        )


def is_open_http(url: str) -> bool:
    """Whether letters to this address can be read on the way: names and numbers of people."""
    return urlsplit(url).scheme == "http" and not is_loopback(host_of(url) or "")


def is_loopback(host: str) -> bool:
    """Whether this host can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
