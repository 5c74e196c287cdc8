"""One simulated home: a body, its devices and its people, advanced second by second.

The world has a time of its own and returns what it sends on the way: device reports, check-ins,
orders. The oximeter is on the finger from the first second; the people begin with the first board
of the hub that is handed in, and know nothing of the hub but such boards. The body takes its dose
when the hub has confirmed it: the companion asks, and waits for the hub's yes.

It never talks to a broker or reads a clock, and draws everything from one generator: the same seed
and the same boards at the same times give the same messages.

>>> from numpy.random import default_rng
>>> from simulators.scenario import find
>>> World(find("standard"), default_rng(1), mode=Mode.DEMO, start_ms=0).now_ms
0
"""

from dataclasses import dataclass

from numpy.random import Generator

from alerts.condition import Priority
from alerts.effects import TaskChanged, TaskState
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.sound_proof import TestSound
from devices.checkin import CheckIn
from devices.command import Order
from devices.observation import DeviceReport, Mode
from monitor.effects import Effect
from simulators.board import Board
from simulators.carried import Carried
from simulators.cuff import Cuff
from simulators.faults.troubles import Troubles
from simulators.oximeter import Oximeter
from simulators.patient import Patient, Vitals
from simulators.patient_taps import Taps
from simulators.people import HANDS, Act, Companion, Deed, Physician
from simulators.scenario import Scenario
from simulators.traits import draw_person

__all__ = ["BACKUP", "COMPANION", "CUFF", "OXIMETER", "PATIENT", "PHYSICIAN", "Said", "World"]

OXIMETER = "demo-oximeter"
CUFF = "demo-cuff"
COMPANION = "sam"
PATIENT = "demo"
PHYSICIAN = "dr-lee"
BACKUP = "dr-roy"
_STEP_MS = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """One message of this world: who sends it, and what. `by` is a device or a person."""

    at_ms: int
    by: str
    what: DeviceReport | CheckIn | Order


class World:
    """A home in which a scenario happens."""

    def __init__(
        self,
        scenario: Scenario,
        rng: Generator,
        *,
        mode: Mode,
        start_ms: int,
        boot_id: str = "simulated",
    ) -> None:
        """`start_ms` is where this world's own time begins; `boot_id` names its devices' start."""
        # One stream of random numbers for each part: a change in one moves no other.
        parts: list[Generator] = rng.spawn(9)
        person = draw_person(parts[0], scenario.weight_kg, scenario.spread)
        self._scenario = scenario
        self._mode = mode
        self._met_ms: int | None = None
        self._has_dosed = False
        self._patient = Patient(person, parts[1], start_ms, scenario.obstructions)
        self._oximeter = Oximeter(
            person,
            parts[2],
            device=OXIMETER,
            boot_id=boot_id,
            mode=mode,
            motion_per_h=scenario.motion_per_h,
            model=scenario.oximeter,
        )
        self._cuff = Cuff(
            person,
            parts[3],
            device=CUFF,
            boot_id=boot_id,
            mode=mode,
            failure_chance=scenario.cuff_failure,
        )
        self._rngs = (parts[4], parts[5], parts[6], parts[8])
        names = {"oximeter": OXIMETER, "cuff": CUFF}
        self._troubles = Troubles(scenario.faults, parts[7], devices=names)
        self._companion: Companion | None = None
        self._taps: Taps | None = None
        self._doctors: tuple[Physician, ...] = ()

    @property
    def now_ms(self) -> int:
        """How far this world has gone, in hub time."""
        return self._patient.now_ms

    def advance(self, to_ms: int, board: Board | None) -> list[Said]:
        """Go on to `to_ms` and return what was sent, in order. A time in the past does nothing.

        `board` is the newest that the people have seen, however old; None before the session.
        """
        if board is not None and self._met_ms is None:
            self._meet(board)
        said: list[Said] = []
        while self.now_ms + _STEP_MS <= to_ms:
            said.extend(self._second(board))
        return said

    def hear(self, effect: Effect) -> None:
        """What the hub does is heard in the room, and by a person whom a message has reached.

        The number of the test sound is on no board: a companion knows it by ear alone.
        """
        companion = self._companion
        if companion is None:
            return
        if isinstance(effect, TestSound):
            companion.hear(effect.bursts, self.now_ms)
        elif isinstance(effect, TaskChanged) and effect.state is TaskState.OPEN:
            for doctor in self._doctors:
                if doctor.contact == effect.to:
                    doctor.call_back(effect.alarm, self.now_ms)
        elif isinstance(effect, RehearsalChanged) and effect.state is Stand.UNPROVED:
            habits = self._scenario.habits
            if effect.contact == COMPANION:
                companion.test_alarm(effect.id, self.now_ms, habits.answer_s[Priority.HIGH])
            for doctor in self._doctors:
                if effect.contact == doctor.contact:
                    doctor.test_alarm(effect.id, self.now_ms, habits.physician_s)

    def _meet(self, board: Board) -> None:
        """The session is open: the people begin their work."""
        self._met_ms = self.now_ms
        self._troubles.opened(self.now_ms)
        proofs = {name: item.proof for name, item in board.gate_items.items() if item.proof}
        self._companion = Companion(
            self._rngs[0],
            self._scenario.habits,
            session=board.session,
            mode=self._mode,
            start_ms=self.now_ms,
            rest_ms=self._scenario.rest_ms,
            gate_items={name: proofs.get(name) for name in board.gate},
        )
        self._companion.can = HANDS | {Deed.CLIP, Deed.TURN}
        self._companion.contact = COMPANION
        habits = self._scenario.habits
        self._taps = Taps(self._rngs[3], habits, board.session, self._mode)
        self._doctors = tuple(
            Physician(
                rng,
                self._scenario.habits,
                contact=contact,
                session=board.session,
                mode=self._mode,
                is_backup=contact == BACKUP,
            )
            for rng, contact in zip(self._rngs[1:3], (PHYSICIAN, BACKUP), strict=True)
        )

    def _second(self, board: Board | None) -> list[Said]:
        if board is not None and board.dose_ms is not None and not self._has_dosed:
            self._patient.take_dose(self._scenario.dose_mg)
            self._has_dosed = True
            self._troubles.dosed(self.now_ms)
        truth = self._patient.advance(self.now_ms + _STEP_MS)
        self._oximeter.on_finger = not self._clip_is_off(truth.at_ms)
        return self._reports(truth) + self._words(board, truth)

    def _reports(self, truth: Vitals) -> list[Said]:
        """What arrives from the devices in this second."""
        line = self._troubles.line
        line.carry(Carried(truth.at_ms, OXIMETER, self._oximeter.sample(truth)))
        reading = self._cuff.poll(truth)
        if reading is not None:
            self._let_go(truth.at_ms)
            line.carry(Carried(truth.at_ms, CUFF, reading))
        return [
            Said(one.at_ms, one.device, one.what)
            for one in line.due(truth.at_ms)
            if isinstance(one.what, DeviceReport)  # the devices' own links are the broker's to tell
        ]

    def _let_go(self, at_ms: int) -> None:
        """The cuff is empty: an oximeter on its arm finds the pulse again."""
        if self._scenario.same_arm:
            self._oximeter.let_go(at_ms)

    def _words(self, board: Board | None, truth: Vitals) -> list[Said]:
        """What people say in this second; who is away does nothing."""
        said: list[Said] = []
        if board is None or self._companion is None or self._taps is None:
            return said
        house, at_ms = self._troubles.house, truth.at_ms
        if house.is_away("companion", at_ms):
            self._companion.away(at_ms)
        else:
            for act in self._companion.look(board, truth):
                said.extend(self._do(COMPANION, act, truth))
        for doctor, role in zip(self._doctors, ("physician", "backup"), strict=True):
            if house.is_away(role, at_ms):
                doctor.away(at_ms)
                continue
            for act in doctor.look(board, at_ms):
                said.extend(self._do(doctor.contact, act, truth))
        said.extend(Said(at_ms, PATIENT, tap) for tap in self._taps.look(board, truth))
        return said

    def _clip_is_off(self, at_ms: int) -> bool:
        if self._met_ms is None:
            return False
        since_ms = at_ms - self._met_ms
        return any(begins <= since_ms < ends for begins, ends in self._scenario.clip_off)

    def _do(self, person: str, act: Act, truth: Vitals) -> list[Said]:
        """Carry out a deed here; pass words on."""
        if not isinstance(act, Deed):
            return [Said(truth.at_ms, person, act)]
        match act:
            case Deed.ROUSE:
                self._patient.rouse()
            case Deed.TURN:
                self._patient.turn_on_side()
            case Deed.CLIP:
                self._oximeter.put_back()
            case _:
                self._cuff.start(truth.at_ms)
                if self._scenario.same_arm:
                    self._oximeter.squeeze(truth.at_ms)
        return []
