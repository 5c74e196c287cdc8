"""What a screen shows of the gate: each item with its words, its state and its questions.

Each function reads an engine and gives plain values; nothing here decides.

    gate_items(engine)["drugs"]   -> GateView(state="open", words="No alcohol ...", ...)
"""

from msgspec import Struct

from monitor.chart import Chart
from monitor.engine import Engine
from monitor.gate_items import GateAsk, GateItem

__all__ = ["AskView", "GateView", "gate_items"]


class AskView(Struct, frozen=True):
    """One question of a gate item: answered or not, and how; of a private item never how."""

    id: str
    words: str
    answered: bool
    yes: bool | None


class GateView(Struct, frozen=True):
    """One item of the gate: open, pass, hold or stop. `final`: a stop that nobody takes back.

    `proof`: what alone passes it, the `rehearsal` or the counted `sound`; None: a person's word.
    `ask`: its questions.
    """

    state: str
    words: str
    overridable: bool
    final: bool
    note: str
    proof: str | None
    ask: tuple[AskView, ...] = ()


def gate_items(engine: Engine) -> dict[str, GateView]:
    """Return the gate's items in the plan's order."""
    chart = engine.chart
    found = {}
    for item in chart.gate_items:
        state = chart.gate.get(item.id, "open")
        found[item.id] = GateView(
            state=state,
            words=item.words,
            overridable=state == "hold",
            final=state == "stop"
            and item.stop_final
            and item.id not in engine.proofs.by_proof
            and item.id not in engine.words.by_value,
            note=chart.gate_notes.get(item.id, ""),
            proof=item.proof,
            ask=tuple(_ask(chart, item, one) for one in item.ask),
        )
    return found


def _ask(chart: Chart, item: GateItem, one: GateAsk) -> AskView:
    yes = chart.gate_answers.get(item.id, {}).get(one.id)
    return AskView(one.id, one.words, yes is not None, None if item.private else yes)
