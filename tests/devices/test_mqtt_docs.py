"""docs/mqtt.md says what the code does: names, orders, flags, and examples that are read."""

import re
from pathlib import Path
from typing import get_args

from devices.ack import decode_ack
from devices.command import Order, decode_check_in, decode_command
from devices.observation import Flag
from devices.payload import decode_reading, decode_status
from devices.strict_json import Reason

TEXT = (Path(__file__).parents[2] / "docs" / "mqtt.md").read_text("utf-8")


def section(title: str) -> str:
    """Return one section of the page."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def examples(title: str) -> list[bytes]:
    """Return the JSON examples of a section."""
    return [block.encode() for block in re.findall(r"```json\n(.*?)```", section(title), re.DOTALL)]


def test_every_refusal_is_documented() -> None:
    """The table holds each reason, in the order of the code."""
    assert re.findall(r"^\| `(\w+)` \|", section("Refusals"), re.MULTILINE) == list(Reason)


def test_every_order_is_documented() -> None:
    """The table holds each `do`."""
    rows = re.findall(r"^\| (`.*?`) \|", section("An order"), re.MULTILINE)[1:]
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert named == {order.__struct_config__.tag for order in get_args(Order)}


def test_every_flag_is_documented() -> None:
    """The row holds each flag, in the order of the code."""
    found = re.search(r"^\| `flags` \| `(.*)` \|$", section("A reading"), re.MULTILINE)
    assert found is not None
    assert found[1].split() == list(Flag)


def test_every_example_is_read() -> None:
    """Each example on the page is a message that the hub takes."""
    read = [
        *(decode_reading("d", text) for text in examples("A reading")),
        *(decode_status("d", text) for text in examples("A status")),
        *(decode_check_in("p", text) for text in examples("A check-in")),
        *(decode_command("p", text) for text in examples("An order")),
        *(decode_ack(text) for text in examples("An ack")),
    ]
    assert len(read) == 7
