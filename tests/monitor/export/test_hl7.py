"""HL7 v2 text survives whatever is in it: an independent parser reads back what was written."""

import pytest
from hl7apy.parser import parse_segment

from monitor.export.hl7 import batch, comp, esc, segment


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("a|b^c&d~e\\f", "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"),
        ("line\nbreak\r", "line\\X0A\\break\\X0D\\"),
        ("Ärzte", "Ärzte"),
    ],
)
def test_a_value_is_escaped(value: str, text: str) -> None:
    """No separator and no control character of a value reaches the message as such."""
    assert esc(value) == text


def test_empty_ends_are_left_out() -> None:
    """Trailing components and fields that are empty are not written."""
    assert (comp("a", "", "b", ""), segment("NTE", "1", "", "")) == ("a^^b", "NTE|1\r")


def test_a_parser_finds_the_fields() -> None:
    """A segment with every separator in its text has one field with one component."""
    parsed = parse_segment(segment("NTE", "1", "", esc("a|b^c~d")).rstrip("\r"), version="2.6")
    assert (parsed.nte_1.to_er7(), parsed.nte_3.to_er7()) == ("1", "a\\F\\b\\S\\c\\R\\d")


def test_a_batch_counts_its_messages() -> None:
    """The file says how many messages it holds, between one head and one end of each kind."""
    assert batch("V", "2026", "s1", ["MSH|1\r", "MSH|2\r"]) == (
        "FHS|^~\\&|V||2026|||s1\rBHS|^~\\&|V||2026|||s1\rMSH|1\rMSH|2\rBTS|2\rFTS|1\r"
    )
