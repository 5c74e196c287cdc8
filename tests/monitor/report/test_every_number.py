"""Every number on the page is in the record: recomputed by a program that knows no report.

The three kept sessions, one without a dose, and simulated ones of other kinds. What is compared is
what a reader sees: boxes, scheduled pressures, alarms with their responses, messages, the form.
"""

from collections.abc import Sequence

import pytest

from monitor.journal import Record
from simulators.worlds.crew import generator, read_all, shipped_plan
from simulators.worlds.script import play
from tests.canonical import SESSIONS, Scribe
from tests.canonical import records as kept
from tests.report_oracle import json_lines
from tests.report_oracle_words import Oracle
from tests.reports import HEAD, Page, html_of, read

OTHERS = [
    ("bp_gate_high", 0),
    ("extra_dose", 0),
    ("hub_crash_midalarm", 0),
    ("ble_outage_recover", 0),
    ("suicidal_disclosure", 0),
]


def played(name: str, seed: int) -> Sequence[Record]:
    """Return the records of one simulated session."""
    scribe = Scribe()
    play(read_all()[name], seed, generator(name, seed), shipped_plan(), [scribe])
    return scribe.records


def without(row: list[str], *columns: int) -> list[str]:
    """Return a row without some of its columns."""
    return [cell for number, cell in enumerate(row) if number not in columns]


def check(records: Sequence[Record]) -> Page:
    """Compare a page with its record, number by number."""
    page, expected = read(html_of(records)), Oracle(json_lines(records))
    assert page.boxes == expected.boxes()
    assert page.tables.get("Blood pressure, mmHg", []) == expected.pressures()
    alarms = page.tables.get("Alarms and responses", [[]])[1:]
    # Without the words of the alarm.
    assert [without(row, 2) for row in alarms] == expected.alarms()
    messages = page.tables.get("Messages to people", [[]])[1:]
    assert [without(row, 4, 5) for row in messages] == expected.messages()[:300]
    form = [cell for row in page.tables["Fields of the REMS monitoring form"] for cell in row]
    told = [f"{name} {value}" for name, value in expected.rems().items()]
    assert [one for one in told if not any(f"{cell} ".startswith(f"{one} ") for cell in form)] == []
    proof = {row[0]: row[1] for row in page.tables["The record"]}
    assert (proof["Records"], proof["Hash of the last record"]) == (str(len(records)), HEAD)
    return page


@pytest.mark.parametrize("name", SESSIONS)
def test_every_number_of_a_kept_session_is_in_its_record(name: str) -> None:
    """Quiet, falling, pressed: the page says what the journal says."""
    check(kept(name))


@pytest.mark.parametrize(("name", "seed"), OTHERS)
def test_every_number_of_other_sessions_is_in_their_records(name: str, seed: int) -> None:
    """No dose, a further dose, a crash, gaps, dips, a private alarm."""
    check(played(name, seed))
