"""Who was told and who is on call, as screens show it: sent as sent, and no address but one."""

from typing import Any

import msgspec
import pytest

from alerts.book import RowFacts
from alerts.condition import Kind, Present, Priority
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from alerts.rehearsal import Stand
from monitor import reach_views
from monitor.engine import Engine
from monitor.events import Accepted, CalledBack
from monitor.reach_views import (
    CallBackView,
    OnCallView,
    PersonTrialView,
    RehearsalView,
    SoundProofView,
    ToldView,
    WayTrialView,
)
from monitor.rehearsal_events import RehearsalAsked, SoundAsked, SoundHeard
from tests.sessions import opened

NUMBER = "+49 30 1234"
ANN: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}


def session(*ways: Way, backup: bool = False) -> Engine:
    """A session at its gate; the physician has these ways."""
    start = opened()
    contacts = [one for one in start.patient.contacts if one.role is Role.COMPANION]
    contacts.append(Contact("lee", Role.PHYSICIAN, "Dr Lee", ways))
    if backup:
        contacts.append(Contact("roy", Role.BACKUP, "Dr Roy", (Way("console"),)))
    patient = msgspec.structs.replace(start.patient, contacts=tuple(contacts))
    engine = Engine()
    engine.handle(msgspec.structs.replace(start, patient=patient))
    return engine


def test_a_message_is_shown_with_what_its_way_can_prove() -> None:
    """A pager's "sent" is all that it can say; a telephone's is not."""
    engine = session(Way("voice", NUMBER))
    post = engine.alarms.post
    lee = post.contact_of(Role.PHYSICIAN)
    assert lee is not None
    post.tell(lee, "hub@5", Priority.HIGH, "physician+0s", 5)
    post.report("hub@5/lee/0@5", DeliveryState.FAILED, "busy", 6)
    (got, *_) = reach_views.told(engine)
    assert got == ToldView(
        delivery="hub@5/lee/0@5",
        alarm="hub@5",
        contact="lee",
        channel="voice",
        state="failed",
        at_ms=5,
        provable=True,
        residual=False,
        detail="busy",
    )


def test_a_call_that_is_owed_and_one_that_was_made() -> None:
    """Who is asked now and until when; then who has called."""
    engine = session(Way("console"))
    assert reach_views.call_backs(engine) == ()
    engine.alarms.out = []
    engine.alarms.callbacks.ask("pressure_high@5", "BP-SEV", 600, Priority.MEDIUM, 5)
    owed = CallBackView("pressure_high@5", "BP-SEV", "lee", "open", 600_005, None)
    assert reach_views.call_backs(engine) == (owed,)
    engine.handle(CalledBack(at_ms=9, by="lee", role=Role.PHYSICIAN, alarm="pressure_high@5"))
    called = msgspec.structs.replace(owed, state="done", by="lee")
    assert reach_views.call_backs(engine) == (called,)


def test_nobody_is_named_when_a_role_is_empty() -> None:
    """A missing backup is shown as missing."""
    assert reach_views.on_call(session(Way("console"))) == (
        OnCallView("physician", "lee", "Dr Lee", "", ""),
        OnCallView("backup", None, "", "", ""),
    )
    assert reach_views.on_call(session(Way("console"), backup=True))[1] == OnCallView(
        "backup", "roy", "Dr Roy", "", ""
    )


@pytest.mark.parametrize(
    ("ways", "phone"),
    [
        ((Way("ntfy", "secret-topic"), Way("sms", "+111"), Way("voice", NUMBER)), "+111"),
        ((Way("voice", "file:lee.number"), Way("sms", NUMBER)), NUMBER),
        ((Way("ntfy", "secret-topic"),), ""),
    ],
)
def test_a_number_is_shown_only_while_people_must_call_by_hand(
    ways: tuple[Way, ...], phone: str
) -> None:
    """Before, it is nobody's business but the channel's; a number in a file stays there."""
    engine = session(*ways)
    assert reach_views.on_call(engine)[0].phone == ""
    engine.alarms.post.reach.lost["lee"] = "cannot reach Dr Lee: no network"
    shown = _with_row(engine, "NET-DOWN")
    assert reach_views.on_call(shown)[0] == OnCallView(
        "physician", "lee", "Dr Lee", "cannot reach Dr Lee: no network", phone
    )


def _with_row(engine: Engine, row: str) -> Engine:
    """Raise one row of the hub's own, whatever its plan says of when."""
    facts = RowFacts(row, "network", Kind.TECHNICAL, Priority.MEDIUM)
    engine.alarms.out = []
    engine.alarms.settle(facts, Present(Priority.MEDIUM, None, "no network"), 6)
    return engine


def test_a_rehearsal_is_shown_person_by_person_and_way_by_way() -> None:
    """Nobody has started one; it runs; the companion has answered; a role is empty."""
    engine = session(Way("console"))
    assert reach_views.rehearsal(engine) is None
    engine.handle(RehearsalAsked(at_ms=10, **ANN))
    running = reach_views.rehearsal(engine)
    assert running is not None
    assert (running.id, running.state, running.reason, running.by) == (
        "rehearsal@10",
        "running",
        "",
        "ann",
    )
    engine.handle(Accepted(at_ms=2_000, alarm="rehearsal@10", **ANN))
    now = reach_views.rehearsal(engine)
    assert isinstance(now, RehearsalView)
    ann, lee, nobody = now.people
    assert (ann.name, ann.answered != "", lee.state, lee.until_ms) == (
        "Ann",
        True,
        Stand.RUNNING.value,
        120_010,
    )
    assert nobody == PersonTrialView(
        role="backup",
        contact="",
        name="",
        state="failed",
        reason=nobody.reason,
        answered="",
        until_ms=nobody.until_ms,
        ways=(),
    )
    assert all(isinstance(way, WayTrialView) for way in (*ann.ways, *lee.ways))


def test_the_number_of_the_test_sound_is_shown_nowhere() -> None:
    """Only that a number is waited for, and how many were wrong."""
    engine = session(Way("console"))
    assert reach_views.sound_proof(engine) == SoundProofView(
        waits=False, asked_ms=None, wrong=0, proved_ms=None
    )
    engine.handle(SoundAsked(at_ms=10, **ANN))
    assert reach_views.sound_proof(engine) == SoundProofView(
        waits=True, asked_ms=10, wrong=0, proved_ms=None
    )
    engine.handle(SoundHeard(at_ms=3_000, bursts=9, **ANN))
    assert reach_views.sound_proof(engine) == SoundProofView(
        waits=True, asked_ms=3_000, wrong=1, proved_ms=None
    )
    right = engine.sound_proof.bursts
    engine.handle(SoundHeard(at_ms=6_000, bursts=right, **ANN))
    assert reach_views.sound_proof(engine) == SoundProofView(
        waits=False, asked_ms=3_000, wrong=1, proved_ms=6_000
    )
