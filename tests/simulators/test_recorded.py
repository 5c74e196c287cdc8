"""Of a recording is counted how often each row alarmed, for how long, and how late it was."""

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import AlarmChanged
from devices.observation import Metric, Observation
from monitor.effects import Effect
from monitor.plan import Plan
from monitor.recordings import Recording, read_csv
from monitor.replay import replay_recording
from monitor.rows import LimitRow
from simulators.recorded import Counts, answered, crossing_ms
from simulators.recorded_table import as_json, sections
from tests.timeline import VITALS_ONLY

LOW = next(row for row in VITALS_ONLY.rows if row.id == "SPO2-LOW")
T = Transition


def recording(*columns: str) -> Recording:
    """One record from lines of `t_s,...`."""
    (found,) = read_csv("\n".join(columns) + "\n", "x.csv")
    return found


def counts(
    record: Recording, effects: list[Effect] | None = None, plan: Plan = VITALS_ONLY
) -> Counts:
    """Count one record, with the engine's own effects unless others are given."""
    found = Counts()
    found.take(record, replay_recording(record, plan) if effects is None else effects, plan)
    return found


def line(at_s: int, row: str, transition: Transition, reason: str = "") -> AlarmChanged:
    """One line of an alarm."""
    return AlarmChanged(
        at_ms=at_s * 1_000,
        id="a@0",
        family="a",
        row=row,
        transition=transition,
        priority=Priority.HIGH,
        alarm_class=AlarmClass.A,
        kind=Kind.PHYSIOLOGICAL,
        reason=reason,
    )


def test_a_fall_is_counted_with_its_delay() -> None:
    """The engine on 100 s of 97 % and 30 s of 85 %: 10 s after the crossing, until the end."""
    rows = [f"{t},97" for t in range(100)] + [f"{t},85" for t in range(100, 131)]
    found = counts(recording("t_s,spo2", *rows))
    assert (found.records, found.watched_ms, found.delays_ms["SPO2-LOW"]) == (1, 130_000, [10_000])
    assert (found.row_ms["SPO2-LOW"], found.rows["SPO2-LOW"]) == (20_000, 1)


def test_time_in_alarm_is_counted_once_however_many_rows_are_present() -> None:
    """Spans that overlap are one; a row that ends is closed, another line about it is no alarm."""
    effects: list[Effect] = [
        line(1, "A", T.RAISED),
        line(3, "B", T.JOINED),
        line(4, "A", T.ACCEPTED),
        line(4, "B", T.UPGRADED),
        line(5, "A", T.CLEARED),
        line(6, "A", T.CLEARED),
        line(8, "B", T.CLEARED),
        line(9, "A", T.RAISED),
    ]
    found = counts(recording("t_s,spo2", "0,97", "10,97"), effects)
    assert (found.alarm_ms, dict(found.row_ms), dict(found.rows)) == (
        8_000,
        {"A": 5_000, "B": 5_000},
        {"A": 2, "B": 1},
    )
    assert dict(found.priorities) == {"high": 3}


def test_a_row_that_compares_with_a_baseline_crosses_nothing() -> None:
    """It has no level that a display could pass."""
    effects: list[Effect] = [line(5, "SPO2-DROP", T.RAISED)]
    assert counts(recording("t_s,spo2", "0,90", "10,90"), effects).delays_ms == {}


def test_nothing_that_can_be_judged_is_nothing() -> None:
    """A record without a reading."""
    assert counts(Recording("x", [], None, has_cuff=False), []) == Counts()


def test_a_crossing_is_where_the_run_began() -> None:
    """Three good values break it off; what came after the row fired does not matter."""
    assert isinstance(LOW, LimitRow)
    values = [(t, v) for t, v in enumerate((89, 95, 95, 95, 89, 95, 85, 85, 97))]
    shown = [(1_000 * t, 100 * v) for t, v in values]
    assert [crossing_ms(LOW, part, 7_000) for part in (shown, shown[:4], [])] == [
        4_000,
        None,
        None,
    ]


def spikes(*pressures: str, apart_s: int = 60, asked: bool = False) -> dict[str, int]:
    """What became of BP-SEV in readings so far apart, by the real engine."""
    rows = [f"{number * apart_s},{one}" for number, one in enumerate(pressures)]
    record = recording("t_s,sbp,dbp", *rows)
    record = answered(record) if asked else record
    return dict(counts(record).spikes)


def test_isolated_spikes_and_lasting_pressure_are_told_apart() -> None:
    """By the readings around; what became of them by the row's own words."""
    spike = ("120,80", "125,80", "190,90", "130,80", "128,80")
    lasting = ("120,80", "165,90", "184,90", "186,90", "186,90", "120,80")
    assert spikes(*spike) == {"isolated: cleared as a single reading": 1}
    assert spikes(*lasting) == {"lasting: confirmed": 1}
    assert spikes("120,80", "160,80", "190,90", "165,90", "150,80", "120,80") == {}
    assert spikes("120,80", "160,80", "190,90", "190,110", "150,80", "120,80") == {}


def test_a_real_stay_is_measured_too_seldom_to_confirm() -> None:
    """Every 20 min: nobody answers the prompt; a minute apart the same readings do."""
    lasting = ("120,80", "165,90", "184,90", "186,90", "120,80")
    own = {"lasting: in full, no second reading within 5 min": 1}
    assert spikes(*lasting, apart_s=1_200) == own
    assert spikes(*lasting, apart_s=1_200, asked=True) == {"lasting: confirmed": 1}


def test_what_nobody_can_tell_is_not_counted() -> None:
    """The last readings have nothing after them; a check that the end cuts off is said."""
    assert spikes("120,80", "120,80", "190,90", "186,90") == {}
    rows = ["0,120,80", "60,120,80", "120,190,90", "180,186,90", "240,120,80"]
    cut = [line(120, "BP-SEV", T.JOINED, "190/90, checking: one reading")]
    found = counts(recording("t_s,sbp,dbp", *rows), list(cut)).spikes
    assert dict(found) == {"lasting: still checking at the end": 1}


def test_values_that_cannot_be_are_no_display() -> None:
    """A saturation of 0 is a code: nothing crosses by it."""
    rows = [f"{t},97" for t in range(60)] + ["60,0"] + [f"{t},85" for t in range(61, 80)]
    record = recording("t_s,spo2", *rows)
    assert Observation(Metric.SPO2, 0) in record.readings[60].report.observations
    assert counts(record).delays_ms["SPO2-LOW"] == [10_000]


def test_a_set_is_laid_out() -> None:
    """Rates an hour, shares of the time, and a line of spikes only where there are any."""
    rows = [f"{t},97" for t in range(100)] + [f"{t},85" for t in range(100, 131)]
    sets = {"a.csv": counts(recording("t_s,spo2", *rows)), "none.csv": Counts()}
    sets["none.csv"].spikes["isolated"] = 3
    figures = as_json(sets)["a.csv"]
    text = "\n".join(sections(sets))
    assert (figures["records"], figures["rows"]["SPO2-LOW"]["delay_s"]) == (
        1,
        {"median": 10.0, "p95": 10.0},
    )
    assert ("| SPO2-LOW | 1 | 27.7 | 15.4 | 10 / 10 |" in text, "isolated: 3." in text) == (
        True,
        True,
    )
    assert "0 records, 0 h; alarms an hour: none; a row was present - % of the time." in text
