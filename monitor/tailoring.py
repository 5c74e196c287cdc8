"""Limits for one patient: which rows a physician may change in a session, and how far.

"Limits may be tailored per patient by the physician, only inside an envelope" (`clinical.md` 2.7).
A changed limit takes what belongs to it along: the second limit and the level that clears it. A row
outside the table, every row of an emergency among them, cannot be changed. Who asks is not judged
here, and no row is moved: rows in, row out.

>>> from monitor.rows import Row
>>> sorted(ENVELOPE)
['BP-HIGH', 'PR-HIGH', 'SPO2-LOW', 'SPO2-WARN']
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from monitor.rows import ConfirmedRow, LimitRow, Row

__all__ = ["ENVELOPE", "Span", "TailorError", "limit_of", "moved", "tailored"]

_ABOVE_LOW = 2  # SPO2-WARN: "at least LOW +2"
_OTHER = {"SPO2-LOW": "SPO2-WARN", "SPO2-WARN": "SPO2-LOW"}
_LIMITS = frozenset({"below", "above", "at_least", "at_most"})


class TailorError(ValueError):
    """A limit cannot be set so; the message says why and what is allowed."""


class Span(Struct, frozen=True):
    """From where to where a limit may be set, both included, in the metric's unit."""

    lowest: int
    highest: int
    unit: str


ENVELOPE: dict[str, Span] = {
    "SPO2-LOW": Span(86, 92, "%"),
    "SPO2-WARN": Span(88, 94, "%"),
    "PR-HIGH": Span(110, 150, "beats a minute"),
    "BP-HIGH": Span(160, 180, "mmHg systolic"),
}
"""Rows that may be tailored."""


def tailored(rows: Mapping[str, Row], row_id: str, limit_x100: int) -> Row:
    """Return the row with its new limit.

    Args:
        rows: the rows of the session as they are now, by id.
        row_id: which one to change.
        limit_x100: the new limit x 100; whole numbers of the metric's unit only.

    Raises:
        TailorError: the row may not be changed, or not so far.
    """
    span, row = ENVELOPE.get(row_id), rows.get(row_id)
    if span is None or row is None:
        names = ", ".join(name for name in ENVELOPE if name in rows) or "none"
        raise TailorError(f"row {row_id!r} cannot be tailored in this session; these can: {names}")
    limit, rest = divmod(limit_x100, 100)
    if rest or not span.lowest <= limit <= span.highest:
        raise TailorError(
            f"{row_id} is a whole number from {span.lowest} to {span.highest} {span.unit}, "
            f"not {limit_x100 / 100:g}"
        )
    by = limit - limit_of(row) / 100
    if isinstance(row, ConfirmedRow):
        return _pressure(row, by)
    _keep_apart(rows, row_id, limit)
    return moved(row, by)


def moved(row: Row, by: float) -> Row:
    """Return a row of shape `limit` with its limits and its clearing level moved by so much.

    A label that says the limit ("SpO2 below 92 %") says the new one.
    """
    before = limit_of(row) / 100
    label = row.label.replace(f"{before:g} %", f"{before + by:g} %")
    return _shifted(msgspec.structs.replace(row, label=label), by)


def limit_of(row: Row) -> int:
    """Return the limit of a row of the envelope as it is now.

    Raises:
        TailorError: the row has none.
    """
    limit = row.sbp_at_least if isinstance(row, ConfirmedRow) else _first_limit(row)
    if limit is None:
        raise TailorError(f"row {row.id} has no systolic limit to tailor in this plan")
    return round(limit * 100)


def _keep_apart(rows: Mapping[str, Row], row_id: str, limit: int) -> None:
    """SPO2-WARN stays at least 2 above SPO2-LOW, whichever of the two is changed."""
    other = _OTHER.get(row_id)
    other_row = None if other is None else rows.get(other)
    if other_row is None:
        return
    low, warn = float(limit), float(limit)
    if row_id == "SPO2-LOW":
        warn = _first_limit(other_row)
    else:
        low = _first_limit(other_row)
    if warn < low + _ABOVE_LOW:
        raise TailorError(
            f"SPO2-WARN ({warn:g}) must be at least 2 above SPO2-LOW ({low:g}); set {other} first"
        )


def _first_limit(row: Row) -> float:
    """Return the first limit of a row of shape `limit`."""
    first = row.criteria[0] if isinstance(row, LimitRow) else None
    limit = None if first is None else first.above if first.below is None else first.below
    if limit is None:
        raise TailorError(f"row {row.id} has no limit to tailor in this plan")
    return limit


def _shifted(row: Row, by: float) -> Row:
    """Move every limit of the row, and the level that clears it, by the same distance."""
    fields = msgspec.to_builtins(row)
    for part in (*fields["criteria"], fields["clear"]):
        for key in _LIMITS & part.keys():
            part[key] += by
    return msgspec.convert(fields, LimitRow)


def _pressure(row: ConfirmedRow, by: float) -> ConfirmedRow:
    """Move the systolic limit and its clearing level; the diastolic one stays."""
    fields = msgspec.to_builtins(row)
    for key in {"sbp_at_least", "clear_sbp_below"} & fields.keys():
        fields[key] += by
    return msgspec.convert(fields, ConfirmedRow)
