"""Hub time waits for a simulated home, keeps its readings apart, and never above a real patient."""

from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from devices.observation import DeviceKind, DeviceReport, Mode
from monitor.clock import ClockError, HubClock
from monitor.events import Reading, Tick
from monitor.home_clock import HOME_TIME, HomeClock, HomePage, clock_of, follow_home
from monitor.house_hands import HouseHands
from monitor.ward import Bed

BED = cast("Bed", None)


class Ticker:
    """A time since boot that the test moves."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        """Return the nanoseconds since boot."""
        return self.ms * 1_000_000


@pytest.fixture
def page(tmp_path: Path) -> HomePage:
    """An empty page."""
    return HomePage.create(tmp_path / "page")


@pytest.fixture
def ticker() -> Ticker:
    """The machine's clock."""
    return Ticker()


@pytest.fixture
def clock(page: HomePage, ticker: Ticker) -> HomeClock:
    """A hub's clock at 100 times real time, from 0."""
    return HomeClock(page, 0, 100, ticker)


def reading(measured_ms: int | None) -> Reading:
    """A reading of this time of the home."""
    report = DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.DEMO,
        observations=(),
        measured_ms=measured_ms,
    )
    return Reading(at_ms=0, report=report)


def test_two_processes_read_what_the_other_says(tmp_path: Path) -> None:
    """An empty page says never; what was recorded goes on only."""
    ours = HomePage.create(tmp_path / "page")
    theirs = HomePage(tmp_path / "page")
    empty = (theirs.world_ms, theirs.sent_ms, ours.recorded_ms)
    ours.say(sent_ms=4_000, world_ms=5_000)
    theirs.record(3_000)
    theirs.record(2_000)
    got = (theirs.world_ms, theirs.sent_ms, ours.recorded_ms)
    assert (empty, got) == ((-1, -1, -1), (5_000, 4_000, 3_000))


def test_before_the_home_says_anything_time_runs_by_itself(
    clock: HomeClock, ticker: Ticker
) -> None:
    """A hub starts before its home does."""
    ticker.ms = 70
    assert clock.now_ms() == 7_000


def test_hub_time_is_never_more_than_two_seconds_ahead_of_the_home(
    clock: HomeClock, page: HomePage, ticker: Ticker
) -> None:
    """However late the home is; when it goes on, so does the hub."""
    ticker.ms = 70
    page.say(sent_ms=-1, world_ms=1_000)
    seen = [clock.now_ms()]
    for ticker.ms, world_ms in ((80, 1_000), (900, 1_000), (901, 3_000), (902, 60_000)):
        page.say(sent_ms=-1, world_ms=world_ms)
        seen.append(clock.now_ms())
    assert seen == [7_000, 8_000, 9_000, 11_000, 68_000]


def test_readings_that_arrive_together_are_taken_as_far_apart_as_they_were_sent(
    clock: HomeClock, page: HomePage, ticker: Ticker
) -> None:
    """The hub got no processor for a second of ours: five readings wait, each has its own time."""
    page.say(sent_ms=-1, world_ms=0)
    clock.now_ms()
    page.say(sent_ms=5_000, world_ms=5_000)
    ticker.ms = 1_000
    taken = []
    for measured_ms in range(1_000, 6_000, 1_000):
        taken.append(clock.now_ms())
        clock.took(measured_ms)
    assert {later - earlier for earlier, later in pairwise(taken)} == {1_000}
    assert clock.now_ms() == 5_000 + 2_000


def test_hub_time_never_goes_back(clock: HomeClock, page: HomePage, ticker: Ticker) -> None:
    """A reading under way holds time where it is; a gap that became known moves it on."""
    page.say(sent_ms=-1, world_ms=0)
    ticker.ms = 10
    before = clock.now_ms()
    page.say(sent_ms=1_000, world_ms=1_000)
    ticker.ms = 500
    held = clock.now_ms()
    clock.took(500)
    clock.took(400)
    later = clock.now_ms()
    clock.move_forward(60_000)
    assert (before, held, later, clock.now_ms()) == (1_000, 2_000 + 1_000, 3_500, 63_500)


def test_a_gap_before_the_home_begins_only_adds(clock: HomeClock) -> None:
    """As of every hub's clock."""
    clock.move_forward(60_000)
    assert clock.now_ms() == 60_000


def test_at_real_time_nothing_holds_time_back(page: HomePage) -> None:
    """A session may be real there: the hub does not start."""
    with pytest.raises(ClockError, match="VIGIL_HOME_TIME is set at speed 1: unset it"):
        HomeClock(page, 0, 1.0)


def test_the_page_comes_from_the_environment(tmp_path: Path) -> None:
    """Unnamed, the clock is a plain one; a name of nothing is an error that says who sets it."""
    path = tmp_path / "page"
    HomePage.create(path)
    plain = clock_of(0, 60, {})
    held = clock_of(0, 60, {HOME_TIME: str(path)})
    assert (type(plain), type(held)) == (HubClock, HomeClock)
    with pytest.raises(ClockError, match="is no page: only `vigil demo` sets it"):
        clock_of(0, 60, {HOME_TIME: str(tmp_path / "none")})
    (tmp_path / "empty").touch()
    with pytest.raises(ClockError, match="is no page"):
        clock_of(0, 60, {HOME_TIME: str(tmp_path / "empty")})


def test_readings_are_taken_when_decided_and_told_when_recorded(
    clock: HomeClock, page: HomePage
) -> None:
    """The home hears of the record; events that are no readings of its time say nothing."""
    bugs: list[Any] = []
    hands = HouseHands(lambda *bug: bugs.append(bug))
    follow_home(clock, hands)
    for event in (reading(1_000), Tick(at_ms=0), reading(None), reading(2_000)):
        hands.effects(BED, event, [])
    seen = []
    for _ in range(4):
        hands.committed(BED, [])
        seen.append(page.recorded_ms)
    assert (seen, bugs) == ([1_000, 1_000, 1_000, 2_000], [])


def test_a_plain_clock_follows_nobody() -> None:
    """A hub without a simulated home has no part more."""
    hands = HouseHands(lambda *_: None)
    follow_home(HubClock(speed=60), hands)
    assert (hands.decided, hands.done) == ([], [])
