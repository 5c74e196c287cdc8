"""One run: a scene, its faults and its people in one house, from the dose to minutes after.

The oximeter sends once a second and prompts are answered, unless the scene says otherwise. What
came of it is in the log; nothing is judged here. The same arguments give the same log.

    log = play(Run(SCENES["SPO2-LOW"], (FAULTS["ntfy dead"],), PEOPLE["physician"]))
"""

import asyncio
from collections.abc import Callable

from alerts.contact import Role
from devices.checkin import CheckIn
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    pulse_bpm,
    spo2_pct,
)
from monitor.effects import Prompted, PromptKind
from monitor.events import CheckedIn, DoseExtra, Event, HelpCalled, PatientTapped, Reading
from simulators.campaign.behaviour import Behaviour
from simulators.campaign.faults import Fault, FaultKind
from simulators.campaign.house import House
from simulators.campaign.log import Decided, Log
from simulators.campaign.run import DOSE_S, START_S, Run
from simulators.campaign.scenes import (
    Alone,
    Body,
    Condition,
    Cuff,
    Deed,
    Off,
    Orders,
    Sight,
)
from simulators.campaign.virtual_loop import VirtualLoop

__all__ = ["play"]

_ANSWER_S = 20.0
_WELL = "W5 B0 C0 D0 X0"


def play(run: Run) -> Log:
    """Play one run and return what was seen."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_Play(run).all())
    finally:
        _empty(loop)
        loop.close()


def _empty(loop: VirtualLoop) -> None:
    """Let every task end, so that none is destroyed while it waits."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks))


class _Play:
    """The stage: body, cuff, eyes and orders of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._body: Body | Off = Body()
        self._cuff: tuple[int, int] | None = (120, 78)
        self._codes = _WELL
        self._alone = False
        self._seq = 0
        self._killed = False
        self._answers: dict[PromptKind, Callable[[], None]] = {
            PromptKind.CUFF: self._measure,
            PromptKind.CHECK_IN: self._look,
            PromptKind.PATIENT_CHECK: self._tap,
        }

    async def all(self) -> Log:
        self._loop = asyncio.get_running_loop()
        self._house = house = House(self._run.cast)
        house.open()
        house.on_decided = self._decided
        self._loop.call_later(1.0, self._second)
        for before_s in (200, 130):
            self._loop.call_later(DOSE_S - before_s, self._measure)
        self._loop.call_later(DOSE_S, house.dose)
        for at_s, deed in self._run.scene.deeds:
            self._loop.call_later(START_S + at_s, self._do, deed)
        for fault in self._run.faults:
            self._plan(fault)
        end_s = START_S + self._run.length_s
        while (left_s := end_s - house.now_s) > 0:  # noqa: ASYNC110 - the machine may sleep
            await asyncio.sleep(min(left_s, 30.0))
        log = house.log
        house.kill()
        log.entries.pop()
        return log

    # --- the patient --------------------------------------------------------------------------

    def _second(self) -> None:
        self._loop.call_later(1.0, self._second)
        body = self._body
        if isinstance(body, Off) and not body.flagged:
            return
        values: tuple[Observation, ...] = ()
        flags: tuple[Flag, ...] = (Flag.FINGER_OUT,)
        if isinstance(body, Body):
            values, flags = (spo2_pct(body.spo2_pct), pulse_bpm(body.pulse_bpm)), ()
        self._read(
            DeviceReport(
                device="ox",
                kind=DeviceKind.OXIMETER,
                mode=Mode.REAL,
                observations=values,
                flags=flags,
                boot_id="ox",
                seq=self._next(),
            )
        )

    def _measure(self) -> None:
        values: tuple[Observation, ...] = ()
        if self._cuff is not None:
            pairs = zip((Metric.SBP, Metric.DBP), self._cuff, strict=True)
            values = tuple(Observation(metric, mmhg * 100) for metric, mmhg in pairs)
        report = DeviceReport(
            device="cuff",
            kind=DeviceKind.CUFF,
            mode=Mode.REAL,
            observations=values,
            failure=None if values else "cuff loose",
            boot_id="cuff",
            seq=self._next(),
        )
        self._read(report)

    def _look(self) -> None:
        check = CheckIn.parse(self._codes)
        self._person(CheckedIn, check=check)

    def _tap(self) -> None:
        tap = f"tap-{self._next()}"
        self._house.tell(
            lambda at_ms: PatientTapped(at_ms=at_ms, by="p1", role=Role.PATIENT, tap=tap)
        )

    def _person(self, event: Callable[..., Event], **said: object) -> None:
        tap = f"tap-{self._next()}"
        self._house.tell(
            lambda at_ms: event(at_ms=at_ms, by="sam", role=Role.COMPANION, tap=tap, **said)
        )

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _read(self, report: DeviceReport) -> None:
        self._house.tell(lambda at_ms: Reading(at_ms=at_ms, report=report, received_ms=at_ms))

    def _do(self, deed: Deed) -> None:
        house = self._house
        match deed:
            case Body() | Off():
                self._body = deed
            case Cuff(sbp, dbp):
                self._cuff = None if sbp is None else (sbp, dbp)
                self._measure()
            case Sight(codes):
                self._codes = codes
                self._look()
            case Orders("help"):
                self._person(HelpCalled)
            case Orders():
                self._person(DoseExtra)
            case Condition(name):
                if house.hub is not None:
                    house.hub.condition(name, present=True, detail="it broke in the campaign")
            case Alone():
                self._alone = True

    def _decided(self, entry: Decided, record: int) -> None:
        """Answer prompts; kill at the record that the run names."""
        for effect in entry.effects:
            if isinstance(effect, Prompted) and not self._alone:
                self._loop.call_later(_ANSWER_S, self._answers[effect.prompt])
        kill = self._run.kill
        if kill is not None and record >= kill.record and not self._killed:
            self._killed = True
            self._loop.call_later(0.02 if kill.committed else 0.0, self._kill, kill.for_s)

    # --- what breaks --------------------------------------------------------------------------

    def _plan(self, fault: Fault) -> None:
        self._loop.call_later(START_S + fault.begins_s, self._begin, fault)
        if fault.ends_s < self._run.length_s:
            self._loop.call_later(START_S + fault.ends_s, self._end, fault)

    def _begin(self, fault: Fault) -> None:
        house = self._house
        match fault.kind:
            case FaultKind.WAY | FaultKind.NETWORK:
                for way in fault.ways:
                    house.ways[way].behaviour = fault.behaviour
            case FaultKind.BROKER:
                if house.hub is not None:
                    house.hub.condition("broker", present=True, detail="no answer")
            case FaultKind.DISK:
                house.disk.fails = fault.disk
                house.disk.slow_s = fault.slow_s or house.disk.slow_s
            case FaultKind.WALL:
                house.wall_step_ms += fault.step_ms
            case FaultKind.SLEEP:
                house.sleep(fault.for_s)
            case FaultKind.KILL:
                self._kill(fault.for_s)
                if fault.power:
                    house.boot_id = "boot-2"

    def _end(self, fault: Fault) -> None:
        house = self._house
        if fault.kind in (FaultKind.WAY, FaultKind.NETWORK):
            for way in fault.ways:
                house.ways[way].behaviour = Behaviour()
        elif fault.kind is FaultKind.DISK:
            house.disk.fails = ""

    def _kill(self, for_s: float) -> None:
        if self._house.alive:
            self._house.kill()
            self._loop.call_later(for_s, self._house.rise)
