"""The record once more through the engine: its verdict, and what only the engine knows.

The gate's items and the criteria of discharge are nobody's effects: they are what the engine held
at the dose and at the discharge. The replay goes on after a difference, and names the first one,
so that a record of an older version still tells what it can. Nothing is decided here.

    replayed = Replayed()
    for record in records: replayed.take(record)
    replayed.gate["spo2"]            -> GateStand(state="pass", note="by word")
"""

from msgspec import Struct

from monitor.discharge import Criterion
from monitor.effects import Effect, PhaseChanged
from monitor.engine import Engine, EventOrderError
from monitor.journal import Record
from monitor.replay import Difference, same
from monitor.session import Phase

__all__ = ["CriteriaStand", "GateStand", "Replayed"]

_LEAVES = frozenset({Phase.FOLLOW_UP.value, Phase.DISCHARGED.value})


class GateStand(Struct, frozen=True):
    """One item of the gate at the dose (without a dose: at the end): its state and the note."""

    state: str
    note: str


class CriteriaStand(Struct, frozen=True):
    """The criteria of discharge at one trial."""

    at_ms: int
    criteria: dict[str, Criterion]

    @property
    def all_met(self) -> bool:
        """Each one is known to be met."""
        return all(one.met for one in self.criteria.values())


class Replayed:
    """The engine beside the record.

    `differs`: the first record whose decisions it does not repeat; `stopped`: the engine took no
    more after it. `ready`: the first trial that met all criteria; `at_trial`: the last one of all.
    """

    def __init__(self) -> None:
        self.engine = Engine()
        self.records = 0
        self.differs: Difference | None = None
        self.stopped = False
        self.gate: dict[str, GateStand] = {}
        self.at_discharge: CriteriaStand | None = None
        self.at_trial: CriteriaStand | None = None
        self.ready: CriteriaStand | None = None
        self._dosed = False

    def take(self, record: Record) -> None:
        """Replay one record."""
        if self.stopped:
            return
        try:
            effects = tuple(self.engine.handle(record.event))
        except EventOrderError as error:
            self._differs(record, f"refused: {error}")
            self.stopped = True
            return
        except Exception as error:  # noqa: BLE001 - said, and a report is made all the same
            self._differs(record, f"today's software fails: {type(error).__name__}: {error}")
            self.stopped = True
            return
        self.records += 1
        what = None if effects == record.effects else same(record.effects, effects)
        if what is not None:
            self._differs(record, what)
        self._look(record, effects)

    def _differs(self, record: Record, what: str) -> None:
        if self.differs is None:
            self.differs = Difference(record.n, what)

    def _look(self, record: Record, effects: tuple[Effect, ...]) -> None:
        engine, at_ms = self.engine, record.event.at_ms
        chart = engine.chart
        if not self._dosed:
            self.gate = {
                item.id: GateStand(
                    chart.gate.get(item.id, "open"), chart.gate_notes.get(item.id, "")
                )
                for item in chart.gate_items
            }
            self._dosed = chart.first_dose_ms is not None
        name = type(record.event).__name__
        left = any(isinstance(one, PhaseChanged) and one.phase in _LEAVES for one in effects)
        if not left and name != "DischargeTried":
            return
        stand = CriteriaStand(at_ms, engine.criteria(at_ms))
        self.at_trial = stand
        if self.ready is None and stand.all_met:
            self.ready = stand
        if left:
            self.at_discharge = stand
