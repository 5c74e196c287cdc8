"""What the supervisor's own page says by each way, as the request that a service must be asked.

The hub is silent, so nobody can hear an answer; the page says that too, and asks for none. It holds
nothing about a patient. This module opens no connection; standard library only, because the
supervisor must run on when anything that was installed beside it is broken.

>>> text_for("demo")
'DEMO - not a real alarm: The monitor has stopped. Look at the patient now. No answer is heard.'
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from alerts.channel_settings import ChannelSettings
from alerts.email_wire import address_fault, compose
from alerts.envelope import envelope, mode_mark
from alerts.http_wire import Request
from alerts.ntfy_wire import Note, publish, topic_fault
from alerts.ntfy_wire import why_refused as why_ntfy_refused
from alerts.pagerduty_wire import Page as Event
from alerts.pagerduty_wire import key_fault, page_key, trigger
from alerts.pagerduty_wire import why_refused as why_pagerduty_refused
from alerts.twilio_reply import why_refused as why_twilio_refused
from alerts.twilio_wire import create_call, create_message, number_fault
from alerts.twilio_words import tell_by_voice

__all__ = ["mail_for", "request_for", "text_for", "why_refused"]

_STOPPED: Final = "The monitor has stopped. Look at the patient now. No answer is heard."
_HIGH: Final = "high"
_SUCCESS: Final = range(200, 300)


def text_for(mode: str) -> str:
    """Return the words of a page, with the mark of a mode that is not real."""
    mark = mode_mark(mode)
    return f"{mark} {_STOPPED}" if mark else _STOPPED


def request_for(
    channel: str,
    address: str,
    mode: str,
    delivery: str,
    settings: ChannelSettings,
    secrets: Mapping[str, str],
) -> Request | str:
    """Return the request of one page by one way, or why there is none.

    Args:
        channel: the way's channel.
        address: the address on it, itself (never `file:`).
        mode: the session's mode.
        delivery: names this page: `<alarm>/<place>`.
        settings: the services that are set up.
        secrets: their secrets by service.
    """
    text = text_for(mode)
    if channel == "webhook":
        return _webhook(address, mode, delivery, secrets.get("webhook", ""))
    if channel == "ntfy" and settings.ntfy is not None:
        if fault := topic_fault(address):
            return f"the address {fault}"
        return publish(settings.ntfy, secrets.get("ntfy", ""), Note(address, text, _HIGH))
    if channel in ("sms", "voice") and settings.twilio is not None:
        if settings.twilio.missing("sms"):
            return f"{channel} is not set up"
        if fault := number_fault(address):
            return f"the address {fault}"
        secret = secrets.get("twilio", "")
        if channel == "sms":
            return create_message(settings.twilio, secret, address, text)
        return create_call(settings.twilio, secret, address, tell_by_voice(text))
    if channel == "pagerduty" and settings.pagerduty is not None:
        if fault := key_fault(address):
            return f"the address {fault}"
        return trigger(settings.pagerduty, Event(address, page_key(delivery), text, _HIGH))
    return f"{channel} is not set up"


def mail_for(
    address: str, mode: str, delivery: str, settings: ChannelSettings, at: datetime
) -> bytes | str:
    """Return the mail of one page, or why there is none; `at` has its zone."""
    if settings.email is None:
        return "email is not set up"
    if fault := address_fault(address):
        return f"the address {fault}"
    text = text_for(mode)
    return compose(settings.email, address, text, link="", priority=_HIGH, delivery=delivery, at=at)


def why_refused(channel: str, status: int, body: bytes) -> str:
    """Say why a service's answer is a refusal, or nothing."""
    if channel == "ntfy":
        return why_ntfy_refused(status, body)
    if channel in ("sms", "voice"):
        return why_twilio_refused(status, body, created=True)
    if channel == "pagerduty":
        return why_pagerduty_refused(status, body)
    return "" if status in _SUCCESS else f"http {status}"


def _webhook(address: str, mode: str, delivery: str, token: str) -> Request | str:
    if not address.startswith(("http://", "https://")):
        return "the address is no http address"
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", delivery)]
    if token:
        headers.append(("Authorization", f"Bearer {token}"))
    alarm = delivery.rpartition("/")[0]
    body = json.dumps(envelope(delivery, alarm, mode, _HIGH)).encode()
    return Request("POST", address, tuple(headers), body)
