"""The people of a world: the simulated ones, and what a scenario adds.

The companion and the physicians are those of `simulators/people.py`, and know nothing of the hub
but what it shows and what has reached them; this keeps them away while the scenario says so, and
puts the scenario's words in their mouths.

It decides nothing for them and hands on what they do.

    cast = Cast(scenario, rng, boards)
    cast.acts(engine, truth)    -> [("sam", Accept(...)), ("sam", Deed.START_CUFF)]
"""

from types import MappingProxyType

from numpy.random import Generator

from alerts.condition import Priority
from alerts.effects import TaskState
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.sound_proof import TestSound
from devices.checkin import CheckIn
from devices.command import Dose
from devices.observation import Mode
from monitor.effects import Effect, TaskChanged
from simulators.board import Board
from simulators.body.vitals import Vitals
from simulators.habits import ATTENTIVE, Habits
from simulators.patient_taps import Taps
from simulators.people import HANDS, Act, Companion, Deed, Physician
from simulators.worlds.scenario import Away, Sees
from simulators.worlds.ways import BACKUP, COMPANION, PATIENT, PHYSICIAN

__all__ = ["HABITS", "Cast"]

HABITS: MappingProxyType[str, Habits] = MappingProxyType(
    {"attentive": ATTENTIVE, "lifelike": Habits()}
)
_WHO = {"companion": COMPANION, "physician": PHYSICIAN, "backup": BACKUP, "patient": PATIENT}


class Cast:
    """All people of one world."""

    def __init__(
        self,
        rng: Generator,
        habits: Habits,
        board: Board,
        *,
        start_ms: int,
        rest_ms: int,
        doses: bool = True,
    ) -> None:
        """`doses`: the companion confirms the dose when the gate seems passed."""
        parts = rng.spawn(4)
        self._habits = habits
        self._patient = Taps(parts[3], habits, board.session, Mode.TEST)
        proofs = {name: item.proof for name, item in board.gate_items.items() if item.proof}
        self._companion = Companion(
            parts[0],
            habits,
            session=board.session,
            mode=Mode.TEST,
            start_ms=start_ms,
            rest_ms=rest_ms,
            gate_items={name: proofs.get(name) for name in board.gate},
        )
        self._companion.can = HANDS | {Deed.CLIP, Deed.TURN}
        self._companion.contact = COMPANION
        self._doctors = tuple(
            Physician(
                part,
                habits,
                contact=contact,
                session=board.session,
                mode=Mode.TEST,
                is_backup=contact == BACKUP,
            )
            for part, contact in zip(parts[1:3], (PHYSICIAN, BACKUP), strict=True)
        )
        self._doses = doses
        self._away: list[tuple[str, int, int]] = []
        self._sees: list[tuple[int, int, CheckIn]] = []

    def goes(self, away: Away, at_ms: int) -> None:
        """Somebody does nothing from now on, for as long as it says."""
        self._away.append((_WHO[away.who], at_ms, at_ms + round(away.for_s * 1000)))

    def sees(self, sees: Sees, at_ms: int) -> None:
        """What the companion taps from now on."""
        until_ms = at_ms + round(sees.for_s * 1000)
        self._sees.append((at_ms, until_ms, CheckIn.parse(sees.codes)))

    def hear(self, effect: Effect, at_ms: int) -> None:
        """The test sound is heard in the room; a test alarm has reached a person."""
        if isinstance(effect, TestSound):
            self._companion.hear(effect.bursts, at_ms)
        elif isinstance(effect, TaskChanged) and effect.state is TaskState.OPEN:
            for doctor in self._doctors:
                if doctor.contact == effect.to:
                    doctor.call_back(effect.alarm, at_ms)
        elif isinstance(effect, RehearsalChanged) and effect.state is Stand.UNPROVED:
            if effect.contact == COMPANION:
                self._companion.test_alarm(effect.id, at_ms, self._habits.answer_s[Priority.HIGH])
            for doctor in self._doctors:
                if effect.contact == doctor.contact:
                    doctor.test_alarm(effect.id, at_ms, self._habits.physician_s)

    def acts(self, board: Board, truth: Vitals) -> list[tuple[str, Act]]:
        """Return what everybody does in this second, and who does it."""
        at_ms = truth.at_ms
        done: list[tuple[str, Act]] = []
        if self._is_here(COMPANION, at_ms):
            done = [
                (COMPANION, self._words(act, at_ms))
                for act in self._companion.look(board, truth)
                if self._doses or not isinstance(act, Dose)
            ]
        for doctor in self._doctors:
            if self._is_here(doctor.contact, at_ms):
                done += [(doctor.contact, act) for act in doctor.look(board, at_ms)]
        if self._is_here(PATIENT, at_ms):
            done += [(PATIENT, act) for act in self._patient.look(board, truth)]
        else:
            self._patient.away()
        return done

    def _is_here(self, who: str, at_ms: int) -> bool:
        return not any(who == one and begin <= at_ms < end for one, begin, end in self._away)

    def _words(self, act: Act, at_ms: int) -> Act:
        if isinstance(act, CheckIn):
            for begin, end, check in reversed(self._sees):
                if begin <= at_ms < end:
                    return check
        return act
