"""The supervisor's table: silence and ends are noticed in time, told, and answered by a restart."""

import pytest

from alerts.watch import Beaten, Ended, News, State, Watch, begin, step

OPEN, IDLE, TIME = Beaten(session_open=True), Beaten(session_open=False), None


def run(*happened: tuple[int, News], session_open: bool = False) -> list[tuple[int, State, str]]:
    """Let news happen to a hub started at 0; return each change of state or act with its time."""
    watch, acts = begin(0, session_open=session_open)
    seen = [(0, watch.state, " ".join(acts))]
    for at_ms, news in happened:
        before = watch.state
        watch, acts = step(watch, at_ms, news)
        if acts or watch.state is not before:
            seen.append((at_ms, watch.state, " ".join(acts)))
    return seen


def test_beats_keep_a_hub_healthy_and_a_late_beat_mends_it() -> None:
    """Two seconds without a beat is late, and nothing more."""
    assert run((800, OPEN), (1_800, OPEN), (3_799, TIME), (3_800, TIME), (4_000, OPEN)) == [
        (0, State.STARTING, "start"),
        (800, State.HEALTHY, ""),
        (3_800, State.LATE, ""),
        (4_000, State.HEALTHY, ""),
    ]


def test_a_silent_hub_with_an_open_session_is_dead_after_5_s() -> None:
    """It is killed, the failure sounds and is paged, and it is started again until it beats."""
    assert run(
        (1_000, OPEN),
        (3_500, TIME),
        (5_999, TIME),
        (6_000, TIME),
        (6_050, OPEN),
        (6_100, Ended(-9)),
        (6_900, OPEN),
    ) == [
        (0, State.STARTING, "start"),
        (1_000, State.HEALTHY, ""),
        (3_500, State.LATE, ""),
        (6_000, State.DEAD, "kill sound page"),
        (6_100, State.STARTING, "start"),
        (6_900, State.HEALTHY, "quiet"),
    ]


def test_without_a_session_silence_is_borne_for_30_s_and_does_not_sound() -> None:
    """A hung idle hub is replaced quietly."""
    assert run(
        (1_000, IDLE), (3_500, TIME), (30_999, TIME), (31_000, TIME), (31_100, Ended(-9))
    ) == [
        (0, State.STARTING, "start"),
        (1_000, State.HEALTHY, ""),
        (3_500, State.LATE, ""),
        (31_000, State.DEAD, "kill"),
        (31_100, State.STARTING, "start"),
    ]


def test_an_end_sounds_pages_and_restarts_at_once_then_ever_slower() -> None:
    """Delays 0, 1, 2, 5, 5 s; one page for the failure, another one after 120 s."""
    assert run(
        (1_000, OPEN),
        (2_000, Ended(-9)),
        (2_100, Ended(1)),
        (2_200, Ended(1)),
        (3_099, TIME),
        (3_100, TIME),
        (3_200, Ended(1)),
        (5_200, TIME),
        (5_300, Ended(1)),
        (10_300, TIME),
        (10_400, Ended(1)),
        (15_400, TIME),
        (16_000, TIME),
        (122_000, Ended(1)),
        (122_000, TIME),
    ) == [
        (0, State.STARTING, "start"),
        (1_000, State.HEALTHY, ""),
        (2_000, State.STARTING, "start sound page"),
        (2_100, State.RESTARTING, ""),
        (3_100, State.STARTING, "start"),
        (3_200, State.RESTARTING, ""),
        (5_200, State.STARTING, "start"),
        (5_300, State.RESTARTING, ""),
        (10_300, State.STARTING, "start"),
        (10_400, State.RESTARTING, ""),
        (15_400, State.STARTING, "start"),
        (122_000, State.RESTARTING, ""),
        (122_000, State.RESTARTING, "page"),
    ]


def test_a_start_that_never_beats_is_replaced() -> None:
    """30 s for a start; the session that was open before is not forgotten."""
    assert run((29_999, TIME), (30_000, TIME), session_open=True) == [
        (0, State.STARTING, "start"),
        (30_000, State.DEAD, "kill sound page"),
    ]


def test_a_hub_that_comes_and_goes_sounds_each_time_and_pages_every_30_s() -> None:
    """Nobody is flooded, and nobody is forgotten."""
    assert run(
        (1_000, OPEN),
        (2_000, Ended(-9)),
        (3_000, OPEN),
        (4_000, Ended(-9)),
        (5_000, TIME),
        (6_000, OPEN),
        (32_000, Ended(-9)),
    ) == [
        (0, State.STARTING, "start"),
        (1_000, State.HEALTHY, ""),
        (2_000, State.STARTING, "start sound page"),
        (3_000, State.HEALTHY, "quiet"),
        (4_000, State.RESTARTING, "sound"),
        (5_000, State.STARTING, "start"),
        (6_000, State.HEALTHY, "quiet"),
        (32_000, State.RESTARTING, "sound page"),
    ]


def test_a_minute_of_beats_forgets_earlier_failures() -> None:
    """The next end is answered at once again."""
    beats = [(at_ms, OPEN) for at_ms in range(3_000, 64_000, 1_000)]
    assert run((1_000, OPEN), (2_000, Ended(-9)), *beats, (64_000, Ended(-9)))[-1] == (
        64_000,
        State.STARTING,
        "start sound page",
    )


@pytest.mark.parametrize("code", [0, 2])
def test_a_hub_without_a_session_that_stops_by_itself_is_not_started_again(code: int) -> None:
    """0 is a wish, 2 a fault in the settings; everything after it is nothing."""
    assert run((1_000, IDLE), (2_000, Ended(code)), (9_000, OPEN), (99_000, TIME)) == [
        (0, State.STARTING, "start"),
        (1_000, State.HEALTHY, ""),
        (2_000, State.FINISHED, "finish"),
    ]


@pytest.mark.parametrize("code", [0, 2])
def test_with_an_open_session_every_end_is_a_failure(code: int) -> None:
    """A watched patient is never left because a process thought that it was done."""
    assert run((1_000, OPEN), (2_000, Ended(code)))[-1] == (
        2_000,
        State.STARTING,
        "start sound page",
    )


def test_the_last_beat_of_a_killed_hub_still_tells_of_its_session() -> None:
    """A session opened just before the end is known, and its failure alarms."""
    dead = Watch(State.DEAD, 0, session_open=False)
    told, acts = step(dead, 10, OPEN)
    again, _ = step(told, 20, IDLE)
    assert (told.state, told.session_open, again.session_open, acts) == (
        State.DEAD,
        True,
        True,
        (),
    )
