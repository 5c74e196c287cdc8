"""`[channels]`: the services by which people are told, and the room's lamp and voice.

Each service has a table that is off until `enabled` says otherwise; its keys are those of the wire
module's settings, which refuse what the service would refuse in the middle of an alarm. A secret
stands in a file that a key ending in `_file` names, or in the environment variable beside it.

This module opens no file and holds no secret.

>>> settings_of(ChannelsConfig(), 2_000, 4_000, "").names
('webhook',)
"""

from dataclasses import fields
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from alerts.channel_settings import ChannelSettings, SecretPlace
from alerts.email_wire import EmailSettings
from alerts.guard import refusal
from alerts.ntfy_wire import NtfySettings
from alerts.pagerduty_wire import PagerDutySettings
from alerts.twilio_wire import TwilioSettings
from monitor.faults import Faults

__all__ = ["VARIABLES", "ChannelsConfig", "check_channels", "is_readable_on_the_way", "settings_of"]

_File = Annotated[str, Meta(max_length=4096, description="a path, or nothing between the quotes")]
_Text = Annotated[str, Meta(max_length=300)]
_Port = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
_Pin = Annotated[int, Meta(ge=0, le=27, description="a pin from 0 to 27, as the board counts it")]
_RingS = Annotated[int, Meta(ge=5, le=60, description="5 to 60 seconds")]
_TwilioPollMs = Annotated[int, Meta(ge=200, le=10_000, description="200 to 10000 ms")]
_PagerDutyPollMs = Annotated[int, Meta(ge=200, le=30_000, description="200 to 30000 ms")]

VARIABLES: Final = {
    "webhook": "VIGIL_WEBHOOK_TOKEN",
    "ntfy": "VIGIL_NTFY_TOKEN",
    "twilio": "VIGIL_TWILIO_TOKEN",
    "pagerduty": "VIGIL_PAGERDUTY_TOKEN",
    "email": "VIGIL_EMAIL_PASSWORD",
}
"""The environment variable in which the secret of each service may stand; a file comes first."""


def _service(kind: Any, table: Any) -> Any:
    """Return the wire module's settings from the keys that its table shares with them.

    Raises:
        ValueError: they cannot be used.
    """
    return kind(**{field.name: getattr(table, field.name) for field in fields(kind)})


class NtfyConfig(Struct, frozen=True):
    """[channels.ntfy]. The token is needed only by a server with access control."""

    enabled: bool = False
    base_url: _Text = "https://ntfy.sh"
    answer_topic: _Text = ""
    token_file: _File = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        _service(NtfySettings, self)


class TwilioConfig(Struct, frozen=True):
    """[channels.twilio]: the ways `sms` and `voice`. `answer_url` is needed by calls only."""

    enabled: bool = False
    account_sid: _Text = ""
    from_number: _Text = ""
    answer_url: _Text = ""
    key_sid: _Text = ""
    base_url: _Text = "https://api.twilio.com"
    ring_s: _RingS = 25
    poll_ms: _TwilioPollMs = 1_000
    token_file: _File = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        _service(TwilioSettings, self)


class PagerDutyConfig(Struct, frozen=True):
    """[channels.pagerduty]. The token is the REST API's; without it nobody's answer is seen."""

    enabled: bool = False
    base_url: _Text = "https://events.pagerduty.com"
    rest_url: _Text = "https://api.pagerduty.com"
    source: _Text = "vigil"
    poll_ms: _PagerDutyPollMs = 2_000
    token_file: _File = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        _service(PagerDutySettings, self)


class EmailConfig(Struct, frozen=True):
    """[channels.email]. The password belongs to `user`."""

    enabled: bool = False
    host: _Text = "localhost"
    port: _Port = 587
    security: _Text = "starttls"
    user: _Text = ""
    sender: _Text = "vigil@localhost"
    password_file: _File = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        _service(EmailSettings, self)


class AppriseConfig(Struct, frozen=True):
    """[channels.apprise]. Notes of low priority; needs the extra `vigil[apprise]`."""

    enabled: bool = False


class LightConfig(Struct, frozen=True):
    """[channels.light]. A lamp on a pin, for the room."""

    enabled: bool = False
    pin: _Pin = 17


class SpokenConfig(Struct, frozen=True):
    """[channels.spoken]. The first line of a high alarm in words, between the bursts."""

    enabled: bool = False


class ChannelsConfig(Struct, frozen=True):
    """[channels]. Everything is off as shipped: nobody outside is reached."""

    ntfy: NtfyConfig = NtfyConfig()
    twilio: TwilioConfig = TwilioConfig()
    pagerduty: PagerDutyConfig = PagerDutyConfig()
    email: EmailConfig = EmailConfig()
    apprise: AppriseConfig = AppriseConfig()
    light: LightConfig = LightConfig()
    spoken: SpokenConfig = SpokenConfig()


def settings_of(
    channels: ChannelsConfig, webhook_connect_ms: int, webhook_total_ms: int, token_file: str
) -> ChannelSettings:
    """Return the ways out that are enabled; the last three are those of `[alarm]`."""
    ntfy, twilio, pagerduty = channels.ntfy, channels.twilio, channels.pagerduty
    email = channels.email
    places = [_place("webhook", "alarm.webhook_token_file", token_file)]
    if ntfy.enabled:
        places.append(_place("ntfy", "channels.ntfy.token_file", ntfy.token_file))
    if twilio.enabled:
        key = "channels.twilio.token_file"
        places.append(_place("twilio", key, twilio.token_file, needed=True))
    if pagerduty.enabled:
        places.append(_place("pagerduty", "channels.pagerduty.token_file", pagerduty.token_file))
    if email.enabled:
        key, needed = "channels.email.password_file", bool(email.user)
        places.append(_place("email", key, email.password_file, needed=needed))
    return ChannelSettings(
        ntfy=_service(NtfySettings, ntfy) if ntfy.enabled else None,
        twilio=_service(TwilioSettings, twilio) if twilio.enabled else None,
        pagerduty=_service(PagerDutySettings, pagerduty) if pagerduty.enabled else None,
        email=_service(EmailSettings, email) if email.enabled else None,
        apprise=channels.apprise.enabled,
        webhook_connect_s=webhook_connect_ms / 1000,
        webhook_total_s=webhook_total_ms / 1000,
        secrets=tuple(places),
    )


def check_channels(channels: ChannelsConfig, where: str, faults: Faults) -> None:
    """Note what is right key by key and cannot work together."""
    twilio, pagerduty = channels.twilio, channels.pagerduty
    if twilio.enabled:
        for key in _service(TwilioSettings, twilio).missing("sms"):
            faults.add(
                f"{where}: channels.twilio.{key}", "is empty while it is enabled", "write it"
            )
    for key, url, enabled in (
        ("twilio.base_url", twilio.base_url, twilio.enabled),
        ("pagerduty.base_url", pagerduty.base_url, pagerduty.enabled),
        ("pagerduty.rest_url", pagerduty.rest_url, pagerduty.enabled),
    ):
        if enabled and is_readable_on_the_way(url):
            faults.add(
                f"{where}: channels.{key}", "sends its secret in plain HTTP", "write https://..."
            )


def is_readable_on_the_way(url: str) -> bool:
    """Whether what is sent there can be read by others: plain HTTP beyond this machine."""
    return url.lower().startswith("http:") and refusal("test", "webhook", url) is not None


def _place(service: str, key: str, file: str, *, needed: bool = False) -> SecretPlace:
    return SecretPlace(service, key, file, VARIABLES[service], needed)
