"""What a screen shows of one session now: values with their time, alarms, who was told, prompts.

A snapshot is for people; nothing decides by it. It never calls anything fine: a value carries its
time, a stream its silence, and what is not known is None.

    snapshot(engine, now_ms, texts, record=412) -> Snapshot(phase="peak", values={"spo2": ...}, ...)
"""

from msgspec import Struct

from alerts.cards import Card
from alerts.condition import AlarmClass, Priority
from alerts.signal import Pattern, SignalState
from alerts.texts import Texts
from devices.observation import Mode
from monitor import follow_views, gate_views, presence, reach_views, residue, views
from monitor.effects import PromptKind
from monitor.engine import Engine
from monitor.limit_views import LimitView
from monitor.off_rows import OffView, off_rows
from monitor.patient_taps import PatientCheckView, patient_check
from monitor.reach_views import ToldView
from monitor.score import NewsView
from monitor.verdicts import VerdictView

__all__ = [
    "AlarmView",
    "PromptView",
    "RowView",
    "Snapshot",
    "StreamView",
    "ToldView",
    "ValueView",
    "alarms",
    "prompts",
    "snapshot",
    "values",
]


class ValueView(Struct, frozen=True):
    """One value and when it was taken, in hub ms."""

    value_x100: int
    at_ms: int


class RowView(Struct, frozen=True):
    """One row of an open alarm. `once`: it happened, so that it is never "over", only reset."""

    row: str
    priority: Priority
    reason: str
    value_x100: int | None
    limit_x100: int | None
    present: bool
    latched: bool
    once: bool = False


class AlarmView(Struct, frozen=True):
    """One open alarm, the highest row first. `paused_until_ms`: its sound is paused so long."""

    id: str
    family: str
    rows: tuple[RowView, ...]
    priority: Priority
    alarm_class: AlarmClass | None
    signal: SignalState
    raised_ms: int
    accepted_by: str | None
    accepted_until_ms: int | None
    paused_until_ms: int | None = None


class PromptView(Struct, frozen=True):
    """What the companion is asked for."""

    prompt: str
    due_ms: int


class StreamView(Struct, frozen=True):
    """When a stream was last heard of; None: never."""

    last_ms: int | None
    last_valid_ms: int | None


class Snapshot(Struct, frozen=True):
    """One session as a screen shows it. `record` is the last number given to the record.

    `residual` counts the messages that went out although somebody had accepted before; `off` are
    the rows that cannot work in this session, `infos` what to know beside the numbers, `follow_up`
    the questions after the discharge. `dose_at_least`: the hub did not run for an unknown time
    since the dose, so that more time has passed since then than the numbers say.
    """

    session: str
    mode: Mode
    at_ms: int
    phase: str
    dose_ms: int | None
    patient_name: str
    values: dict[str, ValueView]
    alarms: tuple[AlarmView, ...]
    prompts: tuple[PromptView, ...]
    told: tuple[ToldView, ...]
    streams: dict[str, StreamView]
    gate: dict[str, str]
    moaas: int | None
    sound: Pattern
    record: int
    recording: bool
    emergency_number: str
    plan: views.PlanView
    limits: dict[str, tuple[LimitView, ...]]
    gate_items: dict[str, gate_views.GateView]
    off: tuple[OffView, ...]
    infos: tuple[views.InfoView, ...]
    discharge: views.DischargeView
    cards: dict[str, Card]
    cuff: views.CuffView
    check_in: views.CheckInView
    patient_check: PatientCheckView
    people: tuple[views.PersonView, ...]
    presence: presence.PresenceView
    news2: NewsView | None
    residue: tuple[str, ...]
    on_call: tuple[reach_views.OnCallView, ...]
    residual: int
    verdicts: dict[str, VerdictView]
    call_backs: tuple[reach_views.CallBackView, ...]
    rehearsal: reach_views.RehearsalView | None
    sound_proof: reach_views.SoundProofView
    follow_up: tuple[follow_views.QuestionView, ...]
    dose_at_least: bool = False


def snapshot(engine: Engine, at_ms: int, texts: Texts, *, record: int, recording: bool) -> Snapshot:
    """Return what a screen shows of this session.

    Raises:
        ValueError: the session was not opened.
    """
    opened = engine.opened
    if opened is None:
        raise ValueError("no session is open in this engine: handle SessionOpened first")
    chart = engine.chart
    return Snapshot(
        session=opened.session,
        mode=opened.mode,
        at_ms=at_ms,
        phase=chart.phase.value,
        dose_ms=chart.dose_ms,
        patient_name=opened.patient.name,
        values=values(engine),
        alarms=alarms(engine),
        prompts=prompts(engine),
        told=reach_views.told(engine),
        streams={
            "oximeter": StreamView(chart.oximeter.newest_ms, chart.oximeter.last_valid_ms),
            "cuff": StreamView(
                chart.readings[-1].at_ms if chart.readings else None,
                chart.readings[-1].at_ms if chart.readings else None,
            ),
            "check_in": StreamView(chart.check_ms, chart.check_ms),
        },
        gate={item.id: chart.gate.get(item.id, "open") for item in chart.gate_items},
        moaas=chart.moaas(at_ms),
        sound=engine.alarms.sound[0],
        record=record,
        recording=recording,
        emergency_number=opened.patient.emergency_number,
        plan=views.plan(engine),
        limits=engine.limits.now(),
        gate_items=gate_views.gate_items(engine),
        off=off_rows(engine.board),
        infos=views.infos(engine, at_ms),
        discharge=views.discharge(engine, at_ms),
        cards=views.cards(engine, opened.patient, texts),
        cuff=views.cuff(engine, at_ms),
        check_in=views.check_in(engine, at_ms),
        patient_check=patient_check(engine),
        people=views.people(opened.patient, engine.alarms.post.contacts),
        presence=presence.view(engine),
        news2=engine.news2,
        residue=residue.alarms(engine),
        on_call=reach_views.on_call(engine),
        residual=engine.alarms.post.residual,
        verdicts=dict(engine.verdicts),
        call_backs=reach_views.call_backs(engine),
        rehearsal=reach_views.rehearsal(engine),
        sound_proof=reach_views.sound_proof(engine),
        follow_up=follow_views.questions(engine),
        dose_at_least=_is_at_least(chart.dose_ms, chart.clock_lost_ms),
    )


def _is_at_least(dose_ms: int | None, lost_ms: int | None) -> bool:
    """Whether nobody can know how long ago the dose was."""
    return dose_ms is not None and lost_ms is not None and dose_ms < lost_ms


def prompts(engine: Engine) -> tuple[PromptView, ...]:
    """Return what the companion is asked to do."""
    return tuple(
        PromptView(kind.value, due_ms)
        for kind, due_ms in engine.prompts.open.items()
        if kind is not PromptKind.PATIENT_CHECK
    )


def values(engine: Engine) -> dict[str, ValueView]:
    """Return the newest value of each metric that has one."""
    chart = engine.chart
    found: dict[str, ValueView] = {}
    for name, series in (("spo2", chart.oximeter.spo2), ("pulse", chart.oximeter.pulse)):
        last = series.last
        if last is not None:
            found[name] = ValueView(last[1], last[0])
    if chart.readings:
        reading = chart.readings[-1]
        found["sbp"] = ValueView(reading.sbp_x100, reading.at_ms)
        found["dbp"] = ValueView(reading.dbp_x100, reading.at_ms)
        if reading.pulse_x100 is not None:
            found["cuff_pulse"] = ValueView(reading.pulse_x100, reading.at_ms)
    return found


def alarms(engine: Engine) -> tuple[AlarmView, ...]:
    """Return the open alarms, the most urgent first."""
    found = []
    for alarm in sorted(engine.alarms.book.open.values(), key=lambda a: (-a.rank, a.raised_ms)):
        care = engine.alarms.cares[alarm.id]
        rows = sorted(alarm.rows.values(), key=lambda state: state is not alarm.top)
        priority, alarm_class = alarm.level
        leases = care.leases.values()
        found.append(
            AlarmView(
                id=alarm.id,
                family=alarm.family,
                rows=tuple(
                    RowView(
                        state.facts.id,
                        alarm.priority_of(state)[0],
                        state.shown.reason,
                        state.answer.value_x100,
                        state.answer.limit_x100,
                        state.present,
                        state.latched,
                        state.facts.once,
                    )
                    for state in rows
                ),
                priority=priority,
                alarm_class=alarm_class if priority is Priority.HIGH else None,
                signal=care.state,
                raised_ms=alarm.raised_ms,
                accepted_by=", ".join(lease.by for lease in leases) or None,
                accepted_until_ms=max((lease.until_ms for lease in leases), default=None),
                paused_until_ms=(care.until_ms if care.state is SignalState.ACKNOWLEDGED else None),
            )
        )
    return tuple(found)
