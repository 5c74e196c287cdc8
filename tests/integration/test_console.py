"""A message is one plain line; a closed or blocked console is a failure, never a blocked hub."""

import asyncio
import io
import os
import time
from contextlib import suppress

import pytest

from alerts.channel import failed, sent
from alerts.condition import Priority
from alerts.console import Console, line
from alerts.message import Message

pytestmark = pytest.mark.integration


def message(mode: str = "real", contact: str = "Ann") -> Message:
    """Return a message with something in every field that a line shows."""
    return Message(
        delivery="d1",
        alarm="oxygen@5",
        contact=contact,
        address="",
        priority=Priority.HIGH,
        first_line="Wake Alex now.",
        mode=mode,
    )


@pytest.mark.parametrize(
    ("mode", "contact", "text"),
    [
        ("real", "Ann", "!!! HIGH for Ann: Wake Alex now. [oxygen@5, attempt 1]"),
        (
            "demo",
            "An\x1b[2Jn\n",
            "!!! HIGH for An[2Jn: DEMO - not a real alarm: Wake Alex now. [oxygen@5, attempt 1]",
        ),
    ],
)
async def test_a_message_is_one_plain_line(mode: str, contact: str, text: str) -> None:
    """Priority by mark and word, no control characters, a rehearsal marked."""
    stream = io.StringIO()
    outcome = await Console(stream).send(message(mode, contact))
    assert (outcome, stream.getvalue(), line(message(mode, contact))) == (sent(), text + "\n", text)


async def test_a_closed_console_is_a_failure() -> None:
    """The reason says what is wrong."""
    stream = io.StringIO()
    stream.close()
    assert await Console(stream).send(message()) == failed(
        "the console cannot be written: I/O operation on closed file"
    )


async def test_a_blocked_console_blocks_nobody() -> None:
    """A full pipe costs the stated time and no more, however many lines wait."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    while True:
        try:
            os.write(write_end, bytes(65_536))
        except BlockingIOError:
            break
    os.set_blocking(write_end, True)
    with suppress(BrokenPipeError), os.fdopen(write_end, "w") as stream:
        console = Console(stream, limit_s=0.2)
        start_s = time.monotonic()
        outcomes = await asyncio.gather(*(console.send(message()) for _ in range(100)))
        took_s = time.monotonic() - start_s
        while await console.send(message()) != sent():
            os.read(read_end, 1 << 20)
        os.close(read_end)
        gone = await console.send(message())
    assert (set(outcomes), took_s < 2) == ({failed("the console is blocked")}, True)
    assert gone == failed("the console cannot be written: [Errno 32] Broken pipe")
