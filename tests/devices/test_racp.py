"""A device is asked for its memory, and its answers are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.racp import (
    ABORT,
    COUNT_ALL,
    REPORT_ALL,
    Answer,
    Op,
    Racp,
    decode_racp,
    encode_racp,
)
from devices.strict_json import Malformed
from tests.devices.gatt_vectors import message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("racp_report_all", REPORT_ALL),
        ("racp_num_resp_5", Racp(Op.NUMBER, count=5)),
        ("racp_resp_success", Racp(Op.RESPONSE, asked=1, answer=Answer.SUCCESS)),
        ("racp_resp_no_records", Racp(Op.RESPONSE, asked=1, answer=Answer.NO_RECORDS)),
    ],
)
def test_each_vector_is_read_and_goes_back(name: str, expected: Racp) -> None:
    """The question, the count, the answer, and the answer that there is nothing."""
    data, _ = message(name)
    assert decode_racp(data) == expected
    assert encode_racp(expected) == data


def test_the_questions_that_vigil_asks() -> None:
    """Count all, report all, stop."""
    assert [encode_racp(one).hex() for one in (COUNT_ALL, REPORT_ALL, ABORT)] == [
        "0401",
        "0101",
        "0300",
    ]


@pytest.mark.parametrize(
    ("hexed", "says"),
    [
        ("09", "operator needs 1 bytes"),
        ("0900", "operation 9 has no meaning"),
        ("0600010a", "answer 10 has no meaning"),
        ("0500050000", "1 bytes are left"),
    ],
)
def test_what_has_no_meaning_is_refused(hexed: str, says: str) -> None:
    """Too short, unknown operation, unknown answer, too long."""
    with pytest.raises(Malformed, match=says):
        decode_racp(bytes.fromhex(hexed))


@given(st.binary(max_size=8))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing else is ever raised, and what was read goes back to the byte."""
    try:
        got = decode_racp(data)
    except Malformed:
        return
    assert encode_racp(got) == data
