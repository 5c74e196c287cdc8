"""Which limits may be tailored, against a table written from `clinical.md` 2.7 rule 7."""

import pytest

from monitor.rows import ConfirmedRow, LimitRow, Row
from monitor.tailoring import TailorError, tailored
from tests.bedside import DEFAULT

ROWS = {row.id: row for row in DEFAULT.rows}
# "SpO2-LOW 86-92 (its second limit is always 2 lower, CRIT stays 80), WARN 88-94 and at least LOW
# +2, PR-HIGH 110-150, BP-HIGH 160-180; no alert of EMS class can be turned off".
ENVELOPE = {
    "SPO2-LOW": range(86, 93),
    "SPO2-WARN": range(88, 95),
    "PR-HIGH": range(110, 151),
    "BP-HIGH": range(160, 181),
}


def limits(row: Row) -> tuple[float | None, ...]:
    """The limits that the catalogue gives this row."""
    if isinstance(row, ConfirmedRow):
        return row.sbp_at_least, row.dbp_at_least
    assert isinstance(row, LimitRow)
    return tuple(one.above if one.below is None else one.below for one in row.criteria)


def taken(rows: dict[str, Row], row: str, limit: float) -> tuple[float | None, ...] | None:
    """The limits after a physician asked for this one; None: refused."""
    try:
        return limits(tailored(rows, row, round(limit * 100)))
    except TailorError:
        return None


@pytest.mark.parametrize("warn", [91, 92, 93, 94])
@pytest.mark.parametrize("low", [86, 88, 90, 92])
def test_the_envelope_is_that_of_the_catalogue(low: int, warn: int) -> None:
    """Every half point from far below to far above, for each pair of limits in force."""
    rows = dict(ROWS)
    for name, start in (("SPO2-LOW", 86), ("SPO2-WARN", warn), ("SPO2-LOW", low)):
        if taken(rows, name, start) is not None:
            rows[name] = tailored(rows, name, start * 100)
    low_now, warn_now = limits(rows["SPO2-LOW"])[0], limits(rows["SPO2-WARN"])[0]
    assert low_now is not None
    assert warn_now is not None
    asked = [(name, half / 2) for name in ENVELOPE for half in range(140, 400)]
    expected: dict[tuple[str, float], tuple[float | None, ...] | None] = {}
    for name, limit in asked:
        fits = limit in ENVELOPE[name]
        if name == "SPO2-LOW":
            expected[name, limit] = (limit, limit - 2) if fits and limit + 2 <= warn_now else None
        elif name == "SPO2-WARN":
            expected[name, limit] = (limit,) if fits and limit >= low_now + 2 else None
        else:
            more = (110.0,) if name == "BP-HIGH" else ()
            expected[name, limit] = (limit, *more) if fits else None
    assert {one: taken(rows, *one) for one in asked} == expected


def test_no_other_row_can_be_tailored() -> None:
    """Least of all an emergency."""
    others = [row for row in ROWS if row not in ENVELOPE]
    assert {row: taken(ROWS, row, 85) for row in others} == dict.fromkeys(others)
