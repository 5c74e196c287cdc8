"""A beat survives the pipe unchanged; a line that is none is refused with the field's name."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.heartbeat import (
    MAX_LINE_BYTES,
    MAX_PAGES,
    Heartbeat,
    HeartbeatError,
    Page,
    decode,
    encode,
)

PAGE = Page("Ann", "webhook", "http://127.0.0.1/", "demo")


@pytest.mark.parametrize(
    "beat",
    [Heartbeat(session_open=False), Heartbeat(True, 7, 61_000, (PAGE, PAGE))],
)
def test_a_beat_is_read_as_it_was_written(beat: Heartbeat) -> None:
    """One line, one beat."""
    line = encode(beat)
    assert (decode(line), line.count(b"\n"), line[-1:]) == (beat, 1, b"\n")


def test_pages_are_bounded() -> None:
    """A beat never grows beyond 96 ways to people, nor beyond what the supervisor reads."""
    beat = Heartbeat(session_open=True, pages=(PAGE,) * 100)
    assert len(decode(encode(beat)).pages) == MAX_PAGES
    long = Page("Ann", "webhook", "http://127.0.0.1/" + "x" * 2_000, "demo")
    line = encode(Heartbeat(session_open=True, pages=(long,) * 96))
    assert (len(line) <= MAX_LINE_BYTES, len(decode(line).pages)) == (True, 30)


GOOD: dict[str, Any] = {"session_open": True, "record": 1, "next_deadline_ms": None, "pages": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "a beat is no JSON"),
        (b"\xff", "a beat is no JSON"),
        (b"[" * 100_000, "a beat is no JSON"),
        (b"[]", "a beat is no JSON object"),
        (json.dumps(GOOD | {"session_open": 1}).encode(), "field session_open .* must be bool"),
        (json.dumps(GOOD | {"record": True}).encode(), "field record .* must be int"),
        (json.dumps(GOOD | {"next_deadline_ms": 1.5}).encode(), "field next_deadline_ms"),
        (json.dumps(GOOD | {"pages": {}}).encode(), "field pages .* must be list"),
        (json.dumps(GOOD | {"pages": [1]}).encode(), "a page of a beat is no JSON object"),
        (json.dumps(GOOD | {"pages": [{"contact": "A"}]}).encode(), "field channel"),
    ],
)
def test_a_line_that_is_no_beat_is_named(line: bytes, said: str) -> None:
    """The error says which field and what it must be."""
    with pytest.raises(HeartbeatError, match=said):
        decode(line)


@given(st.binary(max_size=200))
def test_random_bytes_are_a_beat_or_a_named_error(line: bytes) -> None:
    """Nothing else is ever raised."""
    with suppress(HeartbeatError):
        decode(line)
