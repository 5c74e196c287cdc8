"""Builds the channels that the settings name, each with its secret: for the hub and the watcher.

A secret that cannot be had is a fault with what, where and what to do, all of them at once, so that
nobody starts with half of the ways to people. It sends nothing and never chooses a way.

    channels = open_channels(settings, base, on_news)      # {"console": ..., "webhook": ..., ...}
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from alerts.apprise_notes import AppriseNotes
from alerts.channel import Channel, OnNews
from alerts.channel_settings import ChannelSettings
from alerts.console import Console
from alerts.email import Email
from alerts.ntfy import Ntfy
from alerts.pagerduty import PagerDuty
from alerts.secret_file import read_secrets
from alerts.twilio import Sms, Voice
from alerts.webhook import Webhook

__all__ = ["open_channels"]


def open_channels(
    settings: ChannelSettings,
    base: Path,
    on_news: OnNews,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, Channel]:
    """Return every channel that is set up, by the name that contacts use; inside a running loop.

    Args:
        settings: which services, and where their secrets are.
        base: the folder that files are named from.
        on_news: told what channels learn later.
        environ: where a secret may be when it is in no file.

    Raises:
        SecretError: with one line for every secret that cannot be had.
    """
    secrets = read_secrets(settings.secrets, base, environ)
    channels: dict[str, Channel] = {
        "console": Console(sys.stderr),
        "webhook": Webhook(
            secrets.get("webhook"), settings.webhook_connect_s, settings.webhook_total_s
        ),
    }
    if settings.ntfy is not None:
        channels["ntfy"] = Ntfy(settings.ntfy, secrets.get("ntfy", ""), on_news)
    if settings.twilio is not None:
        for kind in (Sms, Voice):
            if kind.name in settings.names:
                channels[kind.name] = kind(settings.twilio, secrets["twilio"], on_news)
    if settings.pagerduty is not None:
        channels["pagerduty"] = PagerDuty(settings.pagerduty, secrets.get("pagerduty", ""), on_news)
    if settings.email is not None:
        channels["email"] = Email(settings.email, secrets.get("email", ""))
    if settings.apprise:
        channels["apprise"] = AppriseNotes()
    return channels
