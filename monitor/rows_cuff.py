"""Rows about the cuff's readings: one pair of pressures, what is made of it, and the next one.

Each is data for one shape of `monitor/detectors/`, and grows no conditions of its own. Pressures
are in mmHg, shares of them as written, times in minutes or seconds as the field's name says; the
words mean what `clinical.md` 2.0 and 2.3 say.

    [[rows]]
    id = "BP-RISE1"
    shape = "confirmed"
    sbp_over_baseline = 30
    dbp_over_baseline = 20
    clear_sbp_over_baseline = 20
    clear_dbp_over_baseline = 15
    clear_twice = false
"""

from typing import Annotated, Literal

from msgspec import Meta

from monitor.facts import Fact
from monitor.rows_base import Number, RowBase, Seconds

__all__ = [
    "ApartRow",
    "ConfirmedRow",
    "CuffRow",
    "DerivedRow",
    "FaintRow",
    "RisingRow",
    "SignRow",
    "told_in_danger",
]

Minutes = Annotated[int, Meta(ge=0, le=60, description="whole minutes up to an hour")]


class CuffRow(RowBase, frozen=True, kw_only=True, omit_defaults=True):
    """What rows share that a second reading confirms (`clinical.md` 2.3).

    `danger` names facts that make it high at once. While the row is present at its full priority a
    reading is due `every_min` minutes after the last (0: as the schedule has it), and after one at
    the clearing level `eased_min`.
    """

    confirm: bool = True
    danger: tuple[Fact, ...] = ()
    clear_twice: bool = True
    recheck_drop: Number | None = None
    every_min: Minutes = 0
    eased_min: Minutes = 0


class ConfirmedRow(CuffRow, frozen=True, kw_only=True, tag="confirmed", omit_defaults=True):
    """SBP or DBP at or beyond a limit (`at_least`, or strictly `below`).

    `*_over_baseline` is a rise of at least that much over the frozen baseline and
    `sbp_under_baseline` a fall; beside an absolute limit of the same component both must hold.
    `more_than_*` is strictly more than that over the baseline. `clear_or_*` is a second way to
    clear. Readings before `after_min` minutes from the last dose say nothing to the row.
    """

    sbp_at_least: Number | None = None
    dbp_at_least: Number | None = None
    sbp_below: Number | None = None
    sbp_over_baseline: Number | None = None
    dbp_over_baseline: Number | None = None
    sbp_more_than_baseline: Number | None = None
    dbp_more_than_baseline: Number | None = None
    sbp_under_baseline: Number | None = None
    after_min: Annotated[int, Meta(ge=0, le=1440)] = 0
    clear_sbp_below: Number | None = None
    clear_dbp_below: Number | None = None
    clear_sbp_at_least: Number | None = None
    clear_or_under_baseline: Number | None = None
    clear_sbp_over_baseline: Number | None = None
    clear_dbp_over_baseline: Number | None = None
    clear_or_sbp_over_baseline: Number | None = None
    clear_or_dbp_over_baseline: Number | None = None

    @property
    def relative(self) -> bool:
        """Whether it needs a baseline."""
        return any(
            number is not None
            for number in (
                self.sbp_over_baseline,
                self.dbp_over_baseline,
                self.sbp_more_than_baseline,
                self.dbp_more_than_baseline,
                self.sbp_under_baseline,
            )
        )


class DerivedRow(CuffRow, frozen=True, kw_only=True, tag="derived", omit_defaults=True):
    """One number made of a reading: at or above a limit, strictly above it, or strictly below.

    `map` is the device's mean arterial pressure, else DBP + a third of the pulse pressure;
    `pulse_pressure` SBP - DBP; `shock_index` the pulse of within 60 s over SBP. `with_sbp_below`
    must hold besides. A second reading may be up to `inside` short of the limit.
    """

    of: Literal["map", "pulse_pressure", "shock_index"]
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    with_sbp_below: Number | None = None
    inside: Number = 0
    clear_below: Number | None = None
    clear_at_least: Number | None = None
    clear_twice: bool = False


class RisingRow(RowBase, frozen=True, kw_only=True, tag="rising", omit_defaults=True):
    """`rises` successive rises of SBP, each of at least `by`, the last reading at `sbp_at_least`.

    Readings from `from_min` to `to_min` after the last dose count, at least `apart_s` after the one
    before. One fall ends it. The next reading is due `every_min` after each while it is present.
    """

    rises: Annotated[int, Meta(ge=1, le=5)]
    by: Number
    sbp_at_least: Number
    from_min: Annotated[int, Meta(ge=0, le=1440)]
    to_min: Annotated[int, Meta(ge=0, le=1440)]
    apart_s: Seconds
    every_min: Minutes = 0


class SignRow(RowBase, frozen=True, kw_only=True, tag="sign", omit_defaults=True):
    """Any reading of the last `within_s` at a limit, confirmed or not, while a fact is known.

    What was raised so ends only when a physician closes the emergency, or the sign is corrected.
    """

    sbp_at_least: Number
    dbp_at_least: Number
    within_s: Seconds
    facts: Annotated[tuple[Fact, ...], Meta(min_length=1)]


class FaintRow(RowBase, frozen=True, kw_only=True, tag="faint", omit_defaults=True):
    """Faint or dizzy on standing, and SBP `fall` or more under the reading before.

    A reading that ended up to `within_s` after it was said counts; one is asked for at once. The
    reading before may be `before_s` old.
    """

    fall: Number
    within_s: Seconds
    before_s: Seconds


class ApartRow(RowBase, frozen=True, kw_only=True, tag="apart", omit_defaults=True):
    """Two readings within `within_s` whose SBP is more than `more_than` apart: one more is asked.

    The next reading that is not so far from the one before ends it.
    """

    more_than: Number
    within_s: Seconds


def told_in_danger(row: RowBase) -> bool:
    """Whether a danger sign makes this row high."""
    return isinstance(row, CuffRow) and bool(row.danger)
