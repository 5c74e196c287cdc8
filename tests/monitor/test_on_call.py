"""Somebody is always told; whatever speaks against the person is said."""

from msgspec import structs

from alerts.contact import Contact, Role
from alerts.rota import Rota
from alerts.rota_timeline import NOBODY
from alerts.rota_words import People, Span
from monitor.on_call import (
    UNSYNCED,
    Duty,
    RotaLook,
    candidates,
    duties,
    duty,
    on_call_first,
    rotas_of,
)
from monitor.patient import OnCall, Patient

HOUR_MS = 3_600_000
SAM = Contact("sam", Role.COMPANION, "Sam")
LEE = Contact("lee", Role.PHYSICIAN, "Lee")
KIM = Contact("kim", Role.PHYSICIAN, "Kim")
ROY = Contact("roy", Role.BACKUP, "Roy")
BOTH = Patient("p", "Alex", contacts=(SAM, LEE, KIM, ROY), on_call=OnCall("main", "second"))
ONE = structs.replace(BOTH, on_call=OnCall("main"))
P, B = Role.PHYSICIAN, Role.BACKUP


def look(*spans: Span, faults: tuple[str, ...] = ()) -> RotaLook:
    """A rota of ten hours."""
    people = People(frozenset({"lee", "kim", "roy"}), {})
    return RotaLook(Rota(spans, people, (), 0, 10 * HOUR_MS), faults=faults)


LEE_THEN_NOBODY = look(Span(0, 4 * HOUR_MS, "lee"))


def test_a_rota_names_people_of_the_roles_that_have_rotas() -> None:
    """With two rotas each may name people of either role; without a rota it names nobody."""
    assert (rotas_of(BOTH), candidates(BOTH)) == (
        {P: "main", B: "second"},
        frozenset({"lee", "kim", "roy"}),
    )
    assert (rotas_of(ONE), candidates(ONE)) == ({P: "main"}, frozenset({"lee", "kim"}))
    assert candidates(structs.replace(ONE, on_call=OnCall())) == frozenset()


def test_the_person_of_the_shift_has_the_role() -> None:
    """Nothing speaks against them."""
    assert duty(P, LEE_THEN_NOBODY, 0, synced=True) == Duty(P, "lee")


def test_a_gap_keeps_whoever_was_on_call_and_is_said() -> None:
    """Paging somebody who is off duty is better than paging nobody."""
    assert duty(P, LEE_THEN_NOBODY, 4 * HOUR_MS, synced=True) == Duty(
        P, None, f"physician: nobody is on call ({NOBODY})"
    )


def test_at_the_gate_a_gap_in_the_coming_hours_counts() -> None:
    """It says from when; what lies further ahead does not count, nor what is not laid out."""
    assert duty(P, LEE_THEN_NOBODY, 0, synced=True, ahead_ms=4 * HOUR_MS) == Duty(P, "lee")
    assert duty(P, LEE_THEN_NOBODY, 1, synced=True, ahead_ms=4 * HOUR_MS) == Duty(
        P, "lee", f"physician: nobody is on call from 01 Jan 04:00 on ({NOBODY})"
    )
    gap_now = duty(P, LEE_THEN_NOBODY, 9 * HOUR_MS, synced=True, ahead_ms=4 * HOUR_MS)
    assert gap_now == Duty(P, None, f"physician: nobody is on call ({NOBODY})")


def test_a_doubt_an_old_calendar_and_an_unset_clock_are_said_together() -> None:
    """The person of the shift is told all the same."""
    doubtful = look(Span(0, HOUR_MS, "lee"), Span(0, HOUR_MS, "kim"), faults=("50 h old",))
    assert duty(P, doubtful, 0, synced=False) == Duty(
        P, "kim", f"physician: 50 h old; {UNSYNCED}; the rota names kim and lee at once"
    )


def test_without_a_rota_whoever_was_on_call_stays_so() -> None:
    """No file, no calendar, or a time that is not laid out."""
    why = "there is no rota for this time"
    assert [
        duty(P, RotaLook(None, faults=("no file",)), 0, synced=True),
        duty(P, LEE_THEN_NOBODY, 10 * HOUR_MS, synced=True),
    ] == [Duty(P, None, f"physician: no file; {why}"), Duty(P, None, f"physician: {why}")]


def test_one_person_cannot_stand_behind_themselves() -> None:
    """A rota that names the physician as backup leaves the backup as it was, and it is said."""
    looks = {P: look(Span(0, HOUR_MS, "lee")), B: look(Span(0, HOUR_MS, "lee"))}
    assert duties(BOTH, looks, 0, synced=True, ahead_ms=0) == [
        Duty(P, "lee"),
        Duty(B, None, "backup: lee is the physician on call already"),
    ]
    gap = {P: look(), B: look(Span(0, HOUR_MS, "lee"))}
    assert duties(BOTH, gap, 0, synced=True, ahead_ms=0) == [
        Duty(P, None, f"physician: nobody is on call ({NOBODY})"),
        Duty(B, None, "backup: lee is the physician on call already"),
    ]


def test_each_role_follows_its_own_rota() -> None:
    """Only the backup has one here."""
    patient = structs.replace(BOTH, on_call=OnCall("", "second"))
    found = duties(patient, {B: look(Span(0, HOUR_MS, "roy"))}, 0, synced=True, ahead_ms=0)
    assert found == [Duty(B, "roy")]


def test_whoever_is_on_call_comes_first_in_their_role() -> None:
    """The others stay people of the session; without a word of the rota nothing changes."""
    assert on_call_first(BOTH, {}) == BOTH
    assert on_call_first(BOTH, {P: "kim"}).contacts == (SAM, KIM, ROY, LEE)
    swapped = on_call_first(BOTH, {P: "roy", B: "lee"}).contacts
    assert swapped == (
        SAM,
        structs.replace(LEE, role=B),
        structs.replace(ROY, role=P),
        KIM,
    )
