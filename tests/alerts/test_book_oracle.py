"""One alarm for each cause, against a calculation from the catalogue's words (2.7, rules 1, 2, 4).

Rows of four families come, rise, fall, end and cannot be looked at, in any order and at any times,
and people reset what is latched: after each step every open alarm must be that of the oracle.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import RowFacts
from alerts.book import AlarmBook
from alerts.condition import Absent, AlarmClass, Assessment, Kind, Off, Present, Priority, Unknown
from tests.oracle_family import Families, Kin, Level, Shown

P, T, W, O = Kind.PHYSIOLOGICAL, Kind.TECHNICAL, Kind.WORKFLOW, Kind.OBSERVER  # noqa: E741
ROWS = {
    row.id: row
    for row in (
        RowFacts("WARN", "oxygen", P, boost_class=AlarmClass.A),
        RowFacts("LOW", "oxygen", P, Priority.HIGH, AlarmClass.A),
        RowFacts("CRIT", "oxygen", P, Priority.HIGH, AlarmClass.A),
        RowFacts("TACHY", "pulse_fast", P, Priority.HIGH, AlarmClass.S),
        RowFacts("SENSOR", "no_signal", T, Priority.HIGH, AlarmClass.A),
        RowFacts("STALE", "no_signal", T, boost_class=AlarmClass.A),
        RowFacts("ABSENT", "companion", W, Priority.MEDIUM, AlarmClass.S),
        RowFacts("SICK", "vomiting", O),
    )
}
KIN = {
    row.id: Kin(
        row.family,
        None if row.latch_from is None else row.latch_from.value,
        None if row.boost_class is None else row.boost_class.value,
        row.kind in (P, O),
    )
    for row in ROWS.values()
}
LEVELS: list[Level] = [
    ("low", None),
    ("medium", None),
    ("high", "A"),
    ("high", "S"),
    ("high", "E"),
]
ANSWERS: dict[str, Assessment] = {
    "absent": Absent(),
    "unknown": Unknown("no value"),
    "off": Off("no device"),
}
STEP = st.tuples(
    st.sampled_from([1, 29, 100, 299, 300, 301, 600]),
    st.sampled_from([*ROWS, *ROWS, "reset"]),
    st.sampled_from([*LEVELS, "absent", "absent", "absent", "unknown", "off"]),
)


def shown(book: AlarmBook) -> dict[str, Shown]:
    """The open alarms of the book."""
    return {
        family: Shown(
            alarm.id,
            (alarm.level[0].value, None if alarm.level[1] is None else alarm.level[1].value),
            frozenset(row for row, state in alarm.rows.items() if state.present),
            frozenset(row for row, state in alarm.rows.items() if state.latched),
        )
        for family, alarm in book.open.items()
    }


@settings(max_examples=300)
@given(st.lists(STEP, max_size=40))
def test_every_alarm_is_that_of_the_words(steps: list[tuple[int, str, Level | str]]) -> None:
    """Id, priority, class, what is present and what is latched; Unknown and Off change nothing."""
    book, families = AlarmBook(), Families(KIN)
    rows: dict[str, Level] = {}
    at_ms = 0
    for after_s, name, what in steps:
        at_ms += after_s * 1000
        expected = families.now(at_ms, rows)
        if name == "reset":
            for family in sorted(book.open):
                book.reset(book.open[family], "ann", at_ms)
                expected = families.reset(at_ms, family)
        elif isinstance(what, str):
            book.settle(ROWS[name], ANSWERS[what], at_ms)
            if what == "absent":
                rows.pop(name, None)
            expected = families.now(at_ms, rows)
        else:
            priority, letter = what
            alarm_class = None if letter is None else AlarmClass(letter)
            book.settle(ROWS[name], Present(Priority(priority), alarm_class, "x"), at_ms)
            rows[name] = what
            expected = families.now(at_ms, rows)
        assert shown(book) == expected
