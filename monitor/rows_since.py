"""Rows about something that is still so: since a report, or since the last dose.

Values only, as in `monitor/rows_base.py`; how they are judged is in `monitor/detectors/since.py`.

>>> SinceStage(after_s=7200, priority=Priority.LOW).phases
()
"""

from typing import Annotated

from msgspec import Meta, Struct

from alerts.condition import AlarmClass, Priority
from monitor.facts import Fact
from monitor.rows_base import RowBase, Seconds
from monitor.session import Phase

__all__ = ["SinceRow", "SinceStage"]


class SinceStage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A priority that a row reaches so long after its start, in these phases, with these facts.

    `on` is what it counts from, when that is not the row's; `asks`: people are only asked yet, the
    stage neither latches nor tells a physician at once.
    """

    after_s: Seconds
    priority: Priority
    phases: tuple[Phase, ...] = ()
    facts: tuple[Fact, ...] = ()
    alarm_class: AlarmClass | None = None
    on: str = ""
    asks: bool = False


class SinceRow(RowBase, frozen=True, kw_only=True, tag="since", omit_defaults=True):
    """Something that is still so, by stages of time: `on` names its start.

    That is a report, `dose`, the last, or `companion_gone`, their last sign of life.

    A stage whose facts are not known raises nothing and ends nothing. `waits`: people were asked
    something; what was not reached before an outage of the hub comes a minute after it at the
    earliest.
    """

    on: str
    waits: bool = False
    stages: Annotated[tuple[SinceStage, ...], Meta(min_length=1)]
