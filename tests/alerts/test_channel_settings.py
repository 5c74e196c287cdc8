"""One value says which ways out there are, what each contacts, and survives a pipe."""

import json

import pytest

from alerts.channel_settings import ChannelSettings, SecretPlace, pack, unpack
from alerts.email_wire import EmailSettings
from alerts.ntfy_wire import NtfySettings
from alerts.pagerduty_wire import PagerDutySettings
from alerts.twilio_wire import TwilioSettings

TWILIO = TwilioSettings("AC" + "0" * 32, "+15550100", base_url="http://127.0.0.1:1")
ALL = ChannelSettings(
    ntfy=NtfySettings("http://127.0.0.1:2", "answers"),
    twilio=TWILIO,
    pagerduty=PagerDutySettings("http://127.0.0.1:3", "http://127.0.0.1:4"),
    email=EmailSettings("::1", 25, "plain"),
    apprise=True,
    webhook_connect_s=0.5,
    webhook_total_s=1.5,
    secrets=(SecretPlace("twilio", "channels.twilio.token_file", "t", "VIGIL_T", needed=True),),
)


def test_nothing_is_there_but_the_webhook_by_itself() -> None:
    """Nobody outside is reached by default; a webhook contacts its own address."""
    assert (ChannelSettings().names, ChannelSettings().urls) == (("webhook",), {})


def test_every_service_names_its_channels_and_what_they_contact() -> None:
    """Without an address for the pressed key there is no call."""
    assert (ALL.names, ALL.urls) == (
        ("webhook", "ntfy", "sms", "pagerduty", "email", "apprise"),
        {
            "ntfy": "http://127.0.0.1:2",
            "sms": "http://127.0.0.1:1",
            "voice": "http://127.0.0.1:1",
            "pagerduty": "http://127.0.0.1:3",
            "email": "smtp://[::1]:25",
        },
    )


def test_settings_come_through_a_pipe_as_they_were() -> None:
    """All of them, and none."""
    assert [unpack(json.loads(json.dumps(pack(one)))) for one in (ALL, ChannelSettings())] == [
        ALL,
        ChannelSettings(),
    ]


@pytest.mark.parametrize(
    "plain", [{"pigeon": {}}, {"ntfy": {"base_url": "x"}}, {"email": {"hots": "x"}}]
)
def test_what_is_no_settings_is_refused(plain: dict[str, object]) -> None:
    """A service that nobody knows, a value that it would refuse, a key that it does not have."""
    with pytest.raises((ValueError, TypeError)):
        unpack(plain)
