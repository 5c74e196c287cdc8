"""Tables of an evaluation beside its targets: what was missed and why, pages, rows, checkers.

Each takes summaries and returns lines of Markdown. Nothing here judges: it lays out what `figures`
has counted and what people have noted.

>>> checkers_part(["high is heard"], [])[-2]
'| high is heard | 0 | 0 |'
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from simulators.worlds.figures import RowFigure, Summary, rate
from simulators.worlds.notes import Note
from simulators.worlds.table import page_rows, shown

__all__ = [
    "checkers_part",
    "digests_part",
    "missed_part",
    "noted",
    "pages_part",
    "promise",
    "rows_part",
    "semi_part",
]

_MOST_SEEDS = 12
_MOST_CAUSES = 8


def noted(about: str, notes: Mapping[str, Note]) -> str:
    """Return what is known about something that was missed, in one line."""
    note = notes.get(about)
    if note is None:
        return "Nobody has found out why yet."
    tried = f" Tried: {note.tried}" if note.tried else ""
    return " ".join(f"{note.why}{tried}".split())


def missed_part(summaries: Sequence[Summary], notes: Mapping[str, Note]) -> list[str]:
    """Return every must that was late or missed in some world, with its scenario's seeds."""
    lines = ["## What was late or missed", ""]
    found = [(one, row) for one in summaries for row in one.rows if row.late or row.missed]
    if not found:
        return [*lines, "Nothing.", ""]
    for one, row in found:
        seeds = ", ".join(str(seed) for seed in one.failed[:_MOST_SEEDS])
        more = " ..." if len(one.failed) > _MOST_SEEDS else ""
        judged = row.met + row.late + row.missed
        lines.append(
            f"- {one.scenario}, {row.words}: {row.late} late and {row.missed} missed of {judged};"
            f" worlds that did not pass: {seeds}{more}. {noted(_about(row, notes), notes)}"
        )
    return [*lines, ""]


def _about(row: RowFigure, notes: Mapping[str, Note]) -> str:
    """Return the first of its words that somebody has noted something about."""
    words = row.words.split(" within")[0].split()
    return next((word for word in words if word in notes), words[0])


def pages_part(summaries: Sequence[Summary]) -> list[str]:
    """Return what the physician was paged for, a session, in worlds without an event."""
    lines = ["## Pages to the physician", "", "By the highest row of the alarm; a session each."]
    lines += ["", "| scenario | pages a session | causes |", "|---|---|---|"]
    for one in summaries:
        told = [
            f"{row} {shown(count / one.worlds)}"
            for row, count in list(one.causes.items())[:_MOST_CAUSES]
        ]
        if len(one.causes) > _MOST_CAUSES:
            told.append(f"and {len(one.causes) - _MOST_CAUSES} more")
        lines.append(f"| {one.scenario} | {shown(one.pages)} | {', '.join(told) or 'none'} |")
    return [*lines, ""]


def rows_part(
    summaries: Sequence[Summary], title: str = "## False alarms an hour by row"
) -> list[str]:
    """Return false alarms an hour by row, in worlds without an event."""
    lines = [title, ""]
    lines += [
        "| scenario | kind, priority, row | count | an hour | interval |",
        "|---|---|---|---|---|",
    ]
    for one in summaries:
        for words, count in one.false_rows.items():
            found = rate(count, one.hours)
            lines.append(
                f"| {one.scenario} | {words} | {count} | {shown(found.per_h)} |"
                f" {shown(found.low)}..{shown(found.high)} |"
            )
    return [*lines, ""]


def checkers_part(names: Sequence[str], summaries: Sequence[Summary]) -> list[str]:
    """Return how many worlds each checker has watched, and how often it found a promise broken."""
    worlds = sum(one.worlds for one in summaries)
    found: Counter[str] = Counter()
    for one in summaries:
        found.update(one.unkept)
    lines = ["## Checkers", "", "| promise | worlds watched | broken |", "|---|---|---|"]
    lines += [f"| {name} | {worlds} | {found[name]} |" for name in dict.fromkeys([*names, *found])]
    return [*lines, ""]


def promise(checker: str) -> str:
    """Return a checker's promise from its class's name.

    >>> promise("HighIsHeard")
    'high is heard'
    """
    return _WORDS.sub(r" \1", checker).strip().lower()


_WORDS = re.compile(r"([A-Z])")


def digests_part(again: Mapping[str, bool]) -> list[str]:
    """Return in how many scenarios seed 0, played once more, came to the same digest."""
    other = [name for name, same in again.items() if not same]
    told = "Seed 0 was played once more in another process: the same digest in"
    told += f" {len(again) - len(other)} of {len(again)} scenarios."
    if other:
        told += f" Another one in: {', '.join(other)}."
    return ["## The same seed", "", told, ""]


def semi_part(summaries: Sequence[Summary]) -> list[str]:
    """Return what became of semi-synthetic sessions, set by set, never beside the worlds' own."""
    lines = ["## Semi-synthetic sessions", "", *_SEMI, ""]
    lines += ["| set | sessions | hours | pages to the physician a session |", "|---|---|---|---|"]
    lines += [
        f"| {one.scenario} | {one.worlds} | {shown(one.hours)} | {shown(one.pages)} |"
        for one in summaries
    ]
    lines += ["", "| set | row | judged | in time | late | delay: median / p95 / max, s |"]
    lines += [
        "|---|---|---|---|---|---|",
        *[row for one in summaries for row in page_rows(one)],
        "",
    ]
    return lines + rows_part(summaries, "Alarms an hour by row, but those that a set asks for:")


_SEMI = (
    "What real devices showed (oximetry of ICU patients, BIDMC, and of volunteers short of oxygen,",
    "UW; cuff series of ICU stays, eICU), with the mean course of published ketamine infusions",
    "laid over pressure and pulse. **Nobody in them took ketamine.** No alarm in them is known to",
    "be false: these are rates of alarms. Only what would pass the gate is used.",
)
