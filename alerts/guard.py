"""Which sessions may reach whom: a demo or a test never reaches a real person.

Only the words of the URL that will be contacted are judged here, so that no configuration, plan or
caller can talk a rehearsal into somebody's telephone. A session is real only when its mode is
exactly `real`; every other word, known or not, is kept at home. A channel that this module does not
know stays at home too. It never opens a connection and imports the standard library only, because
the supervisor asks it as well.

>>> refusal("demo", "webhook", "http://127.0.0.1:9000/page") is None
True
>>> refusal("demo", "webhook", "https://pager.example/page")
'a demo session may not reach pager.example by webhook: only this hub itself and loopback'
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

__all__ = ["AT_HOME", "REAL", "host_of", "refusal"]

REAL: Final = "real"
"""The one mode whose messages may leave this machine."""

AT_HOME: Final = frozenset({"console", "page", "speaker", "light"})
"""Channels that end on the hub itself, whatever the address says."""

_HTTP: Final = ("http", "https")
# Apprise has schemes whose query names another host than the one they begin with.
_SCHEMES: Final = {
    "webhook": _HTTP,
    "ntfy": _HTTP,
    "sms": _HTTP,
    "voice": _HTTP,
    "pagerduty": _HTTP,
    "email": ("smtp", "smtps"),
    "apprise": ("json", "jsons"),
}


def host_of(address: str) -> str | None:
    """Return the host that a URL names, or None when it names none that two readers agree on.

    White space, control characters and backslashes are read differently by different URL parsers,
    so an address with one of them has no host here: it must not pass as somebody else's loopback.
    """
    if any(character.isspace() or not character.isprintable() for character in address):
        return None
    if "\\" in address:
        return None
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def refusal(mode: str, channel: str, url: str) -> str | None:
    """Say why a message of this mode must not go out, or None when it may.

    Args:
        mode: the session's mode (`real`, `demo`, `test`).
        channel: the channel's name.
        url: what will be contacted: a webhook's own address, the service's base URL for others. A
            telephone number or a topic is none, and is refused.
    """
    if mode == REAL or channel in AT_HOME:
        return None
    host = host_of(url)
    scheme = url.partition(":")[0].lower()
    if host is not None and scheme in _SCHEMES.get(channel, ()) and _is_loopback(host):
        return None
    whom = host or "anybody"
    return f"a {mode} session may not reach {whom} by {channel}: only this hub itself and loopback"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
