"""Messages under way: what is sent, what a failure starts, and what is no longer wanted."""

import pytest
from msgspec import structs

from alerts import outage
from alerts.contact import Contact, Role, Way
from alerts.delivery import Delivery, DeliveryState
from alerts.effects import AlertEffect, Send
from alerts.escalation import Rung
from alerts.post import Post
from alerts.sending import P0
from alerts.timers import Timers
from tests.alerts.room import ANN, BACKUP, COMPANION, HIGH, LEE, MEDIUM, PEOPLE, PHYSICIAN, short

FAILED, SENT, DELIVERED = DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.DELIVERED
CANCELLED, TIMED_OUT = DeliveryState.CANCELLED, DeliveryState.TIMED_OUT


class Desk:
    """A post in virtual time. `has_it`: roles whose messages an acceptance has made needless."""

    def __init__(self, people: tuple[Contact, ...] = PEOPLE) -> None:
        self.timers = Timers()
        self.said: list[AlertEffect] = []
        self.has_it: set[Role] = set()
        self.post = Post(people, self.timers, self.said.append, self.why_not)

    def why_not(self, delivery: Delivery) -> str | None:
        """Somebody has accepted."""
        return "accepted by x" if delivery.person.role in self.has_it else None

    def tell(self, to: Role, at_s: float, way: int = 0, alarm: str = "a@0") -> None:
        """A rung is due."""
        self.run(at_s)
        self.post.send(alarm, MEDIUM, Rung(0, to, way), f"{to.value}+0s", round(at_s * 1000))

    def report(self, delivery: str, state: DeliveryState, at_s: float) -> str | None:
        """A channel reports."""
        self.run(at_s)
        return self.post.report(delivery, state, "busy", round(at_s * 1000))

    def run(self, until_s: float) -> None:
        """Let time pass."""
        while (popped := self.timers.pop_due(round(until_s * 1000))) is not None:
            key, at_ms = popped
            self.post.fire(key[0], key[1], at_ms)  # type: ignore[index]

    def take(self) -> list[str]:
        """All that was said since the last call."""
        lines = [short(effect) for effect in self.said]
        self.said.clear()
        return lines

    def states(self) -> dict[str, str]:
        """What is known of each message."""
        return {name: d.state.value for name, d in self.post.deliveries.items()}


def test_a_message_says_all_that_a_channel_needs() -> None:
    """R14: queued first; its name is the decision's own."""
    desk = Desk()
    desk.tell(PHYSICIAN, 2, way=1)
    assert desk.said == [
        Send(
            at_ms=2_000,
            delivery="a@0/lee/1@2000",
            alarm="a@0",
            contact="lee",
            way=1,
            channel="sms",
            address="2",
            priority=MEDIUM,
            rung="physician+0s",
        )
    ]
    assert desk.post.deliveries == {
        "a@0/lee/1@2000": Delivery(
            "a@0/lee/1@2000",
            "a@0",
            "lee",
            1,
            "physician+0s",
            1,
            DeliveryState.INTENT,
            2_000,
            MEDIUM,
            LEE,
            4,
            2_000,
        )
    }
    assert desk.timers.next_due_ms() == 17_000


def test_a_rung_that_tells_nobody_says_so() -> None:
    """No such person, no way to them; fewer ways than rungs: the last way again."""
    desk = Desk((structs.replace(ANN, ways=()), PEOPLE[2]))
    desk.tell(COMPANION, 0)
    desk.tell(PHYSICIAN, 0)
    desk.tell(BACKUP, 0, way=2)
    desk.tell(BACKUP, 0)
    desk.post.remind("a@0", MEDIUM, "ann", 0)
    assert desk.take() == [
        "0 skip a@0 companion+0s: ann has no way to be reached",
        "0 skip a@0 physician+0s: no physician is set for this session",
        "0 send a@0/ito/0@0 backup+0s",
        "0 skip a@0 backup+0s: ito is told so at this instant already",
        "0 skip a@0 reminder: ann has no way to be reminded by",
    ]


def test_a_failure_starts_the_next_way_at_once_and_the_failed_one_after_1_and_3_s() -> None:
    """A failed channel moves on; the retries fail quietly, and no third comes."""
    desk = Desk()
    desk.tell(PHYSICIAN, 0)
    assert desk.report("a@0/lee/0@0", FAILED, 0.5) is None
    desk.report("a@0/lee/1@500", DELIVERED, 1)
    desk.run(1.5)
    desk.report("a@0/lee/0@1500", FAILED, 1.6)
    desk.run(99)
    assert desk.take() == [
        "0 send a@0/lee/0@0 physician+0s",
        "0.5 send a@0/lee/1@500 physician+0s (sms: busy)",
        "1.5 send a@0/lee/0@1500 physician+0s try 2",
        "3.5 send a@0/lee/0@3500 physician+0s try 3",
    ]
    assert desk.states() == {
        "a@0/lee/0@0": "failed",
        "a@0/lee/1@500": "delivered",
        "a@0/lee/0@1500": "failed",
        "a@0/lee/0@3500": "timed_out",
    }
    assert desk.timers.next_due_ms() is None


@pytest.mark.parametrize("state", [SENT, DELIVERED])
def test_a_retry_that_succeeds_ends_the_retries(state: DeliveryState) -> None:
    """The way works again."""
    desk = Desk()
    desk.tell(PHYSICIAN, 0)
    desk.report("a@0/lee/0@0", FAILED, 0)
    desk.report("a@0/lee/1@0", DELIVERED, 0)
    desk.run(1)
    desk.report("a@0/lee/0@1000", state, 1.2)
    desk.run(99)
    assert desk.take()[2:] == ["1 send a@0/lee/0@1000 physician+0s try 2"]


def test_what_is_not_confirmed_delivered_in_15_s_starts_the_next_way() -> None:
    """CH-FAIL; "sent" confirms nothing. The last way has none after it, and says so."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", SENT, 1)
    desk.run(99)
    assert desk.take() == [
        "0 send a@0/ann/0@0 companion+0s",
        "15 send a@0/ann/1@15000 companion+0s (sms: not confirmed delivered within 15 s)",
        "30 skip a@0 next way: no further way to ann: not confirmed delivered within 15 s",
    ]
    assert desk.states() == {"a@0/ann/0@0": "timed_out", "a@0/ann/1@15000": "timed_out"}


@pytest.mark.parametrize("state", [DELIVERED, DeliveryState.ANSWERED])
def test_a_proof_stops_the_time_out(state: DeliveryState) -> None:
    """Delivered, or answered by a person."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", SENT, 1)
    desk.report("a@0/ann/0@0", state, 14.9)
    desk.run(99)
    assert desk.take() == ["0 send a@0/ann/0@0 companion+0s"]


def test_a_way_that_can_prove_no_more_than_sent_is_no_failure_but_the_next_one_starts() -> None:
    """Nobody knows whether it was heard; after the last way nothing more can be done or proved."""
    ways = (Way("console"), Way("webhook", "http://127.0.0.1/a"))
    desk = Desk((structs.replace(ANN, ways=ways),))
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", SENT, 0)
    desk.run(15)
    desk.report("a@0/ann/1@15000", SENT, 15)
    desk.run(99)
    assert desk.take() == [
        "0 send a@0/ann/0@0 companion+0s",
        "15 send a@0/ann/1@15000 companion+0s (console: cannot prove delivery)",
    ]
    assert desk.states() == {"a@0/ann/0@0": "sent", "a@0/ann/1@15000": "sent"}
    assert (desk.timers.next_due_ms(), desk.post.reach.lost) == (None, {})


def test_a_retry_by_a_way_without_proof_starts_nothing() -> None:
    """The next way has been started by the failure."""
    ways = (Way("console"), Way("webhook", "http://127.0.0.1/a"))
    desk = Desk((structs.replace(ANN, ways=ways),))
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", FAILED, 0)
    desk.report("a@0/ann/1@0", SENT, 0)
    desk.run(1)
    desk.report("a@0/ann/0@1000", SENT, 1)
    desk.run(99)
    assert desk.take()[2:] == ["1 send a@0/ann/0@1000 companion+0s try 2"]


def test_one_way_alone_is_followed_by_nothing() -> None:
    """A way that is tried for its own sake."""
    desk = Desk()
    for way, state in enumerate((FAILED, SENT, DELIVERED)):
        desk.post.tell(LEE, "a@0", HIGH, "test", 0, way=way, alone=True)
        desk.report(f"a@0/lee/{way}@0", state, 0)
    desk.run(99)
    assert (len(desk.take()), desk.post.reach.lost) == (3, {})
    assert desk.states() == {
        "a@0/lee/0@0": "failed",
        "a@0/lee/1@0": "timed_out",
        "a@0/lee/2@0": "delivered",
    }


def test_a_late_sent_after_a_time_out_is_noted_and_a_late_failure_starts_nothing() -> None:
    """The next way has long been started."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.run(15)
    desk.take()
    desk.report("a@0/ann/1@15000", DELIVERED, 15)
    assert desk.report("a@0/ann/0@0", FAILED, 16) is None
    desk.run(99)
    assert (desk.take(), desk.states()) == (
        [],
        {"a@0/ann/0@0": "failed", "a@0/ann/1@15000": "delivered"},
    )


def test_sent_that_turns_out_failed_starts_the_next_way() -> None:
    """A service took it and could not deliver it."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", SENT, 1)
    desk.report("a@0/ann/0@0", FAILED, 5)
    assert desk.take()[1:] == ["5 send a@0/ann/1@5000 companion+0s (sms: busy)"]


def test_a_channel_may_say_itself_that_it_did_not_send() -> None:
    """Nothing follows: it was not wanted."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    assert desk.report("a@0/ann/0@0", CANCELLED, 1) is None
    desk.run(99)
    assert desk.take() == ["0 send a@0/ann/0@0 companion+0s"]


def test_an_impossible_report_is_refused_and_changes_nothing() -> None:
    """Unknown messages, and steps that the table lacks."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", DeliveryState.ANSWERED, 1)
    assert desk.report("b", SENT, 1) == "no message b is known"
    assert desk.report("a@0/ann/0@0", SENT, 1) == (
        "message a@0/ann/0@0 cannot go from answered to sent"
    )
    assert desk.states() == {"a@0/ann/0@0": "answered"}


def test_an_acceptance_cancels_what_is_under_way_and_its_retries() -> None:
    """Other alarms, other people and what has an outcome stay as they are."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.tell(COMPANION, 0, alarm="b@0")
    desk.tell(PHYSICIAN, 0)
    desk.report("a@0/lee/0@0", FAILED, 0)
    desk.take()
    desk.has_it = {PHYSICIAN}
    desk.post.withdrawal.cancel_stopped("a@0", 500, "accepted by lee")
    assert desk.take() == ["0.5 cancel a@0/lee/1@0: accepted by lee"]
    assert desk.states() == {
        "a@0/ann/0@0": "intent",
        "b@0/ann/0@0": "intent",
        "a@0/lee/0@0": "failed",
        "a@0/lee/1@0": "cancelled",
    }
    desk.run(14)
    assert desk.take() == []


def test_a_failure_of_what_is_no_longer_wanted_starts_nothing_and_says_why() -> None:
    """The service reports a failure after the acceptance."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.report("a@0/ann/0@0", SENT, 1)
    desk.has_it = {COMPANION}
    desk.report("a@0/ann/0@0", FAILED, 2)
    desk.run(99)
    assert desk.take()[1:] == ["2 skip a@0 next way: accepted by x"]


def test_a_stopped_alarm_tells_nobody_but_by_p0() -> None:
    """P0 informs whoever has accepted; the end of the session stops it too."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.post.send("a@0", MEDIUM, Rung(0, PHYSICIAN), P0, 0)
    desk.take()
    desk.post.stop("a@0", 1_000, "reset by ann")
    assert desk.take() == ["1 cancel a@0/ann/0@0: reset by ann"]
    desk.post.withdrawal.stop_all(2_000, "session is ended")
    assert desk.take() == ["2 cancel a@0/lee/0@0: session is ended"]
    assert {d.unwanted for d in desk.post.deliveries.values()} == {
        "reset by ann",
        "session is ended",
    }


def test_a_reminder_goes_to_the_person_who_accepted() -> None:
    """By their first way."""
    desk = Desk()
    desk.post.remind("a@0", HIGH, "ito", 5_000)
    assert desk.take() == ["5 send a@0/ito/0@5000 reminder"]


def test_an_outage_loses_nothing_and_tells_each_once() -> None:
    """What was under way is repeated, marked; what fell due goes out late, the rest is record."""
    desk = Desk()
    desk.tell(PHYSICIAN, 0)
    desk.take()
    outage.hold(desk.post)
    desk.tell(COMPANION, 30)
    desk.tell(COMPANION, 60, way=1)
    assert desk.take() == []
    outage.release(desk.post, 90_000)
    assert desk.take() == [
        "90 skip a@0 companion+0s: due while the hub did not run; ann is told by a@0/ann/1@60000",
        "90 send a@0/lee/0@0 physician+0s may repeat",
        "90 send a@0/ann/1@60000 companion+0s late",
    ]
    assert desk.states() == {
        "a@0/lee/0@0": "intent",
        "a@0/ann/0@30000": "cancelled",
        "a@0/ann/1@60000": "intent",
    }
    desk.run(105)
    assert desk.take() == [
        "105 send a@0/lee/1@105000 physician+0s (sms: not confirmed delivered within 15 s)",
        "105 send a@0/ann/0@105000 companion+0s (sms: not confirmed delivered within 15 s)",
    ]


def test_what_was_sent_before_an_outage_has_its_15_s_again() -> None:
    """No channel could tell meanwhile; what nobody wants any more is not waited for."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.tell(PHYSICIAN, 0)
    for name in ("ann", "lee"):
        desk.report(f"a@0/{name}/0@0", SENT, 1)
    outage.hold(desk.post)
    desk.run(60)
    desk.has_it = {PHYSICIAN}
    outage.release(desk.post, 60_000)
    desk.take()
    desk.run(76)
    assert desk.take() == [
        "75 send a@0/ann/1@75000 companion+0s (sms: not confirmed delivered within 15 s)"
    ]


def test_after_an_outage_what_nobody_wants_is_cancelled() -> None:
    """And what a newer message by the same way replaces."""
    desk = Desk()
    desk.tell(COMPANION, 0)
    desk.tell(COMPANION, 1)
    desk.tell(PHYSICIAN, 1)
    desk.take()
    desk.has_it = {PHYSICIAN}
    outage.hold(desk.post)
    outage.release(desk.post, 9_000)
    assert desk.take() == [
        "9 cancel a@0/ann/0@0: told again by a@0/ann/0@1000",
        "9 send a@0/ann/0@1000 companion+0s may repeat",
        "9 cancel a@0/lee/0@1000: accepted by x",
    ]


@pytest.mark.parametrize("state", [CANCELLED, TIMED_OUT])
def test_a_release_without_an_outage_repeats_only_what_is_open(state: DeliveryState) -> None:
    """What has an outcome stays."""
    desk = Desk()
    desk.tell(BACKUP, 0)
    desk.post.deliveries["a@0/ito/0@0"].state = state
    desk.take()
    outage.release(desk.post, 1_000)
    assert desk.take() == []
