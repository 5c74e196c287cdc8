"""One simulated home: a body, its devices and its people, advanced second by second.

The world goes on to the hub's time, and returns what it sends on the way: device reports,
check-ins, orders. What the people know of the hub is the board that is handed in. The body takes
its dose when the hub has confirmed it: the companion asks, and waits for the hub's yes.

It never talks to a broker or reads a clock, and draws everything from one generator: the same seed
and the same boards at the same times give the same messages.

>>> from numpy.random import default_rng
>>> from simulators.scenario import find
>>> World(find("standard"), default_rng(1), session="s1", mode=Mode.DEMO, start_ms=0).now_ms
0
"""

from dataclasses import dataclass

from numpy.random import Generator

from devices.checkin import CheckIn
from devices.command import Order
from devices.observation import DeviceReport, Mode
from simulators.board import Board
from simulators.cuff import Cuff
from simulators.oximeter import Oximeter
from simulators.patient import Patient, Vitals
from simulators.people import Act, Companion, Deed, Physician
from simulators.scenario import Scenario
from simulators.traits import draw_person

__all__ = ["COMPANION", "CUFF", "OXIMETER", "PHYSICIAN", "Said", "World"]

OXIMETER = "demo-oximeter"
CUFF = "demo-cuff"
COMPANION = "sam"
PHYSICIAN = "dr-lee"
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
        session: str,
        mode: Mode,
        start_ms: int,
        gate_items: tuple[str, ...] = (),
    ) -> None:
        """`start_ms` is the hub time of the opening; `gate_items` are the plan's."""
        # One stream of random numbers for each part: a change in one moves no other.
        parts: list[Generator] = rng.spawn(6)
        person = draw_person(parts[0], scenario.weight_kg, scenario.spread)
        self._scenario = scenario
        self._start_ms = start_ms
        self._has_dosed = False
        self._patient = Patient(person, parts[1], start_ms, scenario.obstructions)
        self._oximeter = Oximeter(
            person,
            parts[2],
            device=OXIMETER,
            boot_id=session,
            mode=mode,
            motion_per_h=scenario.motion_per_h,
        )
        self._cuff = Cuff(
            person,
            parts[3],
            device=CUFF,
            boot_id=session,
            mode=mode,
            failure_chance=scenario.cuff_failure,
        )
        self._companion = Companion(
            parts[4],
            scenario.habits,
            session=session,
            mode=mode,
            start_ms=start_ms,
            rest_ms=scenario.rest_ms,
            gate_items=gate_items,
        )
        self._physician = Physician(
            parts[5], scenario.habits, contact=PHYSICIAN, session=session, mode=mode
        )

    @property
    def now_ms(self) -> int:
        """How far this world has gone, in hub time."""
        return self._patient.now_ms

    def advance(self, to_ms: int, board: Board) -> list[Said]:
        """Go on to `to_ms` and return what was sent, in order. A time in the past does nothing.

        `board` is the newest that the people have seen; it may be older than the present.
        """
        said: list[Said] = []
        while self.now_ms + _STEP_MS <= to_ms:
            said.extend(self._second(board))
        return said

    def _second(self, board: Board) -> list[Said]:
        if board.dose_ms is not None and not self._has_dosed:
            self._patient.take_dose(self._scenario.dose_mg)
            self._has_dosed = True
        truth = self._patient.advance(self.now_ms + _STEP_MS)
        since_ms = truth.at_ms - self._start_ms
        self._oximeter.on_finger = not any(
            begins_ms <= since_ms < ends_ms for begins_ms, ends_ms in self._scenario.clip_off
        )
        said = [Said(truth.at_ms, OXIMETER, self._oximeter.sample(truth))]
        reading = self._cuff.poll(truth)
        if reading is not None:
            said.append(Said(truth.at_ms, CUFF, reading))
        for act in self._companion.look(board, truth):
            said.extend(self._do(COMPANION, act, truth))
        for act in self._physician.look(board, truth.at_ms):
            said.extend(self._do(PHYSICIAN, act, truth))
        return said

    def _do(self, person: str, act: Act, truth: Vitals) -> list[Said]:
        """Carry out a deed here; pass words on."""
        if not isinstance(act, Deed):
            return [Said(truth.at_ms, person, act)]
        if act is Deed.ROUSE:
            self._patient.rouse()
        else:
            self._cuff.start(truth.at_ms)
        return []
