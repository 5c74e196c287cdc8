"""A deadline counts from a mark, the device's own crossing, somebody's word or a reading."""

from simulators.worlds.onset import Onset, Reading, Said, Seen, Shown


def shown(*values: int | None, start_ms: int = 0) -> list[Shown]:
    """One value a second, SpO2 and pulse the same."""
    return [
        Shown(start_ms + 1_000 * i, *((None, None) if v is None else (v * 100, v * 100)))
        for i, v in enumerate(values)
    ]


def test_a_mark_is_an_onset_and_seconds_are_added() -> None:
    """A mark that never came has no onset."""
    seen = Seen(marks={"dose": 5_000})
    onsets = (Onset(plus_s=60), Onset(plus_s=-2), Onset(mark="gap"))
    assert [onset.find(seen) for onset in onsets] == [65_000, 3_000, None]


def test_a_crossing_is_the_first_value_beyond() -> None:
    """Without a time it counts at once, strictly beyond, and never before the mark."""
    seen = Seen(marks={"dose": 2_000}, shown=shown(80, 80, 90, 88, 87))
    assert Onset(shown="spo2", below=88).find(seen) == 4_000


def test_a_run_that_three_good_values_break_off_does_not_count() -> None:
    """Two good values break nothing off, three do, values that do not count are neither."""
    run = shown(87, 87, 90, None, 90, 87, 90, 90, 90, 87, 87, 87, 87)
    seen = Seen(marks={"dose": 0}, shown=run)
    found = [Onset(shown="spo2", below=88, for_s=s).find(seen) for s in (3, 6, 3_000)]
    assert found == [0, None, None]


def test_a_pulse_can_be_above() -> None:
    """The other sign, the other side."""
    seen = Seen(marks={"dose": 0}, shown=shown(120, 121, 122))
    assert Onset(shown="pulse", above=120, for_s=1).find(seen) == 1_000


def test_a_fall_is_a_low_value_far_under_those_of_a_while_ago() -> None:
    """Both by one value: 91 after 96 is 5 points down, 90 is 6; short of 20 values nothing fell."""
    run = shown(*[96] * 45, 91, 91, 91, 90, 90)
    young = shown(*[96] * 38, 90, 90)
    onset = Onset(shown="spo2", below=92, fallen=6, for_s=1)
    plain = Onset(shown="spo2", below=92, for_s=1)
    found = [
        one.find(Seen(marks={"dose": 0}, shown=values))
        for one in (onset, plain)
        for values in (run, young)
    ]
    assert found == [48_000, None, 45_000, 38_000]


def test_the_values_of_a_while_ago_may_lie_before_the_mark() -> None:
    """A fall that begins with its mark is seen, and one that is over before it is not."""
    run = shown(*[97] * 60, 90, 90, *[97] * 3)
    onset = Onset(mark="low", shown="spo2", below=92, fallen=6)
    found = [onset.find(Seen(marks={"low": at}, shown=run)) for at in (60_000, 62_000)]
    assert found == [60_000, None]


def test_a_word_is_found_among_the_codes() -> None:
    """The first check-in with the code, not a code that only begins like it."""
    said = [Said(1_000, "sam", "W5 X10"), Said(2_000, "sam", "W3 X1"), Said(3_000, "sam", "W5 X1")]
    seen = Seen(marks={"dose": 0, "late": 2_500}, said=said)
    found = [Onset(said="X1").find(seen), Onset(said="X1", mark="late").find(seen)]
    assert [*found, Onset(said="X3").find(seen)] == [2_000, 3_000, None]


def test_readings_are_counted_from_the_mark() -> None:
    """Finished ones, failed ones, or those from a pressure on."""
    readings = [
        Reading(0, 150_00, 90_00),
        Reading(2_000, None, None),
        Reading(3_000, 170_00, 90_00),
        Reading(4_000, 190_00, 99_00),
    ]
    seen = Seen(marks={"dose": 1_000}, readings=readings)
    onsets = (
        Onset(reading=2),
        Onset(reading=1, failed=True),
        Onset(reading=1, sbp_at_least=180),
        Onset(reading=3),
    )
    assert [onset.find(seen) for onset in onsets] == [4_000, 2_000, 4_000, None]


def test_a_row_is_an_onset() -> None:
    """When it first became present after the mark."""
    seen = Seen(marks={"dose": 10}, present=[(5, "A"), (20, "A"), (30, "B")])
    assert [Onset(row=row).find(seen) for row in ("A", "B", "C")] == [20, 30, None]


def test_what_cannot_be_found_is_a_fault() -> None:
    """An unknown mark, two ways at once, a crossing without one limit."""
    marks = {"dose"}
    faults = [
        Onset(mark="gap").faults(marks),
        Onset(said="X1", row="A").faults(marks),
        Onset(shown="spo2").faults(marks),
        Onset(shown="spo2", below=88).faults(marks),
        Onset(fallen=6).faults(marks),
    ]
    assert faults == [
        [("counts from 'gap', which never comes", "write one of dose")],
        [("an onset is found in two ways", "write shown, said, reading or row")],
        [("shown needs one limit", "write below or above")],
        [],
        [("fallen needs shown and below", "write both")],
    ]
