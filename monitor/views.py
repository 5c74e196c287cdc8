"""What a screen shows beside the numbers: discharge, cuff, check-in, cards, people.

Each function reads an engine and gives plain values; nothing here decides, and what is not known is
None. The numbers and alarms are in `monitor/snapshot.py`, which puts all of it together.

    cuff(engine, now_ms)   -> CuffView(state=<CuffState.DUE>, due_ms=1200000, attempts=0)
"""

from collections.abc import Iterable

from msgspec import Struct, structs

from alerts.cards import Card, card
from alerts.contact import Contact
from alerts.texts import Texts
from devices.checkin import Position
from monitor import high_bias, residue
from monitor.chart import Chart
from monitor.cuff_cycle import CuffState
from monitor.discharge import Criterion
from monitor.effects import PromptKind
from monitor.engine import Engine
from monitor.patient import Patient
from monitor.session import OVER
from monitor.sightings import CORRECT_MS

__all__ = [
    "CUFF_HOLD",
    "CheckInView",
    "CuffView",
    "DischargeView",
    "InfoView",
    "PersonView",
    "PlanView",
    "cards",
    "check_in",
    "cuff",
    "discharge",
    "infos",
    "people",
    "plan",
]

# `cards.md` section 2: position at T+5 and T+20, the mouth once after T+10.
_POSITION_MS = (5 * 60_000, 20 * 60_000)
_MOUTH_MS = 10 * 60_000

# During a high alarm two questions are asked. What another one has said would stand for ever then.
_HOLDS = {
    "lips": ("lips_blue",),
    "mood": ("fighting",),
    "signs": ("emergency_sign", "choking", "fell", "low_sugar", "aspiration"),
}

CUFF_HOLD = "CUFF-HOLD"
"""Names the information that an inflation holds the rows about the oximeter's signal."""


class PlanView(Struct, frozen=True):
    """Which rules the session runs by; `signed_by` is empty when no clinician has signed them."""

    name: str
    version: str
    signed_by: str


class InfoView(Struct, frozen=True):
    """Something to know beside the numbers that is no alarm; `row` names what says so."""

    row: str
    words: str


class PersonView(Struct, frozen=True):
    """One person of the session."""

    id: str
    name: str
    role: str


class DischargeView(Struct, frozen=True):
    """The criteria of discharge; `met_since_ms`: all were met at that trial and since."""

    criteria: dict[str, Criterion]
    met_since_ms: int | None


class CuffView(Struct, frozen=True):
    """What the cuff does; `attempts`: how many failed in a row."""

    state: CuffState
    due_ms: int | None
    attempts: int


class CheckInView(Struct, frozen=True):
    """The companion's check-ins: when the next is due, what the last one said, what more to ask.

    `ask` holds the extra questions that are due now ("position", "mouth", "clip"), and those that
    only their own answer can end ("lips", "mood", "signs"): they are asked in a high alarm too.
    """

    due_ms: int | None
    last_codes: str | None
    last_ms: int | None
    may_correct_until_ms: int | None
    ask: tuple[str, ...] = ()


def plan(engine: Engine) -> PlanView:
    """Return which plan the session has."""
    rules = engine.chart.plan
    return PlanView(rules.name, rules.version, rules.signed_by)


def infos(engine: Engine, at_ms: int) -> tuple[InfoView, ...]:
    """Return what everybody should know: numbers that may read too high, a hold by the cuff."""
    chart = engine.chart
    said = [InfoView(high_bias.ROW, words)] if (words := high_bias.words(chart)) else []
    if chart.held_by_cuff(at_ms) is not None:
        # "shown as "paused by cuff"" (`clinical.md` 2.7.3)
        said.append(InfoView(CUFF_HOLD, "oxygen signal: paused by cuff"))
    return tuple(said)


def people(patient: Patient, now: Iterable[Contact] = ()) -> tuple[PersonView, ...]:
    """Return everybody of the session, the patient first, then whoever came on call since."""
    known = dict.fromkeys([*patient.contacts, *now])
    contacts = {one.id: PersonView(one.id, one.name, one.role.value) for one in known}
    return (PersonView(patient.id, patient.name, "patient"), *contacts.values())


def cards(engine: Engine, patient: Patient, texts: Texts) -> dict[str, Card]:
    """Return the card of each open alarm."""
    name, number = patient.name, patient.emergency_number
    found = {}
    for alarm in engine.alarms.book.open.values():
        priority, alarm_class = alarm.level
        row = alarm.top.facts.id
        one = card(texts, alarm.family, row, priority, name, number, alarm_class)
        if residue.asked(engine, alarm):
            one = structs.replace(one, steps=(texts.say("card.mouth_first"), *one.steps))
        found[alarm.id] = one
    return found


def discharge(engine: Engine, at_ms: int) -> DischargeView:
    """Return the criteria as they are now."""
    return DischargeView(engine.criteria(at_ms), engine.trials.met_since_ms)


def cuff(engine: Engine, at_ms: int) -> CuffView:
    """Return where the cuff's cycle stands."""
    chart = engine.chart
    due_ms = engine.prompts.open.get(PromptKind.CUFF, chart.cuff.due_ms)
    return CuffView(chart.cuff_cycle.state(at_ms), due_ms, chart.cuff_cycle.failures)


def check_in(engine: Engine, at_ms: int) -> CheckInView:
    """Return when the companion is asked again, and what may still be corrected."""
    chart = engine.chart
    last_ms = chart.check_ms
    until_ms = None if last_ms is None or at_ms - last_ms > CORRECT_MS else last_ms + CORRECT_MS
    codes = None if chart.check is None else chart.check.codes
    asks = _extras(chart, at_ms)
    if "identity" in engine.alarms.book.open:
        asks = (*asks, "clip")
    if chart.phase not in OVER:
        asks = (*asks, *(ask for ask, names in _HOLDS.items() if _stands(chart, names)))
    return CheckInView(chart.check_in.due_ms, codes, last_ms, until_ms, asks)


def _stands(chart: Chart, names: tuple[str, ...]) -> bool:
    """Whether one of these reports is so."""
    reports = (chart.reports.get(name) for name in names)
    return any(report is not None and report.present for report in reports)


def _extras(chart: Chart, at_ms: int) -> tuple[str, ...]:
    """What a check-in asks more now; a question stays due until it is answered.

    The position counts from as early as the check-in of that time does, and is asked again while
    the patient is last known face down.
    """
    dose_ms = chart.dose_ms
    if dose_ms is None or chart.phase in OVER:
        return ()
    early_ms = chart.plan.check_in_schedule.early_s * 1000
    passed = [
        dose_ms + mark - early_ms for mark in _POSITION_MS if at_ms - dose_ms >= mark - early_ms
    ]
    asks = []
    unasked = passed and (chart.position_ms is None or chart.position_ms < passed[-1])
    if unasked or chart.position is Position.FACE_DOWN:
        asks.append("position")
    mouth_ms = dose_ms + _MOUTH_MS
    if at_ms >= mouth_ms and (chart.mouth_ms is None or chart.mouth_ms < mouth_ms):
        asks.append("mouth")
    return tuple(asks)
