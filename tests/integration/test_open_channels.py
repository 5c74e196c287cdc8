"""Every channel that the settings name is there with its secret, or nothing is."""

from pathlib import Path

import pytest

from alerts.channel import News
from alerts.channel_settings import ChannelSettings, SecretPlace
from alerts.email_wire import EmailSettings
from alerts.ntfy_wire import NtfySettings
from alerts.open_channels import open_channels
from alerts.pagerduty_wire import PagerDutySettings
from alerts.secret_file import SecretError
from alerts.twilio_wire import TwilioSettings

pytestmark = pytest.mark.integration

TOKEN = SecretPlace("twilio", "channels.twilio.token_file", "", "VIGIL_TWILIO_TOKEN", needed=True)
SID = "AC" + "0" * 32


def unheard(news: News) -> None:
    """Nothing answers here."""
    raise AssertionError(news)


async def names(settings: ChannelSettings, base: Path) -> list[str]:
    """Open the channels, close them, return what they call themselves."""
    environ = {"VIGIL_TWILIO_TOKEN": "t"}
    channels = open_channels(settings, base, unheard, environ)
    for channel in channels.values():
        await channel.close()
    assert [channel.name for channel in channels.values()] == list(channels)
    return list(channels)


async def test_without_settings_there_are_console_and_webhook(tmp_path: Path) -> None:
    """Nobody outside is reached by them but at an address that a patient's file names."""
    assert await names(ChannelSettings(), tmp_path) == ["console", "webhook"]


async def test_every_service_that_is_set_up_has_its_channel(tmp_path: Path) -> None:
    """Twilio has two, and one where no key can be heard."""
    twilio = TwilioSettings(SID, "+15550100", "https://handler.twilio.com/twiml/EH1")
    every = ChannelSettings(
        ntfy=NtfySettings(),
        twilio=twilio,
        pagerduty=PagerDutySettings(),
        email=EmailSettings(),
        apprise=True,
        secrets=(TOKEN,),
    )
    half = ChannelSettings(twilio=TwilioSettings(SID, "+15550100"), secrets=(TOKEN,))
    assert await names(every, tmp_path) == [
        *("console", "webhook", "ntfy", "sms", "voice", "pagerduty", "email", "apprise")
    ]
    assert await names(half, tmp_path) == ["console", "webhook", "sms"]


async def test_a_secret_that_cannot_be_had_opens_nothing(tmp_path: Path) -> None:
    """The fault says which setting and what to do."""
    settings = ChannelSettings(twilio=TwilioSettings(SID, "+15550100"), secrets=(TOKEN,))
    with pytest.raises(SecretError, match="VIGIL_TWILIO_TOKEN is not set"):
        open_channels(settings, tmp_path, unheard, {})
