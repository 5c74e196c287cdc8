"""Rows of pressures against a calculation of their own, and on 300 stays of real patients."""

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.condition import Absent, Present
from monitor.chart import BpReading
from monitor.detectors.confirmed import ConfirmedDetector
from tests.charts import Rig
from tests.effort import tries
from tests.oracle_cuff import BP_SEV, ROWS, Cuff, Spell, is_isolated, spells
from tests.recorded import DATA

pytestmark = pytest.mark.long


def judged(readings: list[Cuff], row: str) -> list[Spell]:
    """Return what the detector says of these readings, with its deadlines in between."""
    detector = Rig(row).detector
    assert isinstance(detector, ConfirmedDetector)
    found: list[Spell] = []
    began_s: int | None = None
    full: tuple[int | None, str] = (None, "")

    def look(t_s: int) -> None:
        nonlocal began_s, full
        answer = detector.answer
        if isinstance(answer, Present):
            began_s = t_s if began_s is None else began_s
            if answer.full and full[0] is None:
                full = (t_s, how(answer.reason))
        elif isinstance(answer, Absent) and began_s is not None:
            found.append(Spell(began_s, full[0], full[1] or "single", t_s))
            began_s, full = None, (None, "")

    for one in readings:
        wake(detector, one.t_s, look)
        mean = None if one.mean is None else round(one.mean * 100)
        pair = round(one.sbp * 100), round(one.dbp * 100)
        detector.on_reading(BpReading(one.t_s * 1000, *pair, map_x100=mean))
        look(one.t_s)
    wake(detector, readings[-1].t_s + 1_000, look)
    return found if began_s is None else [*found, Spell(began_s, *full, None)]


def wake(detector: ConfirmedDetector, until_s: int, look: Callable[[int], None]) -> None:
    """Let the row's own deadline come when it is due by then."""
    due_ms = detector.answer.until_ms
    if due_ms is not None and due_ms <= until_s * 1000:
        detector.refresh(due_ms)
        look(due_ms // 1000)


def how(reason: str) -> str:
    """Return why the row is believed, in the oracle's words."""
    words = {"confirmed": "confirmed", "no second": "nobody", "one reading": "at once"}
    return next(word for start, word in words.items() if f", {start}" in reason)


READING = st.builds(
    lambda gap, sbp, apart: (gap, sbp, sbp - apart),
    st.sampled_from([30, 59, 60, 61, 120, 240, 299, 300, 301, 600, 1200]),
    st.one_of(
        st.integers(60, 220),
        st.sampled_from([79, 80, 89, 90, 95, 99, 100, 154, 155, 160, 165, 175, 179, 180, 200]),
    ),
    st.sampled_from([15, 19, 20, 24, 25, 40, 60, 95, 100, 101]),
)


@tries(100)
@given(st.lists(READING, min_size=1, max_size=25))
def test_rows_are_present_as_the_words_say(steps: list[tuple[int, int, int]]) -> None:
    """When, why in full, and until when: of every row, for any readings."""
    readings, t_s = [], 0
    for gap_s, sbp, dbp in steps:
        t_s += gap_s
        readings.append(Cuff(t_s, sbp, dbp))
    got = {name: judged(readings, name) for name in ROWS}
    assert got == {name: spells(readings, row) for name, row in ROWS.items()}


# --- 300 real stays -------------------------------------------------------------------------------


@cache
def stays() -> tuple[list[Cuff], ...]:
    """Return the accepted readings of each stay, in order; skip when the file is not here."""
    path = DATA / "eicu_nibp_300_stays.csv.gz"
    if not path.exists():
        pytest.skip("needs ../shared")
    found: dict[str, list[Cuff]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if not line["sbp"] or not line["dbp"]:
                continue
            sbp, dbp = float(line["sbp"]), float(line["dbp"])
            # What the intake refuses as IMPLAUSIBLE: 2.5.
            if 50 <= sbp <= 280 and 25 <= dbp <= 180 and sbp - dbp >= 15:
                mean = float(line["map"]) if line["map"] else None
                one = Cuff(int(float(line["t_s"])), sbp, dbp, mean)
                readings = found.setdefault(line["record"], [])
                if not readings or one.t_s > readings[-1].t_s:
                    readings.append(one)
    return tuple(readings for readings in found.values() if readings)


def answered(readings: list[Cuff]) -> list[Cuff]:
    """Return the same readings a minute apart: the next one is what the prompt would have shown.

    A real stay is measured every 20 min and answers no prompt; this is semi-synthetic.
    """
    return [Cuff(60 * n, one.sbp, one.dbp, one.mean) for n, one in enumerate(readings)]


def test_real_stays_give_the_times_of_the_oracle() -> None:
    """84,000 readings with spikes and errors: each spell of each row, to the second."""
    for readings in stays():
        for name, row in ROWS.items():
            assert judged(readings, name) == spells(readings, row), (name, readings[0])


def test_an_isolated_spike_is_never_confirmed_and_a_sustained_pressure_is() -> None:
    """A spike of 180 and more among readings that are 40 lower and fine: BP-SEV says at once that
    it is checking, and the readings it asks for end it as a single one. In the stay's own time none
    comes as asked: it is marked so, never confirmed. Three high ones in a row are confirmed.
    """
    seen: Counter[str] = Counter()
    for own in stays():
        asked = answered(own)
        spikes = [index for index in range(len(own)) if is_isolated(own, index)]
        sustained = [
            index
            for index in range(len(own) - 2)
            if all(180 <= one.sbp < 200 for one in own[index : index + 3])
            and abs(own[index].dbp - own[index + 1].dbp) <= 15
        ]
        by_start = {spell.present_s: spell for spell in judged(asked, "BP-SEV")}
        slowly = {spell.present_s: spell for spell in judged(own, "BP-SEV")}
        for index in spikes:
            spell = by_start.get(asked[index].t_s)
            if spell is not None:
                seen["spike"] += 1
                assert (spell.full_s, spell.how) == (None, "single")
                assert spell.clear_s in {asked[index].t_s + 60, asked[index].t_s + 120}
            spell = slowly.get(own[index].t_s)
            if spell is not None:
                seen[f"spike in own time: {spell.how}"] += 1
                assert spell.how in {"nobody", "single"}
        for index in sustained:
            spell = by_start.get(asked[index].t_s)
            if spell is not None:
                seen["sustained"] += 1
                assert spell.how == "confirmed"
    assert seen["spike"] >= 25
    assert seen["sustained"] >= 25


def test_the_oracle_itself() -> None:
    """What it says of a spike, of a pair and of three that differ, by hand."""
    spike = [Cuff(0, 190, 90), Cuff(60, 168, 85), Cuff(120, 140, 80)]
    assert spells(spike, BP_SEV) == [Spell(0, None, "single", 120)]
    assert spells([Cuff(0, 190, 90), Cuff(300, 190, 90)], BP_SEV) == [Spell(0, 300, "nobody", None)]
