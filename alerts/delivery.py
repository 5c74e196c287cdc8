"""Words only; the table follows."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """What is known of one message."""

    INTENT = "intent"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
