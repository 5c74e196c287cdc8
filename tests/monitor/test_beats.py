"""The supervisor hears each second who is watched and whom to page when nobody watches."""

from msgspec import structs

from alerts.contact import Contact, Role, Way
from alerts.heartbeat import Heartbeat, Page
from devices.observation import Mode
from monitor.beats import heartbeat_of
from monitor.engine import Engine
from monitor.events import OnCallChanged, SessionOpened
from monitor.patient import Patient
from monitor.ward import Ward
from tests.recorded import plan


def opened(name: str) -> SessionOpened:
    """A session with a companion of two ways, a physician whom all share, and a viewer."""
    contacts = (
        Contact(f"c-{name}", Role.COMPANION, name, (Way("webhook", f"http://{name}/"), Way("sms"))),
        Contact("dr", Role.PHYSICIAN, "Dr Lee", (Way("webhook", "http://lee/"),)),
        Contact("v", Role.VIEWER, "Vi", (Way("console"),)),
    )
    patient = Patient(name, name, contacts=contacts)
    return SessionOpened(
        at_ms=0, session=name, mode=Mode.DEMO, patient=patient, plan=plan("vitals_only")
    )


def test_first_ways_come_before_second_ones_and_a_person_is_named_once() -> None:
    """Only those who can help are paged; the record counts what is on the disk."""
    ward = Ward()
    for name in ("ann", "ben"):
        engine, event = Engine(), opened(name)
        engine.handle(event)
        ward.place(engine, event, n=3).n = 9
    assert heartbeat_of(ward) == Heartbeat(
        session_open=True,
        record=6,
        next_deadline_ms=ward.next_deadline(),
        pages=(
            Page("ann", "webhook", "http://ann/", "demo"),
            Page("Dr Lee", "webhook", "http://lee/", "demo"),
            Page("ben", "webhook", "http://ben/", "demo"),
            Page("ann", "sms", "", "demo"),
            Page("ben", "sms", "", "demo"),
        ),
    )


def test_an_empty_ward_needs_nobody() -> None:
    """No session, nobody to page."""
    assert heartbeat_of(Ward()) == Heartbeat(session_open=False)


def test_of_those_who_take_turns_the_one_on_call_is_paged() -> None:
    """First whoever was on call at the opening, then whoever came after; in a gap the first."""
    lee, roy = (
        Contact(name, Role.PHYSICIAN, name, (Way("webhook", f"http://{name}/"),))
        for name in ("lee", "roy")
    )
    event = structs.replace(opened("ann"), patient=Patient("ann", "ann", contacts=(lee, roy)))
    ward, engine = Ward(), Engine()
    engine.handle(event)
    ward.place(engine, event)
    seen = [heartbeat_of(ward).pages]
    for at_ms, contact in ((1, roy), (2, None)):
        engine.handle(OnCallChanged(at_ms=at_ms, role=Role.PHYSICIAN, contact=contact))
        seen.append(heartbeat_of(ward).pages)
    assert seen == [
        (Page(name, "webhook", f"http://{name}/", "demo"),) for name in ("lee", "roy", "lee")
    ]
