"""Every fault reads from a plain mapping, and what it does not know is named."""

import re
from typing import get_args

import msgspec
import pytest

from devices.observation import Metric
from simulators.faults import kinds
from simulators.faults.kinds import Fault, FaultError, read_fault
from simulators.faults.reports import _ACTS
from tests.house import ROOT


def test_a_table_reads_as_its_fault() -> None:
    """The name chooses the kind, the other fields are its own."""
    told = {"fault": "misread", "metric": "pulse", "times": 2, "begins_s": 60, "after": "dose"}
    assert read_fault(told) == kinds.Misread(
        metric=Metric.PULSE, times=2.0, begins_s=60.0, after="dose"
    )


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"fault": "flood"}, "fault 'flood': Invalid value 'flood'"),
        ({}, r"fault '\(without a name\)': Object missing required field `fault`"),
        ({"fault": "freeze", "begin_s": 5}, "fault 'freeze': Object contains unknown field"),
        ({"fault": "freeze", "for_s": -1}, r"Expected `float` >= 0.0 - at `\$.for_s`"),
        ({"fault": "drop_out", "share": 2}, r"Expected `float` <= 1.0 - at `\$.share`"),
        ({"fault": "away", "who": "dog"}, r"Invalid enum value 'dog' - at `\$.who`"),
    ],
)
def test_a_wrong_table_is_refused(told: dict[str, object], says: str) -> None:
    """The error names the fault, the field and what is allowed."""
    with pytest.raises(FaultError, match=says):
        read_fault(told)


@pytest.mark.parametrize("kind", get_args(Fault))
def test_each_fault_survives_the_way_through_a_mapping(kind: type[Fault]) -> None:
    """Written out and read again it is the same."""
    needed = {"metric": Metric.SPO2, "step_s": 5.0, "channel": "sms"}
    known = {field.name for field in msgspec.structs.fields(kind)}
    fault = kind(**{name: value for name, value in needed.items() if name in known})  # type: ignore[arg-type]
    assert read_fault(msgspec.to_builtins(fault)) == fault


def test_each_fault_is_documented_with_its_own_fields() -> None:
    """docs/simulated-home.md has one line for each, and no other."""
    page = (ROOT / "docs" / "simulated-home.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*)\|$", page, flags=re.MULTILINE)
    shared = {"begins_s", "for_s", "after", "device"}
    known = {
        kind.__struct_config__.tag: {field.name for field in msgspec.structs.fields(kind)} - shared
        for kind in get_args(Fault)
    }
    assert {name: set(re.findall(r"`(\w+)`", own)) for name, own in rows} == known


def test_each_fault_of_reports_does_something() -> None:
    """No kind is without its function."""
    assert set(_ACTS) == set(get_args(kinds.ReportFault))
