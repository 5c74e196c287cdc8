"""One door for every message; nothing but a refusal with a name ever comes back out of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.checkin import Answer, Breathing, CheckIn
from devices.command import Command, Help, PersonCheckIn
from devices.inbound import decode
from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from devices.payload import DeviceStatusReport
from devices.strict_json import Malformed, Reason
from devices.topic import Inbound, inbound_topic

KEYS = st.sampled_from(
    """mode kind spo2 pulse pi rr sbp dbp map unit boot_id seq measured_ms stored flags failure
    online reason session codes do alarm ago_ms item state text id""".split()  # noqa: SIM905 - words
)
WORDS = st.sampled_from(["test", "oximeter", "cuff", "kPa", "accept", "gate", "W4 B0", "motion"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | WORDS
    | st.decimals(allow_nan=False, allow_infinity=False).map(float)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
TOPICS = st.sampled_from([inbound_topic(kind, "x") for kind in Inbound] + ["else/where"])


@pytest.mark.parametrize(
    ("topic", "payload", "message"),
    [
        (
            "vigil/v1/reading/x",
            b'{"mode":"test","kind":"oximeter","boot_id":"b","seq":1,"spo2":97}',
            DeviceReport(
                device="x",
                kind=DeviceKind.OXIMETER,
                mode=Mode.TEST,
                observations=(Observation(Metric.SPO2, 97_00),),
                boot_id="b",
                seq=1,
            ),
        ),
        ("vigil/v1/status/x", b'{"online":true}', DeviceStatusReport("x", True)),
        (
            "vigil/v1/checkin/x",
            b'{"session":"s","mode":"test","codes":"W5 B0"}',
            PersonCheckIn(
                person="x",
                session="s",
                mode=Mode.TEST,
                check=CheckIn(Answer.AT_ONCE, Breathing.QUIET),
            ),
        ),
        (
            "vigil/v1/command/x",
            b'{"session":"s","mode":"test","do":"help"}',
            Command("x", Help(session="s", mode=Mode.TEST)),
        ),
    ],
)
def test_the_topic_chooses_the_schema(topic: str, payload: bytes, message: object) -> None:
    """Each branch of the tree has its own kind of message."""
    assert decode(topic, payload) == message


@pytest.mark.parametrize("kind", [Inbound.CHECK_IN, Inbound.COMMAND])
def test_a_retained_word_of_a_person_is_refused(kind: Inbound) -> None:
    """An old "accept" can never take a new alarm, whatever it says."""
    with pytest.raises(Malformed) as caught:
        decode(inbound_topic(kind, "x"), b"", retained=True)
    assert caught.value.reason is Reason.RETAINED


def test_a_retained_status_is_how_a_status_lives() -> None:
    """Status is retained on purpose, and a retained reading only becomes stored."""
    assert decode("vigil/v1/status/x", b'{"online":true}', retained=True) == DeviceStatusReport(
        "x", True
    )


@given(TOPICS, st.binary(max_size=120), st.booleans())
def test_random_bytes_are_refused_by_name(topic: str, payload: bytes, retained: bool) -> None:
    """Whatever the bytes, the answer is a message or Malformed."""
    try:
        decode(topic, payload, retained=retained)
    except Malformed as error:
        assert str(error).startswith(f"{error.reason}: ")  # noqa: PT017 - either answer is right


@given(TOPICS, st.dictionaries(KEYS, VALUES, max_size=8) | VALUES, st.booleans())
def test_random_json_is_refused_by_name(topic: str, value: object, retained: bool) -> None:
    """Whatever the JSON, the answer is a message or Malformed, and both can be written down."""
    payload = json.dumps(value).encode()
    try:
        repr(decode(topic, payload, retained=retained)).encode()
    except Malformed as error:
        str(error).encode()
