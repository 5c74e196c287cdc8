"""NEWS2, as far as it can be known: a line for hand-over, never an alarm.

The National Early Warning Score 2 of the Royal College of Physicians (London, 2017; acknowledged
here as it asks). It is made for hourly ward rounds and blind to what ketamine does most: a high
pressure scores from 220 on. Respiration and temperature are usually missing, so what is shown is a
lower bound with the missing parts named, and a total only when nothing is missing. In the peak
dissociation looks like new confusion, and the score is not interpretable.

This module scores and never decides: no row, no criterion of discharge asks it.

>>> points("pulse", 112_00), points("systolic", 219_00), points("spo2", 91_00)
(2, 0, 3)
"""

from msgspec import Struct

from monitor.chart import Chart
from monitor.session import Phase

__all__ = ["PARTS", "NewsView", "Score", "line_of", "news2", "points"]

_MEDIAN_MS = 2 * 60_000
_PRESSURE_MS = 30 * 60_000
_VOICE = 3
_IMPAIRED = 3
_HIGHEST_X100 = 1_000_000
# Of each part: up to which value (x 100, included) how many points (scale 1 for SpO2).
_BANDS: dict[str, tuple[tuple[int, int], ...]] = {
    "respiration": ((8_99, 3), (11_99, 1), (20_99, 0), (24_99, 2), (_HIGHEST_X100, 3)),
    "spo2": ((91_99, 3), (93_99, 2), (95_99, 1), (_HIGHEST_X100, 0)),
    "systolic": ((90_99, 3), (100_99, 2), (110_99, 1), (219_99, 0), (_HIGHEST_X100, 3)),
    "pulse": ((40_99, 3), (50_99, 1), (90_99, 0), (110_99, 1), (130_99, 2), (_HIGHEST_X100, 3)),
    "temperature": ((35_00, 3), (36_00, 1), (38_00, 0), (39_00, 1), (_HIGHEST_X100, 2)),
}
PARTS = ("respiration", "spo2", "air", "systolic", "pulse", "consciousness", "temperature")
"""What the whole score is made of, in the order of its chart."""


class Score(Struct, frozen=True):
    """Points by part, which parts are missing, and their sum: at least so much.

    `total` is None while a part is missing. `single_3`: one part alone scores 3.
    """

    parts: dict[str, int]
    missing: tuple[str, ...]
    at_least: int
    total: int | None
    single_3: bool
    interpretable: bool

    @property
    def words(self) -> str:
        """One line, as a hand-over reads it."""
        if not self.interpretable:
            return "NEWS2 is not interpretable in the peak"
        if self.total is not None:
            return f"NEWS2 {self.total}"
        return f"NEWS2 at least {self.at_least}, without {', '.join(self.missing)}"


class NewsView(Struct, frozen=True):
    """The score at a check-in or a trial of discharge, as a screen shows it."""

    at_ms: int
    words: str
    at_least: int
    missing: tuple[str, ...]
    interpretable: bool


def line_of(chart: Chart, now_ms: int) -> NewsView:
    """Return the line of a check-in or of a trial of discharge."""
    score = news2(chart, now_ms)
    return NewsView(now_ms, score.words, score.at_least, score.missing, score.interpretable)


def points(part: str, value_x100: int) -> int:
    """Return the points of one measured part.

    Args:
        part: respiration and pulse (/min), spo2 (%), systolic (mmHg) or temperature (degrees C).
        value_x100: the value x 100; between two whole numbers it belongs to the lower one.

    Raises:
        KeyError: no part of this name is measured.

    Source: Royal College of Physicians, NEWS2, London 2017, chart 1 (SpO2 scale 1).
    """
    return next(score for up_to, score in _BANDS[part] if value_x100 <= up_to)


def news2(chart: Chart, now_ms: int) -> Score:
    """Score what the chart knows: medians of the last 2 min, the last pressure of half an hour.

    There is no oxygen in a home, so it is air. MOAA/S 4 answers to the name and counts as alert, 3
    and less as impaired; a rating that is too old is missing.
    """
    oximeter = chart.oximeter
    from_ms = now_ms - _MEDIAN_MS
    medians = {
        "respiration": oximeter.rr.median2(from_ms, now_ms),
        "spo2": oximeter.spo2.median2(from_ms, now_ms),
        "pulse": oximeter.pulse.median2(from_ms, now_ms),
    }
    found = {part: points(part, twice // 2) for part, twice in medians.items() if twice is not None}
    found["air"] = 0
    if chart.readings and now_ms - chart.readings[-1].at_ms <= _PRESSURE_MS:
        found["systolic"] = points("systolic", chart.readings[-1].sbp_x100)
    rating = chart.moaas(now_ms)
    if rating is not None:
        found["consciousness"] = _IMPAIRED if rating <= _VOICE else 0
    parts = {part: found[part] for part in PARTS if part in found}
    missing = tuple(part for part in PARTS if part not in found)
    at_least = sum(parts.values())
    return Score(
        parts=parts,
        missing=missing,
        at_least=at_least,
        total=None if missing else at_least,
        single_3=_IMPAIRED in parts.values(),
        interpretable=chart.phase is not Phase.PEAK,
    )
