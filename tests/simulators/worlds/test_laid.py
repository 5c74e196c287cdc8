"""A fault of a home can be laid over any scenario; a mistake in it is named."""

import pytest

from simulators.faults.kinds import Batch, FaultError, Misread
from simulators.worlds.laid import fault_in, laid_over
from simulators.worlds.reader import ScenarioError, read_scenario
from simulators.worlds.scenario import FaultScript, Scenario

CALM = Scenario(name="x", title="x")


def test_faults_are_read_from_a_line() -> None:
    """Numbers, truth and words; T+40 and a minute when nothing is said."""
    texts = ["batch", "misread:begins_s=60, for_s=5, metric=spo2, by=-4", "drop_out:told=true"]
    first, second, third = laid_over(CALM, texts).fault
    assert first == FaultScript(name="with_1", at_min=40, fault="batch", for_s=60)
    assert (second.name, second.at_min, fault_in(second)) == (
        "with_2",
        1,
        Misread(for_s=5, metric="spo2", by=-4),  # type: ignore[arg-type]
    )
    assert (fault_in(first), third.fields) == (Batch(for_s=60), {"told": True})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("flood", "fault 'flood': Invalid value"),
        ("batch:depth=3", "unknown field `depth`"),
        ("batch:for_s", "write name:field=value,field=value"),
        ("batch:for_s=", "write name:field=value,field=value"),
        ("batch:for_s=long", "for_s is long: use seconds from 0 to 18000"),
        ("batch:begins_s=-1", "begins_s is -1: use seconds from 0 to 18000"),
        ("restart:at_event=5", "leave out at_event"),
    ],
)
def test_a_line_that_is_no_fault_is_refused(text: str, told: str) -> None:
    """With what to write."""
    with pytest.raises(FaultError, match=told):
        laid_over(CALM, [text])


def test_a_file_with_a_wrong_fault_names_it() -> None:
    """By its place in the file."""
    text = 'name = "x"\ntitle = "x"\n[[fault]]\nname = "a"\nat_min = 1\nfault = "flood"\n'
    with pytest.raises(ScenarioError, match=r"x.toml: fault\[0\]: fault 'flood'"):
        read_scenario(text, "x.toml")
