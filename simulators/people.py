"""The people of a simulated session: the companion is here, the physician in `physician`.

They see what a person would see (the hub's board, the patient in front of them) and act after a
human delay, drawn from the medians of `clinical.md` 6.4. The companion presses gate items, has the
alarm chain rehearsed and counts the test sound, offers the dose, answers prompts, looks at the
patient when an alarm sounds, wakes and turns them, puts the clip back, counts the pulse and checks
in. Who checks in while an alarm is theirs says once more that they have it.

They never see the truth of a device or the inside of the hub, and draw only from the generator
that they were given.

    companion.look(board, truth)     -> [Accept(...), Deed.ROUSE, CheckIn(...)]
"""

from collections.abc import Mapping

from numpy.random import Generator

from alerts.condition import Priority
from alerts.envelope import is_rehearsal
from devices.checkin import Breathing, Position
from devices.command import Accept, CuffStarted, Discharge, Gate, Heard, PulseCount
from devices.observation import Mode
from monitor.effects import PromptKind
from simulators.afterwards import Afterwards
from simulators.board import Board, Prompt, Seen
from simulators.gatework import GateWork, Plans
from simulators.habits import Habits
from simulators.looks import Looks, observed
from simulators.patient import Vitals
from simulators.person import RETRY_MS, Act, Deed, Person
from simulators.physician import Physician

__all__ = ["HANDS", "Act", "Companion", "Deed", "Physician", "observed"]

HANDS = frozenset({Deed.START_CUFF, Deed.ROUSE})
"""What every world can carry out; one that knows more deeds says so."""

_S = 1000
_MIN = 60_000
_LOOK_MS = 2 * _MIN  # a walk and a glass of water come before the first trial of discharge
_TRIAL_MS = 10 * _MIN  # all criteria twice, ten minutes apart (`clinical.md` 1.4)
_RESET_AFTER_MS = 60 * _S
_COUNT_S = 4.0
_CUFF_PAUSE_MS = 2 * _MIN
_TIMER_MS = 60 * _S  # a cuff that is due later than this has a timer to wait for
_LOOK_FAMILIES = frozenset(
    {"oxygen", "no_signal", "sedation", "breathing", "companion", "patient_check"}
)
_COUNT_ROWS = frozenset({"PR-JUMP", "CONFLICT-PR"})
_CLIP_ROW = "ID-CHECK"
_COUNT_MS = 35 * _S
_COUNT_SD_BPM = 2.0
_HELP_MS = 15 * _S
_HELPS = 3
_SAME_LOOK_MS = 30 * _S


class Companion(Person):
    """The lay person at the patient's side.

    A world sets `can`, the deeds that it carries out, and `contact`, their name in the hub.
    """

    def __init__(
        self,
        rng: Generator,
        habits: Habits,
        *,
        session: str,
        mode: Mode,
        start_ms: int,
        rest_ms: int,
        gate_items: Mapping[str, str | None],
    ) -> None:
        """`gate_items` are what the gate asks for, each with the proof that alone passes it.

        `rest_ms` runs before the dose.
        """
        super().__init__(rng, habits, session, mode)
        self._looks = Looks(rng, habits)
        self._helped = 0
        self._looked_ms: int | None = None
        self.can = HANDS
        self.contact = ""
        self._answered: dict[Prompt, int] = {}
        self._cuff_free_ms = start_ms
        self._offer_discharge_ms: int | None = None
        self._has_met = False
        self._after = Afterwards(session, mode)
        self._gate = GateWork(session, mode, start_ms=start_ms, rest_ms=rest_ms, items=gate_items)
        self._do_at(self._gate.first())

    def _do_at(self, plans: Plans) -> None:
        """Plan what the gate asks for; a cuff is free two minutes after its last start."""
        for at_ms, act in plans:
            if act is Deed.START_CUFF:
                self._press(at_ms)
            else:
                self._plan(at_ms, act)

    def hear(self, bursts: int, at_ms: int) -> None:
        """Count the bursts of the test sound, and tap the number."""
        heard = Heard(session=self._session, mode=self._mode, bursts=bursts)
        self._plan(at_ms + self._delay_ms(_COUNT_S), heard)

    def look(self, board: Board, truth: Vitals) -> list[Act]:
        """Return what the companion does in this second; `board` is the last that was shown."""
        at_ms = truth.at_ms
        for prompt in board.prompts:
            self._answer(prompt, prompt.due_ms - board.at_ms, at_ms)
        for alarm in board.alarms:
            self._attend(alarm, at_ms)
        self._answer_what_is_gone(board, at_ms)
        self._reset_what_is_over(board, at_ms, _RESET_AFTER_MS)
        self._offer(board, at_ms)
        for when_ms, order in self._after.look(board, at_ms, self._delay_ms):
            self._plan(when_ms, order)
        acts: list[Act] = []
        for act in self._due(at_ms):
            acts.extend(self._carry_out(act, board, truth))
        return acts

    def _answer(self, prompt: Prompt, in_ms: int, at_ms: int) -> None:
        """Plan to do what is asked for, due `in_ms` from now by the hub's own clock."""
        if at_ms < self._answered.get(prompt, at_ms):
            return
        # A companion who still sees a prompt some minutes after answering it answers again.
        when_ms = at_ms + self._delay_ms(self._habits.check_in_s)
        if prompt.prompt is PromptKind.CUFF:
            has_timer = in_ms > _TIMER_MS
            when_ms = self._press(max(when_ms, at_ms + in_ms) if has_timer else when_ms)
        else:
            self._plan(when_ms, Deed.CHECK_IN)
        self._answered = {
            **{old: until_ms for old, until_ms in self._answered.items() if until_ms > at_ms},
            prompt: when_ms + RETRY_MS,
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
        habits, priority = self._habits, alarm.priority
        accept_ms = self._take(
            alarm.id,
            alarm.rank,
            at_ms,
            lambda: self._delay_ms(habits.answer_s[priority], habits.alarm_miss[priority]),
        )
        if accept_ms is None:
            return
        if alarm.family == "no_signal":
            self._use_hands(accept_ms + 4 * _S, Deed.CLIP)
        if alarm.family == "sedation" and priority is not Priority.LOW:
            self._use_hands(accept_ms + 10 * _S, Deed.TURN)
        if any(row.row == _CLIP_ROW for row in alarm.rows):
            self._plan(accept_ms + 5 * _S, Deed.CHECK_IN)
        if alarm.family in _LOOK_FAMILIES:
            self._plan(accept_ms + 5 * _S, Deed.ROUSE)
            self._plan(accept_ms + 25 * _S, Deed.HELP)
        if habits.counts_pulse and any(row.row in _COUNT_ROWS for row in alarm.rows):
            self._plan(accept_ms + _COUNT_MS, Deed.COUNT)

    def _answer_what_is_gone(self, board: Board, at_ms: int) -> None:
        """An alarm that was over before any board showed it is still on their telephone."""
        shown = {alarm.id for alarm in board.alarms}
        habits, medium = self._habits, Priority.MEDIUM
        for told in board.told:
            is_new = told.alarm not in shown and told.alarm not in self._quiet_until
            if told.contact == self.contact and is_new and not is_rehearsal(told.alarm):
                self._take(
                    told.alarm,
                    0,
                    at_ms,
                    lambda: self._delay_ms(habits.answer_s[medium], habits.alarm_miss[medium]),
                )

    def _has_just_looked(self, board: Board, at_ms: int) -> bool:
        """Nobody looks twice at one patient because an alarm and a prompt came together."""
        asked = any(prompt.prompt is PromptKind.CHECK_IN for prompt in board.prompts)
        recent = self._looked_ms is not None and at_ms - self._looked_ms < _SAME_LOOK_MS
        return recent and not asked

    def _still_mine(self, board: Board) -> list[Act]:
        """Who has just looked at the patient still has what they took: its lease begins anew."""
        return [
            Accept(session=self._session, mode=self._mode, alarm=alarm.id)
            for alarm in board.alarms
            if alarm.signal == "accepted"
            and alarm.id in self._quiet_until
            and alarm.priority is not Priority.LOW
        ]

    def _use_hands(self, at_ms: int, deed: Deed) -> None:
        """Plan what only some worlds can carry out."""
        if deed in self.can:
            self._plan(at_ms, deed)

    def _offer(self, board: Board, at_ms: int) -> None:
        self._do_at(self._gate.look(board, at_ms))
        if board.phase != "recovery":
            self._offer_discharge_ms = None
            return
        met = board.discharge.met_since_ms is not None
        if self._offer_discharge_ms is None:
            self._offer_discharge_ms = at_ms + _LOOK_MS
        elif met and not self._has_met:
            self._offer_discharge_ms = at_ms + _TRIAL_MS
        elif at_ms >= self._offer_discharge_ms:
            self._offer_discharge_ms = at_ms + RETRY_MS
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

    def _carry_out(self, act: Act, board: Board, truth: Vitals) -> list[Act]:
        if act is Deed.HELP and truth.breathing is Breathing.NOISY and self._helped < _HELPS:
            # Hands first: who has an airway to open taps when that has been tried for a while.
            self._helped += 1
            self._plan(truth.at_ms + _HELP_MS, Deed.HELP)
            return [Deed.ROUSE]
        if act in (Deed.CHECK_IN, Deed.HELP):
            if self._has_just_looked(board, truth.at_ms):
                return []
            self._looked_ms = truth.at_ms
            self._helped = 0
            return [self._looks.check_in(board, truth), *self._still_mine(board)]
        if act is Deed.COUNT:
            counted = truth.pulse_bpm + _COUNT_SD_BPM * float(self._rng.standard_normal())
            pulse = max(round(counted), 1)
            return [PulseCount(session=self._session, mode=self._mode, pulse=pulse)]
        if isinstance(act, Gate) and not self._gate.says(act, board):
            return []
        if act is Deed.TURN:
            self._looks.position = Position.SIDE
        if act is Deed.START_CUFF:
            return [act, CuffStarted(session=self._session, mode=self._mode)]
        return [act]
