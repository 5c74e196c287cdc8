"""Messages of the feed: what is read, what is refused, and that no bytes break the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feed_words import (
    Denied,
    Hello,
    OrderGiven,
    Reply,
    Resync,
    Unreadable,
    encode,
    read_words,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"type":"hello","token":"t"}', Hello("t", {})),
        ('{"type":"hello","token":"t","since":{"s1":412}}', Hello("t", {"s1": 412})),
        (b'{"type":"resync","session":"s1","since":0}', Resync("s1", 0)),
        (
            '{"type":"order","ref":"r","session":"s1","order":{"do":"help"}}',
            OrderGiven("r", {"do": "help"}, "s1"),
        ),
        ('{"type":"order","ref":"","order":{}}', OrderGiven("", {}, None)),
    ],
)
def test_messages_that_are_read(text: str | bytes, wanted: object) -> None:
    """Each message of a client in its fullest and its shortest form."""
    assert read_words(text) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the message is no plain JSON (empty)"),
        ("{", "the message is no plain JSON (json)"),
        ('{"type":"hello","token":"a","token":"b"}', "no plain JSON (duplicate_key)"),
        ('{"type":"resync","session":"s","since":NaN}', "no plain JSON (number)"),
        ('{"type":"resync","session":"s","since":' + "9" * 400 + "}", "no plain JSON (number)"),
        ('{"type":"resync","session":"s","since":9007199254740993}', "fits no type"),
        ('{"type":"resync","session":"s","since":1.5}', "fits no type"),
        ('{"type":"resync","session":"s","since":true}', "fits no type"),
        ('{"type":"resync","session":"s","since":-1}', "fits no type"),
        ('{"type":"resync","session":"../s","since":1}', "fits no type"),
        ('{"type":"hello"}', "fits no type"),
        ('{"type":"hello","token":"' + "t" * 201 + '"}', "fits no type"),
        ('{"type":"hello","token":"t","admin":true}', "fits no type"),
        ('{"type":"order","ref":"' + "r" * 65 + '","order":{}}', "fits no type"),
        ('{"type":"order","ref":"r","order":[]}', "fits no type"),
        ('{"type":"welcome"}', "fits no type"),
        ("[]", "fits no type"),
        ("null", "fits no type"),
        ("[" * 5000, "no plain JSON (json)"),
    ],
)
def test_what_is_none_of_our_messages(text: str, why: str) -> None:
    """Each is refused with its reason."""
    with pytest.raises(Unreadable) as caught:
        read_words(text)
    assert why in str(caught.value)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_input_is_read_or_refused(data: bytes | str) -> None:
    """Random bytes and texts, half characters included, raise nothing else."""
    try:
        words = read_words(data)
    except Unreadable:
        return
    assert isinstance(words, Hello | Resync | OrderGiven)


def test_a_reply_leaves_out_what_it_has_not() -> None:
    """Only what an order's answer holds is sent."""
    assert (
        encode(Reply(ref="r", ok=True, recorded=False, phase="gate")),
        encode(Denied(error="no")),
    ) == (
        b'{"type":"reply","ref":"r","ok":true,"recorded":false,"phase":"gate"}',
        b'{"type":"denied","error":"no"}',
    )
