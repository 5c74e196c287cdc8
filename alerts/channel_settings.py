"""Which ways out are set up, and where their secrets are: for hub, supervisor and watcher alike.

The services' own settings are in their wire modules; this one says which are there, what each
channel will contact (the guard asks), and turns the whole into plain data and back, because the
supervisor gets it through a pipe. It holds no secret. Standard library only.

>>> settings = ChannelSettings(ntfy=NtfySettings("http://127.0.0.1:2586"))
>>> settings.names, settings.urls
(('webhook', 'ntfy'), {'ntfy': 'http://127.0.0.1:2586'})
>>> unpack(pack(settings)) == settings
True
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from alerts.email_wire import EmailSettings, server_url
from alerts.ntfy_wire import NtfySettings
from alerts.pagerduty_wire import PagerDutySettings
from alerts.twilio_wire import TwilioSettings

__all__ = ["FILE", "ChannelSettings", "SecretPlace", "pack", "unpack"]

FILE: Final = "file:"
"""What an address begins with that is a file's path, from the settings' folder."""


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where the secret of one service is: a file, or else an environment variable.

    `service` is what it is called by, `key` the setting's name for people; `needed` makes its
    absence a fault.
    """

    service: str
    key: str
    file: str
    variable: str
    needed: bool


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """The services that are set up; None: not this one. Apprise needs no settings of its own."""

    ntfy: NtfySettings | None = None
    twilio: TwilioSettings | None = None
    pagerduty: PagerDutySettings | None = None
    email: EmailSettings | None = None
    apprise: bool = False
    webhook_connect_s: float = 2.0
    webhook_total_s: float = 4.0
    secrets: tuple[SecretPlace, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the channels beyond the hub's own, by the names that contacts use."""
        there = {
            "webhook": True,
            "ntfy": self.ntfy is not None,
            "sms": self._has_twilio("sms"),
            "voice": self._has_twilio("voice"),
            "pagerduty": self.pagerduty is not None,
            "email": self.email is not None,
            "apprise": self.apprise,
        }
        return tuple(name for name, present in there.items() if present)

    @property
    def urls(self) -> dict[str, str]:
        """Return what each service's channel contacts; a webhook contacts its own address."""
        found: dict[str, str] = {}
        if self.ntfy is not None:
            found["ntfy"] = self.ntfy.base_url
        if self.twilio is not None:
            found |= dict.fromkeys(("sms", "voice"), self.twilio.base_url)
        if self.pagerduty is not None:
            found["pagerduty"] = self.pagerduty.base_url
        if self.email is not None:
            found["email"] = server_url(self.email)
        return found

    def _has_twilio(self, channel: str) -> bool:
        return self.twilio is not None and not self.twilio.missing(channel)


_SERVICES = {
    "ntfy": NtfySettings,
    "twilio": TwilioSettings,
    "pagerduty": PagerDutySettings,
    "email": EmailSettings,
}


def pack(settings: ChannelSettings) -> dict[str, Any]:
    """Return plain data that JSON can carry."""
    return asdict(settings)


def unpack(plain: dict[str, Any]) -> ChannelSettings:
    """Read what `pack` made.

    Raises:
        ValueError, TypeError: it is something else, or settings that a service would refuse.
    """
    known = {field.name for field in fields(ChannelSettings)}
    if not plain.keys() <= known:
        raise ValueError(f"unknown settings of channels: {sorted(plain.keys() - known)}")
    made = dict(plain)
    for name, kind in _SERVICES.items():
        if plain.get(name) is not None:
            made[name] = kind(**plain[name])
    made["secrets"] = tuple(SecretPlace(**place) for place in plain.get("secrets", ()))
    return ChannelSettings(**made)
