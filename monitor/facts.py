"""The closed list of facts that a row may ask for, each computed in one place.

A fact is True, False or None: None says "not known", and an unknown fact sharpens no row and ends
none (`clinical.md` 2.0 "MOAA/S is"). A fact never has a delay and never raises anything itself.

    known(chart, Fact.MOAAS_LE_3, now_ms) -> True | False | None
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from devices.checkin import Answer, Breathing, Colour

if TYPE_CHECKING:
    from monitor.chart import Chart

__all__ = ["Fact", "all_true", "any_true", "known"]

_FRESH_MS = 30_000
_SYMPTOM_MS = 10 * 60_000
_LOW_OF_TEN = 5
_SPO2_LOW, _SPO2_LESS = 92_00, 94_00
_PULSE_FAST, _PULSE_HIGH, _PULSE_LOW = 120_00, 110_00, 50_00
_AWAKE = 5
_CADSS_OVER = 4


class Fact(StrEnum):
    """The names that a plan may write."""

    MOAAS_LE_3 = "moaas_le_3"
    MOAAS_3 = "moaas_3"
    MOAAS_LE_2 = "moaas_le_2"
    MOAAS_LT_5 = "moaas_lt_5"
    NOT_AWAKE = "not_awake"
    CADSS_HIGH = "cadss_high"
    PAGE_AWAKE = "page_awake"
    SYMPTOM = "symptom"
    PRESSURE_SIGN = "pressure_sign"
    SPO2_LT_92 = "spo2_lt_92"
    SPO2_LT_94 = "spo2_lt_94"
    PULSE_GT_120 = "pulse_gt_120"
    PULSE_GT_110 = "pulse_gt_110"
    PULSE_LT_50 = "pulse_lt_50"
    BREATHING_BAD = "breathing_bad"
    BREATHING_SLOW = "breathing_slow"
    CUFF_IDLE = "cuff_idle"
    LIFELESS = "lifeless"
    NO_ANSWER = "no_answer"
    NO_BREATH = "no_breath"
    LIPS_BLUE = "lips_blue"
    LAST_TEN_LOW = "last_ten_low"


def known(chart: "Chart", fact: Fact, now_ms: int) -> bool | None:
    """What is known of this fact now."""
    return _FACTS[fact](chart, now_ms)


def all_true(chart: "Chart", facts: tuple[Fact, ...], now_ms: int) -> bool:
    """Every fact is known to be true (an empty list is)."""
    for fact in facts:  # noqa: SIM110 - asked for at every report, and a loop is quicker
        if _FACTS[fact](chart, now_ms) is not True:
            return False
    return True


def any_true(chart: "Chart", facts: tuple[Fact, ...], now_ms: int) -> Fact | None:
    """The first fact that is known to be true."""
    for fact in facts:
        if _FACTS[fact](chart, now_ms) is True:
            return fact
    return None


def _moaas(chart: "Chart", now_ms: int, low: int, high: int) -> bool | None:
    rating = chart.moaas(now_ms)
    return None if rating is None else low <= rating <= high


def _not_awake(chart: "Chart", now_ms: int) -> bool:
    """MOAA/S 4 or less, or unknown (COMP-ABSENT): nobody is awake because nobody looked."""
    return chart.moaas(now_ms) != _AWAKE


def _page_awake(chart: "Chart", _now_ms: int) -> bool:
    """The companion's page keeps its screen on: a link that is lost means somebody (2.0)."""
    return chart.companion.awake


def _cadss_high(chart: "Chart", _now_ms: int) -> bool | None:
    """The last CADSS-6 is more than 4 above the one before the dose (DIS-LATE)."""
    if chart.cadss6 is None or chart.cadss6_before is None:
        return None
    return chart.cadss6 > chart.cadss6_before + _CADSS_OVER


def _symptom(chart: "Chart", now_ms: int) -> bool | None:
    """Any SYM item, faint or dizzy, entered in the last 10 min (`clinical.md` 2.0 "symptom")."""
    if chart.symptom_ms is None:
        return None if chart.check is None else False
    return now_ms - chart.symptom_ms <= _SYMPTOM_MS


def _pressure_sign(chart: "Chart", now_ms: int) -> bool | None:
    """A sign that a high pressure does harm (BP-EMERG), entered in the last 10 min."""
    if chart.sign_ms is None:
        return None if chart.check is None else False
    return now_ms - chart.sign_ms <= _SYMPTOM_MS


def _spo2(chart: "Chart", now_ms: int, below: int) -> bool | None:
    value = chart.oximeter.spo2.latest(now_ms, _FRESH_MS)
    return None if value is None else value < below


def _pulse(chart: "Chart", now_ms: int) -> int | None:
    value = chart.oximeter.pulse.latest(now_ms, _FRESH_MS)
    return value or next(iter(chart.witnesses(now_ms)), None)


def _pulse_high(chart: "Chart", now_ms: int, above: int) -> bool | None:
    value = _pulse(chart, now_ms)
    return None if value is None else value > above


def _pulse_low(chart: "Chart", now_ms: int) -> bool | None:
    value = _pulse(chart, now_ms)
    return None if value is None else value < _PULSE_LOW


def _breathing_bad(chart: "Chart", _now_ms: int) -> bool | None:
    breathing = None if chart.check is None else chart.check.breathing
    return None if breathing is None else breathing is not Breathing.QUIET


def _breathing_slow(chart: "Chart", _now_ms: int) -> bool | None:
    """The companion saw pauses, or counted 4 breaths or fewer in 30 s (RR-LOW2)."""
    breathing = None if chart.check is None else chart.check.breathing
    return None if breathing is None else breathing is Breathing.SLOW


def _cuff_idle(chart: "Chart", now_ms: int) -> bool:
    """No inflation on the oximeter's arm holds the rows about its signal (`clinical.md` 2.7.3)."""
    return chart.held_by_cuff(now_ms) is None


def _lifeless(chart: "Chart", now_ms: int) -> bool | None:
    """The last check-in said "no answer", "blue" or "not breathing" (SPO2-CRIT)."""
    if chart.check is None:
        return None
    signs = (_no_answer, _no_breath, _lips_blue)
    return any(sign(chart, now_ms) is True for sign in signs)


def _no_answer(chart: "Chart", _now_ms: int) -> bool | None:
    return None if chart.check is None else chart.check.answer is Answer.NONE


def _no_breath(chart: "Chart", _now_ms: int) -> bool | None:
    breathing = None if chart.check is None else chart.check.breathing
    return None if breathing is None else breathing is Breathing.NOT


def _lips_blue(chart: "Chart", _now_ms: int) -> bool | None:
    colour = None if chart.check is None else chart.check.colour
    return None if colour is None else colour is Colour.BLUE


def _last_ten_low(chart: "Chart", _now_ms: int) -> bool | None:
    low = chart.oximeter.low_of_ten
    return None if low is None else low >= _LOW_OF_TEN


_FACTS: dict[Fact, Callable[["Chart", int], bool | None]] = {
    Fact.MOAAS_LE_3: lambda chart, now_ms: _moaas(chart, now_ms, 0, 3),
    Fact.MOAAS_3: lambda chart, now_ms: _moaas(chart, now_ms, 3, 3),
    Fact.MOAAS_LE_2: lambda chart, now_ms: _moaas(chart, now_ms, 0, 2),
    Fact.MOAAS_LT_5: lambda chart, now_ms: _moaas(chart, now_ms, 0, 4),
    Fact.NOT_AWAKE: _not_awake,
    Fact.CADSS_HIGH: _cadss_high,
    Fact.PAGE_AWAKE: _page_awake,
    Fact.SYMPTOM: _symptom,
    Fact.PRESSURE_SIGN: _pressure_sign,
    Fact.SPO2_LT_92: lambda chart, now_ms: _spo2(chart, now_ms, _SPO2_LOW),
    Fact.SPO2_LT_94: lambda chart, now_ms: _spo2(chart, now_ms, _SPO2_LESS),
    Fact.PULSE_GT_120: lambda chart, now_ms: _pulse_high(chart, now_ms, _PULSE_FAST),
    Fact.PULSE_GT_110: lambda chart, now_ms: _pulse_high(chart, now_ms, _PULSE_HIGH),
    Fact.PULSE_LT_50: _pulse_low,
    Fact.BREATHING_BAD: _breathing_bad,
    Fact.BREATHING_SLOW: _breathing_slow,
    Fact.CUFF_IDLE: _cuff_idle,
    Fact.LIFELESS: _lifeless,
    Fact.NO_ANSWER: _no_answer,
    Fact.NO_BREATH: _no_breath,
    Fact.LIPS_BLUE: _lips_blue,
    Fact.LAST_TEN_LOW: _last_ten_low,
}
