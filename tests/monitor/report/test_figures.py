"""What the figures mean: unknown time is never fine, a reading stands for its own time only."""

from alerts.condition import Kind, Priority, Transition
from alerts.contact import Role
from alerts.effects import AlarmChanged, Sound
from alerts.signal import Pattern
from devices.checkin import CheckIn
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from monitor.effects import Refused, Unjudged
from monitor.events import Reading, Tick, TypedReading
from monitor.report.oximetry import Extreme, Oximetry, OximetryTrack, figures
from monitor.report.people import Check, lowest, most
from monitor.report.pressures import Pressure, PressureTrack, highest, table
from monitor.report.stories import Answer, StoryTrack
from monitor.report.svg import Frame, runs

MIN = 60_000


def oximetry(*samples: tuple[int, int], to_ms: int = 60_000) -> Oximetry:
    """Return the figures of some SpO2 samples in the first minute, or longer."""
    track = OximetryTrack(None)
    track.spo2 = list(samples)
    return figures(track, [(0, to_ms)])


def test_without_a_sample_all_time_is_unknown() -> None:
    """And nothing was low, nothing was seen."""
    assert oximetry() == Oximetry(60_000, None, 0, 0, 0, 60_000, 60_000, 0, None, None, 0)


def test_a_sample_stands_for_15_s_and_no_longer() -> None:
    """Low for 15 s, then unknown; known and unknown add up to the whole."""
    found = oximetry((10_000, 89_00))
    assert (found.below_90_ms, found.episodes, found.known_ms, found.unknown_ms) == (
        15_000,
        1,
        15_000,
        45_000,
    )
    assert (found.gap_ms, found.gap_from_ms) == (50_000, 10_000)


def test_episodes_are_told_apart_by_90_per_cent_or_by_unknown_time() -> None:
    """89, 90, 89 are two; 89, a gap, 89 are two; 89, 88 are one."""
    assert oximetry((0, 89_00), (1_000, 90_00), (2_000, 89_99)).episodes == 2
    assert oximetry((0, 89_00), (20_000, 89_00)).episodes == 2
    assert oximetry((0, 89_00), (15_000, 88_00)).episodes == 1


def test_a_sample_before_the_span_still_stands_at_its_beginning() -> None:
    """What it says is known, and it is no sample of the span."""
    track = OximetryTrack(None)
    track.spo2 = [(0, 85_00)]
    found = figures(track, [(10_000, 20_000)])
    assert (found.known_ms, found.below_90_ms, found.spo2_low, found.samples) == (
        5_000,
        5_000,
        None,
        0,
    )


def test_the_earliest_of_equals_is_named() -> None:
    """The lowest and the highest carry the time at which they were first seen."""
    track = OximetryTrack(None)
    track.spo2 = [(1_000, 95_00), (2_000, 94_00), (3_000, 94_00)]
    track.pulse = [(1_000, 70_00), (2_000, 60_00), (3_000, 80_00), (4_000, 80_00)]
    found = figures(track, [(0, 5_000)])
    assert (found.spo2_low, found.pulse_low, found.pulse_high) == (
        Extreme(2_000, 94_00),
        Extreme(2_000, 60_00),
        Extreme(3_000, 80_00),
    )


def test_no_span_has_no_figures() -> None:
    """A session that was never watched: nothing is known, of nothing."""
    assert figures(OximetryTrack(None), []) == Oximetry(0, None, 0, 0, 0, 0, 0, 0, None, None, 0)


def test_a_sample_may_hold_one_value_alone() -> None:
    """A pulse without SpO2, SpO2 without a pulse, neither: what is there counts."""
    track = OximetryTrack(None)
    for at_ms, values in enumerate(((pulse_bpm(70),), (spo2_pct(97),), ()), start=1):
        report = DeviceReport(
            device="o", kind=DeviceKind.OXIMETER, mode=Mode.TEST, observations=values
        )
        track.take(Reading(at_ms=at_ms, report=report), [])
    assert (track.pulse, track.spo2, track.reports) == ([(1, 70_00)], [(2, 97_00)], 3)


def reading(at_ms: int, sbp: int = 120_00) -> Pressure:
    """Return one reading."""
    return Pressure(at_ms, sbp, 80_00, None, typed=False)


def test_the_nearest_reading_within_ten_minutes_stands_for_a_time() -> None:
    """The earlier of two that are equally near; one that is 10 min off still does."""
    near = [reading(35 * MIN, 1), reading(45 * MIN, 2), reading(10 * MIN, 3), reading(70 * MIN + 1)]
    cells = {cell.at_min: cell for cell in table(near, 0, [0], 130 * MIN, over=True)}
    assert {at: cell.reading for at, cell in cells.items()} == {
        -15: None,
        20: near[2],
        40: near[0],
        60: None,
        90: None,
        120: None,
    }
    assert cells[90].missed == "not measured"


def test_a_time_that_could_not_come_is_not_owed() -> None:
    """The end, a further dose, or just now: each says so, and the dose has its own times."""
    cells = table([], 0, [30 * MIN, 65 * MIN], 100 * MIN, over=True)
    assert [(cell.dose, cell.at_min, cell.missed) for cell in cells] == [
        (1, -15, "not measured"),
        (1, 20, "not measured"),
        (1, 40, "a further dose came first"),
        (1, 60, "a further dose came first"),
        (1, 90, "a further dose came first"),
        (1, 120, "a further dose came first"),
        (2, 20, "not measured"),
        (2, 40, "watching had ended"),
        (2, 60, "watching had ended"),
        (2, 90, "watching had ended"),
        (2, 120, "watching had ended"),
    ]
    assert table([], 0, [0], 30 * MIN, over=False)[2].missed == "not due yet"


def cuff(*values: tuple[Metric, int], failure: str | None = None) -> Reading:
    """Return one report of a cuff."""
    said = tuple(Observation(metric, value) for metric, value in values)
    report = DeviceReport(
        device="c", kind=DeviceKind.CUFF, mode=Mode.TEST, observations=said, failure=failure
    )
    return Reading(at_ms=5, report=report)


def test_what_the_session_did_not_accept_is_no_reading() -> None:
    """Typed or measured; refused, unjudged, failed or half: only what was accepted counts."""
    track = PressureTrack()
    both = ((Metric.SBP, 120_00), (Metric.DBP, 80_00))
    by = {"at_ms": 4, "by": "ann", "role": Role.COMPANION, "sbp_x100": 130_00, "dbp_x100": 85_00}
    track.take(TypedReading(**by), [])  # type: ignore[arg-type]
    track.take(TypedReading(**by), [Refused(at_ms=4, what="TypedReading", reason="x")])  # type: ignore[arg-type]
    track.take(cuff(*both), [])
    track.take(cuff(*both), [Unjudged(at_ms=5, device="c", reason="duplicate")])
    track.take(cuff(*both, failure="loose"), [])
    track.take(cuff(both[0]), [])
    track.take(Tick(at_ms=6), [])
    assert track.readings == [
        Pressure(4, 130_00, 85_00, None, typed=True),
        Pressure(5, 120_00, 80_00, None, typed=False),
    ]
    assert track.failed == [(5, "loose"), (5, "the reading has no value")]
    doubtful = Observation(Metric.SBP, 120_00, Validity.QUESTIONABLE)
    assert doubtful.validity is not Validity.VALID
    assert highest([]) is None


def line(at_ms: int, what: Transition, row: str = "SPO2-LOW", **more: object) -> AlarmChanged:
    """Return one line of the alarm `oxygen@0`."""
    fields = {"priority": Priority.HIGH, "family": "oxygen", "by": None, **more}
    return AlarmChanged(
        at_ms=at_ms,
        id="oxygen@0",
        row=row,
        transition=what,
        alarm_class=None,
        kind=Kind.PHYSIOLOGICAL,
        reason="r",
        **fields,  # type: ignore[arg-type]
    )


def sound(at_ms: int, pattern: Pattern) -> Sound:
    """Return what the loudspeaker plays."""
    return Sound(at_ms=at_ms, pattern=pattern)


def test_a_response_is_counted_from_the_first_sound() -> None:
    """Of anybody, of the companion, of a physician; only the first of each counts."""
    track = StoryTrack({"ann": Role.COMPANION, "dr": Role.PHYSICIAN})
    track.take([line(0, Transition.RAISED), sound(2_000, Pattern.HIGH)])
    for at_ms, by in (
        (9_000, "vi"),
        (12_000, "ann"),
        (32_000, "dr"),
        (40_000, "dr"),
        (41_000, "ann"),
    ):
        track.take([line(at_ms, Transition.ACCEPTED, by=by), sound(at_ms, Pattern.SILENT)])
    story = track.stories["oxygen@0"]
    assert (story.first, story.response_ms(story.first)) == (
        Answer(9_000, "vi", None, "accepted"),
        7_000,
    )
    assert (story.response_ms(story.companion), story.response_ms(story.physician)) == (
        10_000,
        30_000,
    )
    assert story.response_ms(None) is None


def test_presence_is_summed_over_returns() -> None:
    """Present 5 s, latched 5 s, present again 3 s, reset: 8 s, over at the reset."""
    track = StoryTrack({})
    track.take([line(0, Transition.RAISED)])
    track.take([line(5_000, Transition.LATCHED)])
    track.take([line(10_000, Transition.JOINED)])
    track.take([line(13_000, Transition.LATCHED), line(20_000, Transition.RESET, by="dr")])
    track.end(60_000)
    story = track.stories["oxygen@0"]
    assert (story.present_ms, story.gone_ms, story.over_ms, story.rows) == (
        8_000,
        13_000,
        20_000,
        ["SPO2-LOW"],
    )


def test_an_alarm_that_is_still_there_lasts_to_the_end() -> None:
    """It is not gone and not over; without a sound it is counted from its raising."""
    track = StoryTrack({})
    track.take([line(1_000, Transition.RAISED), line(1_500, Transition.REPEATED)])
    track.end(61_000)
    story = track.stories["oxygen@0"]
    assert (story.present_ms, story.gone_ms, story.over_ms, story.heard_ms) == (
        60_000,
        None,
        None,
        1_000,
    )


def test_a_private_alarm_makes_no_sound() -> None:
    """What the loudspeaker plays meanwhile is for others."""
    track = StoryTrack({})
    track.take([sound(0, Pattern.HIGH), line(0, Transition.RAISED, "SI-2")])
    track.take([sound(1, Pattern.SILENT), sound(2, Pattern.LOW)])
    assert track.stories["oxygen@0"].sound_ms is None


def test_the_worst_rating_of_the_observed_time_counts() -> None:
    """Before the dose and after the end are not observed."""
    checks = [
        Check(at_ms, "ann", CheckIn.parse(f"W{code}")) for at_ms, code in ((1, 2), (5, 4), (6, 4))
    ]
    assert lowest(checks, [(3, 9)]) == checks[1]
    assert (lowest(checks, []), most([], [(0, 9)])) == (None, None)


def test_a_line_is_never_drawn_over_a_gap() -> None:
    """Two stretches are two lines; one sample is a dash; outside the frame nothing is drawn."""
    frame = Frame(0, 100_000, 80, 100, 100, 20)
    drawn = runs(
        frame, [(0, 97_00), (1_000, 98_00), (50_000, 90_00), (200_000, 90_00)], 15_000, "a"
    )
    assert drawn.count("<polyline") == 2
    assert runs(frame, [], 15_000, "a") == ""
