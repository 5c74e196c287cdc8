"""A rota in words: gaps, names that are nobody's, hand-overs by day, the shifts."""

from datetime import UTC

from alerts.rota import Rota
from alerts.rota_words import People, Span, Substitute, nobody
from monitor.rota_report import DAY_MS, faults_of, notes_of, shifts_of

HOUR_MS = 3_600_000
PEOPLE = People(frozenset({"lee", "roy"}), {})


def rota(*spans: Span, substitutes: tuple[Substitute, ...] = ()) -> Rota:
    """Two days from 1 January 1970."""
    return Rota(spans, PEOPLE, substitutes, 0, 2 * DAY_MS)


def test_gaps_doubts_and_unknown_names_are_faults() -> None:
    """A doubt that says the name already is not said twice; outside the time nothing is said."""
    one = rota(
        Span(0, 20 * HOUR_MS, "lee"),
        Span(10 * HOUR_MS, 12 * HOUR_MS, "Foo"),
        Span(13 * HOUR_MS, 14 * HOUR_MS, "Bar"),
        Span(13 * HOUR_MS, 14 * HOUR_MS, "roy"),
        Span(13 * HOUR_MS + 1, 14 * HOUR_MS, "roy"),
        Span(15 * HOUR_MS, 16 * HOUR_MS, "Baz"),
        Span(15 * HOUR_MS, 17 * HOUR_MS, "Qux"),
        Span(16 * HOUR_MS, 18 * HOUR_MS, "roy"),
        Span(30 * HOUR_MS, 31 * HOUR_MS, "Late"),
    )
    assert faults_of(one, "main", UTC, 0, DAY_MS) == [
        "rota main: Thu 1 Jan 20:00 to Fri 2 Jan 00:00: nobody is on the rota",
        f"rota main: Thu 1 Jan 10:00: lee is on call, and {nobody('Foo')}",
        f"rota main: Thu 1 Jan 13:00: roy is on call, and {nobody('Bar')}",
        f"rota main: Thu 1 Jan 15:00: lee is on call, and {nobody('Baz')}",
        (f"rota main: Thu 1 Jan 15:00: {nobody('Qux')}; add the name to people, or the contact"),
    ]


def test_a_long_list_of_faults_has_an_end() -> None:
    """Twenty lines, and how many more."""
    spans = [Span(h * HOUR_MS, h * HOUR_MS + 1, "lee") for h in range(30)]
    lines = faults_of(rota(*spans), "main", UTC, 0, 2 * DAY_MS)
    assert (len(lines), lines[-1]) == (21, "rota main: and 10 more")


def test_hand_overs_by_day_and_idle_substitutes_are_notes() -> None:
    """A hand-over at night, to nobody, or outside the time is none; nor is a used substitute."""
    one = rota(
        Span(0, 8 * HOUR_MS, "lee"),
        Span(8 * HOUR_MS, 12 * HOUR_MS, "roy"),
        Span(20 * HOUR_MS, 30 * HOUR_MS, "lee"),
        substitutes=(
            Substitute("roy", 9 * HOUR_MS, 10 * HOUR_MS, "ill"),
            Substitute("roy", 25 * HOUR_MS, 26 * HOUR_MS, "ill", instead_of="roy"),
        ),
    )
    assert notes_of(one, "main", UTC, 0, DAY_MS) == [
        "rota main: Thu 1 Jan 08:00: hand-over to roy by day",
        "rota main: Thu 1 Jan 09:00: the substitute roy (ill) changes nothing",
    ]
    assert notes_of(one, "main", UTC, DAY_MS, 2 * DAY_MS) == [
        "rota main: Fri 2 Jan 01:00: the substitute roy (ill) changes nothing"
    ]


def test_the_shifts_of_a_time_are_cut_to_it() -> None:
    """A gap says NOBODY and why."""
    one = rota(Span(0, 30 * HOUR_MS, "lee"), Span(10 * HOUR_MS, 12 * HOUR_MS, "Foo"))
    assert shifts_of(one, UTC, 11 * HOUR_MS, 40 * HOUR_MS) == [
        ("Thu 1 Jan 11:00", "Thu 1 Jan 12:00", "lee", nobody("Foo")),
        ("Thu 1 Jan 12:00", "Fri 2 Jan 06:00", "lee", ""),
        ("Fri 2 Jan 06:00", "Fri 2 Jan 16:00", "NOBODY", "nobody is on the rota"),
    ]
    assert shifts_of(one, UTC, 0, HOUR_MS) == [("Thu 1 Jan 00:00", "Thu 1 Jan 01:00", "lee", "")]
