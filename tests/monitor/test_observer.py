"""What was said becomes reports, and only another word ends one."""

import pytest

from alerts.condition import Priority
from devices.checkin import CheckIn, Position
from monitor.chart import Report
from monitor.observer import Observer
from tests.charts import Rig


def observer() -> Observer:
    """Return an observer of an empty chart."""
    return Observer(Rig("SPO2-LOW").chart)


def present(watch: Observer) -> dict[str, Priority | None]:
    """Return what is reported now, with its own priority."""
    return {name: report.priority for name, report in watch.chart.reports.items() if report.present}


@pytest.mark.parametrize(
    ("codes", "reports"),
    [
        ("W5", {}),
        ("W3", {"moaas_3": None}),
        ("W2", {"moaas_2": None}),
        ("W0", {"moaas_0": None}),
        ("W5 B1", {"breathing_noisy": None}),
        ("W3 B1", {"moaas_3": None, "breathing_noisy": Priority.HIGH}),
        ("W3 B2", {"moaas_3": None, "breathing_slow": None}),
        ("W5 B3 C2", {"breathing_none": None, "lips_blue": None}),
        ("W5 C1", {"lips_pale": None}),
        ("W5 D2", {"upset": None}),
        ("W5 D3", {"fighting": None}),
        ("W5 X7 X11", {"emergency_sign": None, "choking": None}),
        ("W5 X9 X10 X12", {"fell": None, "vomited": None, "sick": None}),
        ("W4 L2", {"position_risk": None}),
        ("W3 L2", {"moaas_3": None, "position_risk": None}),
        ("W4 L1 M1", {}),
        ("W5 L2 M0", {}),
    ],
)
def test_a_check_in(codes: str, reports: dict[str, Priority | None]) -> None:
    """What it says, and what the chart then knows of it."""
    watch = observer()
    check = CheckIn.parse(codes)
    watch.checked(check, 7)
    chart = watch.chart
    assert present(watch) == reports
    assert (chart.check, chart.check_ms) == (check, 7)
    assert chart.symptom_ms == (7 if "X7" in codes else None)
    assert chart.quiet_ms is None


def test_two_ratings_of_four_end_what_sedation_said() -> None:
    """One does not; a lower one between begins anew."""
    watch = observer()
    ends = []
    for codes in ("W3", "W2", "W4", "W3", "W4", "W5"):
        watch.checked(CheckIn.parse(codes), 1)
        ends.append(sorted(present(watch)))
    both = ["moaas_2", "moaas_3"]
    assert ends == [["moaas_3"], both, both, both, both, []]


def test_quiet_is_kept_with_its_time() -> None:
    """Awake or easily woken and breathing quietly."""
    watch = observer()
    watch.checked(CheckIn.parse("W4 B0"), 7)
    watch.checked(CheckIn.parse("W3 B0"), 8)
    assert watch.chart.quiet_ms == 7


def test_a_correction_puts_everything_back() -> None:
    """What it ended is so again, what it began is not, and times are as before."""
    watch = observer()
    watch.checked(CheckIn.parse("W3 B1 X1"), 1)
    before = dict(watch.chart.reports)
    watch.checked(CheckIn.parse("W4 B0 C1 D2 X0"), 2)
    watch.correct(CheckIn.parse("W3"), 3)
    assert {name: watch.chart.reports[name] for name in before} == before
    assert present(watch) == {
        "moaas_3": None,
        "breathing_noisy": Priority.HIGH,
        "emergency_sign": None,
    }
    assert (watch.chart.symptom_ms, watch.chart.quiet_ms) == (1, None)


def test_face_down_is_a_risk_until_another_position_is_seen() -> None:
    """Not in the wide awake; a later slow answer makes it one, a better rating ends nothing."""
    watch = observer()
    seen = []
    for codes in ("W5 L2", "W4", "W5", "W5 L2", "W4 L1", "W4", "W4 L2", "W4 L0"):
        watch.checked(CheckIn.parse(codes), 1)
        seen.append("position_risk" in present(watch))
    assert seen == [False, True, True, True, False, False, True, False]


def test_a_correction_withdraws_position_and_mouth() -> None:
    """Both count as answered when they were before the mistake, and the risk is as it was."""
    watch = observer()
    chart = watch.chart
    watch.checked(CheckIn.parse("W4 L2"), 1)
    watch.checked(CheckIn.parse("W4 L0 M0"), 2)
    after = (chart.position, chart.position_ms, chart.mouth_ms, present(watch))
    watch.correct(CheckIn.parse("W4"), 3)
    assert after == (Position.SIDE, 2, 2, {})
    assert (chart.position, chart.position_ms, chart.mouth_ms) == (Position.FACE_DOWN, 1, None)
    assert present(watch) == {"position_risk": None}


def test_the_same_word_again_changes_nothing() -> None:
    """The report stays the very same; another priority is another word; "not so" needs a "so"."""
    watch = observer()
    watch.say("x", present=False, reason="never was")
    assert watch.chart.reports == {}
    watch.say("x", present=True, reason="a")
    first = watch.chart.reports["x"]
    watch.say("x", present=True, reason="b")
    assert watch.chart.reports["x"] is first
    watch.say("x", present=True, reason="c", priority=Priority.HIGH, value_x100=5)
    assert watch.chart.reports["x"] == Report(True, "c", Priority.HIGH, 5)
    watch.say("x", present=False, reason="d")
    gone = watch.chart.reports["x"]
    watch.say("x", present=False, reason="e")
    assert watch.chart.reports["x"] is gone


def test_causes_of_the_hub() -> None:
    """Named in order; the last that ends ends the condition."""
    watch = observer()
    watch.hub("engine:b", present=True, detail="B")
    watch.hub("engine:a", present=True, detail="A")
    watch.hub("engine:b", present=False, detail="")
    assert watch.chart.reports["engine"] == Report(True, "B")
    watch.hub("broker", present=True, detail="gone")
    assert watch.standing() == {"engine:a": "A", "broker": "gone"}
    watch.hub("engine:a", present=False, detail="")
    assert watch.chart.reports["engine"] == Report(False, "right again")
    watch.hub("sound", present=True, detail="no device")
    watch.hub("sound", present=False, detail="device is back")
    assert watch.chart.reports["sound"] == Report(False, "device is back")


@pytest.mark.parametrize(("second_ms", "said"), [(600_000, True), (600_001, False)])
def test_the_second_implausible_value_is_said(second_ms: int, said: bool) -> None:
    """Within 10 min of the first; over a minute after the last."""
    watch = observer()
    watch.plausible(0)
    watch.implausible("a", 0)
    once = watch.doubts
    watch.implausible("b", second_ms)
    twice = watch.doubts
    watch.plausible(second_ms + 59_999)
    still = watch.doubts
    watch.plausible(second_ms + 60_000)
    assert (once, twice, still, watch.doubts) == (False, said, said, False)


def test_how_soon_the_next_rating_is_due() -> None:
    """A minute after the first rating of 3 or less, then 3 min, until two of 4 or more."""
    watch = observer()
    waits = [watch.again_ms]
    for codes in ("W5", "W3", "W2", "W4", "W3", "W4", "W4"):
        watch.checked(CheckIn.parse(codes), 1)
        waits.append(watch.again_ms)
    watch.correct(CheckIn.parse("W3"), 2)
    again = 180_000
    assert [*waits, watch.again_ms] == [None, None, 60_000, again, again, again, again, None, again]
