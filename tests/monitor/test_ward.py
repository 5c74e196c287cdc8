"""Who is watched at one time: one session a patient, a device in one session, a bound on all."""

import pytest

from alerts.contact import Contact, Role, Way
from alerts.signal import Pattern
from devices.observation import DeviceKind, DeviceReport, Mode
from monitor.effects import Refused
from monitor.engine import Engine
from monitor.events import HelpCalled, HelpCancelled, Reading, SessionOpened, Tick, Woke
from monitor.patient import DeviceBinding, Patient
from monitor.session import Phase
from monitor.ward import Bed, Ward, WardError
from tests.recorded import plan


def opened(patient: str, device: str = "", session: str = "") -> SessionOpened:
    """A session of the default plan; its oximeter is the patient's own unless it is named."""
    contacts = (
        Contact("sam", Role.COMPANION, "Sam", (Way("console"),)),
        Contact("dr", Role.PHYSICIAN, "Dr Lee", (Way("console"),)),
    )
    devices = (DeviceBinding(device or f"ox-{patient}", DeviceKind.OXIMETER),)
    return SessionOpened(
        at_ms=0,
        session=session or f"s-{patient}",
        mode=Mode.DEMO,
        patient=Patient(patient, patient, devices=devices, contacts=contacts),
        plan=plan("default"),
    )


def placed(ward: Ward, event: SessionOpened) -> Bed:
    """Open a session in the ward."""
    ward.check(event)
    bed = ward.place(Engine(), event)
    bed.handle(event)
    return bed


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (opened("ann", "other", "s2"), "patient ann has the open session s-ann; close it first"),
        (opened("ben", session="s-ann"), "session s-ann is open; use another name"),
        (opened("ben", "ox-ann"), "device ox-ann is in session s-ann; close it first"),
    ],
)
def test_what_is_in_use_is_refused(event: SessionOpened, why: str) -> None:
    """The refusal names what is in the way, and what to do."""
    ward = Ward()
    placed(ward, opened("ann"))
    with pytest.raises(WardError) as refused:
        ward.check(event)
    assert str(refused.value) == why


def test_a_full_ward_takes_nobody_until_a_session_is_over() -> None:
    """A removed session's device is free again; other devices stay where they are."""
    ward = Ward(max_sessions=2)
    ann, ben = placed(ward, opened("ann")), placed(ward, opened("ben"))
    with pytest.raises(WardError, match="2 sessions are open; close one first"):
        ward.check(opened("cy"))
    ward.remove(ann)
    ward.check(opened("cy", "ox-ann"))
    assert (ward.bed_of("ox-ann"), ward.bed_of("ox-ben"), list(ward.beds)) == (None, ben, ["s-ben"])


def test_a_session_in_follow_up_lends_its_devices() -> None:
    """It counts as no watched session; its cuff comes back to it when the other session ends."""
    ward = Ward(max_sessions=1)
    ann = placed(ward, opened("ann"))
    ann.engine.chart.phase = Phase.FOLLOW_UP
    ben = placed(ward, opened("ben", "ox-ann"))
    assert (ann.asks_only, ben.asks_only, ward.bed_of("ox-ann")) == (True, False, ben)
    ward.remove(ben)
    assert ward.bed_of("ox-ann") is ann


def test_a_follow_up_that_is_taken_up_again_takes_nothing() -> None:
    """After a restart the watched session keeps the device, in whatever order they come."""
    ward = Ward()
    ben = placed(ward, opened("ben", "ox-ann"))
    ann = Engine()
    ann.handle(opened("ann"))
    ann.chart.phase = Phase.FOLLOW_UP
    ward.place(ann, opened("ann"), n=7)
    assert ward.bed_of("ox-ann") is ben


def test_follow_ups_are_bounded_too() -> None:
    """Four times as many as are watched at one time."""
    ward = Ward(max_sessions=1)
    for name in ("ann", "ben", "cy", "di"):
        placed(ward, opened(name)).engine.chart.phase = Phase.FOLLOW_UP
    with pytest.raises(WardError, match="4 sessions are in follow-up; close some first"):
        ward.check(opened("ed"))


def test_the_next_deadline_is_the_earliest_of_all() -> None:
    """No bed, no deadline."""
    ward = Ward()
    beds = [placed(ward, opened(name)) for name in ("ann", "ben")]
    beds[1].handle(HelpCalled(at_ms=1, by="sam", role=Role.COMPANION))
    dues = [bed.engine.next_deadline() for bed in beds]
    assert (Ward().next_deadline(), ward.next_deadline()) == (
        None,
        min(due for due in dues if due is not None),
    )


def test_the_room_hears_the_loudest_bed() -> None:
    """An empty room is silent."""
    ward = Ward()
    beds = [placed(ward, opened(name)) for name in ("ann", "ben")]
    before = ward.loudest()
    beds[1].handle(HelpCalled(at_ms=1, by="sam", role=Role.COMPANION))
    assert (Ward().loudest(), before, ward.loudest()) == (
        Pattern.SILENT,
        Pattern.SILENT,
        Pattern.HIGH,
    )


def test_a_bed_numbers_what_is_recorded_and_remembers_taps() -> None:
    """An idle tick is no record; one with effects is recorded as `Woke`; a tap has a name."""
    bed = placed(Ward(), opened("ann"))
    idle = bed.handle(Tick(at_ms=1))
    bed.handle(HelpCalled(at_ms=2, by="sam", role=Role.COMPANION, tap="t1"))
    due_ms = bed.engine.next_deadline()
    while True:
        assert due_ms is not None
        woke = bed.handle(Tick(at_ms=due_ms))
        if woke is not None:
            break
        due_ms = bed.engine.next_deadline()
    assert (idle, woke[0], bed.n, bed.taps) == (None, Woke(at_ms=due_ms), 3, {("sam", "t1"): ""})
    assert (bed.session, bed.over) == ("s-ann", False)


def test_a_message_that_comes_again_is_answered_like_the_first_time() -> None:
    """What was taken is taken, what was refused is refused in the same words; new ones are new."""
    bed = placed(Ward(), opened("ann"))
    call = HelpCalled(at_ms=2, by="sam", role=Role.COMPANION, tap="t1")
    cancel = HelpCancelled(at_ms=1, by="sam", role=Role.COMPANION, tap="t0")
    unnamed = HelpCalled(at_ms=3, by="sam", role=Role.COMPANION)
    assert [bed.repeated(event) for event in (cancel, call, unnamed)] == [None, None, None]
    for event in (cancel, call, unnamed):
        bed.handle(event)
    refused = Refused(at_ms=1, what="HelpCancelled", reason="nobody has called for help", by="sam")
    assert [bed.repeated(event) for event in (cancel, call, unnamed)] == [[refused], [], None]
    report = DeviceReport(device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST, boot_id="b", seq=1)
    reading = Reading(at_ms=4, report=report)
    new = bed.repeated(reading)
    bed.handle(reading)
    assert (new, bed.repeated(reading)) == (None, [])
