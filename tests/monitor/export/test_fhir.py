"""A session as a FHIR R4 bundle: valid for validators of others, and everything of it is there."""

import base64
import json
import uuid
from collections import Counter
from functools import cache
from typing import Any

import fhirkit
import msgspec
import pytest
from fhir.resources.R4B.bundle import Bundle

from alerts.condition import Transition
from devices.observation import Mode
from monitor.ambulance import Ambulance
from monitor.export.fhir_bundle import bundle, bundle_text
from monitor.export.fhir_log import Document
from monitor.export.fhir_parts import uuid5
from monitor.export.story import Story, read_story
from monitor.patient import Patient
from tests.canonical import SESSIONS, records
from tests.export_scene import OPENED, record, scene
from tests.fhir_check import faults, resources

HEAD = "ab" * 32
NAMES = ["scene", *SESSIONS]


@cache
def story_of(name: str) -> Story:
    """Return a session, read."""
    return read_story(scene() if name == "scene" else records(name))


@cache
def text_of(name: str) -> str:
    """Return a session's bundle as text."""
    return bundle_text(story_of(name), HEAD)


def bundle_of(name: str) -> dict[str, Any]:
    """Return a session's bundle, read back from its text."""
    made: dict[str, Any] = json.loads(text_of(name))
    return made


def parts_of(one: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return our own extensions of a name, as plain tables of their parts."""
    return [
        {
            part["url"]: next(value for key, value in part.items() if key.startswith("value"))
            for part in extension["extension"]
        }
        for extension in one.get("extension", [])
        if extension["url"] == f"urn:vigil:extension:{name}"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_validators_of_others_find_nothing(name: str) -> None:
    """Both accept every resource: fhirkit (R4) and fhir.resources (its R4B models)."""
    assert fhirkit.validate(text_of(name)) == []
    made = bundle_of(name)
    Bundle.model_validate(made)


@pytest.mark.parametrize("name", NAMES)
def test_names_references_and_codes_hold(name: str) -> None:
    """Nothing is named twice, nothing dangles, no code is from outside the tables."""
    assert faults(bundle_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_same_journal_gives_the_same_bytes(name: str) -> None:
    """Nothing is drawn and nothing is dated by now."""
    again = read_story(scene() if name == "scene" else records(name))
    assert bundle_text(again, HEAD) == text_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_the_session_is_there(name: str) -> None:
    """Each alarm, message, dose and check-in of the record is a resource, and none besides."""
    story, made = story_of(name), bundle_of(name)
    counts = Counter(entry["resource"]["resourceType"] for entry in made["entry"])
    answers = sum(
        type(fate).__name__ == "DeliveryAnswered"
        for message in story.messages.values()
        for fate in message.fates
    )
    assert (
        counts["DetectedIssue"] + counts["Flag"],
        counts["CommunicationRequest"],
        counts["Communication"],
        counts["MedicationAdministration"],
        counts["Encounter"],
        counts["Provenance"],
    ) == (
        len(story.alarms),
        len(story.messages),
        len(story.messages) + answers,
        len(story.doses),
        1,
        1,
    )


@pytest.mark.parametrize("name", SESSIONS)
def test_an_alarm_carries_its_whole_life(name: str) -> None:
    """The lines of the extensions are the lines of the record: row, transition, priority, value,
    limit, reason, by whom and when.
    """
    story, made = story_of(name), bundle_of(name)
    told = [
        (line["at"], line["row"], line.get("transition"), line["priority"], line.get("value"),
         line.get("limit"), line.get("reason"), line.get("by"))
        for kind in ("DetectedIssue", "Flag")
        for one in resources(made, kind)
        for line in parts_of(one, "alarm-line")
        if "transition" in line
    ]  # fmt: skip
    expected = [
        (story.dates.fhir(x.at_ms), x.row, x.transition.value, x.priority.value,
         None if x.value_x100 is None else x.value_x100 / 100,
         None if x.limit_x100 is None else x.limit_x100 / 100, x.reason or None, x.by)
        for life in story.alarms.values()
        for x in life
    ]  # fmt: skip
    assert sorted(told, key=str) == sorted(expected, key=str)


def test_every_second_is_told_or_missing() -> None:
    """The data of an hour has one entry a second: the value in hundredths, or E."""
    story, made = story_of("fall"), bundle_of("fall")
    hours = [
        one
        for one in resources(made, "Observation")
        if "valueSampledData" in one and one["code"]["coding"][0]["code"] == "59408-5"
    ]
    told: list[str] = []
    for one in hours:
        sampled = one["valueSampledData"]
        assert (sampled["period"], sampled["factor"], sampled["dimensions"]) == (1000, 0.01, 1)
        told += sampled["data"].split(" ")
    by_second = {
        (one.at_ms - story.opened.at_ms) // 1000: value
        for one in story.samples
        for metric, value in one.values.items()
        if metric.value == "spo2"
    }
    expected = [str(by_second.get(second, "E")) for second in range(len(told))]
    assert told == expected
    assert len(told) * 1000 >= story.samples[-1].at_ms - story.opened.at_ms - 1000


def test_a_phase_is_summed_up_by_its_own_values() -> None:
    """Median, least, most, count and seconds below 90 % of each phase, counted again here."""
    story, made = story_of("fall"), bundle_of("fall")
    found = [
        one
        for one in resources(made, "Observation")
        if one.get("method", {}).get("text", "").startswith("median")
        and one["code"]["coding"][0]["code"] == "59408-5"
    ]
    spans = [(one.phase, one.at_ms) for one in story.phases] + [("", story.last_ms)]
    for one, (phase, from_ms), (_, to_ms) in zip(found, spans, spans[1:], strict=False):
        inside = sorted(
            sample.values[metric]
            for sample in story.samples
            for metric in sample.values
            if metric.value == "spo2" and from_ms <= sample.at_ms < to_ms
        )
        stats = {part["code"]["coding"][0]["code"]: part for part in one["component"]}
        assert one["method"]["text"] == f"median of the phase {phase}"
        assert (
            one["valueQuantity"]["value"] * 100,
            stats["minimum"]["valueQuantity"]["value"] * 100,
            stats["maximum"]["valueQuantity"]["value"] * 100,
            stats["count"]["valueInteger"],
            stats["below-90"]["valueQuantity"]["value"],
        ) == (
            inside[(len(inside) - 1) // 2],
            inside[0],
            inside[-1],
            len(inside),
            sum(value < 9000 for value in inside),
        )


def test_a_pressure_has_its_components_or_the_reason() -> None:
    """Systolic, diastolic and mean of a reading; a failed one has no value and says why."""
    panels = [
        one
        for one in resources(bundle_of("scene"), "Observation")
        if one["code"]["coding"][0]["code"] == "85354-9"
    ]
    told = [
        (
            [part.get("valueQuantity", {}).get("value") for part in one["component"]],
            [note["text"] for note in one.get("note", [])],
            one.get("method", {}).get("text"),
        )
        for one in panels
    ]
    assert told == [
        ([150, 95, 113.5], [], None),
        ([None, None], ["cuff_loose"], None),
        ([None, None], ["the reading has no value"], None),
        ([160, 99], [], "typed by a person"),
        ([None, None], ["implausible sbp 0.01"], "typed by a person"),
    ]


def test_a_corrected_check_in_is_an_error_and_a_refused_one_is_none() -> None:
    """The first answer is marked, the correction amends it, the refused tap is only in the log."""
    made = bundle_of("scene")
    forms = [
        (one["questionnaire"].rpartition(":")[2], one["status"])
        for one in resources(made, "QuestionnaireResponse")
    ]
    ratings = [
        (one["status"], one["valueQuantity"]["value"])
        for one in resources(made, "Observation")
        if one["code"]["coding"][0]["code"] == "moaas"
    ]
    assert (forms, ratings) == (
        [
            ("check-in", "entered-in-error"),
            ("check-in", "amended"),
            ("discharge", "completed"),
            ("evening", "completed"),
            ("next-day", "completed"),
        ],
        [("entered-in-error", 3), ("amended", 4)],
    )
    first = resources(made, "QuestionnaireResponse")[0]["item"]
    assert [(i["linkId"], [a["valueCoding"]["code"] for a in i["answer"]]) for i in first] == [
        ("W", ["W3"]),
        ("B", ["B0"]),
        ("C", ["C0"]),
        ("D", ["D1"]),
        ("X", ["X2", "X12"]),
    ]


def test_what_came_of_a_message_is_no_more_than_is_known() -> None:
    """Heard is completed, sent is in progress, lost and withdrawn are not done, else unknown."""
    made = bundle_of("scene")
    outcomes = [
        (one["status"], [state["state"] for state in parts_of(one, "delivery-state")])
        for one in resources(made, "Communication")
        if "basedOn" in one
    ]
    assert outcomes == [
        ("completed", ["sent", "delivered"]),
        ("not-done", ["failed"]),
        ("in-progress", ["sent"]),
        ("not-done", []),
        ("completed", []),
        ("not-done", ["timed_out"]),
        ("unknown", []),
    ]
    answers = [one for one in resources(made, "Communication") if "inResponseTo" in one]
    assert [one["payload"][0]["contentString"] for one in answers] == ["accept", "reject"]


def test_private_answers_are_in_no_log() -> None:
    """That a private question was answered is in the log, not how; other answers are."""
    made = bundle_of("scene")
    said = {
        one["type"]["code"]: one.get("entity", [{}])[0].get("detail", [])
        for one in resources(made, "AuditEvent")
    }
    gate = [
        one["entity"][0]["detail"]
        for one in resources(made, "AuditEvent")
        if one["type"]["code"] == "GateAnswered"
    ]
    assert [[detail["type"] for detail in one] for one in gate] == [
        ["item", "question"],
        ["item", "question", "yes"],
    ]
    assert said["NextDayAnswered"] == []
    assert said["Annotated"] == [{"type": "text", "valueString": "a|b^c\nd"}]
    last = resources(made, "QuestionnaireResponse")[-1]
    assert last["meta"]["security"][0]["code"] == "R"


def test_only_a_clinician_is_an_author_of_what_was_done() -> None:
    """R4 allows a practitioner there; what the companion did stands without a name, and in the
    log with it.
    """
    oxygen = resources(bundle_of("scene"), "DetectedIssue")[0]
    done = [(one["action"]["coding"][0]["code"], "author" in one) for one in oxygen["mitigation"]]
    assert done == [("acknowledged", False), ("accepted", True), ("reset", True)]
    assert (oxygen["status"], oxygen["severity"]) == ("final", "high")


def test_the_report_goes_with_it() -> None:
    """A report is a document with its bytes and their hash."""
    report = Document(b"<html>", "text/html", "report-s1")
    made = bundle(story_of("scene"), HEAD, report)
    attachment = resources(made, "DocumentReference")[0]["content"][0]["attachment"]
    assert (base64.b64decode(attachment["data"]), attachment["size"], faults(made)) == (
        b"<html>",
        6,
        [],
    )


def test_the_source_is_named_by_its_hash_or_hidden() -> None:
    """Provenance names the journal's last hash, and nothing when it must not be told."""
    told = resources(bundle_of("scene"), "Provenance")[0]["entity"][0]["what"]
    hidden = resources(bundle(story_of("scene")), "Provenance")[0]["entity"][0]["what"]
    assert (told["identifier"]["value"], "identifier" in hidden) == (HEAD, False)


def test_a_session_without_a_dose_a_phase_or_a_device_is_a_bundle_too() -> None:
    """What was opened and left is cancelled, or still going on, and has no streams."""
    bare = type(OPENED)(
        at_ms=0,
        session="empty",
        mode=Mode.REAL,
        patient=Patient("p1", "Alex"),
        plan=OPENED.plan,
        wall_ms=0,
    )
    made = bundle(read_story([record(1, bare)]))
    assert faults(made) == []
    assert fhirkit.validate(json.dumps(made)) == []
    assert resources(made, "Encounter")[0]["status"] == "in-progress"
    assert resources(made, "Observation") == []


def test_an_oximeter_that_never_sent_is_unknown_not_fine() -> None:
    """A promised stream without a value is an Observation that says so."""
    quiet = [one for one in scene() if type(one.event).__name__ != "Reading"]
    found = [
        one
        for one in resources(bundle(read_story(quiet)), "Observation")
        if "dataAbsentReason" in one
    ]
    codes = Counter(one["code"]["coding"][0]["code"] for one in found)
    assert {code: count > 0 for code, count in codes.items()} == dict.fromkeys(
        ("59408-5", "8867-4", "9279-1"), True
    )


def test_a_dose_is_as_much_as_the_file_says() -> None:
    """The prescribed amount stands at a planned dose; of an unplanned one nobody knows it."""
    first = scene()[0]
    patient = msgspec.structs.replace(
        OPENED.patient, ambulance=Ambulance(address="12 Mill Lane", dose_mg=200)
    )
    opened = msgspec.structs.replace(OPENED, patient=patient)
    made = bundle(read_story([record(1, opened, *first.effects), *scene()[1:]]))
    doses = resources(made, "MedicationAdministration")
    assert [one["dosage"]["dose"].get("value") for one in doses] == [200, 200, None]
    assert (faults(made), fhirkit.validate(json.dumps(made))) == ([], [])
    assert "Mill Lane" not in json.dumps(made)


def test_a_session_that_ended_undosed_was_cancelled() -> None:
    """No dose that counts: the encounter is cancelled, and nothing is suspected of anything."""
    undosed = [one for one in scene() if not type(one.event).__name__.startswith("Dose")]
    made = bundle(read_story(undosed))
    assert resources(made, "Encounter")[0]["status"] == "cancelled"
    assert "suspectEntity" not in resources(made, "AdverseEvent")[0]


@pytest.mark.parametrize("name", ["", "p1", "ä/ö"])
def test_names_are_uuids_of_version_five(name: str) -> None:
    """The standard library makes the same one."""
    assert uuid5(name) == str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def test_alarms_that_were_only_accepted_are_answers() -> None:
    """The session with a fall was answered by people: each acceptance is a mitigation."""
    story = story_of("fall")
    accepted = sum(
        line.transition in (Transition.ACCEPTED, Transition.ACKNOWLEDGED, Transition.RESET)
        for life in story.alarms.values()
        for line in life
    )
    issues = resources(bundle_of("fall"), "DetectedIssue")
    assert sum(len(one.get("mitigation", [])) for one in issues) == accepted
