"""The companion and the physician of a simulated session.

They see what a person would see (the hub's board, the patient in front of them) and act after a
human delay, drawn from the medians of `clinical.md` 6.4. The companion presses gate items, offers
the dose, answers prompts, looks at the patient when an alarm sounds, wakes them and checks in. The
physician takes what they were told of, on the phone.

They never see the truth of a device or the inside of the hub, and draw only from the generator
that they were given.

>>> from numpy.random import default_rng
>>> observed(5, default_rng(1), 0.0)
<Answer.AT_ONCE: 'W5'>
"""

from enum import StrEnum
from heapq import heappop, heappush
from itertools import count

from numpy.random import Generator

from devices.checkin import Answer, Breathing, CheckIn, Colour, Mood, Sign
from devices.command import Accept, CuffStarted, Discharge, Dose, Gate, Order, Reset
from devices.observation import Mode
from monitor.effects import PromptKind
from simulators.board import Board, Prompt, Seen
from simulators.patient import Vitals
from simulators.scenario import Habits
from simulators.traits import lognormal

__all__ = ["Act", "Companion", "Deed", "Physician", "observed"]

_S = 1000
_MIN = 60_000
_RETRY_MS = 4 * _MIN
_LOOK_MS = 2 * _MIN  # a walk and a glass of water come before the first trial of discharge
_TRIAL_MS = 10 * _MIN  # all criteria twice, ten minutes apart (`clinical.md` 1.4)
_AGAIN_MS = 90 * _S
_RESET_AFTER_MS = 60 * _S
_CUFF_PAUSE_MS = 2 * _MIN
_LOOK_FAMILIES = frozenset({"oxygen", "no_signal", "sedation", "breathing", "companion"})
_ANSWERS = {5: Answer.AT_ONCE, 4: Answer.SLOW, 3: Answer.LOUD, 2: Answer.SHAKEN, 1: Answer.NONE}
_NOISY_BELOW_PCT = 85.0
_BLUE_BELOW_PCT = 78.0


class Deed(StrEnum):
    """What a person does with their hands; the world carries it out."""

    START_CUFF = "start the cuff"
    ROUSE = "wake the patient"
    CHECK_IN = "look and check in"


Act = Order | CheckIn | Deed


def observed(moaas: int, rng: Generator, rating_error: float) -> Answer:
    """Return how a lay person rates MOAA/S 0..5: right, or one step off by that chance."""
    rated = moaas
    if float(rng.random()) < rating_error:
        rated += 1 if float(rng.random()) < 1 / 2 else -1
    return _ANSWERS[min(max(rated, 1), 5)]


class _Person:
    """A list of things to do, each at its time."""

    def __init__(self, rng: Generator, habits: Habits, session: str, mode: Mode) -> None:
        self._rng = rng
        self._habits = habits
        self._session = session
        self._mode = mode
        self._plans: list[tuple[int, int, Act]] = []
        self._order = count()
        self._quiet_until: dict[str, tuple[int, int]] = {}
        self._over_since: dict[str, int] = {}

    def _plan(self, at_ms: int, act: Act) -> None:
        heappush(self._plans, (at_ms, next(self._order), act))

    def _due(self, at_ms: int) -> list[Act]:
        due = []
        while self._plans and self._plans[0][0] <= at_ms:
            due.append(heappop(self._plans)[2])
        return due

    def _delay_ms(self, median_s: float) -> int:
        """Draw a human delay; a miss is noticed minutes later."""
        if float(self._rng.random()) < self._habits.miss:
            return _RETRY_MS
        return round(lognormal(self._rng, median_s, self._habits.log_sd) * _S)

    def _take(self, alarm_id: str, rank: int, at_ms: int, median_s: float) -> int | None:
        """Plan to accept an alarm unless that is under way; return when."""
        until_ms, known_rank = self._quiet_until.get(alarm_id, (at_ms, 0))
        if at_ms < until_ms and rank <= known_rank:
            return None
        accept_ms = at_ms + self._delay_ms(median_s)
        self._quiet_until[alarm_id] = (accept_ms + _AGAIN_MS, rank)
        self._plan(accept_ms, Accept(session=self._session, mode=self._mode, alarm=alarm_id))
        return accept_ms

    def _reset_what_is_over(self, board: Board, at_ms: int, after_ms: int) -> None:
        over = {alarm.id for alarm in board.alarms if alarm.is_over}
        self._over_since = {alarm: self._over_since.get(alarm, at_ms) for alarm in sorted(over)}
        for alarm, since_ms in self._over_since.items():
            if at_ms - since_ms >= after_ms:
                # Tried again only when even a board from minutes ago would show that it helped.
                self._over_since[alarm] = at_ms + _RETRY_MS - after_ms
                self._plan(at_ms, Reset(session=self._session, mode=self._mode, alarm=alarm))


class Companion(_Person):
    """The lay person at the patient's side."""

    def __init__(
        self,
        rng: Generator,
        habits: Habits,
        *,
        session: str,
        mode: Mode,
        start_ms: int,
        rest_ms: int,
        gate_items: tuple[str, ...],
    ) -> None:
        """`gate_items` are what the gate asks people for; `rest_ms` runs before the dose."""
        super().__init__(rng, habits, session, mode)
        self._answered: dict[Prompt, int] = {}
        self._cuff_free_ms = start_ms
        self._offer_dose_ms = start_ms + rest_ms
        self._offer_discharge_ms: int | None = None
        self._has_met = False
        self._plan_gate(start_ms, gate_items)

    def _plan_gate(self, start_ms: int, gate_items: tuple[str, ...]) -> None:
        """Two pressures two minutes apart, a look at the patient, every item, then the dose."""
        first_ms = max(self._offer_dose_ms - 5 * _MIN, start_ms + 30 * _S)
        for at_ms in (first_ms, first_ms + 2 * _MIN):
            self._press(at_ms)
        self._plan(first_ms + _MIN, Deed.CHECK_IN)
        at_ms = first_ms + 170 * _S
        for item in gate_items:
            self._plan(at_ms, Gate(session=self._session, mode=self._mode, item=item, state="pass"))
            at_ms += 5 * _S
        self._offer_dose_ms = max(self._offer_dose_ms, at_ms)

    def look(self, board: Board, truth: Vitals) -> list[Act]:
        """Return what the companion does in this second; `board` is the last that was shown."""
        at_ms = truth.at_ms
        for prompt in board.prompts:
            self._answer(prompt, at_ms)
        for alarm in board.alarms:
            self._attend(alarm, at_ms)
        self._reset_what_is_over(board, at_ms, _RESET_AFTER_MS)
        self._offer(board, at_ms)
        acts: list[Act] = []
        for act in self._due(at_ms):
            acts.extend(self._carry_out(act, truth))
        return acts

    def _answer(self, prompt: Prompt, at_ms: int) -> None:
        if at_ms < self._answered.get(prompt, at_ms):
            return
        # A companion who still sees a prompt some minutes after answering it answers again.
        when_ms = at_ms + self._delay_ms(self._habits.check_in_s)
        if prompt.prompt is PromptKind.CUFF:
            when_ms = self._press(when_ms)
        else:
            self._plan(when_ms, Deed.CHECK_IN)
        self._answered = {
            **{old: until_ms for old, until_ms in self._answered.items() if until_ms > at_ms},
            prompt: when_ms + _RETRY_MS,
        }

    def _press(self, wanted_ms: int) -> int:
        """Plan to start the cuff, two minutes after the last start at the earliest."""
        when_ms = max(wanted_ms, self._cuff_free_ms)
        self._cuff_free_ms = when_ms + _CUFF_PAUSE_MS
        self._plan(when_ms, Deed.START_CUFF)
        return when_ms

    def _attend(self, alarm: Seen, at_ms: int) -> None:
        if alarm.signal != "on":
            return
        median_s = self._habits.answer_s[alarm.priority]
        accept_ms = self._take(alarm.id, alarm.rank, at_ms, median_s)
        if accept_ms is not None and alarm.family in _LOOK_FAMILIES:
            self._plan(accept_ms + 5 * _S, Deed.ROUSE)
            self._plan(accept_ms + 25 * _S, Deed.CHECK_IN)

    def _offer(self, board: Board, at_ms: int) -> None:
        if board.phase == "gate" and at_ms >= self._offer_dose_ms:
            self._offer_dose_ms = at_ms + _RETRY_MS
            self._plan(at_ms, Dose(session=self._session, mode=self._mode))
        if board.phase != "recovery":
            self._offer_discharge_ms = None
            return
        met = board.discharge.met_since_ms is not None
        if self._offer_discharge_ms is None:
            self._offer_discharge_ms = at_ms + _LOOK_MS
        elif met and not self._has_met:
            self._offer_discharge_ms = at_ms + _TRIAL_MS
        elif at_ms >= self._offer_discharge_ms:
            self._offer_discharge_ms = at_ms + _RETRY_MS
            self._plan(at_ms, self._trial())
        self._has_met = met

    def _trial(self) -> Discharge:
        """The patient walks, drinks and feels well: late in a session this model knows no other."""
        return Discharge(
            session=self._session,
            mode=self._mode,
            walk=True,
            drink=True,
            nausea=1,
            oriented=True,
            feels_normal=True,
            no_ideation=True,
            stays=True,
        )

    def _carry_out(self, act: Act, truth: Vitals) -> list[Act]:
        if act is Deed.CHECK_IN:
            return [self._check_in(truth)]
        if act is Deed.START_CUFF:
            return [act, CuffStarted(session=self._session, mode=self._mode)]
        return [act]

    def _check_in(self, truth: Vitals) -> CheckIn:
        noisy = truth.spo2_pct < _NOISY_BELOW_PCT
        blue = truth.spo2_pct < _BLUE_BELOW_PCT
        return CheckIn(
            observed(truth.moaas, self._rng, self._habits.rating_error),
            Breathing.NOISY if noisy else Breathing.QUIET,
            Colour.BLUE if blue else Colour.NORMAL,
            Mood.CALM,
            (Sign.NONE,),
        )


class Physician(_Person):
    """The physician on call: takes an alarm that they were told of, resets what was left over."""

    def __init__(
        self, rng: Generator, habits: Habits, *, contact: str, session: str, mode: Mode
    ) -> None:
        super().__init__(rng, habits, session, mode)
        self._contact = contact
        self._heard: set[str] = set()

    def look(self, board: Board, at_ms: int) -> list[Act]:
        """Return what the physician does in this second, far away."""
        # An alarm that is over by itself is still paged until somebody takes it: no board shows it.
        ranks = {alarm.id: alarm.rank for alarm in board.alarms}
        for told in board.told:
            if told.contact == self._contact and told.delivery not in self._heard:
                self._heard.add(told.delivery)
                rank = ranks.get(told.alarm, 0)
                self._take(told.alarm, rank, at_ms, self._habits.physician_s)
        self._reset_what_is_over(board, at_ms, 3 * _RESET_AFTER_MS)
        return self._due(at_ms)
