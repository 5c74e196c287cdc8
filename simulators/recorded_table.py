"""Lays out what recordings came to, set by set: JSON for programs, Markdown for a page.

It calculates rates from counts and nothing else.

>>> as_json({"a": Counts(records=1, watched_ms=3_600_000)})["a"]["hours"]
1.0
"""

from collections.abc import Mapping
from typing import Any

from simulators.recorded import Counts
from simulators.worlds.figures import quantile
from simulators.worlds.table import shown

__all__ = ["as_json", "sections"]

_HOUR_MS = 3_600_000


def as_json(sets: Mapping[str, Counts]) -> dict[str, Any]:
    """Return every set's figures; delays are seconds, shares of 1."""
    return {name: _figures(counts) for name, counts in sets.items()}


def _figures(counts: Counts) -> dict[str, Any]:
    hours = counts.watched_ms / _HOUR_MS

    def per_h(count: int) -> float | None:
        return count / hours if hours else None

    return {
        "records": counts.records,
        "hours": hours,
        "time_in_alarm": counts.alarm_ms / counts.watched_ms if counts.watched_ms else None,
        "alarms_per_h": {name: per_h(count) for name, count in sorted(counts.priorities.items())},
        "rows": {
            row: {
                "count": count,
                "per_h": per_h(count),
                "time": counts.row_ms[row] / counts.watched_ms if counts.watched_ms else None,
                "delay_s": _delays(counts, row),
            }
            for row, count in sorted(counts.rows.items())
        },
        "pressure_spikes": dict(sorted(counts.spikes.items())),
    }


def _delays(counts: Counts, row: str) -> dict[str, float | None]:
    delays = [one / 1000 for one in counts.delays_ms.get(row, [])]
    return {"median": quantile(delays, 0.5), "p95": quantile(delays, 0.95)}


def sections(sets: Mapping[str, Counts]) -> list[str]:
    """Return a section of Markdown for each set."""
    lines = []
    for name, figures in as_json(sets).items():
        lines += [f"## Recordings: {name}", ""]
        rates = ", ".join(f"{key} {shown(one)}" for key, one in figures["alarms_per_h"].items())
        alarm = shown(_percent(figures["time_in_alarm"]))
        lines.append(
            f"{figures['records']} records, {shown(figures['hours'])} h; alarms an hour:"
            f" {rates or 'none'}; a row was present {alarm} % of the time."
        )
        lines += ["", "| row | present | an hour | % of the time | delay: median / p95, s |"]
        lines.append("|---|---|---|---|---|")
        lines += [
            f"| {row} | {one['count']} | {shown(one['per_h'])} | {shown(_percent(one['time']))} |"
            f" {shown(one['delay_s']['median'])} / {shown(one['delay_s']['p95'])} |"
            for row, one in figures["rows"].items()
        ]
        spikes = figures["pressure_spikes"]
        if spikes:
            told = "; ".join(f"{key}: {count}" for key, count in spikes.items())
            lines += ["", f"Systolic pressures of 180 and more, by what became of BP-SEV: {told}."]
        lines.append("")
    return lines


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
