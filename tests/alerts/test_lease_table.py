"""The watcher's table: silence pages in time, and only a word or a person ends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.lease_table import (
    AGAIN_MS,
    ANSWERED_MS,
    Act,
    Answered,
    Ended,
    LeaseState,
    News,
    Renewed,
    Watched,
    begin,
    resume,
    step,
)

OPEN, IDLE = Renewed(is_open=True, ttl_ms=30_000), Renewed(is_open=False, ttl_ms=30_000)
LEE, OWNER, TIME = Answered("Dr Lee"), Ended("Ann"), None
S = LeaseState


def run(*happened: tuple[int, News], start: Watched | None = None) -> list[tuple[int, str, str]]:
    """Let news happen; return each change of state or act with its time."""
    watched, seen = start or begin(), []
    for at_ms, news in happened:
        before = watched.state
        watched, acts = step(watched, at_ms, news)
        if acts or watched.state is not before:
            seen.append((at_ms, watched.state.value, " ".join(acts)))
    return seen


def test_a_lease_that_is_renewed_is_held_for_ever() -> None:
    """Every 10 s a renewal: nothing ever happens."""
    assert run(*((at, OPEN) for at in range(0, 600_000, 10_000))) == [(0, "held", "")]


def test_a_hub_that_was_never_seen_pages_nobody() -> None:
    """Time alone changes nothing, and neither does a hub that watches nobody."""
    assert run((0, TIME), (10**9, TIME), (10**9, IDLE), (2 * 10**9, TIME)) == [
        (10**9, "closed", "")
    ]


def test_silence_pages_after_30_s_and_every_120_s_until_the_hub_is_heard() -> None:
    """Two lost renewals are borne, the third pages; a renewal ends it."""
    assert run(
        (0, OPEN),
        (29_999, TIME),
        (30_000, TIME),
        (149_999, TIME),
        (150_000, TIME),
        (151_000, TIME),
        (160_000, OPEN),
        (400_000, IDLE),
    ) == [
        (0, "held", ""),
        (30_000, "lapsed", "page sound"),
        (150_000, "lapsed", "page"),
        (160_000, "held", "quiet"),
        (400_000, "closed", ""),
    ]


def test_a_named_person_stops_the_paging_for_15_minutes_and_no_longer() -> None:
    """The second answer changes nothing; a hub that stays silent is paged again."""
    assert run(
        (0, OPEN),
        (30_000, TIME),
        (40_000, LEE),
        (41_000, Answered("Ann")),
        (40_000 + ANSWERED_MS - 1, TIME),
        (40_000 + ANSWERED_MS, TIME),
    ) == [
        (0, "held", ""),
        (30_000, "lapsed", "page sound"),
        (40_000, "answered", "quiet"),
        (40_000 + ANSWERED_MS, "lapsed", "page sound"),
    ]


def test_an_answer_to_nothing_changes_nothing() -> None:
    """Late, or from somebody who was never paged."""
    assert run((0, OPEN), (1, LEE), (2, TIME)) == [(0, "held", "")]


@pytest.mark.parametrize(
    ("news", "state", "act"),
    [(IDLE, "closed", "quiet"), (OPEN, "held", "quiet"), (OWNER, "closed", "quiet")],
)
def test_what_ends_a_lapse(news: News, state: str, act: str) -> None:
    """The hub's own word, or the owner's."""
    assert run((0, OPEN), (30_000, TIME), (31_000, news))[-1] == (31_000, state, act)


def test_the_owner_may_end_a_lease_that_is_held_and_a_new_one_begins_it_again() -> None:
    """Ended is not deaf."""
    assert run((0, OPEN), (5_000, OWNER), (60_000, TIME), (61_000, OPEN)) == [
        (0, "held", ""),
        (5_000, "closed", ""),
        (61_000, "held", ""),
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.NEVER_SEEN, (Watched(S.NEVER_SEEN), ())),
        (S.CLOSED, (Watched(S.CLOSED), ())),
        (S.HELD, (Watched(S.HELD, 35_000), ())),
        (S.LAPSED, (Watched(S.LAPSED, 35_000), (Act.SOUND,))),
        (S.ANSWERED, (Watched(S.LAPSED, 35_000), (Act.SOUND,))),
    ],
)
def test_after_a_restart_an_open_lease_counts_from_the_start(
    state: LeaseState, expected: tuple[Watched, tuple[Act, ...]]
) -> None:
    """Never as closed: 30 s of grace, and who had answered is asked again."""
    assert resume(state, 5_000) == expected


def test_a_lapse_that_goes_on_after_a_restart_is_paged_after_the_grace() -> None:
    """And then as often as before."""
    start, _ = resume(S.LAPSED, 0)
    assert run((29_999, TIME), (30_000, TIME), (30_000 + AGAIN_MS, TIME), start=start) == [
        (30_000, "lapsed", "page"),
        (30_000 + AGAIN_MS, "lapsed", "page"),
    ]


@given(
    st.lists(
        st.tuples(st.integers(1, 40_000), st.sampled_from([TIME, OPEN, IDLE, LEE, OWNER])),
        max_size=60,
    )
)
def test_an_open_session_that_falls_silent_is_always_paged_in_time(
    steps: list[tuple[int, News]],
) -> None:
    """Whatever happened before: 30 s after the last renewal, and again 15 min after an answer."""
    watched, now_ms = begin(), 0
    for passed_ms, news in steps:
        now_ms += passed_ms
        watched, _ = step(watched, now_ms, news)
    watched, _ = step(watched, now_ms, OPEN)
    watched, acts = step(watched, now_ms + 30_000)
    assert acts == (Act.PAGE, Act.SOUND)
    watched, _ = step(watched, now_ms + 31_000, LEE)
    assert step(watched, now_ms + 31_000 + ANSWERED_MS)[1] == (Act.PAGE, Act.SOUND)
