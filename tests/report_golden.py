"""The golden pages of the three kept sessions, and how they are made anew.

They are not replayed, so that a page changes with what is made of a record and never with the
engine. Of two sessions only the first sheet is kept; the whole of one is enough.

    python -m tests.report_golden      writes them again; look at the difference before you commit
"""

from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from monitor.report.page import Proof, render
from monitor.report.patient_page import Session, render_patient
from monitor.report.show import Options
from monitor.report.wall import Wall
from tests.canonical import SESSIONS, records
from tests.house import ROOT
from tests.reports import HEAD, summary_of, templates

__all__ = ["GOLDEN", "path_of"]

_END = "</section>"


def _whole(name: str) -> str:
    summary = summary_of(records(name), replays=False)
    proof = Proof(HEAD, len(records(name)))
    return render(summary, proof, Options(zone=UTC), [], templates())


def _sheet(name: str) -> str:
    page = _whole(name)
    return page[page.index("<section") : page.index(_END) + len(_END)] + "\n"


def _patient() -> str:
    summaries = [summary_of(records(name), replays=False) for name in SESSIONS]
    sessions = [Session(one, Wall([], one.opened.wall_ms, (), UTC), HEAD) for one in summaries]
    return render_patient(sessions, "p1", Options(zone=UTC), templates())


GOLDEN: dict[str, Callable[[], str]] = {
    "report-fall": lambda: _whole("fall"),
    "report-quiet-sheet": lambda: _sheet("quiet"),
    "report-pressure-sheet": lambda: _sheet("pressure"),
    "report-patient": _patient,
}
"""Each golden page by its name, and what makes it."""


def path_of(name: str) -> Path:
    """Return where a golden page is kept."""
    return ROOT / "tests" / "golden" / f"{name}.html"


if __name__ == "__main__":
    for each, make in GOLDEN.items():
        path_of(each).parent.mkdir(exist_ok=True)
        path_of(each).write_text(make(), encoding="utf-8")
