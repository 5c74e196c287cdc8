"""The page of an evaluation: targets of the catalogue beside what the worlds came to.

`clinical.md` 4.4 has the targets. A number that misses its target is shown as missed, with the rows
or the seeds that made it so; no limit is moved here. It lays out and counts, and plays nothing.

    text = evaluation_page(summaries, {"commit": "abc", "machine": "2 cores"})
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from simulators.worlds.evaluation_parts import missed_part, noted, pages_part, rows_part
from simulators.worlds.figures import Summary, wilson
from simulators.worlds.notes import Note
from simulators.worlds.table import page_rows, shown, state

__all__ = ["Target", "evaluation_page", "targets"]

_DELAYS = {"SPO2-LOW": 15.0, "SPO2-CRIT": 5.0, "SPO2-FAST": 8.0}
_RATES = {
    "physiological high": 0.05,
    "physiological": 0.5,
    "technical low": 6.0,
    "technical medium": 1.5,
    "technical high": 0.03,
}
_STANDARD = ("uneventful_still", "uneventful_normal")
_SENSITIVITY, _PAGES = 0.99, 0.1
_HEAD = """\
# Evaluation

Made by `make evaluate`; nobody edits it. Simulated worlds show what the rows do in the simulator,
on figures of hospitals and of nasal esketamine: no recording of a home session exists. The targets
are those of the catalogue (4.4). Shares have the 95 % interval of Wilson.
"""


class Target(Struct, frozen=True):
    """One target, what was found, and whether it is met (None: nothing could be judged).

    `key` is the name by which a note is about it.
    """

    key: str
    words: str
    wanted: str
    found: str
    met: bool | None


def targets(summaries: Sequence[Summary]) -> list[Target]:
    """Return every target with what was found."""
    found = [_sensitivity(summaries)]
    found += [_delay(row, limit_s, summaries) for row, limit_s in _DELAYS.items()]
    standard = [one for one in summaries if one.scenario in _STANDARD]
    for name, most in _RATES.items():
        count = sum(one.false[name].count for one in standard)
        hours = sum(one.false[name].hours for one in standard)
        words = f"{name} alarms in uneventful sessions, an hour"
        rate = count / hours if hours else None
        told = f"{shown(rate)} ({count} in {shown(hours)} h)"
        found.append(Target(name, words, f"at most {most:g}", told, _at_most(rate, most)))
    worlds = sum(one.worlds for one in standard)
    pages = sum(one.pages * one.worlds for one in standard) / worlds if worlds else None
    words = "pages to a physician in an uneventful session"
    wanted = f"at most {_PAGES:g}"
    found.append(Target("pages", words, wanted, shown(pages), _at_most(pages, _PAGES)))
    return found


def _at_most(value: float | None, most: float) -> bool | None:
    return None if value is None else value <= most


def _sensitivity(summaries: Iterable[Summary]) -> Target:
    rows = [
        row for one in summaries for row in one.rows if " high" in row.words.split(" within")[0]
    ]
    met = sum(row.met for row in rows)
    judged = met + sum(row.late + row.missed for row in rows)
    low, high = wilson(met, judged)
    told = f"{met} of {judged} ({100 * low:.2f}..{100 * high:.2f} %)"
    ok = met >= _SENSITIVITY * judged if judged else None
    return Target("sensitivity", "high alarms in time", "at least 99 %", told, ok)


def _asks(words: str, row: str, limit_s: float) -> bool:
    """Whether a must is about the row alone, and about its fast criterion.

    A row with a slow criterion too (SPO2-LOW: below 90 for 30 s) has deadlines beyond the target,
    which count in the sensitivity.
    """
    what, _, within = words.partition(" within ")
    fast = bool(within) and float(within.removesuffix(" s")) <= limit_s
    return fast and what in (f"{row} high", f"{row} medium")


def _delay(row: str, limit_s: float, summaries: Iterable[Summary]) -> Target:
    p95 = [
        (one.p95_s, summary.scenario)
        for summary in summaries
        for one in summary.rows
        if one.p95_s is not None and _asks(one.words, row, limit_s)
    ]
    words = f"{row}: p95 of the delay from the device's own crossing, in its slowest scenario"
    if not p95:
        return Target(row, words, f"at most {limit_s:g} s", "-", None)
    worst_s, scenario = max(p95)
    told = f"{shown(worst_s)} s ({scenario})"
    return Target(row, words, f"at most {limit_s:g} s", told, worst_s <= limit_s)


def evaluation_page(
    summaries: Sequence[Summary],
    about: Mapping[str, str],
    more: Sequence[str] = (),
    notes: Mapping[str, Note] | None = None,
) -> str:
    """Return the whole page; `about` says what ran where, `more` are further sections."""
    known = notes or {}
    calm = [one for one in summaries if one.scenario.startswith(_CALM)]
    lines = [_HEAD, *[f"- {name}: {value}" for name, value in about.items()], ""]
    lines += _targets_part(targets(summaries), known)
    lines += missed_part(summaries, known)
    lines += pages_part(calm)
    lines += rows_part(calm)
    lines += ["## Scenarios", "", "| scenario | worlds | passed | result |", "|---|---|---|---|"]
    lines += [f"| {s.scenario} | {s.worlds} | {s.passed} | {state(s)} |" for s in summaries]
    lines += ["", "## What must come", ""]
    lines += ["| scenario | row | judged | in time | late | delay: median / p95 / max, s |"]
    lines += ["|---|---|---|---|---|---|"]
    lines += [row for summary in summaries for row in page_rows(summary)]
    lines += ["", "## False alarms an hour", ""]
    lines += ["| scenario | what | count | an hour | interval |", "|---|---|---|---|---|"]
    for s in summaries:
        lines += [
            f"| {s.scenario} | {name} | {r.count} | {shown(r.per_h)} |"
            f" {shown(r.low)}..{shown(r.high)} |"
            for name, r in s.false.items()
            if r.count
        ]
    lines += ["", "## What was broken", ""]
    broken = [f"- {s.scenario}, {line}" for s in summaries for line in s.broken[:_MOST]]
    lines += broken or ["Nothing."]
    lines += ["", *more]
    return "\n".join(lines).rstrip() + "\n"


def _targets_part(found: Sequence[Target], notes: Mapping[str, Note]) -> list[str]:
    lines = ["## Targets", "", "| what | wanted | found | |", "|---|---|---|---|"]
    verdicts = {True: "met", False: "MISSED", None: "not judged"}
    lines += [
        f"| {one.words} | {one.wanted} | {one.found} | {verdicts[one.met]} |" for one in found
    ]
    missed = [one for one in found if one.met is False]
    lines += ["", *[f"- Missed, {one.words}: {noted(one.key, notes)}" for one in missed]]
    return [*lines, ""] if missed else lines


_MOST = 5
_CALM = "uneventful"
