"""What was measured or seen of the patient: readings, links, check-ins, counted pulses, the cuff.

Each function takes one event: the chart is changed, the rows are asked. What cannot be judged is
kept in the record and said; nothing is dropped. No person's decision is taken here.

    reading(engine, Reading(at_ms=1_000, report=report))
"""

from typing import TYPE_CHECKING

from devices.observation import DeviceKind, Flag
from monitor import measured, patient_taps, quick_looks
from monitor.chart import BpReading
from monitor.cuff_cycle import CuffStep
from monitor.effects import PromptKind, Unjudged
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    DeviceStatus,
    PulseCounted,
    Reading,
    TypedReading,
)
from monitor.refusal import not_attending, refuse
from monitor.score import line_of
from monitor.session import OVER, Phase

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "CORRECT_MS",
    "check_in_corrected",
    "checked_in",
    "cuff_failed",
    "cuff_started",
    "device_status",
    "pulse_counted",
    "reading",
    "typed_reading",
]

CORRECT_MS = 60_000
# A member of an enumeration is looked up slowly, and these for every report.
_FOLLOW_UP, _CUFF, _LOW_BATTERY = Phase.FOLLOW_UP, DeviceKind.CUFF, Flag.LOW_BATTERY
_INFLATION_MS = 60_000


def reading(engine: "Engine", event: Reading) -> None:
    """A device report: judged once, and only while the session is watched."""
    at_ms, report = event.at_ms, event.report
    if not engine.seen.take(report):
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason="duplicate"))
        return
    unwatched = _unwatched(engine, report.kind)
    if unwatched:
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason=unwatched))
        return
    had_baseline_due = engine.chart.oximeter.first_valid_ms is not None
    _watch_device(engine, event)
    taken = engine.intake.take(event)
    if taken.unjudged:
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason=taken.unjudged))
    if taken.implausible:
        engine.observer.implausible(f"{report.device}: {taken.implausible}", at_ms)
        engine.judge.refresh(at_ms)
    elif not taken.unjudged and engine.observer.doubts:
        engine.observer.plausible(at_ms)
        engine.judge.refresh(at_ms)
    if taken.sample is not None:
        engine.judge.sample(taken.sample)
        measured.sampled(engine, taken.sample)
        if not had_baseline_due and taken.sample.spo2 is not None:
            engine.consider(at_ms)
    elif taken.reading is not None:
        _read(engine, taken.reading)
    elif taken.failed:
        _failed(engine, taken.failed, at_ms)


def _unwatched(engine: "Engine", kind: DeviceKind) -> str:
    """Why nothing of this device is judged now; empty when it is."""
    phase = engine.chart.phase
    if phase in OVER:
        return f"the session is {phase.value}"
    # "6: oximeter off" (`clinical.md` 1.4): what it still sends is no watching.
    off = phase is _FOLLOW_UP and kind is not _CUFF
    return "the session is in follow-up: the oximeter is off" if off else ""


def _watch_device(engine: "Engine", event: Reading) -> None:
    """What a report says besides its values: the time that it was measured, the battery."""
    at_ms, report, chart = event.at_ms, event.report, engine.chart
    hub_ms = at_ms if event.received_ms is None else event.received_ms
    changed = engine.clocks.hub(event.wall_ms, hub_ms)
    binding = chart.devices.get(report.device)
    if binding is not None and not report.stored:
        low = _LOW_BATTERY in report.flags
        changed = engine.batteries.flagged(report.device, low=low) or changed
        if binding.clock:
            told = (report.device, report.measured_ms, event.wall_ms, at_ms)
            changed = engine.clocks.device(*told) or changed
    if changed:
        engine.judge.refresh(at_ms)


def typed_reading(engine: "Engine", event: TypedReading) -> None:
    """A reading of a cuff without Bluetooth: as good as any, if it can be one."""
    why = not_attending(engine, event)
    if refuse(engine, event, why):
        return
    taken = engine.intake.typed(event)
    if taken.reading is not None:
        _read(engine, taken.reading)
    else:
        refuse(engine, event, f"{taken.implausible}; look at the cuff and type it again")


def cuff_failed(engine: "Engine", event: CuffFailed) -> None:
    """The companion saw no number on the cuff."""
    if refuse(engine, event, not_attending(engine, event)):
        return
    engine.intake.inflation_over(event.at_ms)
    _failed(engine, event.reason or f"told by {event.by}", event.at_ms)


def _read(engine: "Engine", reading: BpReading) -> None:
    """A pressure was taken: what asked for it is done."""
    at_ms = reading.at_ms
    engine.prompts.done(PromptKind.CUFF)
    engine.chart.cuff_cycle.take(CuffStep.READ, at_ms)
    engine.chart.cuff.satisfy(at_ms, engine.chart.dose_ms)
    engine.judge.reading(reading)
    measured.follow(engine, at_ms)
    measured.ask_reading(engine, at_ms)
    _ask_again(engine, at_ms)
    engine.refresh(at_ms)


def _failed(engine: "Engine", why: str, at_ms: int) -> None:
    """An attempt failed: it counts in a row, and the next one is asked for."""
    cycle = engine.chart.cuff_cycle
    if not cycle.fail(at_ms):
        return
    engine.judge.failed(at_ms)
    due_ms = engine.prompts.open.get(PromptKind.CUFF)
    if due_ms is None or due_ms <= at_ms:
        engine.emit(engine.prompts.one_more(at_ms + cycle.retry_ms, f"failed: {why}", at_ms))
    engine.refresh(at_ms)


def _ask_again(engine: "Engine", at_ms: int) -> None:
    """A pressure that is high, and a peak that stays open, want the next reading earlier."""
    chart = engine.chart
    engine.course.consider(at_ms)
    if not chart.requires(chart.plan.cuff, DeviceKind.CUFF):
        return
    wanted = engine.board.next_reading(at_ms)
    if wanted is not None:
        chart.cuff.at_latest(*wanted)
    due_ms = engine.course.next_reading_ms(at_ms)
    if due_ms is not None:
        chart.cuff.at_latest(due_ms, "the peak is still open")
    chart.cuff.not_before(engine.prompts.cuff_may_ms(0))


def device_status(engine: "Engine", event: DeviceStatus) -> None:
    """A device's link came or went, and what it says of its battery.

    The oximeter's link is one more cause of "no signal"; a cuff that is asleep between two readings
    is a row of its own.
    """
    if event.device not in engine.chart.devices:
        reason = f"device {event.device!r} is not bound to this session"
        engine.emit(Unjudged(at_ms=event.at_ms, device=event.device, reason=reason))
        return
    oximeter = engine.chart.devices[event.device].kind is DeviceKind.OXIMETER
    name = f"{'oximeter_link' if oximeter else 'link'}:{event.device}"
    engine.observer.hub(name, present=not event.online, detail=f"{event.device}: {event.reason}")
    engine.batteries.told(event.device, event.battery_pct)
    engine.refresh(event.at_ms)


def checked_in(engine: "Engine", event: CheckedIn) -> None:
    """The companion looked and tapped."""
    if refuse(engine, event, not_attending(engine, event)):
        return
    at_ms = event.at_ms
    engine.prompts.done(PromptKind.CHECK_IN)
    engine.chart.check_in.satisfy(at_ms, engine.chart.dose_ms)
    patient_taps.looked_instead(engine, at_ms)
    engine.observer.checked(event.check, at_ms)
    engine.news2 = line_of(engine.chart, at_ms)
    measured.follow(engine, at_ms)
    _rate_again(engine, at_ms)
    engine.refresh(at_ms)
    quick_looks.take(engine, event)
    if event.check.answers_quiet:
        engine.alarms.saw_well(at_ms)


def _rate_again(engine: "Engine", at_ms: int) -> None:
    """A patient who is hard to wake is rated again soon, until two ratings are well."""
    chart, again_ms = engine.chart, engine.observer.again_ms
    if again_ms is not None and chart.requires(chart.plan.check_in, None):
        chart.check_in.at_latest(at_ms + again_ms)


def check_in_corrected(engine: "Engine", event: CheckInCorrected) -> None:
    """The last check-in was tapped wrong, up to 60 s ago."""
    why = not_attending(engine, event)
    last_ms = engine.chart.check_ms
    if why is None and (last_ms is None or event.at_ms - last_ms > CORRECT_MS):
        why = "a check-in can be corrected for 60 s; enter a new one"
    if refuse(engine, event, why) or last_ms is None:
        return
    # What the mistake asked for is undone; somebody did look when it was tapped.
    engine.chart.check_in.satisfy(last_ms, engine.chart.dose_ms)
    engine.observer.correct(event.check, event.at_ms)
    measured.follow(engine, event.at_ms)
    _rate_again(engine, event.at_ms)
    engine.refresh(event.at_ms)


def pulse_counted(engine: "Engine", event: PulseCounted) -> None:
    """A person counted the pulse: a witness for the rows."""
    if refuse(engine, event, not_attending(engine, event)):
        return
    engine.chart.counted = (event.at_ms, event.pulse_x100)
    engine.refresh(event.at_ms)


def cuff_started(engine: "Engine", event: CuffStarted) -> None:
    """The cuff is inflating: on the same arm it holds the no-signal rows."""
    if refuse(engine, event, not_attending(engine, event)):
        return
    cuff = engine.chart.bound(DeviceKind.CUFF)
    if cuff is not None and cuff.same_arm:
        engine.chart.inflated_since_ms = event.at_ms
        engine.chart.held_until_ms = event.at_ms + _INFLATION_MS
    engine.chart.cuff_cycle.take(CuffStep.STARTED, event.at_ms)
    engine.refresh(event.at_ms)
