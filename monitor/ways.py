"""Can a way to a person work as it is written? Its channel, its address, and what it would contact.

An address is checked in the words of its service, so that a wrong number is found at `vigil check`
and not at night. One that stands in a file (`file:<path>`) is checked by whoever has read the file;
a secret address must stand in one, because a patient's contacts are in every record. This module
opens no file and contacts nobody.

>>> address_fault("sms", "0155")[0]
'is no E.164 number: write + and country code, then digits only, such as +15550100'
>>> address_fault("console", "") is None
True
"""

from urllib.parse import urlsplit

from alerts.channel_settings import FILE, ChannelSettings
from alerts.email_wire import address_fault as mail_fault
from alerts.guard import refusal
from alerts.ntfy_wire import topic_fault
from alerts.pagerduty_wire import key_fault
from alerts.twilio_wire import number_fault

__all__ = ["CHANNELS", "address_fault", "set_up_fault", "written_fault"]

CHANNELS = (
    "console",
    "page",
    "webhook",
    "ntfy",
    "sms",
    "voice",
    "pagerduty",
    "email",
    "apprise",
)
"""Channels that a person can be told by; the room's speaker and lamp are nobody's own way."""

_AT_HOME = ("console", "page")
_SECRET = ("pagerduty", "apprise")

Fault = tuple[str, str]
"""What is wrong, and what to do about it."""


def address_fault(channel: str, address: str) -> Fault | None:
    """Say what is wrong with an address itself (never `file:`), or nothing.

    What a file holds is never shown: only a webhook's address, which stands in plain words, is.
    """
    checks = {
        "webhook": (_url_fault, "write a URL (https://...)"),
        "ntfy": (topic_fault, "write the topic"),
        "sms": (number_fault, "write the number"),
        "voice": (number_fault, "write the number"),
        "pagerduty": (key_fault, "copy the key"),
        "email": (mail_fault, "write the address"),
        "apprise": (_apprise_fault, "write an apprise URL"),
    }
    if channel not in checks:
        return None
    find, advice = checks[channel]
    fault = find(address)
    return None if fault is None else (fault, advice)


def written_fault(mode: str, channel: str, address: str) -> Fault | None:
    """Say what is wrong with a way as a patient's file writes it, whatever the hub has.

    Args:
        mode: the patient's mode (`real`, `demo`, `test`).
        channel: the way's channel.
        address: the way's address.
    """
    if channel not in CHANNELS:
        channels = ", ".join(CHANNELS)
        return f"has the unknown channel {channel!r}", f"write one of {channels}"
    if address.startswith(FILE):
        if channel in _AT_HOME or address == FILE:
            return f"has an address for {channel} that is no file", "write no address, or its path"
        return None
    if channel in _SECRET:
        return (
            f"shows the address of {channel}, which is a secret, to every record",
            'write it to a file (chmod 600) and address = "file:<path>"',
        )
    fault = address_fault(channel, address)
    if fault is not None:
        what, advice = fault
        if channel == "webhook":
            return f"has {address!r} as a webhook's address", advice
        return f"has an address for {channel} that {what}", advice
    if channel == "webhook" and (why := refusal(mode, channel, address)) is not None:
        return why, "use the console or an address on this machine"
    return None


def set_up_fault(mode: str, channel: str, address: str, settings: ChannelSettings) -> Fault | None:
    """Say why this hub cannot use a way, or nothing.

    Args:
        mode: the patient's mode.
        channel: a known channel.
        address: the address itself, read from its file when it is in one.
        settings: the services that this hub has.
    """
    if channel in _AT_HOME:
        return None
    if channel not in settings.names:
        table = {"sms": "twilio", "voice": "twilio"}.get(channel, channel)
        missing = settings.twilio.missing(channel) if table == "twilio" and settings.twilio else []
        if missing:
            return f"needs {channel}", f"set channels.{table}.{missing[0]} in config.toml"
        return (
            f"needs {channel}, which is not set up on this hub",
            f"set channels.{table}.enabled in config.toml",
        )
    url = settings.urls.get(channel, address)
    why = refusal(mode, channel, url)
    return None if why is None else (why, "use the console, the page or a service on this machine")


def _url_fault(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    return None if is_web else "is no web address"


def _apprise_fault(address: str) -> str | None:
    scheme, mark, rest = address.partition("://")
    return None if scheme and mark and rest else "is no apprise URL"
