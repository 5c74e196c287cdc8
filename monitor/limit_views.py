"""The limits that stand beside the numbers on a screen, in words, as they are now.

A row's words are the same until a physician changes its limit, and a screen is made every second:
so they are made once, and again when a row was. Rows in, words out; nothing is judged.

    limits = LimitViews(chart)
    limits.now()["spo2"][0].words      -> 'below 92 % for 20 s'
"""

from msgspec import Struct

from devices.observation import Metric
from monitor.chart import Chart
from monitor.limit_words import pressure_words
from monitor.rows import ConfirmedRow, Criterion, LimitRow, Row

__all__ = ["LimitView", "LimitViews", "limit_words"]


class LimitView(Struct, frozen=True):
    """One row's limit of a metric now; `tailored_by` when a physician has changed it."""

    row: str
    priority: str
    words: str
    low_x100: int | None
    high_x100: int | None
    tailored_by: str | None


class LimitViews:
    """The limits of one session."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._rows: list[Row] = []
        self._by: dict[str, str] = {}
        self._views: dict[str, tuple[LimitView, ...]] = {}

    def now(self) -> dict[str, tuple[LimitView, ...]]:
        """Return the limits of each metric in plan order. The caller changes nothing in it."""
        # Rows are replaced, never changed, so that equal ones are nearly always the very same.
        rows = list(self._chart.rows.values())
        if rows != self._rows or self._by != self._chart.tailored:
            self._rows, self._by = rows, dict(self._chart.tailored)
            self._views = _views(rows, self._by)
        return self._views


def _views(rows: list[Row], tailored: dict[str, str]) -> dict[str, tuple[LimitView, ...]]:
    found: dict[str, list[LimitView]] = {"spo2": [], "pulse": [], "sbp": [], "dbp": []}
    for row in rows:
        by = tailored.get(row.id)
        if isinstance(row, LimitRow):
            words, low, high = _of_values(row)
            if words and row.metric.value in found:
                view = LimitView(row.id, row.priority.value, words, low, high, by)
                found[row.metric.value].append(view)
        elif isinstance(row, ConfirmedRow):
            for metric, low_mmhg, high_mmhg, words in pressure_words(row):
                low, high = _x100(low_mmhg), _x100(high_mmhg)
                view = LimitView(row.id, row.priority.value, words, low, high, by)
                found[metric].append(view)
    return {metric: tuple(views) for metric, views in found.items()}


def _of_values(row: LimitRow) -> tuple[str, int | None, int | None]:
    """Words and the first limit of a value row; criteria that also need a fact are left out."""
    plain = [one for one in row.criteria if not one.facts]
    if not plain:
        return "", None, None
    unit = " %" if row.metric is Metric.SPO2 else " a minute"
    words = dict.fromkeys(_words(one, unit) for one in plain)
    return ", or ".join(words), _x100(plain[0].below), _x100(plain[0].above)


def _words(limit: Criterion, unit: str) -> str:
    parts = [
        f"{word} {number:g}{unit}{rest}"
        for word, number, rest in (
            ("below", limit.below, ""),
            ("above", limit.above, ""),
            ("at", limit.at_most, " or less"),
            ("at", limit.at_least, " or more"),
        )
        if number is not None
    ]
    if limit.under_baseline is not None:
        parts.append(f"{limit.under_baseline:g} or more under the value before the dose")
    if limit.over_baseline is not None:
        parts.append(f"{limit.over_baseline:g} or more over the value before the dose")
    delay = f" for {limit.delay_s} s" if limit.delay_s else ""
    return " and ".join(parts) + delay


def limit_words(row: Row) -> list[str]:
    """Return every limit of a row in words, those that also need a fact with its name."""
    if isinstance(row, ConfirmedRow):
        names = {"sbp": "systolic", "dbp": "diastolic"}
        return [f"{names[metric]} {words}" for metric, _, _, words in pressure_words(row)]
    if not isinstance(row, LimitRow):
        return []
    unit = " %" if row.metric in (Metric.SPO2, Metric.PI) else " a minute"
    return [
        _words(one, unit) + "".join(f" with {fact.replace('_', ' ')}" for fact in one.facts)
        for one in row.criteria
    ]


def _x100(number: float | None) -> int | None:
    return None if number is None else round(number * 100)
