"""The page in unusual sessions: no dose, a crash, lost records, no clock, private words."""

import copy
import re
from datetime import UTC
from typing import Any

import msgspec
import pytest

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import Send
from devices.checkin import CheckIn
from devices.notice import Thing
from devices.observation import Mode
from monitor.effects import LimitChanged
from monitor.events import (
    Accepted,
    Annotated,
    ClockSettled,
    DeliveryAnswered,
    DeliveryReported,
    Ended,
    GateAnswered,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    MonitorDown,
    Noticed,
    OnCallChanged,
    PulseCounted,
    RecordGap,
    SessionOpened,
    Tailored,
    TypedReading,
    Woke,
)
from monitor.journal import Record
from monitor.outage import ClockStamp
from monitor.patient import Health
from monitor.report.front import front
from monitor.report.page import Proof, render, safe_name
from monitor.report.patient_page import Session, render_patient
from monitor.report.pressures import Pressure
from monitor.report.readers import LEFT_OUT, is_private, may_read, may_read_private, reader_named
from monitor.report.rems import fields
from monitor.report.show import Options, Show
from monitor.report.summary import Collector
from monitor.report.timeline import checked, lines
from monitor.report.trends import pictures
from monitor.report.wall import Wall
from tests.canonical import records as kept
from tests.reports import HEAD, Recorded, html_of, read, show_of, summary_of, templates

WHO: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}
DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}
XSS = "<script>alert(1)</script>\"'&{{7*7}}"


def dosed(**patient: Any) -> Recorded:
    """Return a session with its gate passed and a dose taken, after 170 s of good signal."""
    bed = Recorded(**patient).wait(20)
    bed.bp(120, 80)
    bed.wait(90).bp(122, 80).wait(60)
    return bed.gate().dose()


def form(records: list[Record]) -> dict[str, tuple[str, str]]:
    """Return the fields of the form by name."""
    return {one.name: (one.value, one.note) for one in fields(summary_of(records))}


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
    assert page.words["Session report s1"][1:] == [
        "The record was changed or is damaged: record 4 its bytes do not fit.",
        "3 records could not be kept: figures may miss what was in them.",
        "The hub was off for an unknown time: lengths of time are at least so long.",
        f"The session is not closed: this report goes until record {len(bed.records)}.",
        "No time of day is on record: times count from the opening.",
    ]
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


def test_free_text_is_for_its_own_reader() -> None:
    """The physician reads all; others what their own role wrote; what is left out is named."""
    bed = dosed()
    bed.send(Annotated(at_ms=bed.now_ms, text="seen by dr", **DR))
    bed.send(Annotated(at_ms=bed.now_ms, text="seen by ann", **WHO))
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.IDEATION, **WHO))
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.MUST_GO, over=True, **WHO))
    bed.wait(1)
    summary = summary_of(bed.records)
    found = {
        role: "\n".join(line.words for line in lines(summary, show_of(summary, reader=role)))
        for role in (Role.PHYSICIAN, Role.COMPANION, Role.PATIENT, Role.VIEWER)
    }
    assert {
        role: ("seen by dr" in text, "seen by ann" in text) for role, text in found.items()
    } == {
        Role.PHYSICIAN: (True, True),
        Role.COMPANION: (False, True),
        Role.PATIENT: (False, False),
        Role.VIEWER: (False, False),
    }
    assert found[Role.VIEWER].count(LEFT_OUT) == 2
    assert {role: "ideation" in text for role, text in found.items()} == {
        Role.PHYSICIAN: True,
        Role.COMPANION: False,
        Role.PATIENT: True,
        Role.VIEWER: False,
    }
    assert "a private alarm" in found[Role.COMPANION]
    assert LEFT_OUT in html_of(bed.records, reader=Role.COMPANION)


def test_readers_are_a_closed_list() -> None:
    """Another name is refused with the names that there are."""
    assert [reader_named(name) for name in ("physician", "patient")] == [
        Role.PHYSICIAN,
        Role.PATIENT,
    ]
    with pytest.raises(ValueError, match="made for one of physician, patient, companion, viewer"):
        reader_named("nobody")
    assert (may_read(Role.VIEWER, Role.VIEWER), may_read(Role.BACKUP, Role.PATIENT)) == (
        False,
        True,
    )
    assert (may_read_private(Role.BACKUP), may_read_private(Role.COMPANION)) == (True, False)
    assert (is_private(), is_private(["SI-1"]), is_private(["SI-1", "PANIC"])) == (
        False,
        True,
        False,
    )


def test_pressures_are_shown_in_the_readers_unit() -> None:
    """120 mmHg are 16.0 kPa; what is recorded stays."""
    summary = summary_of(dosed().records)
    show = show_of(summary, kpa=True)
    assert (show.unit, show.pressure(120_00, 80_00)) == ("kPa", "16.0/10.7")
    page = read(html_of(dosed().records, kpa=True))
    assert page.boxes["Highest pressure kPa"] == ["not measured"]
    assert page.tables["Blood pressure, kPa"][0][0].startswith("T-15 16.")


def test_the_gate_tells_who_let_what_pass() -> None:
    """An item that a physician let pass names them, and the vital signs were not acceptable."""
    bed = Recorded().wait(130)
    bed.bp(150, 80)
    bed.wait(70).bp(150, 80).wait(601).bp(150, 80)
    bed.wait(70).bp(150, 80).gate().overrides("blood_pressure").dose().wait(5)
    gate = {row[0]: row[1:] for row in read(html_of(bed.records)).tables["Gate before the dose"]}
    assert gate["blood pressure"] == ["pass", "let pass by Dr Berg: known"]
    hidden = read(html_of(bed.records, reader=Role.COMPANION)).tables["Gate before the dose"]
    assert hidden[0] == ["blood pressure", "pass", f"let pass by Dr Berg: {LEFT_OUT}"]
    assert form(bed.records)["Vital signs acceptable before the dose"] == (
        "no",
        "let pass by a physician",
    )
    words = [
        line.words for line in lines(summary_of(bed.records), show_of(summary_of(bed.records)))
    ]
    assert "Dr Berg lets blood pressure pass: known" in words


def test_the_form_tells_of_drugs_that_were_named() -> None:
    """From the patient's file and from the gate's questions; what nobody asked is not known."""
    bed = Recorded().wait(5)
    for question, yes in (("alcohol", False), ("other", True)):
        bed.send(GateAnswered(at_ms=bed.now_ms, item="drugs", question=question, yes=yes, **WHO))
    first = bed.records[0]
    patient = msgspec.structs.replace(first.event.patient, health=Health(sedatives=True))  # type: ignore[union-attr]
    event = msgspec.structs.replace(first.event, patient=patient)
    found = form([Record(1, event, first.effects), *bed.records[1:]])
    assert [found[name][0] for name in list(found)[:5]] == ["yes", "no", "not known", "yes", "no"]
    assert found["Vital signs acceptable before the dose"] == ("not known", "items of the gate")


def test_the_form_tells_of_sedation_and_dissociation_and_whether_they_had_gone() -> None:
    """MOAA/S below 5, CADSS-6 above the one before, at most 2 above it at last."""
    bed = Recorded().wait(20)
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.CADSS6, number=1, **WHO))
    bed.gate().dose().wait(1)
    assert form(bed.records)["Sedation"] == ("not known", "no check-in since the dose")
    assert form(bed.records)["Dissociation"] == ("not known", "no CADSS-6 since the dose")
    bed.check("W5 B0 C0 D0 X0")
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.CADSS6, number=1, **WHO))
    assert form(bed.records)["Sedation"] == ("no", "every MOAA/S was 5")
    assert form(bed.records)["Dissociation"][0] == "no"
    bed.wait(1).check("W4 B1 C1 D2 X13")
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.CADSS6, number=20, **WHO))
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.DISTRESS, number=7, **WHO))
    found = form(bed.records)
    assert (found["Sedation"][0], found["Dissociation"]) == (
        "yes, not resolved at the end",
        ("yes, not resolved at the end", "CADSS-6: 1 before the dose, highest 20, last 20"),
    )
    boxes = read(html_of(bed.records)).boxes
    assert boxes["Lowest MOAA/S"][-1] == "distress at most 7 of 10, T+0"
    bed.wait(1).correct("W5 B0 C0 D0 X0")
    bed.send(Noticed(at_ms=bed.now_ms, what=Thing.CADSS6, number=3, **WHO))
    found = form(bed.records)
    assert (found["Sedation"][0], found["Dissociation"][0]) == ("no", "yes, resolved")


def test_an_emergency_is_told_and_left_to_a_physicians_judgement() -> None:
    """Help, the emergency phase and a hand-over stand in the form and in the timeline."""
    bed = dosed()
    bed.send(HelpCalled(at_ms=bed.now_ms, **WHO))
    bed.send(HelpCancelled(at_ms=bed.now_ms, **WHO))
    bed.wait(2)
    bed.send(HandedOver(at_ms=bed.now_ms, to="crew 7", **DR))
    value, note = form(bed.records)["Serious events on record"]
    assert (value.endswith("emergency phase; handed over to crew 7"), note) == (
        True,
        "a physician judges what was serious",
    )
    summary = summary_of(bed.records)
    words = [line.words for line in lines(summary, show_of(summary))]
    assert {"Ann calls for help", "Handed over to crew 7 by Dr Berg"} <= set(words)
    page = read(html_of(bed.records))
    assert page.words["Discharge"][0].startswith("No discharge: ended at T+0, ")


def test_what_people_do_stands_in_the_timeline() -> None:
    """A late word of a dose, a counted pulse, a typed reading, a failed cuff, a changed limit."""
    bed = Recorded().wait(20).gate()
    bed.now_ms += 60_000
    bed.dose(ago_s=30).cuff_fails()
    bed.send(PulseCounted(at_ms=bed.now_ms, pulse_x100=72_00, **WHO))
    bed.send(TypedReading(at_ms=bed.now_ms, sbp_x100=118_00, dbp_x100=70_00, **WHO))
    bed.send(Tailored(at_ms=bed.now_ms, row="PR-HIGH", limit_x100=130_00, reason="fit", **DR))
    nina = Contact("nina", Role.PHYSICIAN, "Dr Nina", (Way("console"),))
    bed.send(OnCallChanged(at_ms=bed.now_ms, role=Role.PHYSICIAN, contact=nina))
    bed.send(OnCallChanged(at_ms=bed.now_ms, role=Role.BACKUP, contact=None))
    bed.extra_dose().wait(1)
    summary = summary_of(bed.records)
    words = {line.words for line in lines(summary, show_of(summary))}
    assert {
        "Dose taken, confirmed by Ann, told 30 s later",
        "Further dose taken, confirmed by Ann",
        "Pulse counted by Ann: 72",
        "Blood pressure 118/70, typed in",
        "The cuff gave no reading: cuff loose",
        "Limit of PR-HIGH changed from 120 to 130 by Dr Berg",
    } <= words
    assert summary.contacts["nina"] == nina
    page = read(html_of(bed.records))
    assert page.tables["Changed limits"][-1][:2] == ["PR-HIGH", "120 to 130"]
    # Lines of SPO2-LOW, PR-LOW, PR-HIGH and the two of BP-WARN; two of these limits were moved.
    assert html_of(bed.records).count('class="limit"') == 2 + 1 + 2 + 2


def test_a_check_in_is_told_in_words() -> None:
    """What is well is not listed, what is not is."""
    assert checked(CheckIn.parse("W5 B0 C0 D0 X0 L0 M0 F0")) == "MOAA/S 5, nothing else seen"
    assert checked(CheckIn.parse("W3 B1 C2 D3 X7 L2 M1 F1")) == (
        "MOAA/S 3, breathing noisy, lips blue, seems fighting, fainted, lies face_down"
        ", lozenge still there, clip off"
    ).replace("face_down", "face down")


def test_a_story_for_whom_nobody_knows_the_role_keeps_its_name() -> None:
    """An answer of somebody who is no contact is the first answer of anybody."""
    bed = dosed().spo2(84).wait(40)
    alarm = bed.engine.alarms.book.open["oxygen"].id
    bed.send(Accepted(at_ms=bed.now_ms, alarm=alarm, by="dr", role=Role.PHYSICIAN))
    summary = summary_of(bed.records)
    assert (show_of(summary).who("x"), show_of(summary).who("p1"), show_of(summary).whole("x")) == (
        "x",
        "Alex",
        "x",
    )


class Reflected(msgspec.Struct, frozen=True, kw_only=True):
    """What the patient wrote afterwards."""

    at_ms: int
    by: str
    role: Role
    text: str


class PhqScored(msgspec.Struct, frozen=True, kw_only=True):
    """A PHQ-9 at follow-up."""

    at_ms: int
    total: int
    item9: int


def afterwards(records: list[Record], text: str = "calm") -> Session:
    """Return a session with a reflection and a score after it."""
    last_ms = records[-1].event.at_ms
    collector = Collector(replays=False)
    for record in records:
        collector.take(record)
    wrote = Reflected(at_ms=last_ms, by="p1", role=Role.PATIENT, text=text)
    collector.take(Record(9_998, wrote, ()))  # type: ignore[arg-type]
    scored = PhqScored(at_ms=last_ms, total=11, item9=1)
    collector.take(Record(9_999, scored, ()))  # type: ignore[arg-type]
    summary = collector.summary()
    assert summary is not None
    return Session(summary, Wall([], summary.opened.wall_ms, (), UTC), HEAD)


def test_the_sessions_of_a_patient_stand_side_by_side() -> None:
    """The earliest first, each with its figures; what was not measured is a gap, never a zero."""
    empty = Recorded().wait(3, samples=False)
    quiet = summary_of(kept("quiet"), replays=False)
    sessions = [
        Session(quiet, Wall([], quiet.opened.wall_ms, (), UTC), HEAD),
        afterwards(empty.records, XSS),
    ]
    html = render_patient(sessions, "p1", Options(), templates())
    page = read(html)
    rows = page.tables["Sessions of Alex"]
    assert [row[2:] for row in rows[1:]] == [
        [
            "-",
            "-",
            "not measured",
            "not known",
            "0 high, 0 medium, 0 low",
            "0",
            "11 (item 9: 1)",
            "not closed",
        ],
        [
            "120/74",
            "139/82",
            "0 s, 0 s unknown",
            "100.0 %",
            "0 high, 0 medium, 0 low",
            "1",
            "-",
            "completed",
        ],
    ]
    assert ("<script" in html, page.words["Notes and reflections"]) == (
        False,
        [f"s1, +0:00:00, Reflection by Alex: {XSS}"],
    )
    assert html == render_patient(sessions[::-1], "p1", Options(), templates())
    for_companion = render_patient(sessions, "p1", Options(reader=Role.COMPANION), templates())
    assert read(for_companion).words["Notes and reflections"][0].endswith(LEFT_OUT)


def test_many_sessions_are_bounded_and_said_to_be() -> None:
    """The last sixty are shown; the picture then has no numbers below."""
    one = afterwards(Recorded().wait(1).records)
    html = render_patient([one] * 70, "p1", Options(), templates())
    assert len(read(html).tables["Sessions of Alex"]) == 61
    assert "10 earlier ones left out" in html


def test_what_was_never_told_is_not_made_up() -> None:
    """A show without a clock counts from the opening; with a dose, from the dose."""
    summary = summary_of(Recorded().wait(1).records)
    show = Show(summary, Wall([], None, (), UTC), Options())
    assert show.when(1_000) == "+0 min, +0:00:01"


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
    assert words[-1] == "The hub's clock was not set all the time: times of day may be wrong."


def test_a_gate_that_stopped_was_not_acceptable() -> None:
    """A value on hold or stopped is a no, whatever happened next."""
    bed = Recorded().spo2(90).wait(130).gate().wait(2)
    assert form(bed.records)["Vital signs acceptable before the dose"][0] == "no"


def test_a_reading_of_the_follow_up_lies_outside_the_picture() -> None:
    """The picture ends where watching ended; the reading stands in the timeline."""
    first = summary_of(kept("quiet"), replays=False)
    late = Pressure(first.watched_until_ms + 60_000, 130_00, 80_00, None, typed=False)
    before = pictures(first)[2].svg
    first.pressures.readings.append(late)
    assert pictures(first)[2].svg == before
    assert lines(first, show_of(first))[-1].words != ""


def test_a_picture_has_lanes_for_24_families_at_most() -> None:
    """Every alarm stands in the table; the picture stays readable."""
    summary = summary_of(dosed().spo2(84).wait(40).records, replays=False)
    story = summary.stories[0]
    for number in range(40):
        other = copy.copy(story)
        other.family = f"family {number}"
        summary.stories.append(other)
    assert pictures(summary)[3].svg.count('class="lane"') == 24


def test_a_plan_without_such_rows_draws_no_limits() -> None:
    """A row of another shape, or none at all, has no line."""
    bed = Recorded().wait(2)
    first = bed.records[0].event
    assert isinstance(first, SessionOpened)
    kept_rows = tuple(row for row in first.plan.rows if row.id in ("SPO2-CUM", "SPO2-FAST"))
    rows = tuple(
        msgspec.structs.replace(row, id=name)
        for row, name in zip(kept_rows, ("PR-LOW", "BP-WARN"), strict=True)
    )
    event = msgspec.structs.replace(first, plan=msgspec.structs.replace(first.plan, rows=rows))
    summary = summary_of([Record(1, event, bed.records[0].effects)], replays=False)
    assert 'class="limit"' not in "".join(one.svg for one in pictures(summary))
