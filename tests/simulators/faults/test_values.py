"""A changed report differs in what was asked for and in nothing else."""

from msgspec.structs import replace

from devices.observation import Flag, Metric, Observation, Validity
from simulators.faults.values import flagged, in_units, questionable, scaled, value_of, without
from tests.simulators.faults.stream import cuff, oximeter


def test_a_value_is_found_or_not_there() -> None:
    """By its metric."""
    assert (value_of(cuff(1), Metric.SBP), value_of(cuff(1), Metric.SPO2)) == (120_00, None)


def test_scaling_keeps_whole_units_and_other_metrics() -> None:
    """74 doubled and one more is 149; nothing goes below zero, nothing comes from nothing."""
    doubled = scaled(oximeter(1, pulse=74), Metric.PULSE, times=2.0, by_x100=1_00)
    none = scaled(without(oximeter(1)), Metric.PULSE, times=2.0)
    below = scaled(oximeter(1), Metric.PULSE, by_x100=-100_00)
    above = scaled(oximeter(1), Metric.SPO2, by_x100=50_00)
    assert (doubled, none, value_of(below, Metric.PULSE), value_of(above, Metric.SPO2)) == (
        oximeter(1, pulse=149),
        without(oximeter(1)),
        0,
        100_00,
    )


def test_units_are_divided_and_rounded() -> None:
    """120 mmHg are 16.0 kPa to a tenth; a value that is not there stays away."""
    missing = without(cuff(1))
    assert (
        value_of(in_units(cuff(1), (Metric.SBP,), 7.50062, tenths=10), Metric.SBP),
        in_units(missing, (Metric.SBP,), 7.50062),
    ) == (16_00, missing)


def test_flags_are_added_once() -> None:
    """Beside those that are there."""
    once = flagged(replace(oximeter(1), flags=(Flag.MOTION,)), Flag.LOW_BATTERY)
    assert (once.flags, flagged(once, Flag.MOTION)) == ((Flag.MOTION, Flag.LOW_BATTERY), once)


def test_doubt_and_absence() -> None:
    """Doubted values stay; without values the flags are those that say why."""
    report = replace(oximeter(1), flags=(Flag.MOTION,))
    partly = replace(report, observations=(Observation(Metric.PI, None), report.observations[0]))
    assert [one.validity for one in questionable(partly).observations] == [
        Validity.VALID,
        Validity.QUESTIONABLE,
    ]
    gone = without(report, Flag.FINGER_OUT)
    assert (gone.flags, {one.value_x100 for one in gone.observations}) == (
        (Flag.FINGER_OUT,),
        {None},
    )
