"""While nobody is known to be the physician on call, the gate's alarm chain is on hold.

A session must not begin with a ladder that may end at nobody. The hold comes with the condition
`rota:physician` and is no stop: a physician who knows better may override it. When the condition
ends, what a rehearsal had proved counts again, if the same people are still on call. Only the gate
is touched; the alarm itself is the row ROTA-GAP.

    follow(engine, HubCondition(at_ms=9, condition="rota:physician", present=True, detail="..."))
"""

from typing import TYPE_CHECKING

from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["follow", "gap", "why_not"]

_PHYSICIAN = "rota:physician"


def gap(engine: "Engine") -> str:
    """Why nobody knows who is the physician on call; empty when somebody is."""
    standing = engine.observer.standing()
    return "; ".join(why for name, why in standing.items() if name.startswith(_PHYSICIAN))


def why_not(engine: "Engine", item: str, state: str) -> str | None:
    """Why a person may not set this gate item so, or None."""
    why = gap(engine) if state == "pass" and item in _items(engine) else ""
    return f"gate item {item!r} is on hold: {why}" if why else None


def follow(engine: "Engine", condition: str) -> None:
    """A condition of the hub has come, changed or gone: the gate follows."""
    if not condition.startswith(_PHYSICIAN) or engine.chart.phase is not Phase.GATE:
        return
    why = gap(engine)
    chart = engine.chart
    for item in _items(engine):
        if why and chart.gate.get(item) != "stop":
            chart.gate[item], chart.gate_notes[item] = "hold", why
            engine.words.quiet.discard(item)
        elif not why and chart.gate.get(item) == "hold":
            chart.gate[item], chart.gate_notes[item] = _proved(engine)


def _items(engine: "Engine") -> list[str]:
    gate = engine.chart.plan.gate
    return [one.id for one in gate if one.proof == "rehearsal" or one.id == "alarm_chain"]


def _proved(engine: "Engine") -> tuple[str, str]:
    """What the last rehearsal said of the people who are on call now."""
    trial, people = engine.rehearser.last, engine.proofs.people
    if trial is None or people is None or people != engine.rehearser.holders():
        return "open", "somebody is on call again"
    proved = engine.proofs.proved
    return proved.state(trial), proved.reason(trial)
