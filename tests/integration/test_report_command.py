"""`vigil report` on real journals: files for their owner, PDFs of whole pages, faults in words."""

import builtins
import re
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from alerts.contact import Contact, Role
from alerts.effects import Send
from monitor.commands.main import app
from monitor.commands.report_pdf import PdfError, pdf_of
from monitor.events import (
    Accepted,
    Annotated,
    GateOverridden,
    MonitorDown,
    RecordGap,
    SessionOpened,
)
from monitor.journal import Record, chain
from monitor.journal_file import JournalFile
from monitor.report.page import Proof, render
from monitor.report.show import Options
from tests.canonical import records
from tests.journals import edit, entries, named
from tests.reports import HEAD, Recorded, read, summary_of, templates

pytestmark = pytest.mark.integration

CONFIG = '[hub]\ndata_dir = "var"\n'


def vigil(*arguments: str | Path) -> Result:
    """Run `vigil report`."""
    return CliRunner().invoke(app, ["report", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings and two sessions of one patient."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "config.toml").write_text(CONFIG)
    for name in ("fall", "pressure"):
        path = folder / "var" / "sessions" / f"{name}.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = entries(named(name, records(name)))
        with closing(JournalFile(path, chain)) as journal:
            for first in range(0, len(rows), 200):
                journal.write(rows[first : first + 200])
    return folder


def test_a_session_becomes_a_file_that_only_its_owner_reads(house: Path, tmp_path: Path) -> None:
    """By its name or by its path; twice the same bytes; the record is as it was."""
    journal = house / "var" / "sessions" / "fall.db"
    before = journal.read_bytes()
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    by_name = vigil("fall", "--config", house / "config.toml", "--out", one, "--zone", "UTC")
    by_path = vigil(journal, "--out", two, "--zone", "UTC")
    assert (by_name.exit_code, by_path.exit_code) == (0, 0), by_name.output + by_path.output
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_mode & 0o777 == 0o600
    assert journal.read_bytes() == before
    page = read(one.read_text())
    assert dict(page.tables["The record"])["Chain"] == "unchanged, every record fits the one before"
    assert dict(page.tables["The record"])["Records"] == str(len(records("fall")))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.html", "two.html"]


def test_all_sessions_of_a_patient_become_one_page(house: Path, tmp_path: Path) -> None:
    """A file that is no journal is named and left out; a patient without a session is an error."""
    bad = house / "var" / "sessions" / "bad.db"
    bad.write_bytes(b"no journal")
    out = tmp_path / "p1.html"
    found = vigil("--patient", "p1", "--config", house / "config.toml", "--out", out)
    nobody = vigil("--patient", "p2", "--config", house / "config.toml")
    bad.unlink()
    assert (found.exit_code, "bad.db is left out" in found.output) == (0, True)
    assert len(read(out.read_text()).tables["Sessions of Alex"]) == 3
    assert (nobody.exit_code, "has no session of a patient 'p2'" in nobody.output) == (2, True)


def test_a_changed_record_is_reported_as_far_as_it_holds(house: Path, tmp_path: Path) -> None:
    """The report says so before every figure, and names the first record that does not fit."""
    journal, out = tmp_path / "fall.db", tmp_path / "fall.html"
    shutil.copy(house / "var" / "sessions" / "fall.db", journal)
    edit(journal, "UPDATE records SET body = replace(body, '9700', '9900') WHERE n = 1000")
    assert vigil(journal, "--out", out).exit_code == 0
    page = read(out.read_text())
    assert page.words["Session report fall"][1].startswith(
        "The record was changed or is damaged: record 1000 "
    )
    assert dict(page.tables["The record"])["Records"] == "999"


def test_what_cannot_be_reported_says_why(house: Path, tmp_path: Path) -> None:
    """What, where, and what to do; exit code 2 and no file."""
    config = house / "config.toml"
    fall = house / "var" / "sessions" / "fall.db"
    empty = tmp_path / "empty.db"
    with closing(JournalFile(empty, chain)):
        pass
    said = {
        "name one session": vigil(),
        "there is no record at": vigil("nobody", "--config", config),
        "holds no record": vigil(empty, "--out", tmp_path / "x.html"),
        "there is no time zone 'X/Y'": vigil(fall, "--zone", "X/Y"),
        "there is no reader 'x'": vigil(fall, "--reader", "x"),
        "is the record itself": vigil(fall, "--out", fall),
        "cannot be written": vigil(fall, "--out", tmp_path / "none" / "x.html"),
    }
    assert {words: (r.exit_code, words in r.output) for words, r in said.items()} == dict.fromkeys(
        said, (2, True)
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".html"] == []


def test_a_record_of_another_version_is_named(tmp_path: Path) -> None:
    """The chain fits and a record means nothing here: which one, and why."""
    journal = tmp_path / "old.db"
    rows = entries(records("fall")[:3])
    body = b'{"n":3,"event":{"event":"Unheard","at_ms":%d},"effects":[]}' % rows[2].stamp.at_ms
    rows[2] = rows[2]._replace(body=body)
    with closing(JournalFile(journal, chain)) as file:
        file.write(rows)
    result = vigil(journal, "--out", tmp_path / "old.html")
    assert (result.exit_code, "record 3" in result.output) == (2, True)


def test_the_zone_is_this_machines_unless_it_is_named(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TZ counts as for every other program."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    out = tmp_path / "x.html"
    assert vigil(house / "var" / "sessions" / "fall.db", "--out", out).exit_code == 0
    assert "(JST, UTC+09:00)" in out.read_text()


def test_without_the_extra_a_pdf_is_refused_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not installed, or without its libraries: each says what to install."""
    real = builtins.__import__
    faults: list[Exception] = [ImportError("no weasyprint"), OSError("no pango")]

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise faults.pop(0)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(PdfError, match=r"pip install 'vigil\[pdf\]'"):
        pdf_of("")
    with pytest.raises(PdfError, match="apt install libpango"):
        pdf_of("")


def pdf_pages(data: bytes, folder: Path) -> list[str]:
    """Return the text of each page of a PDF."""
    path = folder / "x.pdf"
    path.write_bytes(data)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    return text.split("\f")[:-1]


def size_of(folder: Path) -> str:
    """Return the size of a PDF's pages."""
    told = subprocess.run(
        ["pdfinfo", folder / "x.pdf"], check=True, capture_output=True, text=True
    ).stdout
    return re.sub(r" +", " ", next(line for line in told.splitlines() if "Page size" in line))


def test_the_summary_is_one_a4_sheet_and_every_sheet_is_marked(house: Path, tmp_path: Path) -> None:
    """The first page holds all of it; each has the mark, the session, the hash and its number."""
    out = tmp_path / "fall.pdf"
    assert vigil(house / "var" / "sessions" / "fall.db", "--pdf", "--out", out).exit_code == 0
    pages = pdf_pages(out.read_bytes(), tmp_path)
    assert size_of(tmp_path) == "Page size: 595.276 x 841.89 pts (A4)"
    for heading in ("Gate before the dose", "Discharge", "Alarms: 2 high", "Reviewed by"):
        assert [heading in page for page in pages] == [True] + [False] * (len(pages) - 1)
    for number, page in enumerate(pages, start=1):
        assert "TEST: no real patient" in page
        assert re.search(rf"fall . record [0-9a-f]{{32}} +page {number} of {len(pages)}", page)


def test_the_fullest_summary_is_still_one_sheet(tmp_path: Path) -> None:
    """Every warning, two doses, six alarms, the longest names and notes: one page."""
    bed = Recorded().spo2(90, 140).wait(70)
    bed.gate(state="hold")
    for item in ("mood", "drugs", "health", "place", "locked_away", "pulse"):
        at_ms, text = bed.now_ms, "a reason that goes on for long " * 9
        bed.send(GateOverridden(at_ms=at_ms, item=item, by="dr", role=Role.PHYSICIAN, reason=text))
    bed.dose().spo2(70).wait(60)
    for codes in ("W0 B3 C2 D3 X1 X7", "W2 B2 C1 D2 X2 X10 X9"):
        bed.check(codes).wait(2)
    bed.bp(230, 140)
    for alarm in [one.id for one in bed.engine.alarms.book.open.values()]:
        for by, role in (("ann", Role.COMPANION), ("dr", Role.PHYSICIAN)):
            bed.send(Accepted(at_ms=bed.now_ms, alarm=alarm, by=by, role=role))
    bed.now_ms += 30_000
    bed.send(MonitorDown(at_ms=bed.now_ms, down_ms=None))
    bed.send(RecordGap(at_ms=bed.now_ms, from_ms=0, to_ms=1, lost=3))
    bed.extra_dose()
    bed.send(Annotated(at_ms=bed.now_ms, by="dr", role=Role.PHYSICIAN, text="note " * 500))
    first = bed.records[0]
    assert isinstance(first.event, SessionOpened)
    people = tuple(
        Contact(one.id, one.role, f"{one.name} of a Very Long Family Name Indeed", one.ways)
        for one in first.event.patient.contacts
    )
    patient = msgspec.structs.replace(first.event.patient, contacts=people, name="N" * 200)
    event = msgspec.structs.replace(first.event, patient=patient, session="s" * 64)
    summary = summary_of([Record(1, event, ()), *bed.records[1:]])
    assert len(summary.stories) > 6
    assert any(isinstance(one, Send) for one in bed.effects)
    html = render(summary, Proof(HEAD, 9, "x " * 40), Options(), [], templates())
    pages = pdf_pages(pdf_of(html), tmp_path)
    assert ["Reviewed by" in page for page in pages] == [True] + [False] * (len(pages) - 1)


def test_the_same_page_gives_the_same_pdf() -> None:
    """No clock is in it."""
    page = "<html><head><title>x</title></head><body><p>a</p></body></html>"
    assert pdf_of(page) == pdf_of(page)
