"""Real series are played to and fro, fall once, and go straight between two readings."""

import pytest

from simulators.semi.series import (
    Pressures,
    Record,
    SeriesError,
    quiet_starts,
    read_pressures,
    read_records,
)

FALL = Record("a", tuple((float(one), 60.0, None) for one in (97, 96, 90, 80, 95, 98)), rest_s=2)


def test_a_record_goes_to_and_fro() -> None:
    """No step where it ends; one second of it stands still."""
    record = Record("a", tuple((float(one), None, None) for one in (1, 2, 3)))
    assert [record.at(second)[0] for second in range(8)] == [1, 2, 3, 3, 2, 1, 1, 2]
    assert [Record("b", ((5.0, 1.0, 1.0),)).at(second)[0] for second in (0, 7)] == [5, 5]
    assert record.at(1, since_go_s=0) == (2, None, None)


def test_a_record_with_a_fall_rests_falls_once_and_rests() -> None:
    """Until it is let go only its first seconds, afterwards only its last."""
    assert [FALL.at(second)[0] for second in range(5)] == [97, 96, 96, 97, 97]
    assert [FALL.at(99, since)[0] for since in range(7)] == [90, 80, 95, 98, 98, 98, 98]


def test_only_what_passes_the_gate_is_used() -> None:
    """Of its rest: saturated enough, a pulse of 50 to 100, nine tenths of it there."""

    def rest(*shown: tuple[float | None, float | None]) -> bool:
        return Record("a", tuple((spo2, pulse, None) for spo2, pulse in shown)).passes

    assert (FALL.passes, rest((96, 50)), rest((96, 100))) == (True, True, True)
    assert (rest((94, 60)), rest((96, 101)), rest((96, 49))) == (False, False, False)
    assert (rest((96, 60), (None, 60)), rest((96, None), (96, 60))) == (False, False)


def test_pressure_goes_straight_between_readings() -> None:
    """Outside of all it is the nearest."""
    stay = Pressures("a", ((0.0, 120.0, 80.0), (100.0, 140.0, 70.0)))
    assert [stay.at(second) for second in (-5, 0, 25, 100, 500)] == [
        (120, 80),
        (120, 80),
        (125, 77.5),
        (140, 70),
        (140, 70),
    ]


def test_a_session_begins_where_the_gate_would_pass() -> None:
    """Twenty minutes of it, and long enough before the stay's end."""
    times = [float(1_200 * number) for number in range(12)]
    calm = Pressures("a", tuple((at, 120.0, 80.0) for at in times))
    high = Pressures("b", tuple((at, 139.0 if at == 1_200 else 120.0, 80.0) for at in times))
    low = Pressures("c", tuple((at, 120.0, 55.0) for at in times))
    assert (quiet_starts(calm), quiet_starts(high), quiet_starts(low)) == (
        [0, 1_200, 2_400, 3_600],
        [2_400, 3_600],
        [],
    )


def test_sets_are_read_as_they_were_published() -> None:
    """Empty is not measured; a reading without both pressures is left out."""
    records = read_records("record,t_s,spo2,pulse,pi_ox1\na,0,97,60,1.5\na,1,,61,\n", "x.csv", 1)
    assert records == {"a": Record("a", ((97, 60, 1.5), (None, 61, None)), 1)}
    text = "record,t_s,sbp,dbp\nb,60,120,80\nb,0,110,70\nb,90,,80\nb,95,70,80\n"
    assert read_pressures(text, "y.csv") == {"b": Pressures("b", ((0, 110, 70), (60, 120, 80)))}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.csv: no column record, t_s, spo2, pulse: give the set as it was published"),
        ("record,t_s,spo2\na,0,97\n", "x.csv: no column pulse"),
        ("record,t_s,spo2,pulse\na,0,high,60\n", "x.csv: 'high' is no number"),
    ],
)
def test_what_is_no_set_is_named(text: str, told: str) -> None:
    """The file and what it lacks."""
    with pytest.raises(SeriesError, match=told):
        read_records(text, "x.csv")
