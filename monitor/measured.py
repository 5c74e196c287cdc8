"""Gate items that a value must bear out: a person's word and the measurement, both or neither.

A "pass" that the value speaks against is refused; one whose value is not there yet waits on hold
and passes by itself when the value comes. What passed goes back on hold, or to stop, when the value
turns. A physician may override a hold, never a stop. A hold that has lasted is the row GATE-HOLD.
Nothing is measured here.

    why_not(engine, "spo2", "pass", at_ms)  -> "gate item 'spo2': SpO2 94 % for two minutes: ..."
"""

from typing import TYPE_CHECKING

from monitor.gate_pressure import next_reading
from monitor.gate_values import judged
from monitor.session import Phase
from monitor.stream import Sample

if TYPE_CHECKING:
    from monitor.engine import Engine
    from monitor.gate_items import GateItem

__all__ = [
    "Words",
    "ask_reading",
    "final",
    "follow",
    "overridden",
    "said",
    "sampled",
    "tell",
    "why_not",
]

# As often as a screen shows it: a dose is never early by a value that nobody could see yet.
_EVERY_MS = 1_000


class Words:
    """What the engine keeps of measured items, by id.

    `passed`: a person has said that it may pass; `waiting`: on hold for want of a value;
    `by_value`: held or stopped by the value alone; `overridden`: let pass by a physician; `quiet`:
    on hold without anybody to be asked yet; `held_ms`: since when a value holds an item.
    """

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.waiting: set[str] = set()
        self.by_value: set[str] = set()
        self.overridden: set[str] = set()
        self.quiet: set[str] = set()
        self.held_ms: dict[str, int] = {}
        self.looked_ms: int | None = None


def final(engine: "Engine", item: str) -> bool:
    """Whether a stop of this item is a person's, or has met a person's word: it then stays."""
    return item not in engine.words.by_value


def why_not(engine: "Engine", item: str, state: str, at_ms: int) -> str | None:
    """Why a person may not pass this item: its value speaks against it; the item is moved then."""
    one = _item(engine, item)
    if state != "pass" or one is None or one.measure is None:
        return None
    engine.words.passed.add(item)
    found = judged(engine.chart, one.measure, at_ms)
    if found.state not in ("hold", "stop"):
        return None
    follow(engine, at_ms)
    return f"gate item {item!r}: {found.words}"


def said(engine: "Engine", item: str, state: str, at_ms: int) -> None:
    """A person has set an item."""
    words = engine.words
    for group in (words.waiting, words.by_value, words.overridden, words.quiet):
        group.discard(item)
    one = _item(engine, item)
    if state != "pass":
        words.passed.discard(item)
    elif one is not None and one.measure is not None:
        found = judged(engine.chart, one.measure, at_ms)
        if found.state is None:
            words.waiting.add(item)
            engine.chart.gate[item], engine.chart.gate_notes[item] = "hold", found.words
    follow(engine, at_ms)


def overridden(engine: "Engine", item: str, at_ms: int) -> None:
    """A physician has let an item on hold pass."""
    words = engine.words
    for group in (words.waiting, words.by_value, words.quiet):
        group.discard(item)
    words.passed.add(item)
    words.overridden.add(item)
    follow(engine, at_ms)


def sampled(engine: "Engine", sample: Sample) -> None:
    """An oximeter sample came at the gate: look again, not oftener than every second."""
    chart, words = engine.chart, engine.words
    if chart.phase is not Phase.GATE:
        return
    if sample.rr is not None:
        chart.gate_rr = (sample.at_ms, sample.rr)
    if words.looked_ms is None or sample.at_ms - words.looked_ms >= _EVERY_MS:
        words.looked_ms = sample.at_ms
        if follow(engine, sample.at_ms):
            engine.refresh(sample.at_ms)


def follow(engine: "Engine", at_ms: int) -> bool:
    """Move every measured item to where its value and the people's words lead. True: one moved."""
    chart = engine.chart
    if chart.phase is not Phase.GATE or chart.gate_lapsed:
        return tell(engine)
    before = dict(chart.gate)
    for item in chart.gate_items:
        if item.measure is not None:
            _move(engine, item, at_ms)
    return tell(engine) or chart.gate != before


def ask_reading(engine: "Engine", at_ms: int) -> None:
    """The second reading of the gate, a third when two differ, two more after a rest."""
    chart = engine.chart
    if chart.phase is Phase.GATE and not chart.gate_lapsed:
        wanted = next_reading(chart)
        if wanted is not None:
            engine.emit(engine.prompts.one_more(wanted.due_ms, wanted.why, at_ms))


def _move(engine: "Engine", item: "GateItem", at_ms: int) -> None:
    chart, words = engine.chart, engine.words
    state, name = chart.gate.get(item.id), item.id
    moved = name in words.by_value or name in words.waiting
    if state in ("hold", "stop") and not moved:
        return
    found = judged(chart, str(item.measure), at_ms)
    if found.state == "pass" or (name in words.overridden and found.state != "stop"):
        words.by_value.discard(name)
        words.waiting.discard(name)
        words.held_ms.pop(name, None)
        if state in ("hold", "stop"):
            chart.gate[name] = "pass" if name in words.passed else "open"
            chart.gate_notes[name] = found.words
        return
    if found.state is None:
        # What has passed was measured; a signal that is poor for a moment takes nothing back.
        return
    words.waiting.discard(name)
    # A stop that has met a person's word stands, where stops are final.
    if found.state == "stop" and item.stop_final and name in words.passed:
        words.by_value.discard(name)
    else:
        words.by_value.add(name)
    stood_ms = at_ms - words.held_ms.setdefault(name, at_ms)
    asks = found.ask and stood_ms >= found.after_ms
    (words.quiet.discard if asks else words.quiet.add)(name)
    chart.gate[name], chart.gate_notes[name] = found.state, found.words


def tell(engine: "Engine") -> bool:
    """GATE-HOLD is so while an item is on hold that only a physician can decide. True: news."""
    chart, words = engine.chart, engine.words
    # What the value alone holds asks nobody before somebody has said that it may pass.
    quiet = words.waiting | words.quiet | (words.by_value - words.passed)
    held = [
        f"{item.id}: {chart.gate_notes.get(item.id) or 'on hold'}"
        for item in chart.gate_items
        if chart.gate.get(item.id) == "hold" and item.id not in quiet
    ]
    so = bool(held) and chart.phase is Phase.GATE and not chart.gate_lapsed
    old = chart.reports.get("gate_hold")
    if so == (old is not None and old.present):
        return False
    engine.observer.say("gate_hold", present=so, reason="; ".join(held) or "nothing is on hold")
    return True


def _item(engine: "Engine", item: str) -> "GateItem | None":
    return next((one for one in engine.chart.plan.gate if one.id == item), None)
