"""The pages of the kept sessions are those that somebody has looked at."""

import pytest

from tests.report_golden import GOLDEN, path_of


@pytest.mark.parametrize("name", GOLDEN)
def test_a_page_is_as_it_was_looked_at(name: str) -> None:
    """Byte for byte; `python -m tests.report_golden` writes them anew."""
    assert GOLDEN[name]() == path_of(name).read_text(encoding="utf-8")
