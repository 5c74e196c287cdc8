"""All sessions of one patient on one page: pressures, oxygen, alarms, doses, mood, their own words.

Figures are those of each session's own report, side by side, the earliest first; nothing is judged
and no trend is computed. A figure that a session did not measure is a gap, never a zero. The same
sessions give the same bytes.

    render_patient([Session(summary, wall, head)], "p1", options, templates)
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from alerts.condition import Priority
from devices.observation import Mode
from monitor.report.page import environment, marked, safe_name
from monitor.report.pressures import highest
from monitor.report.readers import LEFT_OUT, may_read
from monitor.report.show import Options, Show
from monitor.report.summary import Summary
from monitor.report.svg import STYLE, Frame, line, text
from monitor.report.wall import Wall
from monitor.report.words import cut, duration, number, share

__all__ = ["Row", "Session", "render_patient", "row_of"]

_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 300, 70, 34, 12, 14
_MOST_NOTES, _MOST_SESSIONS = 60, 60
_LINES = 4
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Session(Struct, frozen=True):
    """One session: what was read of its record, its times of day, the hash of its last record."""

    summary: Summary
    wall: Wall
    head: str


class Row(Struct, frozen=True, kw_only=True):
    """One session in figures; None: not measured. Pressures are systolic x 100 in mmHg."""

    name: str
    date: str
    mode: str
    base_x100: int | None
    peak_x100: int | None
    base: str
    peak: str
    below_ms: int | None
    below: str
    coverage: str
    alarms: int
    alarm_words: str
    doses: int
    phq: int | None
    phq_words: str
    state: str
    head: str


def row_of(session: Session, options: Options) -> Row:
    """Return the figures of one session."""
    summary = session.summary
    show = Show(summary, session.wall, options)
    base = {name: one.value_x100 for name, one in summary.course.baselines.items()}
    sbp, dbp = base.get("sbp"), base.get("dbp")
    from_ms = summary.opened.at_ms if summary.dose_ms is None else summary.dose_ms
    top = highest([one for one in summary.pressures.readings if one.at_ms >= from_ms])
    seen, phq = summary.observed, summary.people.phq
    counts = {level: sum(one.priority is level for one in summary.stories) for level in Priority}
    high, medium = counts[Priority.HIGH], counts[Priority.MEDIUM]
    measured = seen.spo2_low is not None
    return Row(
        name=summary.opened.session,
        date=session.wall.date(summary.opened.at_ms) or "not known",
        mode=marked(summary.opened.mode),
        base_x100=sbp,
        peak_x100=None if top is None else top.sbp_x100,
        base="-" if sbp is None or dbp is None else show.pressure(sbp, dbp),
        peak="-" if top is None else show.pressure(top.sbp_x100, top.dbp_x100),
        below_ms=seen.below_90_ms if measured else None,
        below=f"{duration(seen.below_90_ms)}, {duration(seen.unknown_ms)} unknown"
        if measured
        else "not measured",
        coverage=share(seen.known_ms, seen.whole_ms),
        alarms=len(summary.stories),
        alarm_words=f"{high} high, {medium} medium, {counts[Priority.LOW]} low",
        doses=len(summary.doses),
        phq=phq[-1].total if phq else None,
        phq_words=f"{phq[-1].total} (item 9: {phq[-1].item9})" if phq else "-",
        state=summary.course.phase.value.replace("_", " ")
        if summary.course.end is not None
        else "not closed",
        head=session.head[:16],
    )


def render_patient(
    sessions: Sequence[Session], patient: str, options: Options, templates: Mapping[str, str]
) -> str:
    """Return the page of all sessions of a patient, given in any order."""
    ordered = sorted(sessions, key=_opened)
    rows = [row_of(one, options) for one in ordered]
    last = rows[-_MOST_SESSIONS:]
    marks = {one.summary.opened.mode for one in ordered} - {Mode.REAL}
    view: dict[str, Any] = {
        "patient": patient,
        "name": ordered[-1].summary.opened.patient.name,
        "css_session": safe_name(patient),
        "mark": " ".join(marked(mode) for mode in sorted(marks)),
        "rows": last,
        "more": len(rows) - len(last),
        "unit": "kPa" if options.kpa else "mmHg",
        "made": options.made,
        "reader": options.reader.value,
        "pictures": _pictures(last),
        "notes": _notes(ordered, options)[-_MOST_NOTES:],
        "foot": f"{len(rows)} sessions",
        "markup": Markup,  # our own SVG, whose texts are escaped where it is drawn
    }
    return environment(templates).get_template("patient.html").render(view)


def _opened(session: Session) -> tuple[float, str]:
    opened = session.summary.opened
    when = session.wall.at(opened.at_ms)
    return (0.0 if when is None else when.timestamp()), opened.session


def _notes(sessions: Sequence[Session], options: Options) -> list[tuple[str, str, str]]:
    """The patients' reflections and everybody's notes, as far as this reader may read them."""
    found = []
    for one in sessions:
        show = Show(one.summary, one.wall, options)
        for note in one.summary.people.notes:
            kind = "Reflection" if note.reflection else "Note"
            words = note.text if may_read(options.reader, note.role) else LEFT_OUT
            title = f"{one.summary.opened.session}, {show.clock(note.at_ms)}"
            found.append((title, f"{kind} by {show.who(note.by)}", cut(words, 2_000)))
    return found


def _pictures(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Small pictures that share their sessions: what was measured, session by session."""
    return [
        (
            "Systolic pressure mmHg: before the dose, and highest",
            _small(
                [[_hundredth(r.base_x100) for r in rows], [_hundredth(r.peak_x100) for r in rows]]
            ),
        ),
        (
            "Minutes below 90 %",
            _small([[None if r.below_ms is None else r.below_ms / 60_000 for r in rows]]),
        ),
        ("Alarms", _small([[float(r.alarms) for r in rows]])),
        ("Doses", _small([[float(r.doses) for r in rows]])),
        ("PHQ-9", _small([[None if r.phq is None else float(r.phq) for r in rows]])),
    ]


def _hundredth(value_x100: int | None) -> float | None:
    return None if value_x100 is None else value_x100 / 100


def _small(series: Sequence[Sequence[float | None]]) -> str:
    known = [value for one in series for value in one if value is not None]
    most = max([*known, 1.0])
    step = next((one for one in _STEPS if most / one <= _LINES), _STEPS[-1])
    high = -(-most // step) * step
    count = len(series[0])
    frame = Frame(0, max(count, 1) * 1_000, 0, high, _WIDTH, _HEIGHT)
    parts = [f'<rect width="{_WIDTH}" height="{_HEIGHT}" class="frame"/>']
    value = 0.0
    while value <= high:
        y = frame.y(value)
        parts.append(line(0, y, _WIDTH, y, "grid") + text(-4, y + 3, f"{value:g}", "scale"))
        value += step
    for number_, one in enumerate(series):
        parts.append(_series(frame, one, second=number_ > 0))
    width, height = _WIDTH + _LEFT + 6, _HEIGHT + _TOP + _FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}"><style>{STYLE}</style>'
        f'<g transform="translate({_LEFT},{_TOP})">{"".join(parts)}</g></svg>'
    )


def _series(frame: Frame, values: Sequence[float | None], *, second: bool) -> str:
    """Dots, joined where two sessions in a row have a value; the session's number below."""
    name = "second" if second else "value"
    parts: list[str] = []
    before: tuple[float, float] | None = None
    for index, value in enumerate(values):
        x = frame.x(index * 1_000 + 500)
        if not second and len(values) <= 20:  # noqa: PLR2004 - as many numbers as have room
            parts.append(text(x, frame.height + 10, number((index + 1) * 100), "tick"))
        if value is None:
            before = None
            continue
        here = (x, frame.y(value))
        if before is not None:
            parts.append(line(*before, *here, name))
        parts.append(f'<circle cx="{here[0]:g}" cy="{here[1]:g}" r="2.2" class="{name}"/>')
        before = here
    return "".join(parts)
