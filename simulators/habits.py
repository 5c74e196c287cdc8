"""How people react in a simulated home: medians, misses and errors as data (`clinical.md` 6.4).

Delays are lognormal. A miss is a prompt or an alarm that somebody does not react to at first; they
notice it minutes later. A physician who is late answers after more than five minutes.

It draws nothing: people do.

>>> Habits().check_in_s, EVENING.miss
(40.0, 0.15)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

from alerts.condition import Priority

__all__ = ["ATTENTIVE", "EVENING", "Habits", "HabitsError"]

_MAX_S = 3_600.0


class HabitsError(ValueError):
    """A habit that nobody has; the message says which and what is allowed."""


def _by_priority(low: float, medium: float, high: float) -> Mapping[Priority, float]:
    return MappingProxyType({Priority.LOW: low, Priority.MEDIUM: medium, Priority.HIGH: high})


@dataclass(frozen=True, slots=True)
class Habits:
    """How people react: medians in seconds (0..3600), chances and shares 0..1; all design choices.

    `answer_s` is the time to answer an alarm by its priority, `check_in_s` to answer a prompt,
    `physician_s` until the physician accepts, `call_s` until they have called the room; all are
    lognormal with log SD `log_sd` (0..3).
    `miss` is the chance not to react to a prompt (15 % late in the evening), `alarm_miss` to an
    alarm; with `physician_late` a physician takes more than five minutes, so that 5 % do in all.
    `rating_error` is the chance to rate wakefulness one step wrong. `on_back` is the share of
    patients who lie on the back at first, `keeps_lozenge` of those with some of it left at T+10;
    `counts_pulse`: the companion counts at the wrist when two devices disagree.

    Raises:
        HabitsError: a value out of its range.
    """

    answer_s: Mapping[Priority, float] = field(default_factory=lambda: _by_priority(60, 25, 12))
    check_in_s: float = 40.0
    physician_s: float = 45.0
    call_s: float = 120.0
    log_sd: float = 0.8
    miss: float = 0.03
    alarm_miss: Mapping[Priority, float] = field(
        default_factory=lambda: _by_priority(0.10, 0.03, 0.01)
    )
    physician_late: float = 0.042
    rating_error: float = 0.1
    on_back: float = 0.1
    keeps_lozenge: float = 0.0
    counts_pulse: bool = True

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            high = _MAX_S if one.name.endswith("_s") else 3.0 if one.name == "log_sd" else 1.0
            values = value.values() if isinstance(value, Mapping) else (value,)
            if not all(0 <= number <= high for number in values):
                raise HabitsError(f"{one.name} of a person is {value}: use 0..{high:g}")


EVENING = replace(Habits(), miss=0.15)
"""The same people late in the evening."""

ATTENTIVE = Habits(
    check_in_s=25.0,
    physician_s=30.0,
    log_sd=0.4,
    miss=0.0,
    alarm_miss=_by_priority(0, 0, 0),
    physician_late=0.0,
    rating_error=0.0,
    on_back=0.0,
)
"""People who know that they are in a demonstration."""
