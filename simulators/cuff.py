"""A home blood-pressure cuff on the other arm of a simulated body: started by hand, done in 35 s.

It reads the pressure at the end of the inflation, with the bias of this arm and cuff, the error of
one reading, now and then an outlier, and a chance to fail with an error code (`clinical.md` 6.4).
Nobody can see that it is inflating but the person who pressed start.

It never starts itself and sends nothing but the finished reading, as home cuffs do.

>>> from numpy.random import default_rng
>>> from simulators.traits import typical_person
>>> cuff = Cuff(typical_person(75), default_rng(3), device="cuff", boot_id="b1", mode=Mode.DEMO)
>>> cuff.start(at_ms=0)
>>> cuff.is_busy
True
"""

from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from simulators.patient import Vitals
from simulators.traits import Person, lognormal

__all__ = ["Cuff", "CuffBusyError"]

_TIME_S = (25.0, 35.0, 60.0)
_TIME_LOG_SD = 0.15
_READING_SD_MMHG = 5.0
_DIASTOLIC_SD_MMHG = 3.5
_OUTLIER_CHANCE = 0.05
_OUTLIER_MMHG = 15.0
_FAILURES = ("E2: movement", "E3: cuff loose", "E5: no pulse found")
_LEAST_PULSE_PRESSURE_MMHG = 20


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
    ) -> None:
        """`failure_chance` is 0.03 at rest, 0.25 while moving, 0.5 in a fit (0..1)."""
        self._bias_mmhg = person.cuff_bias_mmhg
        self._rng = rng
        self._device = device
        self._boot_id = boot_id
        self._mode = mode
        self._failure_chance = failure_chance
        self._seq = 0
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
        self._done_ms = at_ms + round(taken_s * 1000)

    def poll(self, truth: Vitals) -> DeviceReport | None:
        """Return the finished reading once its time has come, else None."""
        if self._done_ms is None or truth.at_ms < self._done_ms:
            return None
        self._done_ms = None
        self._seq += 1
        if float(self._rng.random()) < self._failure_chance:
            return self._report((), _FAILURES[int(self._rng.integers(len(_FAILURES)))])
        sbp_error, dbp_error = self._errors()
        dbp_mmhg = round(truth.dbp_mmhg + dbp_error)
        # An oscillometric cuff finds no pressures closer together than this.
        sbp_mmhg = max(round(truth.sbp_mmhg + sbp_error), dbp_mmhg + _LEAST_PULSE_PRESSURE_MMHG)
        return self._report(
            (
                Observation(Metric.SBP, sbp_mmhg * 100),
                Observation(Metric.DBP, dbp_mmhg * 100),
                Observation(Metric.MAP, round(dbp_mmhg + (sbp_mmhg - dbp_mmhg) / 3) * 100),
                Observation(Metric.CUFF_PULSE, round(truth.pulse_bpm) * 100),
            ),
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

    def _report(self, observations: tuple[Observation, ...], failure: str | None) -> DeviceReport:
        return DeviceReport(
            device=self._device,
            kind=DeviceKind.CUFF,
            mode=self._mode,
            observations=observations,
            boot_id=self._boot_id,
            seq=self._seq,
            failure=failure,
        )
