"""What people said and did on the page: gate, form, timeline, and who may read which words."""

import msgspec
import pytest

from alerts.contact import Contact, Role, Way
from devices.checkin import CheckIn
from devices.notice import Thing
from monitor.events import (
    Accepted,
    Annotated,
    GateAnswered,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    Noticed,
    OnCallChanged,
    PulseCounted,
    Tailored,
    TypedReading,
)
from monitor.journal import Record
from monitor.patient import Health
from monitor.report.readers import LEFT_OUT, is_private, may_read, may_read_private, reader_named
from monitor.report.timeline import checked, lines
from tests.reports import DR, WHO, Recorded, dosed, form, html_of, read, show_of, summary_of


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


def test_a_gate_that_stopped_was_not_acceptable() -> None:
    """A value on hold or stopped is a no, whatever happened next."""
    bed = Recorded().spo2(90).wait(130).gate().wait(2)
    assert form(bed.records)["Vital signs acceptable before the dose"][0] == "no"
