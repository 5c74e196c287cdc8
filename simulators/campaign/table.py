"""The campaign's page: what was played, what every fault came to, and what was broken.

Plain Markdown from rows; reads no clock and plays nothing.

    page(singles, kills, doubles, "Commit abc, 2 cores")    -> "# The fault campaign ..."
"""

from collections.abc import Sequence

from simulators.campaign.matrix import Row, total

__all__ = ["page"]

_HEAD = """\
# The fault campaign

Made by `make campaign`; nothing in here is written by hand. Every kind of alarm is raised in a
session with every fault, and five key alarms and a third of the others in turn with every pair of
faults, in virtual time: the hub's own loop,
engine, sender and recovery run unchanged; the disk, the ways to people, the loudspeaker and the
clock are simulated. An auditor with rules of its own (`simulators/campaign/audit.py`) reads what
could be seen from outside. It reports an alarm that is late or lost, a sound that is late, a person
who was not told at their rung, a failed way that no other followed within 1 s, a physician who was
not told in time, an answer that was not taken, and every message that it cannot explain.

Times are the worst of all alarms in seconds: sound, the first message handed over to a service for
the companion and for the physician (of low alarms nobody tells the physician), the first answer
that was taken, each after the alarm. "Repeats" were sent again after a gap and say so. In the cast
"deaf" nobody ever answers; in "physician" the physician or the backup does, 40 s after a message
has reached them. What a second fault breaks is listed as it is.
"""

_COLUMNS = (
    "| fault | people | runs | lost | sound | companion | physician | answer |"
    " messages | repeats | problems |"
)
_RULE = "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
_MOST = 12


def page(singles: Sequence[Row], kills: Sequence[Row], doubles: Sequence[Row], made: str) -> str:
    """Return the whole page."""
    parts = [_HEAD, made, ""]
    for title, rows in (
        ("One fault", singles),
        ("A kill at every record of an alarm's life", kills),
        ("Two faults", doubles),
    ):
        if rows:
            parts += _section(title, rows)
    return "\n".join(parts).rstrip() + "\n"


def _section(title: str, rows: Sequence[Row]) -> list[str]:
    runs, lost, problems = total(rows)
    summary = f"{runs} runs, {lost} alarms lost, {problems} problems."
    lines = [f"## {title}", "", summary, "", _COLUMNS, _RULE, *(_line(row) for row in rows), ""]
    broken = [row for row in rows if row.problems]
    if broken:
        lines += ["What was broken:", ""]
        for row in broken:
            lines += [f"- **{row.name}** ({row.cast}), {len(row.problems)}:"]
            lines += [f"  - {problem}" for problem in row.problems[:_MOST]]
            if len(row.problems) > _MOST:
                lines += [f"  - and {len(row.problems) - _MOST} more of these"]
        lines += [""]
    return lines


def _line(row: Row) -> str:
    times = (row.sound_s, row.companion_s, row.physician_s, row.person_s)
    cells = (
        row.name,
        row.cast,
        str(row.runs),
        str(row.lost),
        *(f"{seconds:.1f}" for seconds in times),
        str(row.messages),
        str(row.repeats),
        str(len(row.problems)),
    )
    return f"| {' | '.join(cells)} |"
