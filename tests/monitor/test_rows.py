"""A row is data: it is read strictly, and every number has a unit and a bound."""

import msgspec
import pytest

from alerts.condition import AlarmClass, Kind, Priority
from devices.observation import Metric
from monitor.rows import Clear, Criterion, LimitRow, Row, Stage

WARN = {
    "id": "X-1",
    "shape": "limit",
    "family": "oxygen",
    "kind": "P",
    "priority": "medium",
    "alarm_class": "A",
    "label": "x",
    "metric": "spo2",
    "criteria": [{"below": 92, "delay_s": 20}],
    "clear": {"at_least": 94, "for_s": 30},
}


def read(**changes: object) -> Row:
    """Read one row as a plan writes it."""
    row: Row = msgspec.convert({**WARN, **changes}, Row)
    return row


def test_a_row_as_a_plan_writes_it() -> None:
    """The shape's name chooses the type; what is not written has its default."""
    assert read() == LimitRow(
        id="X-1",
        family="oxygen",
        kind=Kind.PHYSIOLOGICAL,
        priority=Priority.MEDIUM,
        alarm_class=AlarmClass.A,
        label="x",
        metric=Metric.SPO2,
        criteria=(Criterion(below=92, delay_s=20),),
        clear=Clear(at_least=94, for_s=30),
    )


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"shape": "circle"}, "circle"),
        ({"id": "x-1"}, r"\$\.id"),
        ({"priority": "loud"}, r"\$\.priority"),
        ({"metric": "mood"}, r"\$\.metric"),
        ({"criteria": []}, r"\$\.criteria"),
        ({"criteria": [{"below": 2_000}]}, r"\$\.criteria\[0\]\.below"),
        ({"criteria": [{"below": 90, "delay_s": -1}]}, r"\$\.criteria\[0\]\.delay_s"),
        ({"criteria": [{"below": 90, "delay_s": 1.5}]}, r"\$\.criteria\[0\]\.delay_s"),
        ({"criteria": [{"facts": ["rain"]}]}, r"\$\.criteria\[0\]\.facts\[0\]"),
        ({"criteria": [{"min_samples": 0}]}, r"\$\.criteria\[0\]\.min_samples"),
        ({"clear": {"for_s": 86_401}}, r"\$\.clear\.for_s"),
    ],
)
def test_what_is_no_row_is_refused_where_it_stands(changes: dict[str, object], where: str) -> None:
    """The fault names its place."""
    with pytest.raises(msgspec.ValidationError, match=where):
        read(**changes)


def test_a_stage_counts_everywhere_unless_it_says_where() -> None:
    """No phases and no facts: always."""
    assert Stage(after_s=1, priority=Priority.LOW) == Stage(
        after_s=1, priority=Priority.LOW, phases=(), facts=(), quiet_s=None
    )
