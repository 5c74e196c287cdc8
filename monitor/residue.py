"""DOSE-RESIDUE: take out what is left of the lozenge, first of all, while some may be left.

"SED-2..4, SED-COMBO, NV-ASP or SPO2-LOW with the lozenge possibly still in the mouth (before T+20
and no "mouth empty" tap)" (`clinical.md` 2.6): step 1 of that card, and a line in the record. It is
the only way to stop more of the drug. No alarm of its own is raised here.

    follow(engine, at_ms)         -> CardStep(alarm="sedation@720000", ...) the first time
    asked(engine, "sedation@5")   -> whether that alarm's card begins with it
"""

from typing import TYPE_CHECKING, Final

from alerts.alarm import Alarm
from monitor.chart import Chart
from monitor.effects import CardStep

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["STEP", "alarms", "asked", "follow"]

STEP: Final = "Take out what is left of the lozenge. Wipe the mouth."
_ROWS = frozenset({"SED-2", "SED-3", "SED-4", "SED-COMBO", "SED-COMBO-RR", "NV-ASP", "SPO2-LOW"})
_MELTED_MS = 20 * 60_000


def asked(engine: "Engine", alarm: Alarm) -> bool:
    """Return whether this alarm's card begins with the lozenge now."""
    if not _may_be_left(engine.chart, engine.now_ms):
        return False
    return any(state.present and row in _ROWS for row, state in alarm.rows.items())


def alarms(engine: "Engine") -> tuple[str, ...]:
    """Return the alarms whose cards begin with the lozenge now."""
    return tuple(one.id for one in engine.alarms.book.open.values() if asked(engine, one))


def follow(engine: "Engine", at_ms: int) -> None:
    """Say once of each alarm that its card begins with the lozenge."""
    said = engine.chart.residue_said
    for alarm in engine.alarms.book.open.values():
        if alarm.id not in said and asked(engine, alarm):
            said.add(alarm.id)
            engine.emit(CardStep(at_ms=at_ms, alarm=alarm.id, row="DOSE-RESIDUE", step=STEP))


def _may_be_left(chart: Chart, now_ms: int) -> bool:
    dose_ms, empty_ms = chart.dose_ms, chart.mouth_empty_ms
    if dose_ms is None or now_ms >= dose_ms + _MELTED_MS:
        return False
    return empty_ms is None or empty_ms < dose_ms
