"""Rows that look further than one value are held to what they can be."""

import pytest

from monitor.plan import PlanError, load_plan
from tests.bedside import PLANS

TEXT = (PLANS / "default.toml").read_text(encoding="utf-8")


def faults(row: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """Return what is wrong with the default plan when lines of one row are changed."""
    before, mark, rest = TEXT.partition(f'id = "{row}"\n')
    own, end, after = rest.partition("[[rows]]")
    for old, new in pairs:
        assert old in own
        own = own.replace(old, new, 1)
    with pytest.raises(PlanError) as error:
        load_plan(before + mark + own + end + after, "x.toml")
    return str(error.value)


NO_PAST = "looks back on {}, of which no past is kept"


@pytest.mark.parametrize(
    ("row", "pairs", "what"),
    [
        ("SPO2-CUM", (('"spo2"', '"pi"'),), NO_PAST.format("pi")),
        ("SPO2-FAST", (('"spo2"', '"rr"'),), NO_PAST.format("rr")),
        ("PR-JUMP", (('"pulse"', '"sbp"'),), NO_PAST.format("sbp")),
        ("SPO2-CUM", (("under_s = 30", "under_s = 121"),), "clears above its own limit"),
        ("SPO2-ODI", (("least_s = 10", "least_s = 91"),), "least_s is above most_s"),
        ("SPO2-ODI", (("count = 3", "count = 0"),), "count"),
        ("SPO2-TREND", (("clear_per_min = -0.5", "clear_per_min = -1.3"),), "no gentler fall"),
        ("SPO2-TREND", (("clear_per_min = -0.5", "clear_per_min = 0.1"),), "no gentler fall"),
        ("PR-IRREG", (("count = 2", "count = 4"),), "more readings than it looks at"),
        (
            "FROZEN",
            (('alarm_class = "A"\n', ""), ('"low"', '"high"')),
            "can be high but has no alarm_class",
        ),
        ("MOTION", (('flag = "motion"', 'flag = "rain"'),), "flag"),
    ],
)
def test_a_row_that_cannot_be_meant(
    row: str, pairs: tuple[tuple[str, str], ...], what: str
) -> None:
    """Named with the row."""
    found = faults(row, pairs)
    assert row in found
    assert what in found
