"""Recorded sessions and other plans for the tests of a what-if."""

from collections.abc import Iterable
from functools import cache

from msgspec.structs import replace

from monitor.journal import Record, encode
from monitor.plan import Plan, load_plan
from monitor.plans_dir import plan_texts
from monitor.what_if.recorded import Recorded, read_session
from tests.reports import Recorded as Bed
from tests.reports import dosed

__all__ = ["OTHER", "changed_plan", "fall", "opened", "raw", "without"]


def raw(records: Iterable[Record]) -> list[tuple[int, bytes, bytes]]:
    """Return records as a journal's file gives them."""
    return [(record.n, encode(record), b"") for record in records]


def opened(bed: Bed) -> Recorded:
    """Return a session as a what-if reads it."""
    return read_session(raw(bed.records))


@cache
def changed_plan(*changes: tuple[str, str]) -> Plan:
    """Return the shipped plan with texts replaced; each must be there."""
    texts = plan_texts()
    text = texts["default"]
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return load_plan(text, "other.toml", texts)


def without(*rows: str) -> Plan:
    """Return the shipped plan without these rows."""
    plan = changed_plan()
    assert {row.id for row in plan.rows}.issuperset(rows)
    return replace(plan, rows=tuple(row for row in plan.rows if row.id not in rows))


OTHER = changed_plan(("{ below = 88, delay_s = 10 }", "{ below = 80, delay_s = 10 }"))
"""SPO2-LOW waits for 80 % in place of 88 %, or for 30 s below 90 % as before."""


def fall(low_pct: float = 86, seconds: int = 20) -> Bed:
    """A dose, five minutes of calm, an oxygen fall that the companion takes, and calm again."""
    bed = dosed().wait(300)
    bed.spo2(low_pct).wait(seconds)
    bed.spo2(97).wait(120)
    return bed
