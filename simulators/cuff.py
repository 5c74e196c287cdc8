"""A home blood-pressure cuff on a simulated body: started by hand, done in 35 s (25 to 60).

It reads the pressure at the end of the inflation, with the bias of this arm and cuff (SD 4 mmHg,
`traits`), the error of one reading (SD 5), now and then an outlier of 15 mmHg, and a chance to fail
with an error code: 3 % at rest, 25 % while moving, 50 % in a fit (`clinical.md` 6.4). An arm that
moves makes it pump again at times, until it stops for good after 180 s. Nobody can see that it is
inflating but the person who pressed start.

It never starts itself and sends nothing but the finished reading, as home cuffs do.

>>> from numpy.random import default_rng
>>> from simulators.traits import typical_person
>>> cuff = Cuff(typical_person(75), default_rng(3), device="cuff", boot_id="b1", mode=Mode.DEMO)
>>> cuff.start(at_ms=0)
>>> cuff.is_busy
True
"""

from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation
from simulators.patient import Vitals
from simulators.traits import Person, lognormal

__all__ = ["FAILURES", "HARD_STOP", "Cuff", "CuffBusyError"]

FAILURES = ("E2: movement", "E3: cuff loose", "E5: no pulse found")
"""What a failed attempt says; the first while the arm moves."""

HARD_STOP = "E6: stopped after 180 s"
"""What a cuff says that an arm has kept from measuring for too long."""

_TIME_S = (25.0, 35.0, 60.0)
_TIME_LOG_SD = 0.15
_HARD_STOP_MS = 180_000
_READING_SD_MMHG = 5.0
_DIASTOLIC_SD_MMHG = 3.5
_PULSE_SD_BPM = 1.5
_OUTLIER_CHANCE = 0.05
_OUTLIER_MMHG = 15.0
_LEAST_PULSE_PRESSURE_MMHG = 20
_LEAST_DBP_MMHG = 10
# By the body's own movement: at rest the cuff's, restless, retching or fighting (6.4).
_FAILURE = {1: 0.25, 2: 0.5}
_IRREGULAR = {1: 0.1, 2: 0.1}
_RUNS_ON = 1 / 2


class CuffBusyError(RuntimeError):
    """Start was pressed while the cuff was already inflating."""


class Cuff:
    """One device. The same person, generator state and calls give the same reports."""

    def __init__(
        self,
        person: Person,
        rng: Generator,
        *,
        device: str,
        boot_id: str,
        mode: Mode,
        failure_chance: float = 0.03,
        irregular_chance: float = 0.01,
    ) -> None:
        """Chances (0..1) of one attempt at rest: to fail, and to be flagged as irregular.

        One irregular flag in ten falls on a regular pulse that moves (S140 has 89 % specific).
        """
        self._bias_mmhg = person.cuff_bias_mmhg
        self._rng = rng
        self._device = device
        self._boot_id = boot_id
        self._mode = mode
        self._failure_chance = failure_chance
        self._irregular_chance = irregular_chance
        self._seq = 0
        self._began_ms = 0
        self._moved = 0
        self._runs_on = False
        self._done_ms: int | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an inflation is under way."""
        return self._done_ms is not None

    def start(self, at_ms: int) -> None:
        """Press the button.

        Raises:
            CuffBusyError: an inflation is under way; wait for its reading.
        """
        if self._done_ms is not None:
            raise CuffBusyError(f"{self._device} is inflating until {self._done_ms} ms: wait")
        low_s, median_s, high_s = _TIME_S
        taken_s = min(max(lognormal(self._rng, median_s, _TIME_LOG_SD), low_s), high_s)
        self._began_ms, self._moved, self._runs_on = at_ms, 0, False
        self._done_ms = at_ms + round(taken_s * 1000)

    def poll(self, truth: Vitals) -> DeviceReport | None:
        """Return the finished reading once its time has come, else None. Call it each second."""
        if self._done_ms is None:
            return None
        self._moved = max(self._moved, truth.moving)
        if truth.at_ms < self._done_ms:
            return None
        if self._runs_on:
            return self._failed(HARD_STOP)
        rng, moved = self._rng, self._moved
        if float(rng.random()) >= max(self._failure_chance, _FAILURE.get(moved, 0.0)):
            return self._measured(truth, moved)
        if moved and float(rng.random()) < _RUNS_ON:
            # Half of the arms that keep moving have it pump again and again.
            self._runs_on = True
            self._done_ms = self._began_ms + _HARD_STOP_MS
            return None
        return self._failed(FAILURES[0 if moved else int(rng.integers(len(FAILURES)))])

    def _measured(self, truth: Vitals, moved: int) -> DeviceReport:
        rng = self._rng
        sbp_error, dbp_error = self._errors()
        dbp_mmhg = max(round(truth.dbp_mmhg + dbp_error), _LEAST_DBP_MMHG)
        # An oscillometric cuff finds no pressures closer together than this.
        sbp_mmhg = max(round(truth.sbp_mmhg + sbp_error), dbp_mmhg + _LEAST_PULSE_PRESSURE_MMHG)
        pulse_bpm = round(truth.pulse_bpm + _PULSE_SD_BPM * float(rng.standard_normal()))
        chance = max(self._irregular_chance, _IRREGULAR.get(moved, 0.0))
        irregular = float(rng.random()) < chance
        return self._report(
            (
                Observation(Metric.SBP, sbp_mmhg * 100),
                Observation(Metric.DBP, dbp_mmhg * 100),
                Observation(Metric.MAP, round(dbp_mmhg + (sbp_mmhg - dbp_mmhg) / 3) * 100),
                Observation(Metric.CUFF_PULSE, max(pulse_bpm, 1) * 100),
            ),
            (Flag.IRREGULAR_PULSE,) if irregular else (),
            None,
        )

    def _errors(self) -> tuple[float, float]:
        rng = self._rng
        sbp_error = self._bias_mmhg + _READING_SD_MMHG * float(rng.standard_normal())
        dbp_error = self._bias_mmhg / 2 + _DIASTOLIC_SD_MMHG * float(rng.standard_normal())
        if float(rng.random()) < _OUTLIER_CHANCE:
            jump_mmhg = _OUTLIER_MMHG if float(rng.random()) < 1 / 2 else -_OUTLIER_MMHG
            return sbp_error + jump_mmhg, dbp_error + jump_mmhg / 2
        return sbp_error, dbp_error

    def _failed(self, failure: str) -> DeviceReport:
        return self._report((), (), failure)

    def _report(
        self, observations: tuple[Observation, ...], flags: tuple[Flag, ...], failure: str | None
    ) -> DeviceReport:
        self._done_ms = None
        self._seq += 1
        return DeviceReport(
            device=self._device,
            kind=DeviceKind.CUFF,
            mode=self._mode,
            observations=observations,
            boot_id=self._boot_id,
            seq=self._seq,
            flags=flags,
            failure=failure,
        )
