"""Sessions, summaries and pages for the tests of the report; what a page says, read back from it.

`Recorded` is a bedside that keeps what a hub would record. `read` makes of a page its boxes and its
tables, heading by heading, as plain texts: what a reader sees and nothing else.

    page = read(html_of(records("fall")))
    page.tables["Alarms and responses"][0]   -> ["!!! A", "T+33 15:56:47", ...]
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from typing import Any, Self

from alerts.contact import Role
from devices.observation import DeviceKind
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, Tick, Woke
from monitor.journal import Record
from monitor.outage import ClockStamp
from monitor.patient import DeviceBinding
from monitor.report.page import Proof, render
from monitor.report.rems import fields
from monitor.report.show import Options, Show
from monitor.report.summary import Collector, Summary
from monitor.report.wall import Wall
from tests.bedside import DEFAULT, Bedside

__all__ = [
    "DR",
    "HEAD",
    "WHO",
    "XSS",
    "Page",
    "Recorded",
    "dosed",
    "form",
    "html_of",
    "read",
    "recorded",
    "show_of",
    "summary_of",
    "templates",
]

DEVICES = (DeviceBinding("ox", DeviceKind.OXIMETER), DeviceBinding("cuff", DeviceKind.CUFF))
WHO: dict[str, Any] = {"by": "ann", "role": Role.COMPANION}
DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}
XSS = "<script>alert(1)</script>\"'&{{7*7}}"
HEAD = "0123456789abcdef" * 4


@cache
def templates() -> dict[str, str]:
    """Return the shipped templates by name."""
    folder = resources.files("monitor.report").joinpath("templates")
    return {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}


def summary_of(records: Iterable[Record], *, replays: bool = True) -> Summary:
    """Return what the report knows of these records."""
    collector = Collector(replays=replays)
    for record in records:
        collector.take(record)
    summary = collector.summary()
    assert summary is not None
    return summary


def show_of(summary: Summary, **options: Any) -> Show:
    """Return how a report in UTC, without clocks of commits, shows things."""
    chosen = Options(**{"zone": UTC, **options})
    wall = Wall([], summary.opened.wall_ms, summary.course.cuts, chosen.zone, summary.opened.at_ms)
    return Show(summary, wall, chosen)


def html_of(records: Sequence[Record], stamps: Sequence[ClockStamp] = (), **options: Any) -> str:
    """Return the page of these records in UTC."""
    proof = Proof(HEAD, len(records))
    chosen = Options(**{"zone": UTC, **options})
    return render(summary_of(records), proof, chosen, stamps, templates())


def recorded(events: Iterable[Event]) -> list[Record]:
    """Return what a hub records of these events."""
    engine = Engine()
    return [
        Record(n, event, tuple(engine.handle(event))) for n, event in enumerate(events, start=1)
    ]


class Recorded(Bedside):
    """A bedside whose records are kept, idle ticks left out."""

    def __init__(self, **patient: Any) -> None:
        self.records: list[Record] = []
        super().__init__(DEFAULT, DEVICES, **patient)

    def take(self, event: Event) -> Self:
        """Keep each event with what it had for effects."""
        if not self.records and self.engine.opened is None:
            self._handle = self.engine.handle
            self.engine.handle = self._keep  # type: ignore[method-assign]
        return super().take(event)

    def _keep(self, event: Event) -> list[Effect]:
        effects = self._handle(event)
        kept = Woke(at_ms=event.at_ms) if isinstance(event, Tick) else event
        if effects or kept is event:
            self.records.append(Record(len(self.records) + 1, kept, tuple(effects)))
        return effects

    def wait(self, seconds: float, *, samples: bool = True) -> Self:
        """Let time pass, with a sample every second or without any."""
        for _ in range(round(seconds)):
            self.now_ms += 1000
            if samples:
                self.sample()
        return self


class Page(HTMLParser):
    """What stands on a page: boxes by name, tables and paragraphs by the heading above them."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, list[str]] = {}
        self.tables: dict[str, list[list[str]]] = {}
        self.words: dict[str, list[str]] = {}
        self._heading = ""
        self._text: list[str] = []
        self._tags: list[str] = []
        self._box: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what is counted."""
        if tag in ("br", "b") and self._text:
            self._flush_box()
            self._text.append(" ")
        elif tag == "tr":
            self.tables.setdefault(self._heading, []).append([])
        elif tag in ("td", "th", "h1", "h2", "p"):
            self._text = []
        elif tag == "div" and ("class", "box") in attrs:
            self._box, self._text = [], []
        elif tag == "svg":
            self._tags.append("svg")

    def handle_endtag(self, tag: str) -> None:
        """Close what is counted."""
        said = " ".join("".join(self._text).split())
        if tag in ("h1", "h2"):
            self._heading = said
        elif tag in ("td", "th"):
            self.tables[self._heading][-1].append(said)
        elif tag == "p":
            self.words.setdefault(self._heading, []).append(said)
        elif tag == "b":
            self._flush_box()
        elif tag == "div" and self._box is not None:
            self._flush_box()
            name, *rest = self._box
            self.boxes[name], self._box = rest, None
        elif tag == "svg":
            self._tags.pop()

    def handle_data(self, data: str) -> None:
        """Take text, but not that of pictures."""
        if not self._tags:
            self._text.append(data)

    def _flush_box(self) -> None:
        if self._box is not None and (said := " ".join("".join(self._text).split())):
            self._box.append(said)
            self._text = []


def read(html: str) -> Page:
    """Return what stands on a page."""
    page = Page()
    page.feed(html)
    return page


def dosed(**patient: Any) -> Recorded:
    """Return a session with its gate passed and a dose taken, after 170 s of good signal."""
    bed = Recorded(**patient).wait(20)
    bed.bp(120, 80)
    bed.wait(90).bp(122, 80).wait(60)
    return bed.gate().dose()


def form(records: list[Record]) -> dict[str, tuple[str, str]]:
    """Return the fields of the form by name."""
    return {one.name: (one.value, one.note) for one in fields(summary_of(records))}
