"""A world keeps its pace, and the last words forget no alarm."""

import msgspec
import pytest

from alerts.condition import Kind, Priority, Transition
from devices.observation import Mode
from monitor.effects import AlarmChanged, Refused
from simulators.board import Board, Seen
from simulators.pace import Pace, Tally, reach_ms

MIN = 60_000
BOARD = Board("s1", Mode.DEMO, 131 * MIN, "discharged", dose_ms=0, record=9000)
OXYGEN = Seen("oxygen@1", "oxygen", Priority.MEDIUM, 41 * MIN)
CUFF = Seen("cuff@2", "cuff", Priority.LOW, 61 * MIN)


def at(at_ms: int, *alarms: Seen) -> Board:
    """A board with these alarms at that time."""
    return msgspec.structs.replace(BOARD, at_ms=at_ms, alarms=alarms)


def test_the_world_runs_with_its_speed() -> None:
    """Half a second of ours is thirty of the world's at 60 times; it begins at 0."""
    pace = Pace(60, own_ms=200)
    assert (pace.world_ms(200), pace.world_ms(700)) == (0, 30_000)


def test_a_world_that_was_held_back_does_not_hurry() -> None:
    """It is late from then on; how long it stands is counted, and it never goes back."""
    pace = Pace(60, own_ms=0)
    seen = [pace.world_ms(100, 4_000), pace.world_ms(1_100, 4_000), pace.world_ms(1_200, 3_000)]
    stood_ms = pace.stood_ms(1_200)
    seen.append(pace.world_ms(1_300))
    assert (seen, stood_ms, pace.stood_ms(1_300)) == ([4_000, 4_000, 4_000, 10_000], 1_100, 0)


def test_the_home_waits_for_the_record() -> None:
    """8 s beyond what is recorded while readings are under way, else 8 s beyond itself."""
    assert [
        reach_ms(9_000, sent_ms=9_000, recorded_ms=3_000),
        reach_ms(9_000, sent_ms=9_000, recorded_ms=9_000),
        reach_ms(9_000, sent_ms=-1, recorded_ms=-1),
    ] == [11_000, 17_000, 17_000]


def test_the_silence_of_the_hub_is_counted_in_our_time() -> None:
    """Before its first word nobody counts as silent."""
    pace = Pace(60, own_ms=200)
    before = pace.silent_ms(5000)
    pace.heard(5000)
    assert (before, pace.silent_ms(5700)) == (0, 700)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_needs_a_direction(speed: float) -> None:
    """A speed of 0 or less is refused."""
    with pytest.raises(ValueError, match="use a number above 0"):
        Pace(speed, own_ms=0)


def test_the_last_words_name_every_alarm() -> None:
    """Highest priority seen, first person who accepted, and after how long; or nobody."""
    tally = Tally()
    tally.take(at(41 * MIN + 1000, OXYGEN))
    high = msgspec.structs.replace(OXYGEN, priority=Priority.HIGH)
    taken = msgspec.structs.replace(high, accepted_by="sam")
    tally.take(at(41 * MIN + 20_000, taken))
    tally.take(at(62 * MIN, msgspec.structs.replace(taken, accepted_by="dr-lee, sam"), CUFF))
    got = tally.summary(BOARD)
    assert (tally.accepted, got) == (
        1,
        [
            "DEMO over at T+131:00, phase discharged: 2 alarms, 1 accepted, 9000 records",
            "DEMO T+41:00 oxygen high: accepted by sam within 20 s",
            "DEMO T+61:00 cuff low: over before anybody took it",
        ],
    )


def test_an_alarm_that_is_still_open_was_taken_by_nobody() -> None:
    """An alarm that ended by itself and one that nobody answers are told apart."""
    tally = Tally()
    tally.take(at(62 * MIN, CUFF))
    assert tally.summary(at(63 * MIN, CUFF))[1] == "DEMO T+61:00 cuff low: accepted by nobody"


def test_one_alarm_is_one_alarm() -> None:
    """The summary speaks English of one alarm too."""
    tally = Tally()
    tally.take(at(62 * MIN, CUFF))
    assert tally.summary(BOARD)[0] == (
        "DEMO over at T+131:00, phase discharged: 1 alarm, 0 accepted, 9000 records"
    )


def test_who_is_asked_the_next_day_has_been_discharged() -> None:
    """The last words say so: a phase's name alone would leave the reader in doubt."""
    board = msgspec.structs.replace(BOARD, phase="follow_up")
    assert Tally().summary(board) == [
        "DEMO over at T+131:00, discharged, in follow-up: 0 alarms, 0 accepted, 9000 records"
    ]


def test_what_comes_and_goes_between_two_boards_is_heard() -> None:
    """Lines of an alarm's life count too; other effects and other lines accept nothing."""
    tally = Tally()
    line = AlarmChanged(
        at_ms=41 * MIN,
        id="oxygen@1",
        family="oxygen",
        row="SPO2-LOW",
        transition=Transition.RAISED,
        priority=Priority.HIGH,
        alarm_class=None,
        kind=Kind.PHYSIOLOGICAL,
    )
    tally.hear(Refused(at_ms=1, what="dose", reason="gate"))
    tally.hear(line)
    before = tally.accepted
    tally.hear(
        msgspec.structs.replace(
            line, at_ms=41 * MIN + 9000, transition=Transition.ACCEPTED, by="sam"
        )
    )
    assert (before, tally.summary(BOARD)[1:]) == (
        0,
        ["DEMO T+41:00 oxygen high: accepted by sam within 9 s"],
    )
