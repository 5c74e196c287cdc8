"""The page in unusual sessions: no dose, a crash, lost records, no clock, attacks by text."""

import re

import msgspec
import pytest

from alerts.delivery import DeliveryState, Verdict
from alerts.effects import Send
from devices.observation import Mode
from monitor.effects import LimitChanged
from monitor.events import (
    Annotated,
    ClockSettled,
    DeliveryAnswered,
    DeliveryReported,
    Ended,
    HandedOver,
    MonitorDown,
    RecordGap,
    Woke,
)
from monitor.journal import Record
from monitor.outage import ClockStamp
from monitor.report.front import front
from monitor.report.page import Proof, render, safe_name
from monitor.report.show import Options
from monitor.report.summary import Collector
from monitor.report.timeline import lines
from tests.canonical import records as kept
from tests.reports import (
    DR,
    HEAD,
    WHO,
    XSS,
    Recorded,
    dosed,
    form,
    html_of,
    read,
    show_of,
    summary_of,
    templates,
)


def test_an_empty_record_has_no_report() -> None:
    """Nothing was opened: there is nothing to say, and nothing is invented."""
    assert Collector().summary() is None
    collector = Collector(replays=False)
    collector.take(Record(1, Woke(at_ms=5), ()))
    assert collector.summary() is None


def test_a_session_without_a_dose_says_so_everywhere() -> None:
    """Times count from the opening, no reading is owed, the form knows of no dose."""
    bed = Recorded().wait(30)
    bed.send(Ended(at_ms=bed.now_ms, reason="not today", **WHO))
    page = read(html_of(bed.records))
    assert page.words["Session report s1"][0].split(" \u00b7 ")[1] == "aborted, no dose was given"
    assert (
        page.words["Blood pressure, mmHg"][0]
        == "No dose was taken, so no reading was due after one."
    )
    assert page.words["Discharge"] == [
        "No discharge: aborted at +0 min, +0:00:30 by Ann (companion): not today."
    ]
    assert form(bed.records)["Total minutes"] == ("no dose was taken", "")
    assert form(bed.records)["Respiratory depression"][0] == "not known"
    assert page.boxes["Pulse /min"] == ["70 to 70", "before the dose not known"]


def test_a_session_without_any_value_measured_nothing() -> None:
    """Not measured is not fine; coverage is of the time that was watched."""
    bed = Recorded().wait(30, samples=False)
    bed.send(Annotated(at_ms=bed.now_ms, text="nothing comes", **WHO))
    assert read(html_of(bed.records)).boxes == {
        "Lowest SpO\u2082": ["not measured", "unknown for 30 s"],
        "Time below 90 %": ["not known", "unknown for 30 s"],
        "Highest pressure mmHg": ["not measured"],
        "Pulse /min": ["not measured"],
        "Lowest MOAA/S": ["not rated", "distress: not asked"],
        "Data coverage": ["0.0 %", "of 0 min watched", "longest gap 30 s from +0 min"],
    }


def test_a_value_below_50_is_marked_as_doubtful() -> None:
    """It counts for an alarm, and a reader must know what it is worth."""
    bed = dosed().spo2(45).wait(5)
    page = read(html_of(bed.records))
    assert page.boxes["Lowest SpO\u2082"][0] == "45 %"
    assert page.boxes["Lowest SpO\u2082"][-1] == "doubtful: below 50 %"


def test_a_crash_and_a_lost_record_stand_above_every_figure() -> None:
    """Down for an unknown time, lost records, a damaged chain: each is told first."""
    bed = dosed()
    bed.now_ms += 60_000
    bed.send(MonitorDown(at_ms=bed.now_ms, down_ms=None))
    bed.send(RecordGap(at_ms=bed.now_ms, from_ms=bed.now_ms - 9_000, to_ms=bed.now_ms, lost=3))
    summary = summary_of(bed.records)
    proof = Proof(HEAD, 3, "record 4 its bytes do not fit")
    page = read(render(summary, proof, Options(), [], templates()))
    assert page.words["Session report s1"][1] == (
        "The record was changed or is damaged: record 4 its bytes do not fit."
        " 3 records could not be kept: figures may miss what was in them."
        " The hub was off for an unknown time: lengths of time are at least so long."
        f" The session is not closed: this report goes until record {len(bed.records)}."
        " No time of day is on record: times count from the opening."
    )
    assert page.boxes["Data coverage"][1] == "of at least 1 min watched"
    said = [line.words for line in lines(summary, show_of(summary)) if line.mark == "down"]
    assert said == [
        "Recording failed for 9 s: 3 records are lost",
        "The hub runs again; it did not run for: not known",
    ]


def test_a_clock_that_was_set_makes_lengths_exact_again() -> None:
    """After ClockSettled nothing is at least; the record says when it was."""
    bed = dosed()
    bed.send(MonitorDown(at_ms=bed.now_ms, down_ms=None))
    bed.now_ms += 30_000
    bed.send(ClockSettled(at_ms=bed.now_ms, gap_ms=30_000))
    bed.send(RecordGap(at_ms=bed.now_ms, from_ms=bed.now_ms, to_ms=bed.now_ms))
    summary = summary_of(bed.records)
    assert (summary.course.at_least, summary.course.cuts, summary.lost) == (
        False,
        (bed.now_ms - 30_000, bed.now_ms),
        0,
    )
    words = [line.words for line in lines(summary, show_of(summary))]
    assert "The clock is set: 30 s later" in words
    assert "Recording failed for 0 s: every record was kept" in words


def test_a_record_that_replays_otherwise_is_reported_as_recorded() -> None:
    """The first difference is named, and so is an event that the engine does not take."""
    bed = dosed()
    changed = [*bed.records]
    changed[5] = Record(
        6,
        changed[5].event,
        (LimitChanged(at_ms=1, row="X", before_x100=1, limit_x100=2, by="dr", reason="r"),),
    )
    page = read(html_of(changed))
    assert page.words["Session report s1"][1].startswith(
        "Today's software decides otherwise from record 6 on"
    )
    assert dict(page.tables["The record"])["Replay"] == "differs at record 6: see `vigil replay`"
    backwards = [*bed.records, Record(len(bed.records) + 1, Woke(at_ms=0), ())]
    summary = summary_of([*backwards, *backwards[-1:]])
    assert summary.replayed is not None
    assert (summary.replayed.stopped, summary.replayed.differs is not None) == (True, True)


def test_an_engine_that_fails_on_an_old_record_is_no_reason_for_no_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is said; what the record tells stands."""
    bed = dosed()

    def broken(*_: object) -> None:
        raise KeyError("x")

    collector = Collector()
    for number, record in enumerate(bed.records):
        if number == 3:
            assert collector._replayed is not None
            monkeypatch.setattr(collector._replayed.engine, "handle", broken)
        collector.take(record)
    summary = collector.summary()
    assert summary is not None
    assert summary.replayed is not None
    assert summary.replayed.differs is not None
    assert summary.replayed.differs.what == "today's software fails: KeyError: 'x'"


def test_without_a_replay_gate_and_criteria_are_not_known() -> None:
    """They are nowhere in the record as such."""
    summary = summary_of(dosed().records, replays=False)
    view = front(summary, show_of(summary))
    assert (view.gate, view.criteria, view.criteria_when) == ([], [], "")
    assert "Vital signs acceptable before the dose" not in {one.name for one in view.rems}
    page = read(render(summary, Proof(HEAD, 1), Options(), [], templates()))
    assert dict(page.tables["The record"])["Replay"] == "not replayed"


def test_names_and_notes_are_only_text() -> None:
    """A name, a note, a reason, a session: whatever they hold is shown as it was written."""
    bed = dosed()
    bed.send(Annotated(at_ms=bed.now_ms, text=XSS, **DR))
    bed.send(HandedOver(at_ms=bed.now_ms, to=XSS, **DR))
    first = bed.records[0]
    patient = msgspec.structs.replace(first.event.patient, name=XSS)  # type: ignore[union-attr]
    event = msgspec.structs.replace(first.event, session=f'x";}} @import "{XSS}', patient=patient)
    html = html_of([Record(1, event, first.effects), *bed.records[1:]], made=XSS)
    assert "<script" not in html
    assert re.search(r"{\W*7", html) is not None
    assert "49" not in re.findall(r"alert.{60}", html)[0]
    style = html[html.index("<style>") : html.index("</style>")]
    assert ("@import" in style, "javascript:" in html, "http" in style) == (False, False, False)
    assert safe_name('a";}b') == "a___b"


def test_the_same_record_gives_the_same_bytes() -> None:
    """No clock is read, nothing depends on an order that Python chooses."""
    assert html_of(kept("fall")) == html_of(kept("fall"))


@pytest.mark.parametrize(
    ("mode", "mark"), [(Mode.DEMO, "DEMO"), (Mode.TEST, "TEST"), (Mode.REAL, "")]
)
def test_what_is_not_real_is_marked_on_every_page(mode: Mode, mark: str) -> None:
    """In the page and, when printed, at the head of every sheet."""
    bed = Recorded().wait(2)
    event = msgspec.structs.replace(bed.records[0].event, mode=mode)
    html = html_of([Record(1, event, bed.records[0].effects), *bed.records[1:]])
    assert html.count(f"{mark}: no real patient") == (2 if mark else 0)
    assert ("@top-right" in html) == bool(mark)


def test_a_message_keeps_every_state_and_no_address() -> None:
    """Answered by the way itself, decided twice, of nobody: what is known of it stands in order."""
    bed = dosed().spo2(84).wait(40)
    message = next(one for one in bed.effects if isinstance(one, Send) and one.contact == "dr")
    at_ms = bed.now_ms
    answered = DeliveryAnswered(at_ms=at_ms, delivery=message.delivery, verdict=Verdict.ACCEPT)
    bed.send(answered)
    again = msgspec.structs.replace(message, at_ms=at_ms, address="+15550100")
    records = [
        *bed.records,
        Record(len(bed.records) + 1, Woke(at_ms=at_ms), (again,)),
        Record(
            len(bed.records) + 2,
            DeliveryReported(at_ms=at_ms, delivery="nobody", state=DeliveryState.SENT),
            (),
        ),
    ]
    found = summary_of(records).deliveries.messages
    assert found[message.delivery].states == [
        (message.at_ms, "sent"),
        (at_ms, "answered: accept"),
        (at_ms, "sent again"),
    ]
    assert ("nobody" in found, "+15550100" in html_of(records)) == (False, False)


def test_a_clock_that_was_not_always_set_is_told() -> None:
    """Times of day may be wrong then."""
    bed = Recorded().wait(2)
    stamp = ClockStamp(at_ms=0, boot_id="b", boottime_ms=0, wall_ms=0, wall_synced=False)
    words = read(html_of(bed.records, [stamp])).words["Session report s1"]
    told = "The hub's clock was not set all the time: times of day may be wrong."
    assert words[1].endswith(told)
