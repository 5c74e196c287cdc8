"""Gate items that are asked as questions: each answer is one tap, and the answers set the item.

One wrong answer is enough for a hold or a stop, whatever the others say; only when every question
is answered well has the item passed. No word passes it against an answer. Answers about thoughts of
suicide are alarms of their own (SI-1, SI-2) and are shown to nobody. Nothing is measured here.

    answered(engine, GateAnswered(at_ms=9_000, by="ann", role=Role.COMPANION, item="drugs", ...))
"""

from typing import TYPE_CHECKING

from alerts.contact import Role
from monitor import measured
from monitor.chart import Chart
from monitor.events import GateAnswered, GateSet
from monitor.gate_items import GateAsk, GateItem
from monitor.gate_values import Found
from monitor.refusal import not_taking_part, refuse
from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["answered", "found", "why_not"]

# "Q4, Q5, or Q6": intent, a plan, an act (`clinical.md` 1.4, C-SSRS).
_INTENT = 4


def found(chart: Chart, item: GateItem) -> Found | None:
    """Return what the answers say of an item; None: none of its questions was answered."""
    answers = chart.gate_answers.get(item.id)
    return _found(chart, item, answers) if answers else None


def _found(chart: Chart, item: GateItem, answers: dict[str, bool]) -> Found:
    wrong = [ask for ask in item.ask if _is_wrong(chart, ask, answers)]
    states = {ask.wrong for ask in wrong}
    if states:
        state = "stop" if "stop" in states else "hold"
        return Found(state, _words(item, wrong, answers, state))
    left = len(item.ask) - len(answers)
    if left:
        return Found(None, f"{left} of {len(item.ask)} questions are open")
    return Found("pass", "every question is answered")


def answered(engine: "Engine", event: GateAnswered) -> None:
    """One question was answered; an answer can be changed while the item is no final stop."""
    chart = engine.chart
    item = next((one for one in chart.gate_items if one.id == event.item), None)
    why = not_taking_part(engine, event) or _closed(chart)
    if why is None and (item is None or all(ask.id != event.question for ask in item.ask)):
        why = f"the gate asks no question {event.question!r} of {event.item!r}"
    if why is None and item is not None:
        why = _not_by(item, event.role) or _final(engine, item)
    if refuse(engine, event, why) or item is None:
        return
    answers = chart.gate_answers.setdefault(item.id, {})
    answers[event.question] = event.yes
    says = _found(chart, item, answers)
    chart.gate[item.id], chart.gate_notes[item.id] = says.state or "open", says.words
    _tell_ideation(engine, item)
    measured.follow(engine, event.at_ms)
    engine.refresh(event.at_ms)


def why_not(engine: "Engine", event: GateSet) -> str | None:
    """Why a word does not pass this item: whose word it must be, and what the answers say."""
    item = next((one for one in engine.chart.gate_items if one.id == event.item), None)
    if item is None or event.state != "pass":
        return None
    says = found(engine.chart, item)
    if says is None or says.state == "pass":
        return _not_by(item, event.role)
    return f"gate item {item.id!r}: {says.words}"


def _is_wrong(chart: Chart, ask: GateAsk, answers: dict[str, bool]) -> bool:
    if ask.id not in answers or answers[ask.id] == ask.good:
        return False
    return not 1 <= ask.level <= chart.health.ideation_level


def _words(item: GateItem, wrong: list[GateAsk], answers: dict[str, bool], state: str) -> str:
    """What was answered, for the page; of a private item only what follows."""
    if item.private:
        return "no dose today" if state == "stop" else "a physician decides"
    return "; ".join(f"{ask.words} {'Yes' if answers[ask.id] else 'No'}." for ask in wrong)


def _not_by(item: GateItem, role: Role) -> str | None:
    if item.by is None or role.value == item.by:
        return None
    return f"gate item {item.id!r} is confirmed by the {item.by} alone, on their own page"


def _closed(chart: Chart) -> str | None:
    if chart.phase is not Phase.GATE:
        return f"the gate is closed, the session is in {chart.phase.value}"
    if chart.gate_lapsed:
        return "the gate has lapsed; end this session and open a new one"
    return None


def _final(engine: "Engine", item: GateItem) -> str | None:
    if item.stop_final and engine.chart.gate.get(item.id) == "stop":
        return f"gate item {item.id!r} was stopped: that stands for this session, no dose today"
    return None


def _tell_ideation(engine: "Engine", item: GateItem) -> None:
    """SI-1 for thoughts that are new or above the known level, SI-2 for intent, plan or act."""
    asks = [ask for ask in item.ask if ask.level]
    if not asks:
        return
    answers = engine.chart.gate_answers[item.id]
    levels = [ask.level for ask in asks if _is_wrong(engine.chart, ask, answers)]
    for name, so in (
        ("ideation", any(level < _INTENT for level in levels)),
        ("intent", any(level >= _INTENT for level in levels)),
    ):
        engine.observer.say(name, present=so, reason="answered at the gate")
