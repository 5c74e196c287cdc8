"""Every reading that a broker handed over is named to its device: recorded or refused."""

from devices.ack import MAX_ENTRIES, MAX_REFUSED, Ack, Refusal, Span, decode_ack
from devices.observation import DeviceKind, DeviceReport, Mode, spo2_pct
from devices.topic import ack_topic
from monitor.acks import Acks

DIGEST = "0123456789abcdef"


def report(seq: int | None = None, digest: str | None = None) -> DeviceReport:
    """One report with a number, a digest, or neither."""
    return DeviceReport(
        device="ox-1",
        kind=DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=(spo2_pct(97),),
        boot_id=None if seq is None else "b1",
        seq=seq,
        digest=digest,
    )


def taken(acks: Acks) -> list[tuple[str, Ack]]:
    """What would be published now."""
    return [(topic, decode_ack(payload)) for topic, payload in acks.take()]


def test_recorded_readings_are_named_by_number_else_by_digest() -> None:
    """One ack a device; a reading without number and digest has no name to be called by."""
    acks = Acks()
    for one in (report(1), report(2, DIGEST), report(digest=DIGEST), report()):
        acks.recorded(one)
    acks.refused("ox-1", Refusal(DIGEST, "no_json", "line 1"))
    expected = Ack((Span("b1", 1, 2),), (DIGEST,), (Refusal(DIGEST, "no_json", "line 1"),))
    assert taken(acks) == [(ack_topic("ox-1"), expected)]
    assert taken(acks) == []


def test_many_are_split_over_several_acks_and_none_is_left_out() -> None:
    """No ack is larger than its bounds."""
    acks = Acks()
    for index in range(MAX_ENTRIES + 1):
        acks.recorded(report(2 * index))
    for _ in range(2 * MAX_REFUSED + 1):
        acks.refused("ox-1", Refusal(DIGEST, "no_json"))
    found = [ack for _, ack in taken(acks)]
    assert [(len(ack.spans), len(ack.refused)) for ack in found] == [
        (MAX_ENTRIES, MAX_REFUSED),
        (1, MAX_REFUSED),
        (0, 1),
    ]


def test_a_name_that_is_no_topic_is_answered_to_nobody() -> None:
    """Such a device cannot listen either; others are answered."""
    acks = Acks()
    acks.refused("not a/name", Refusal(DIGEST, "topic"))
    acks.recorded(report(1))
    assert [topic for topic, _ in taken(acks)] == [ack_topic("ox-1")]
