"""R21: limits move inside the envelope only, with all that belongs to them, and no others move."""

from typing import Any

import msgspec
import pytest

from monitor.rows import ConfirmedRow, LimitRow, Row
from monitor.tailoring import ENVELOPE, TailorError, limit_of, tailored
from tests.bedside import DEFAULT

ROWS: dict[str, Row] = {row.id: row for row in DEFAULT.rows}


def numbers(row: Row) -> dict[str, Any]:
    """Return the numbers of a row that may move."""
    if isinstance(row, LimitRow):
        return {
            "limits": [c.below if c.above is None else c.above for c in row.criteria],
            "delays": [c.delay_s for c in row.criteria],
            "clear": row.clear.at_least if row.clear.at_most is None else row.clear.at_most,
            "label": row.label,
        }
    assert isinstance(row, ConfirmedRow)
    return {
        "limits": [row.sbp_at_least, row.dbp_at_least],
        "clear": [row.clear_sbp_below, row.clear_dbp_below],
    }


def test_the_envelope() -> None:
    """Four rows, from where to where (`clinical.md` 2.7)."""
    spans = {name: (span.lowest, span.highest) for name, span in ENVELOPE.items()}
    assert spans == {
        "SPO2-LOW": (86, 92),
        "SPO2-WARN": (88, 94),
        "PR-HIGH": (110, 150),
        "BP-HIGH": (160, 180),
    }


@pytest.mark.parametrize(
    ("row", "limit", "expected"),
    [
        (
            "SPO2-LOW",
            86,
            {"limits": [86, 84], "delays": [30, 10], "clear": 88, "label": "SpO2 low"},
        ),
        (
            "SPO2-WARN",
            94,
            {"limits": [94], "delays": [20], "clear": 96, "label": "SpO2 below 94 %"},
        ),
        ("PR-HIGH", 150, {"limits": [150], "delays": [60], "clear": 142, "label": "pulse fast"}),
        ("BP-HIGH", 160, {"limits": [160, 110], "clear": [155, 105]}),
    ],
)
def test_a_limit_takes_along_what_belongs_to_it(
    row: str, limit: int, expected: dict[str, Any]
) -> None:
    """The second limit, the clearing level and the words; the delays and the diastolic stay."""
    made = tailored(ROWS, row, limit * 100)
    assert (numbers(made), limit_of(made)) == (expected, limit * 100)


@pytest.mark.parametrize("row", ENVELOPE)
def test_the_same_limit_is_the_same_row(row: str) -> None:
    """And a limit that is set back is the plan's own again."""
    before = limit_of(ROWS[row])
    moved = tailored(ROWS, row, before + 100 if row != "SPO2-LOW" else before - 100)
    assert tailored({**ROWS, row: moved}, row, before) == ROWS[row] == tailored(ROWS, row, before)


@pytest.mark.parametrize("row", ENVELOPE)
@pytest.mark.parametrize("edge", ["lowest", "highest"])
def test_one_beyond_the_envelope_is_refused(row: str, edge: str) -> None:
    """The edge itself is allowed (or only held apart from its neighbour), one further is not."""
    span = ENVELOPE[row]
    beyond = span.lowest - 1 if edge == "lowest" else span.highest + 1
    with pytest.raises(TailorError) as caught:
        tailored(ROWS, row, beyond * 100)
    assert str(caught.value) == (
        f"{row} is a whole number from {span.lowest} to {span.highest} {span.unit}, not {beyond}"
    )


def test_only_whole_numbers() -> None:
    """A limit between two values that a device can show says nothing."""
    with pytest.raises(TailorError, match=r"^PR-HIGH is a whole number .*, not 120\.5$"):
        tailored(ROWS, "PR-HIGH", 120_50)


@pytest.mark.parametrize("row", [*sorted(set(ROWS) - set(ENVELOPE)), "NOT-A-ROW"])
def test_no_other_row_can_be_changed(row: str) -> None:
    """No row of an emergency among them: none can be turned off or moved."""
    with pytest.raises(TailorError) as caught:
        tailored(ROWS, row, 90_00)
    assert str(caught.value) == (
        f"row {row!r} cannot be tailored in this session; "
        "these can: SPO2-LOW, SPO2-WARN, PR-HIGH, BP-HIGH"
    )


def test_a_plan_without_the_row_has_nothing_to_tailor() -> None:
    """It says so."""
    with pytest.raises(TailorError, match=r"these can: none$"):
        tailored({}, "PR-HIGH", 120_00)


@pytest.mark.parametrize(
    ("row", "limit", "words"),
    [
        ("SPO2-LOW", 91, "SPO2-WARN (92) must be at least 2 above SPO2-LOW (91); set SPO2-WARN"),
        ("SPO2-WARN", 91, "SPO2-WARN (91) must be at least 2 above SPO2-LOW (90); set SPO2-LOW"),
    ],
)
def test_the_warning_stays_two_above_the_alarm(row: str, limit: int, words: str) -> None:
    """Whichever of the two is moved, the other must make room first."""
    with pytest.raises(TailorError) as caught:
        tailored(ROWS, row, limit * 100)
    assert str(caught.value) == f"{words} first"


def test_a_warning_alone_has_no_neighbour() -> None:
    """A plan with one of the two rows."""
    made = tailored({"SPO2-WARN": ROWS["SPO2-WARN"]}, "SPO2-WARN", 88_00)
    assert limit_of(made) == 88_00


def test_a_row_that_is_no_limit_in_this_plan() -> None:
    """A plan of somebody's own may give these names to other shapes."""
    other = msgspec.structs.replace(ROWS["PANIC"], id="PR-HIGH")
    diastolic = msgspec.structs.replace(ROWS["BP-HIGH"], sbp_at_least=None)
    for name, row, words in (
        ("PR-HIGH", other, "row PR-HIGH has no limit to tailor in this plan"),
        ("BP-HIGH", diastolic, "row BP-HIGH has no systolic limit to tailor in this plan"),
    ):
        with pytest.raises(TailorError) as caught:
            tailored({name: row}, name, 160_00 if name == "BP-HIGH" else 120_00)
        assert str(caught.value) == words


def test_a_pressure_without_a_systolic_clearing_level() -> None:
    """Only what is there moves."""
    row = msgspec.structs.replace(ROWS["BP-HIGH"], clear_sbp_below=None)
    assert numbers(tailored({"BP-HIGH": row}, "BP-HIGH", 165_00)) == {
        "limits": [165, 110],
        "clear": [None, 105],
    }
