"""The limits of a row of pressures in plain words, each component by itself.

Pages show them beside the values, so that whoever reads a number knows from where on it is too high
or too low. Rows in, words out; nothing is judged and nothing is rounded.

>>> from alerts.condition import Kind, Priority
>>> low = dict(id="X", family="f", kind=Kind.PHYSIOLOGICAL, priority=Priority.LOW, label="l")
>>> pressure_words(ConfirmedRow(sbp_below=90, **low))
[('sbp', 90, None, 'below 90 mmHg')]
"""

from monitor.rows_cuff import ConfirmedRow

__all__ = ["pressure_words"]

_BEFORE = "the value before the dose"


def pressure_words(row: ConfirmedRow) -> list[tuple[str, float | None, float | None, str]]:
    """Return metric, low and high limit (in mmHg) and words of each side that has a limit."""
    sides = (
        (
            "sbp",
            row.sbp_below,
            row.sbp_at_least,
            _words(
                row.sbp_below,
                row.sbp_at_least,
                row.sbp_under_baseline,
                row.sbp_over_baseline,
                row.sbp_more_than_baseline,
            ),
        ),
        (
            "dbp",
            None,
            row.dbp_at_least,
            _words(None, row.dbp_at_least, None, row.dbp_over_baseline, row.dbp_more_than_baseline),
        ),
    )
    when = f" from {row.after_min} min on" if row.after_min else ""
    return [(metric, low, high, words + when) for metric, low, high, words in sides if words]


def _words(
    below: float | None,
    at_least: float | None,
    under: float | None,
    over: float | None,
    more_than: float | None,
) -> str:
    parts = (
        (below, "below {:g} mmHg"),
        (at_least, "{:g} mmHg or more"),
        (under, f"{{:g}} mmHg or more under {_BEFORE}"),
        (over, f"{{:g}} mmHg or more over {_BEFORE}"),
        (more_than, f"more than {{:g}} mmHg over {_BEFORE}"),
    )
    return " and ".join(text.format(number) for number, text in parts if number is not None)
