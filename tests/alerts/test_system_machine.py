"""Whatever happens, in whatever order: every silence ends, and somebody is always to be told.

A state machine plays rows, people, channels and time against one alarm system. After each step it
checks what must be true of every alarm, whatever the history.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import structs

from alerts.alarm import RowFacts
from alerts.condition import Absent, AlarmClass, Kind, Present, Priority, Transition, Unknown
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import AlarmChanged
from alerts.escalation import next_due_ms, speech_due_ms
from alerts.signal import Pattern, SignalState, loudest
from tests.alerts.room import (
    ANN,
    BACKUP,
    COMPANION,
    CRIT,
    DOSE,
    ITO,
    LEE,
    LOST,
    PHYSICIAN,
    SLOW,
    SPO2_LOW,
    WARN,
    Room,
)
from tests.effort import tries

ROWS = [
    WARN,
    SPO2_LOW,
    CRIT,
    SLOW,
    LOST,
    DOSE,
    RowFacts("WORSE", "no_signal", Kind.TECHNICAL),
    RowFacts("SEV", "pressure_high", Kind.PHYSIOLOGICAL, p0=True, callback_s=600),
    RowFacts("LOCAL", "reach", Kind.TECHNICAL, local=True),
]
PEOPLE = [ANN, LEE, ITO]
# Who may come on call: others, the same with one way, by a way without proof, and nobody.
ON_CALL = [
    (PHYSICIAN, structs.replace(LEE, id="kim", name="Dr Kim")),
    (PHYSICIAN, structs.replace(LEE, ways=(Way("voice", "2"),))),
    (PHYSICIAN, LEE),
    (PHYSICIAN, None),
    (BACKUP, structs.replace(ITO, id="roy", ways=(Way("ntfy", "t"), Way("page")))),
    (BACKUP, structs.replace(ITO, ways=())),
    (BACKUP, None),
]
QUIET = (SignalState.ACKNOWLEDGED, SignalState.ACCEPTED)
PAUSE_MS, LEASE_MS = 120_000, 300_000


class AlarmMachine(RuleBasedStateMachine):
    """One session under everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(answers=False)
        self.seen = 0
        self.over = False

    @property
    def now_s(self) -> float:
        """Now, in seconds."""
        return self.room.now_ms / 1000

    def any_alarm(self, data: st.DataObject) -> str:
        """One of the alarms in hand."""
        return data.draw(st.sampled_from(sorted(self.room.system.cares) or ["oxygen@none"]))

    @rule(
        row=st.sampled_from(ROWS),
        priority=st.sampled_from(Priority),
        alarm_class=st.sampled_from(AlarmClass),
        full=st.booleans(),
    )
    def present(
        self, row: RowFacts, priority: Priority, alarm_class: AlarmClass, *, full: bool
    ) -> None:
        """A row is present."""
        answer = Present(priority, alarm_class, "now", full=full)
        self.room.settle(row, answer, self.now_s)

    @rule(row=st.sampled_from(ROWS))
    def absent(self, row: RowFacts) -> None:
        """A row is absent."""
        self.room.settle(row, Absent(), self.now_s)

    @rule(row=st.sampled_from(ROWS))
    def unknown(self, row: RowFacts) -> None:
        """Nobody can look: nothing at all follows."""
        before = len(self.room.said)
        self.room.settle(row, Unknown("no signal"), self.now_s)
        assert self.room.said[before:] == []

    @rule(
        data=st.data(),
        who=st.sampled_from(PEOPLE),
        what=st.sampled_from(["acknowledge", "accept", "reject", "reset"]),
    )
    def answer(self, data: st.DataObject, who: Contact, what: str) -> None:
        """A person answers; a refusal changes nothing."""
        alarm, before = self.any_alarm(data), len(self.room.said)
        why = self.room.person(what, alarm, who, self.now_s)
        assert (why is None) == (len(self.room.said) > before)

    @rule()
    def well(self) -> None:
        """A check-in says that all is well."""
        self.room.well(self.now_s)

    @rule(seconds=st.sampled_from([0.001, 1, 15, 29, 61, 119, 120, 181, 301, 899]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.room.run(self.now_s + seconds)

    @rule(seconds=st.sampled_from([1, 16, 125, 400]))
    def outage(self, seconds: float) -> None:
        """The hub does not run for a while."""
        system = self.room.system
        system.hold()
        self.room.run(self.now_s + seconds)
        system.release(self.room.now_ms)
        self.room.run(self.now_s)

    @precondition(lambda self: self.room.system.post.deliveries)
    @rule(data=st.data(), state=st.sampled_from(DeliveryState))
    def report(self, data: st.DataObject, state: DeliveryState) -> None:
        """A channel reports something of one of the last messages; it may be refused."""
        last = list(self.room.system.post.deliveries)[-6:]
        self.room.report(data.draw(st.sampled_from(last)), state, self.now_s)

    @precondition(lambda self: self.room.system.post.deliveries)
    @rule(data=st.data(), verdict=st.sampled_from(Verdict))
    def answer_by_message(self, data: st.DataObject, verdict: Verdict) -> None:
        """A person answers one of the last messages; a person's answer is always kept with it."""
        post = self.room.system.post
        name = data.draw(st.sampled_from(list(post.deliveries)[-6:]))
        self.room.system.answered(name, verdict, "key", self.room.now_ms)
        self.room.run(self.now_s)
        assert post.deliveries[name].state is DeliveryState.ANSWERED
        assert post.deliveries[name].verdict is verdict

    @rule(change=st.sampled_from(ON_CALL))
    def on_call(self, change: tuple[Role, Contact | None]) -> None:
        """Another person is on call, or nobody; a refusal changes nothing."""
        role, contact = change
        before = self.room.system.post.contacts
        why = self.room.system.on_call(role, contact, self.room.now_ms)
        self.room.run(self.now_s)
        after = self.room.system.post.contacts
        assert [one for one in after if one.role is role] == (
            [one for one in before if one.role is role]
            if why
            else [contact] * (contact is not None)
        )

    @precondition(lambda self: self.room.system.callbacks.tasks)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def call_back(self, data: st.DataObject, who: Contact) -> None:
        """Somebody says that they have called; only a physician's word counts, and once."""
        calls = self.room.system.callbacks
        alarm = data.draw(st.sampled_from(sorted(calls.tasks)))
        owed = calls.waits(alarm)
        why = self.room.system.called_back(alarm, who.id, who.role, self.room.now_ms)
        self.room.run(self.now_s)
        assert (why is None) == (owed and who is not ANN)
        assert calls.waits(alarm) == (owed and who is ANN)

    @precondition(lambda self: not self.over)
    @rule(rarely=st.integers(0, 9))
    def end(self, rarely: int) -> None:
        """The session ends, now and then."""
        if rarely == 9:
            self.over = True
            self.room.system.end_all("session is ended", self.room.now_ms)
            self.room.run(self.now_s)

    # --- what is always true ------------------------------------------------------------------

    @invariant()
    def every_alarm_is_cared_for_at_its_own_level(self) -> None:
        """Priority and class are those of the highest row present or latched."""
        system = self.room.system
        for alarm in system.book.open.values():
            standing = system.cares[alarm.id].standing
            assert alarm.rows
            assert all(state.present or state.latched for state in alarm.rows.values())
            assert (standing.priority, standing.alarm_class) == alarm.level
            assert alarm.rank == max(
                alarm.priority_of(s)[0].rank * 2 + (alarm.priority_of(s)[1] is AlarmClass.E)
                for s in alarm.rows.values()
            )

    @invariant()
    def every_silence_of_a_present_alarm_has_an_end(self) -> None:
        """It sounds, or it is paused or leased for a bounded time, with the timer to end it."""
        system, timers = self.room.system, self.room.timers
        if self.over:
            return
        for alarm in system.book.open.values():
            care = system.cares[alarm.id]
            if not alarm.condition_present:
                assert care.state is SignalState.LATCHED
                assert care.leases == {}
                continue
            assert care.state in (SignalState.ON, *QUIET)
            assert (care.state is SignalState.ACCEPTED) == bool(care.leases)
            for by, lease in care.leases.items():
                assert timers.due_ms(("lease", alarm.id, by)) == lease.until_ms
                assert self.room.now_ms < lease.until_ms <= self.room.now_ms + LEASE_MS
            if care.state is SignalState.ACKNOWLEDGED:
                due_ms = timers.due_ms(("pause", alarm.id))
                assert due_ms == care.until_ms
                assert due_ms is not None
                assert self.room.now_ms < due_ms <= self.room.now_ms + PAUSE_MS
            else:
                assert ("pause", alarm.id) not in timers

    @invariant()
    def somebody_is_told_next_or_it_is_said_why_not(self) -> None:
        """A rung has its timer, or a person has it all, or the end was said."""
        system, timers = self.room.system, self.room.timers
        for care in system.cares.values():
            due_ms = next_due_ms(system.carer.ladder, care.standing)
            armed_ms = timers.due_ms(("rung", care.id))
            if care.standing.ended is not None:
                assert armed_ms is None
                assert care.gone_ms is not None or self.over
            elif care.stopped_by is not None:
                assert armed_ms is None
            else:
                assert due_ms is not None
                assert armed_ms == due_ms > self.room.now_ms

    @invariant()
    def what_is_over_has_no_timers(self) -> None:
        """Every alarm timer belongs to an alarm in hand; every message timer to a message."""
        system = self.room.system
        for key in self.room.timers._live:
            assert isinstance(key, tuple)
            if key[0] in ("timeout", "retry"):
                assert key[1].partition("#")[0] in system.post.deliveries
            elif key[0] == "callback":
                assert system.callbacks.waits(key[1])
            else:
                assert key[1] in system.cares
        if self.over:
            assert self.room.timers.next_due_ms() is None

    @invariant()
    def every_message_under_way_has_a_time_out(self) -> None:
        """What is not confirmed delivered is a failure after 15 s, unless nobody needs it."""
        post = self.room.system.post
        for delivery in post.deliveries.values():
            unconfirmed = delivery.state in (DeliveryState.INTENT, DeliveryState.SENT)
            watched = post.bag.watched(delivery)
            assert unconfirmed or not watched
            assert watched or delivery.state is not DeliveryState.INTENT

    @invariant()
    def nobody_is_left_untold(self) -> None:
        """What is high, there and not taken by a physician always has somebody still to be told."""
        system, timers = self.room.system, self.room.timers
        if self.over:
            return
        for alarm in system.book.open.values():
            care = system.cares[alarm.id]
            if care.priority is not Priority.HIGH or not alarm.condition_present:
                continue
            due_ms = timers.due_ms(("rung", care.id))
            leases = [timers.due_ms(("lease", care.id, by)) for by in care.leases]
            soon = [at_ms for at_ms in (due_ms, *leases) if at_ms is not None]
            assert soon
            assert min(soon) <= self.room.now_ms + LEASE_MS
            if care.stopped_by is None:
                assert due_ms is not None

    @invariant()
    def every_call_that_is_owed_has_a_deadline(self) -> None:
        """Within its time; what is not owed has none."""
        system, timers = self.room.system, self.room.timers
        for alarm, task in system.callbacks.tasks.items():
            due_ms = timers.due_ms(("callback", alarm))
            assert due_ms == (task.due_ms if task.waits else None)
            assert due_ms is None or due_ms <= self.room.now_ms + task.within_ms
            assert not (self.over and task.waits)

    @invariant()
    def what_is_high_is_spoken_of_or_taken(self) -> None:
        """A word has its timer, while it is due and nobody in the room has the alarm."""
        system = self.room.system
        for care in system.cares.values():
            due = speech_due_ms(system.carer.ladder, care.standing)
            silent = care.closed or self.over or care.stopped_for(COMPANION) is not None
            armed_ms = self.room.timers.due_ms(("speak", care.id))
            assert (armed_ms is None) == (due is None or silent)

    @invariant()
    def who_cannot_be_reached_is_somebody_who_should_be(self) -> None:
        """A person off duty is nobody's worry; nothing of the last attempt is still open."""
        post = self.room.system.post
        ids = {contact.id for contact in post.contacts}
        assert {*post.reach.lost} <= ids

    @invariant()
    def the_sound_is_that_of_the_loudest(self) -> None:
        """And nothing sounds when the session is over."""
        system = self.room.system
        shown = [care.shown for care in system.cares.values()]
        assert system.sound == loudest(shown)
        if self.over:
            assert system.sound == (Pattern.SILENT, None)

    @invariant()
    def an_alarm_ends_only_by_absence_or_a_person(self) -> None:
        """Every open alarm of the lines is in the book until it is cleared or reset."""
        new, self.seen = self.room.said[self.seen :], len(self.room.said)
        for line in new:
            if isinstance(line, AlarmChanged) and line.transition not in (
                Transition.CLEARED,
                Transition.RESET,
            ):
                ended = any(
                    isinstance(later, AlarmChanged)
                    and later.id == line.id
                    and later.transition in (Transition.CLEARED, Transition.RESET)
                    for later in new
                )
                assert ended or self.room.system.book.by_id(line.id) is not None


AlarmMachine.TestCase.settings = settings(tries(30), stateful_step_count=40)
TestAlarmMachine = AlarmMachine.TestCase
