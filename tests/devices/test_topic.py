"""A topic is one of ours with one clean name, or refused."""

import pytest

from devices.strict_json import Malformed
from devices.topic import (
    SUBSCRIPTIONS,
    Inbound,
    ack_topic,
    alarm_topic,
    inbound_topic,
    parse_topic,
    snapshot_topic,
)


@pytest.mark.parametrize("kind", list(Inbound))
@pytest.mark.parametrize("name", ["a", "AA:BB:CC:00:11:22", "x" * 64])
def test_every_inbound_topic_reads_back(kind: Inbound, name: str) -> None:
    """What a sender builds, the hub reads."""
    assert parse_topic(inbound_topic(kind, name)) == (kind, name)


def test_the_hub_listens_to_four_branches_and_writes_three() -> None:
    """The tree is as documented."""
    assert (SUBSCRIPTIONS, ack_topic("d"), alarm_topic("s"), snapshot_topic("s")) == (
        ("vigil/v1/reading/+", "vigil/v1/status/+", "vigil/v1/checkin/+", "vigil/v1/command/+"),
        "vigil/v1/ack/d",
        "vigil/v1/session/s/alarm",
        "vigil/v1/session/s/snapshot",
    )


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "vigil/v1/reading",
        "vigil/v1/reading/",
        "vigil/v1/reading/a/b",
        "vigil/v1/reading/+",
        "vigil/v1/reading/a\n",
        "vigil/v1/reading/" + "x" * 65,
        "vigil/v1/READING/a",
        "vigil/v1/ack/a",
        "vigil/v2/reading/a",
        "other/vigil/v1/reading/a",
    ],
)
def test_a_foreign_topic_is_refused(topic: str) -> None:
    """The refusal shows the topic and the form that is wanted."""
    with pytest.raises(Malformed) as caught:
        parse_topic(topic)
    assert str(caught.value) == (
        f"topic: {topic!r} is none of ours; use vigil/v1/(reading|status|checkin|command)/NAME "
        "with a NAME of at most 64 letters, digits and _ . : -"
    )


@pytest.mark.parametrize("name", ["", "a/b", "#", "-a", "a b", "x" * 65])
def test_no_topic_is_built_from_a_name_that_is_none(name: str) -> None:
    """A name cannot smuggle a level or a wildcard into a topic."""
    with pytest.raises(ValueError, match="cannot be a topic level"):
        ack_topic(name)
