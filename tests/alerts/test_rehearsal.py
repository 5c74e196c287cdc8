"""A rehearsal: every way is tried in its turn, and only a named person's answer passes."""

import pytest

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import AlertEffect, CancelSend, Send, Skipped
from alerts.post import Post
from alerts.rehearsal import RehearsalChanged, Stand, Trial, gate_state
from alerts.rehearser import Rehearser
from alerts.timers import Timers

SENT, DELIVERED, FAILED = DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED
ACCEPT, REJECT = Verdict.ACCEPT, Verdict.REJECT
ANN = Contact("ann", Role.COMPANION, "Ann", (Way("page"), Way("sms", "+1")))
LEE = Contact("lee", Role.PHYSICIAN, "Dr Lee", (Way("voice", "+2"),))
ITO = Contact("ito", Role.BACKUP, "Dr Ito", (Way("console"),))
NAME = "rehearsal@0"
ANN_0, ANN_1 = f"{NAME}/ann/0@0", f"{NAME}/ann/1@15000"
LEE_0, ITO_0 = f"{NAME}/lee/0@0", f"{NAME}/ito/0@0"


def short(effect: AlertEffect | RehearsalChanged) -> str:
    """One decision as one line."""
    at = f"{effect.at_ms / 1000:g}"
    if isinstance(effect, RehearsalChanged):
        who = effect.contact or (effect.role or "all")
        way = "" if effect.way is None else f" {effect.channel}"
        return f"{at} {who}{way} {effect.state.value}: {effect.reason}"
    if isinstance(effect, Send):
        return f"{at} send {effect.contact} {effect.channel} {effect.priority.value}"
    if isinstance(effect, CancelSend):
        return f"{at} cancel {effect.delivery}"
    assert isinstance(effect, Skipped)
    return f"{at} skip {effect.rung}: {effect.reason}"


class Hall:
    """A rehearser in virtual time."""

    def __init__(self, *people: Contact) -> None:
        self.timers = Timers()
        self.said: list[AlertEffect | RehearsalChanged] = []
        self.post = Post(people, self.timers, self.said.append, lambda _: None)
        self.rehearser = Rehearser(self.post, self.timers, self.said.append)

    def run(self, until_s: float) -> int:
        """Let time pass, as the engine does: a timer, then a look at what has changed."""
        while (popped := self.timers.pop_due(round(until_s * 1000))) is not None:
            key, at_ms = popped
            if key[0] != "rehearsal":  # type: ignore[index]
                self.post.fire(key[0], key[1], at_ms)  # type: ignore[index]
            self.rehearser.consider(at_ms)
        return round(until_s * 1000)

    def start(self, at_s: float = 0) -> str | None:
        """Ann starts a rehearsal."""
        return self.rehearser.start("ann", self.run(at_s))

    def report(self, delivery: str, state: DeliveryState, at_s: float, detail: str = "") -> None:
        """A channel reports."""
        at_ms = self.run(at_s)
        assert self.post.report(delivery, state, detail, at_ms) is None
        self.rehearser.consider(at_ms)

    def page(self, by: str, at_s: float, verdict: Verdict = ACCEPT, name: str = NAME) -> str | None:
        """A person taps on their own page."""
        return self.rehearser.answer(name, by, verdict, self.run(at_s))

    def key(self, delivery: str, at_s: float, verdict: Verdict = ACCEPT) -> str | None:
        """A person answers by a message's own way."""
        at_ms = self.run(at_s)
        why = self.rehearser.by_message(self.post.deliveries[delivery], verdict, "key 1", at_ms)
        self.rehearser.consider(at_ms)
        return why

    def take(self) -> list[str]:
        """All that was said since the last call."""
        lines = [short(effect) for effect in self.said]
        self.said.clear()
        return lines

    @property
    def trial(self) -> Trial:
        """The rehearsal of now, or the last one."""
        assert self.rehearser.last is not None
        return self.rehearser.last


def test_all_three_answer_and_every_way_works() -> None:
    """First ways at once; a way is proved by its own answer; who answered early gets the rest."""
    hall = Hall(ANN, LEE, ITO)
    assert (hall.start(), hall.rehearser.running) == (None, hall.trial)
    assert hall.take() == [
        "0 all running: ann",
        "0 send ann page high",
        "0 ann page running: under way",
        "0 send lee voice high",
        "0 lee voice running: under way",
        "0 send ito console high",
        "0 ito console running: under way",
    ]
    hall.report(ANN_0, DELIVERED, 1)
    hall.report(ITO_0, SENT, 1)
    assert hall.take() == [
        "1 ann page unproved: delivered; not answered by this way",
        "1 ito console unproved: sent; not answered by this way",
    ]
    assert hall.page("ann", 5) is None
    assert hall.take() == ["5 send ann sms high", "5 ann sms running: under way"]
    hall.report(f"{NAME}/ann/1@5000", SENT, 6)
    assert hall.take() == []
    hall.report(f"{NAME}/ann/1@5000", DELIVERED, 8)
    assert hall.take() == [
        "8 ann sms unproved: delivered; not answered by this way",
        "8 ann passed: ann answered on their page",
    ]
    assert (hall.key(LEE_0, 20), hall.page("ito", 30)) == (None, None)
    assert hall.take() == [
        "15 lee voice running: not confirmed delivered within 15 s",
        "20 lee voice passed: answered by this way",
        "20 lee passed: lee answered by voice",
        "30 ito passed: ito answered on their page",
        f"30 cancel {ANN_0}",
        "30 all passed: answered by ann, lee, ito",
    ]
    assert (gate_state(hall.trial), hall.rehearser.running) == ("pass", None)
    assert hall.timers.next_due_ms() is None


def test_sent_rang_and_delivered_are_no_answer() -> None:
    """The companion has 60 s, a physician 120 s; nothing but an answer passes."""
    hall = Hall(ANN, LEE, ITO)
    hall.start()
    hall.report(ANN_0, DELIVERED, 1)
    hall.report(LEE_0, SENT, 1)
    hall.report(ITO_0, SENT, 1)
    hall.run(15)
    hall.report(ANN_1, DELIVERED, 16)
    hall.take()
    hall.run(119.9)
    assert hall.take() == [
        (
            "60 ann failed: no answer of ann within 60 s (page: delivered; not answered by this"
            " way; sms: delivered; not answered by this way)"
        ),
    ]
    hall.run(120)
    last = hall.take()
    assert [line.split(":")[0] for line in last if "cancel" not in line] == [
        "120 lee voice failed",
        "120 lee failed",
        "120 ito failed",
        "120 all failed",
    ]
    assert gate_state(hall.trial) == "stop"


def test_a_failed_way_starts_the_next_at_once_and_is_found_out() -> None:
    """Ann answers by text: she is reached, and the broken page is a gap in the chain."""
    hall = Hall(ANN, LEE, ITO)
    hall.start()
    hall.report(ANN_0, FAILED, 0.2, "not connected")
    hall.take()
    assert hall.key(f"{NAME}/ann/1@200", 9) is None
    assert hall.take() == [
        "9 ann sms passed: answered by this way",
        "9 ann failed: ann answered by sms, but not every way works: page: not connected",
    ]
    hall.key(LEE_0, 10)
    hall.report(ITO_0, SENT, 10)
    hall.page("ito", 11)
    assert (hall.trial.state, gate_state(hall.trial)) == (Stand.FAILED, "hold")


def test_the_next_way_comes_after_15_s() -> None:
    """As in a real alarm; a way that has said nothing by then may still be answered."""
    hall = Hall(ANN)
    hall.start()
    hall.report(ANN_0, DELIVERED, 1)
    hall.take()
    hall.run(14.9)
    assert hall.take() == []
    hall.run(31)
    assert [line for line in hall.take() if "skip" not in line] == [
        "15 send ann sms high",
        "15 ann sms running: under way",
        "30 ann sms running: not confirmed delivered within 15 s",
    ]


def test_an_answer_that_is_a_no() -> None:
    """Who says that they cannot take it has failed, and says so once."""
    hall = Hall(ANN, LEE, ITO)
    hall.start()
    assert hall.key(LEE_0, 4, REJECT) is None
    assert "4 lee failed: lee cannot take it (by voice)" in hall.take()
    assert hall.page("lee", 5) == (
        "too late: lee cannot take it (by voice); start the rehearsal again"
    )
    assert hall.page("ann", 6, REJECT) is None
    assert hall.page("ito", 7, REJECT) is None
    assert (hall.rehearser.running, gate_state(hall.trial)) == (None, "stop")


def test_answers_that_count_for_nothing() -> None:
    """A stranger's, a late one, one to another rehearsal; a double one changes nothing."""
    hall = Hall(ANN, LEE, ITO)
    assert hall.page("ann", 0) == "rehearsal@0 is not the rehearsal of now: start another one"
    hall.start()
    assert hall.page("joe", 1) == "joe is nobody whom this rehearsal asks"
    assert hall.page("ann", 1, name="rehearsal@7") == (
        "rehearsal@7 is not the rehearsal of now: start another one"
    )
    assert (hall.page("ann", 2), hall.page("ann", 3)) == (None, None)
    late = hall.page("lee", 121)
    assert late is not None
    assert late.startswith("too late: no answer of lee within 120 s")
    assert hall.page("ann", 122) is None
    assert hall.trial.state is Stand.FAILED


def test_an_answer_by_the_way_after_one_on_the_page_still_proves_the_way() -> None:
    """The person was known; now the way is."""
    hall = Hall(LEE)
    hall.start()
    hall.page("lee", 3)
    hall.take()
    assert hall.key(LEE_0, 4) is None
    assert hall.take()[:2] == [
        "4 lee voice passed: answered by this way",
        "4 lee passed: lee answered on their page",
    ]
    assert hall.key(LEE_0, 5) is None


def test_a_person_who_answers_and_a_way_that_never_says_more() -> None:
    """The text is with its service, and nothing more is heard of it until the minute is over."""
    hall = Hall(Contact("ann", Role.COMPANION, "Ann", (Way("sms", "+1"),)))
    hall.start()
    hall.report(ANN_0, SENT, 1)
    hall.page("ann", 2)
    hall.take()
    hall.run(60)
    why = "not confirmed delivered within 15 s"
    assert [line for line in hall.take() if "skip" not in line][:3] == [
        f"15 ann sms running: {why}",
        f"60 ann sms failed: {why}",
        f"60 ann failed: ann answered on their page, but not every way works: sms: {why}",
    ]
    assert gate_state(hall.trial) == "hold"


def test_a_role_that_nobody_has_and_a_person_without_a_way() -> None:
    """Both have failed from the start; with nobody at all the rehearsal is over at once."""
    hall = Hall(Contact("ann", Role.COMPANION, "Ann"))
    hall.start()
    assert hall.take() == [
        "0 all running: ann",
        "0 ann failed: ann has no way to be reached",
        "0 physician failed: no physician is set for this session",
        "0 backup failed: no backup is set for this session",
        (
            "0 all failed: ann has no way to be reached; no physician is set for this session; "
            "no backup is set for this session"
        ),
    ]
    assert (gate_state(hall.trial), hall.rehearser.running) == ("stop", None)


def test_one_runs_at_a_time() -> None:
    """A second one is refused; a new one begins after the end, under a name of its own."""
    hall = Hall(ANN, LEE, ITO)
    hall.start()
    assert hall.start(1) == "rehearsal@0 runs already; wait for its end"
    hall.rehearser.stop("enough", 2_000)
    hall.take()
    assert hall.rehearser.start("ann", 2_000) is None
    assert hall.trial.id == "rehearsal@2000"
    hall.rehearser.stop("enough", 2_000)
    assert hall.rehearser.start("ann", 2_000) == "rehearsal@2000 has just been; ask again"


def test_a_rehearsal_that_is_stopped_proves_nothing() -> None:
    """What is under way is taken back, and everybody who had not answered has failed."""
    hall = Hall(ANN, LEE)
    hall.start()
    hall.rehearser.stop("not running", 0)
    hall = Hall(LEE, ITO)
    hall.start()
    hall.key(LEE_0, 1)
    hall.take()
    hall.rehearser.stop("the gate is closed", 2_000)
    assert hall.take() == [
        "2 ito failed: the gate is closed",
        f"2 cancel {ITO_0}",
        "2 all failed: the gate is closed",
    ]
    hall.rehearser.stop("once more", 3_000)
    hall.rehearser.consider(3_000)
    assert hall.take() == []


def test_what_is_cancelled_has_failed() -> None:
    """A message that an outage has passed over has told nobody."""
    hall = Hall(LEE)
    hall.start()
    hall.post.deliveries[LEE_0].state = DeliveryState.CANCELLED
    hall.take()
    hall.rehearser.consider(1_000)
    assert hall.take() == ["1 lee voice failed: nothing was heard of it"]


def test_a_message_of_which_nothing_is_known_at_the_end() -> None:
    """Held back while the hub was down until the person's time was over."""
    hall = Hall(LEE)
    hall.start()
    hall.timers.cancel(("timeout", LEE_0))
    hall.take()
    hall.run(120)
    assert hall.take()[0] == "120 lee voice failed: no more than intent: nothing was heard of it"


@pytest.mark.parametrize(("roles", "holders"), [((ANN, LEE), (ANN, LEE, None)), ((), (None,) * 3)])
def test_who_holds_the_roles_now(
    roles: tuple[Contact, ...], holders: tuple[Contact | None, ...]
) -> None:
    """Companion, physician, backup, in this order."""
    assert Hall(*roles).rehearser.holders() == holders
