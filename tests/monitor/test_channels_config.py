"""Every service is off as shipped, and what cannot work together is named beforehand."""

import pytest

from alerts.channel_settings import ChannelSettings, SecretPlace
from alerts.email_wire import EmailSettings
from alerts.ntfy_wire import NtfySettings
from alerts.pagerduty_wire import PagerDutySettings
from alerts.twilio_wire import TwilioSettings
from monitor.config import ConfigError, load_config

SID = "AC" + "a" * 32


def faults_of(text: str) -> list[str]:
    """Return the faults that reading this text names."""
    with pytest.raises(ConfigError) as caught:
        load_config(text, "c.toml")
    return list(caught.value.faults)


def test_as_shipped_there_is_a_webhook_and_nothing_else() -> None:
    """Its secret may be in the environment."""
    assert load_config("").ways == ChannelSettings(
        secrets=(
            SecretPlace(
                "webhook", "alarm.webhook_token_file", "", "VIGIL_WEBHOOK_TOKEN", needed=False
            ),
        )
    )


def test_every_service_can_be_set_up_with_its_secret() -> None:
    """A password is needed beside a user, a token by Twilio alone."""
    ways = load_config(f"""
    [alarm]
    webhook_connect_ms = 500
    webhook_total_ms = 1500
    webhook_token_file = "w"
    [channels.ntfy]
    enabled = true
    base_url = "http://ntfy.home"
    answer_topic = "answers-x7"
    [channels.twilio]
    enabled = true
    account_sid = "{SID}"
    from_number = "+15550100"
    answer_url = "https://handler.twilio.com/twiml/EH1"
    ring_s = 20
    token_file = "t"
    [channels.pagerduty]
    enabled = true
    source = "home"
    [channels.email]
    enabled = true
    host = "mail.example"
    user = "vigil"
    sender = "vigil@mail.example"
    [channels.apprise]
    enabled = true
    """).ways
    assert ways == ChannelSettings(
        ntfy=NtfySettings("http://ntfy.home", "answers-x7"),
        twilio=TwilioSettings(SID, "+15550100", "https://handler.twilio.com/twiml/EH1", ring_s=20),
        pagerduty=PagerDutySettings(source="home"),
        email=EmailSettings("mail.example", user="vigil", sender="vigil@mail.example"),
        apprise=True,
        webhook_connect_s=0.5,
        webhook_total_s=1.5,
        secrets=(
            SecretPlace("webhook", "alarm.webhook_token_file", "w", "VIGIL_WEBHOOK_TOKEN", False),
            SecretPlace("ntfy", "channels.ntfy.token_file", "", "VIGIL_NTFY_TOKEN", False),
            SecretPlace("twilio", "channels.twilio.token_file", "t", "VIGIL_TWILIO_TOKEN", True),
            SecretPlace(
                "pagerduty", "channels.pagerduty.token_file", "", "VIGIL_PAGERDUTY_TOKEN", False
            ),
            SecretPlace("email", "channels.email.password_file", "", "VIGIL_EMAIL_PASSWORD", True),
        ),
    )


def test_what_a_service_would_refuse_is_a_fault_of_its_table() -> None:
    """Each table says its own first fault, whether it is enabled or not."""
    assert faults_of("""
    [channels.ntfy]
    base_url = "https://ntfy.sh/topic"
    [channels.twilio]
    from_number = "0155"
    poll_ms = 100
    [channels.pagerduty]
    source = ""
    [channels.email]
    security = "none"
    [channels.light]
    pin = 40
    [channels.pigeon]
    """) == [
        (
            "c.toml: channels.ntfy: base_url has a path, a query or a user: write it like"
            " https://ntfy.example.org; correct these keys together"
        ),
        "c.toml: channels.twilio.poll_ms: 100 is too small; write 200 to 10000 ms",
        (
            "c.toml: channels.pagerduty: source must be 1 to 200 characters: name this hub;"
            " correct these keys together"
        ),
        (
            "c.toml: channels.email: security 'none' is unknown: use one of"
            " ['starttls', 'tls', 'plain']; correct these keys together"
        ),
        (
            "c.toml: channels.light.pin: 40 is too large; write a pin from 0 to 27, as the board"
            " counts it"
        ),
        (
            "c.toml: channels.pigeon: unknown key; known keys: ntfy, twilio, pagerduty, email,"
            " apprise, light, spoken"
        ),
    ]


def test_an_enabled_service_needs_its_account_and_a_private_line() -> None:
    """A secret in plain HTTP goes no further than this machine."""
    assert faults_of("""
    [channels.twilio]
    enabled = true
    base_url = "http://twilio.example"
    [channels.pagerduty]
    enabled = true
    rest_url = "http://api.example"
    """) == [
        "c.toml: channels.twilio.account_sid: is empty while it is enabled; write it",
        "c.toml: channels.twilio.from_number: is empty while it is enabled; write it",
        "c.toml: channels.twilio.base_url: sends its secret in plain HTTP; write https://...",
        "c.toml: channels.pagerduty.rest_url: sends its secret in plain HTTP; write https://...",
    ]


def test_a_fake_on_this_machine_may_speak_plain_http() -> None:
    """Nobody can read along."""
    ways = load_config(f"""
    [channels.twilio]
    enabled = true
    account_sid = "{SID}"
    from_number = "+15550100"
    base_url = "http://127.0.0.1:8080"
    """).ways
    assert ways.names == ("webhook", "sms")
