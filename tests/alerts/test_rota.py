"""Who is on call: one shift or one gap at any instant, and the later beginning wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rota import Rota
from alerts.rota_timeline import NOBODY
from alerts.rota_words import Change, Gap, People, RotaError, Shift, Span, Substitute, nobody

LEE, ROY, KIM = "dr-lee", "dr-roy", "dr-kim"
PEOPLE = People(frozenset({LEE, ROY, KIM}), {"Dr Lee": LEE, "on call: Roy": ROY, "Dr Foo": "foo"})


def rota(*spans: Span, substitutes: tuple[Substitute, ...] = ()) -> Rota:
    """A timeline from 0 to 100."""
    return Rota(spans, PEOPLE, substitutes, 0, 100)


@pytest.mark.parametrize(
    ("span", "found"),
    [
        (Span(0, 1, "Dr Lee"), (LEE, "")),
        (Span(0, 1, "  DR   lee "), (LEE, "")),
        (Span(0, 1, "dr-kim"), (KIM, "")),
        (Span(0, 1, "On Call: Roy"), (ROY, "")),
        (Span(0, 1, "Lee"), (None, nobody("Lee"))),
        (Span(0, 1, "Dr Foo"), (None, nobody("Dr Foo"))),
        (Span(0, 1, "Night", ("Dr Lee", "dr-lee")), (LEE, "")),
        (
            Span(0, 1, "Night", ("Dr Lee", "dr-roy")),
            (None, "'Night' names dr-lee and dr-roy at once"),
        ),
        (Span(0, 1, "Night", ("somebody",)), (None, nobody("Night"))),
        (Span(0, 1, "Dr Lee", contact=ROY), (ROY, "")),
        (Span(0, 1, "Dr Lee", contact="foo"), (None, nobody("foo"))),
    ],
)
def test_a_name_is_found_or_it_is_nobody(span: Span, found: tuple[str | None, str]) -> None:
    """Ids and listed names are found whatever their capitals; nothing is guessed, X-... decides."""
    assert PEOPLE.find(span) == found


def test_an_empty_rota_is_one_gap() -> None:
    """Nobody is on call at any time, and it says so."""
    assert rota().parts == (Gap(0, 100, NOBODY),)


def test_a_shift_ends_where_the_next_begins() -> None:
    """The instant of the hand-over belongs to the new person; before and after them is a gap."""
    one = rota(Span(10, 50, "Dr Lee"), Span(50, 90, "dr-roy"))
    assert [one.on_call(at) for at in (0, 9, 10, 49, 50, 89, 90, 99)] == [
        *[Gap(0, 10, NOBODY)] * 2,
        *[Shift(LEE, 10, 50)] * 2,
        *[Shift(ROY, 50, 90)] * 2,
        *[Gap(90, 100, NOBODY)] * 2,
    ]
    assert one.changes(0, 100) == [
        Change(10, LEE, ""),
        Change(50, ROY, ""),
        Change(90, None, NOBODY),
    ]
    assert one.gaps(5, 95) == [Gap(5, 10, NOBODY), Gap(90, 95, NOBODY)]


@pytest.mark.parametrize("at_ms", [-1, 100])
def test_outside_its_time_a_rota_knows_nothing(at_ms: int) -> None:
    """It says so and what to do, and never guesses from the nearest shift."""
    why = f"rota: {at_ms} ms is outside the timeline; it covers 0 to 100 ms: read it anew"
    with pytest.raises(RotaError) as caught:
        rota(Span(0, 100, LEE)).on_call(at_ms)
    assert caught.value.faults == (why,)


def test_what_begins_later_wins_and_what_lies_beneath_comes_back() -> None:
    """A swap in a standing week, a swap in the swap, and each one ends."""
    one = rota(Span(-500, 500, LEE), Span(20, 80, ROY), Span(40, 60, KIM), Span(95, 95, ROY))
    assert one.parts == (
        Shift(LEE, 0, 20),
        Shift(ROY, 20, 40),
        Shift(KIM, 40, 60),
        Shift(ROY, 60, 80),
        Shift(LEE, 80, 100),
    )


def test_of_two_that_begin_together_the_shorter_wins() -> None:
    """The first hours of a long shift are given away; the rest is as it was."""
    one = rota(Span(0, 100, LEE), Span(0, 30, ROY))
    assert one.parts == (Shift(ROY, 0, 30), Shift(LEE, 30, 100))


def test_one_that_has_ended_beneath_does_not_come_back() -> None:
    """A shift that ends while another covers it is over."""
    one = rota(Span(0, 40, LEE), Span(20, 80, ROY))
    assert one.parts == (Shift(LEE, 0, 20), Shift(ROY, 20, 80), Gap(80, 100, NOBODY))


def test_the_same_person_twice_in_a_row_is_one_shift() -> None:
    """Two events of one person that touch are no hand-over."""
    one = rota(Span(0, 40, LEE), Span(30, 100, "Dr Lee"))
    assert (one.parts, one.changes(0, 100)) == ((Shift(LEE, 0, 100),), [])


def test_two_people_at_the_same_time_are_a_doubt() -> None:
    """Somebody is on call all the same: the first by id, and the shift says why it is doubtful."""
    one = rota(Span(0, 100, ROY), Span(0, 100, LEE))
    assert one.parts == (Shift(LEE, 0, 100, "the rota names dr-lee and dr-roy at once"),)


def test_an_unknown_name_is_a_doubt_for_whoever_lies_beneath() -> None:
    """The standing person stays on call; with nobody beneath it is a gap that names the name."""
    one = rota(Span(0, 60, LEE), Span(30, 80, "Dr Foo"))
    why = nobody("Dr Foo")
    assert one.parts == (
        Shift(LEE, 0, 30),
        Shift(LEE, 30, 60, why),
        Gap(60, 80, why),
        Gap(80, 100, NOBODY),
    )
    assert one.changes(0, 100) == [Change(60, None, why)]
    assert one.doubts == ((Span(30, 80, "Dr Foo"), why),)


def test_an_unknown_name_beneath_a_known_one_changes_nothing() -> None:
    """It is still named, once, for whoever keeps the rota."""
    one = rota(Span(0, 100, "Dr Foo"), Span(0, 100, "Dr Foo"), Span(10, 100, LEE))
    why = nobody("Dr Foo")
    assert one.parts == (Gap(0, 10, why), Shift(LEE, 10, 100))
    assert one.doubts == ((Span(0, 100, "Dr Foo"), why),)


def test_an_unknown_name_at_the_very_same_time_is_a_doubt() -> None:
    """The known person is on call, with the doubt."""
    one = rota(Span(0, 100, "Dr Foo"), Span(0, 100, LEE))
    assert one.parts == (Shift(LEE, 0, 100, nobody("Dr Foo")),)


def test_a_substitute_takes_the_shifts_of_one_person_only() -> None:
    """Other people's shifts in that time are left as they are."""
    one = rota(
        Span(0, 50, LEE),
        Span(50, 100, ROY),
        substitutes=(Substitute(KIM, 20, 70, "ill", instead_of=LEE),),
    )
    assert one.parts == (Shift(LEE, 0, 20), Shift(KIM, 20, 50), Shift(ROY, 50, 100))


def test_a_substitute_for_anybody_fills_gaps_too_and_ends_a_doubt() -> None:
    """It says plainly who is on call."""
    one = rota(
        Span(0, 50, LEE),
        Span(40, 50, "Dr Foo"),
        substitutes=(Substitute(KIM, 30, 70, "holiday"),),
    )
    assert one.parts == (Shift(LEE, 0, 30), Shift(KIM, 30, 70), Gap(70, 100, NOBODY))


def test_a_later_substitute_lies_over_an_earlier_one() -> None:
    """The order of the file decides."""
    one = rota(
        Span(0, 100, LEE),
        substitutes=(
            Substitute(ROY, 0, 100, "ill"),
            Substitute(KIM, 20, 40, "train", instead_of=ROY),
        ),
    )
    assert one.parts == (Shift(ROY, 0, 20), Shift(KIM, 20, 40), Shift(ROY, 40, 100))


def test_an_unknown_substitute_takes_no_shift_and_casts_a_doubt() -> None:
    """Whoever had the shift keeps it; a gap stays one and says the name."""
    one = rota(Span(0, 50, LEE), substitutes=(Substitute("foo", 0, 100, "?"),))
    why = nobody("foo")
    assert one.parts == (Shift(LEE, 0, 50, why), Gap(50, 100, why))


def test_a_substitute_that_changes_nothing_is_named() -> None:
    """One outside the timeline is neither used nor unused."""
    idle = Substitute(KIM, 20, 40, "ill", instead_of=ROY)
    outside = (Substitute(KIM, 100, 120, "later"), Substitute(KIM, -9, 0, "before"))
    one = rota(Span(0, 100, LEE), substitutes=(idle, *outside))
    assert (one.unused, one.parts) == ((idle,), (Shift(LEE, 0, 100),))


TIMES = st.integers(-20, 120)
SPANS = st.builds(
    lambda a, b, title: Span(min(a, b), max(a, b), title),
    TIMES,
    TIMES,
    st.sampled_from([LEE, ROY, KIM, "Dr Foo"]),
)
SUBSTITUTES = st.builds(
    lambda a, b, who, old: Substitute(who, min(a, b), max(a, b) + 1, "why", old),
    TIMES,
    TIMES,
    st.sampled_from([LEE, ROY, "foo"]),
    st.sampled_from(["", LEE, KIM]),
)


@given(st.lists(SPANS, max_size=8), st.lists(SUBSTITUTES, max_size=3))
def test_at_any_instant_one_shift_or_one_gap(
    spans: list[Span], substitutes: list[Substitute]
) -> None:
    """The parts cover the time without holes; hand-overs are where the person differs."""
    one = Rota(spans, PEOPLE, substitutes, 0, 100)
    edges = [(part.from_ms, part.to_ms) for part in one.parts]
    assert [edge for edge, _ in edges] == [0, *(edge for _, edge in edges[:-1])]
    assert edges[-1][1] == 100
    now = [one.on_call(at) for at in range(100)]
    assert all(part.from_ms <= at < part.to_ms for at, part in enumerate(now))
    people = [part.contact if isinstance(part, Shift) else None for part in now]
    told = [(change.at_ms, change.contact) for change in one.changes(0, 100)]
    assert told == [(at, people[at]) for at in range(1, 100) if people[at] != people[at - 1]]
    gaps = {at for gap in one.gaps(0, 100) for at in range(gap.from_ms, gap.to_ms)}
    assert gaps == {at for at, person in enumerate(people) if person is None}


@given(st.lists(SPANS, max_size=8))
def test_the_winner_is_the_known_span_that_began_last(spans: list[Span]) -> None:
    """Against the plain rule, instant by instant."""
    one = Rota(spans, PEOPLE, (), 0, 100)
    for at in range(100):
        known = [
            (-s.from_ms, s.to_ms, s.title)
            for s in spans
            if s.from_ms <= at < s.to_ms and s.title != "Dr Foo"
        ]
        part = one.on_call(at)
        who = part.contact if isinstance(part, Shift) else None
        assert who == (min(known)[2] if known else None)
