"""The report of one session as one HTML text: self-contained, without script, the same every time.

Values come from `front` and `behind`, the layout from a template that is handed in; jinja2 escapes
every value. The same record, options and templates give the same bytes. No file is opened here.

    html = render(summary, proof, Options(zone=UTC), stamps, templates)
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from devices.observation import Mode
from monitor.outage import ClockStamp
from monitor.report.behind import behind
from monitor.report.front import front
from monitor.report.show import Options, Show
from monitor.report.summary import Summary
from monitor.report.wall import Wall

__all__ = ["Proof", "environment", "marked", "render", "safe_name"]

_NOT_IN_CSS = re.compile(r"[^A-Za-z0-9._-]")


class Proof(Struct, frozen=True):
    """What the chain of hashes says: `head` of the last good record, `fault` in words if any."""

    head: str
    records: int
    fault: str = ""


def environment(templates: Mapping[str, str]) -> Environment:
    """Return what renders: every value is escaped, a missing one is an error."""
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(
    summary: Summary,
    proof: Proof,
    options: Options,
    stamps: Sequence[ClockStamp],
    templates: Mapping[str, str],
) -> str:
    """Return the report of one session.

    Args:
        summary: what was read of its record.
        proof: what the chain of the record says.
        options: zone, reader, unit, and a date to print.
        stamps: the clocks of the record's commits.
        templates: the texts of monitor/report/templates, by file name.
    """
    opened = summary.opened
    wall = Wall(stamps, opened.wall_ms, summary.course.cuts, options.zone, opened.at_ms)
    show = Show(summary, wall, options)
    view: dict[str, Any] = {
        "session": opened.session,
        "css_session": safe_name(opened.session),
        "mark": marked(opened.mode),
        "patient": opened.patient,
        "people": [
            f"{one.role.value}: {one.name}" for one in summary.contacts.values() if one.name
        ],
        "plan": opened.plan,
        "software": opened.software or "not told",
        "date": wall.date(opened.at_ms),
        "from_clock": show.clock(opened.at_ms),
        "to_clock": show.clock(summary.watched_until_ms),
        "made": options.made,
        "reader": options.reader.value,
        "unit": show.unit,
        "proof": proof,
        "verdict": _verdict(summary),
        "warnings": _warnings(summary, proof, wall),
        "front": front(summary, show),
        "behind": behind(summary, show),
        "markup": Markup,  # our own SVG, whose texts are escaped where it is drawn
    }
    return environment(templates).get_template("session.html").render(view)


def marked(mode: Mode) -> str:
    """What stands on every page of a session that is not real; empty for a real one."""
    return {Mode.DEMO: "DEMO: no real patient", Mode.TEST: "TEST: no real patient"}.get(mode, "")


def safe_name(name: str) -> str:
    """A name that may stand in a style sheet's string, and name a file."""
    return _NOT_IN_CSS.sub("_", name)[:80]


def _verdict(summary: Summary) -> str:
    replayed = summary.replayed
    if replayed is None:
        return "not replayed"
    if replayed.differs is None:
        return f"all {replayed.records} records replay to the same decisions"
    # What differs may hold an address: it is for whoever keeps the hub.
    return f"differs at record {replayed.differs.n}: see `vigil replay`"


def _warnings(summary: Summary, proof: Proof, wall: Wall) -> list[str]:
    """What a reader must know before any figure."""
    course = summary.course
    found = []
    if proof.fault:
        found.append(f"The record was changed or is damaged: {proof.fault}.")
    if summary.replayed is not None and summary.replayed.differs is not None:
        found.append(
            f"Today's software decides otherwise from record {summary.replayed.differs.n} on;"
            " alarms and answers here are the recorded ones."
        )
    if summary.lost:
        found.append(
            f"{summary.lost} records could not be kept: figures may miss what was in them."
        )
    if course.at_least:
        found.append("The hub was off for an unknown time: lengths of time are at least so long.")
    if course.end is None:
        found.append(f"The session is not closed: this report goes until record {summary.last_n}.")
    if not wall.known:
        found.append("No time of day is on record: times count from the opening.")
    elif not wall.sure:
        found.append("The hub's clock was not set all the time: times of day may be wrong.")
    return found
