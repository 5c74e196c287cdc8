"""A lease says who is watched in which mode, and whom to page, each person once."""

from alerts.contact import Contact, Role, Way
from alerts.lease import MAX_PEOPLE, Holding, Person
from devices.observation import Mode
from monitor.engine import Engine
from monitor.events import OnCallChanged, SessionOpened
from monitor.holding import holding_of
from monitor.patient import Patient
from monitor.ward import Ward
from tests.recorded import plan

LEE, CONSOLE = (Way("webhook", "http://lee/"),), (Way("console"),)


def ward_of(*names: str, mode: Mode = Mode.DEMO) -> Ward:
    """Sessions with a companion each, a physician whom all share, and a viewer."""
    ward = Ward()
    for name in names:
        contacts = (
            Contact(f"c-{name}", Role.COMPANION, name, CONSOLE),
            Contact("dr", Role.PHYSICIAN, "Dr Lee", LEE),
            Contact("b", Role.BACKUP, "Dr No-way"),
            Contact("v", Role.VIEWER, "Vi", CONSOLE),
        )
        event = SessionOpened(
            at_ms=0,
            session=name,
            mode=mode,
            patient=Patient(name, name, contacts=contacts),
            plan=plan("vitals_only"),
        )
        engine = Engine()
        engine.handle(event)
        ward.place(engine, event)
    return ward


def test_an_empty_ward_holds_nothing() -> None:
    """No session, nobody to page."""
    assert holding_of(Ward()) == Holding()


def test_the_physician_comes_first_and_a_shared_one_once() -> None:
    """Who cannot be reached and who cannot help are left out."""
    assert holding_of(ward_of("ann", "ben")) == Holding(
        modes=("demo", "demo"),
        people=(
            Person("Dr Lee", "demo", LEE),
            Person("ann", "demo", CONSOLE),
            Person("ben", "demo", CONSOLE),
        ),
    )


def test_a_full_ward_fits_into_a_lease() -> None:
    """Sixteen companions and their physician are far below the bound."""
    assert len(holding_of(ward_of(*(f"p{n}" for n in range(16)))).people) == 17 < MAX_PEOPLE


def test_who_is_on_call_now_is_named_and_in_a_gap_whoever_began() -> None:
    """Another physician takes over; then nobody is on call, and the first one is told after all."""
    ward = ward_of("ann")
    engine = ward.beds["ann"].engine
    new = Contact("dr2", Role.PHYSICIAN, "Dr May", LEE)
    names = []
    for contact in (new, None):
        engine.handle(OnCallChanged(at_ms=1, role=Role.PHYSICIAN, contact=contact, detail="rota"))
        names.append([person.name for person in holding_of(ward).people])
    assert names == [["Dr May", "ann"], ["Dr Lee", "ann"]]
