"""What is broken around the hub is broken from its beginning to before its end."""

from simulators.faults import kinds
from simulators.faults.house import House


def test_nothing_is_broken_at_first() -> None:
    """Network, broker, hub, clock and people are there."""
    house = House()
    assert (
        house.network(0),
        house.broker(0),
        house.alive(0),
        house.wall_step_ms(0),
        house.is_away("companion", 0),
        house.next_change_ms(0),
    ) == (True, True, True, 0, False, None)


def test_each_fault_for_its_time() -> None:
    """At 10 s for 5 s; the end is no part of it."""
    house = House()
    for fault in (
        kinds.NetworkDown(for_s=5),
        kinds.BrokerDown(for_s=5),
        kinds.Restart(for_s=5),
        kinds.HubClock(step_s=-3_600, for_s=5),
        kinds.Away(who="physician", for_s=5),
    ):
        house.begin(fault, 10_000)
    seen = [
        (
            house.network(at_ms),
            house.broker(at_ms),
            house.alive(at_ms),
            house.wall_step_ms(at_ms),
            house.is_away("physician", at_ms),
        )
        for at_ms in (9_999, 10_000, 14_999, 15_000)
    ]
    well, broken = (True, True, True, 0, False), (False, False, False, -3_600_000, True)
    assert seen == [well, broken, broken, well]
    assert (house.is_away("companion", 12_000), house.is_away("backup", 12_000)) == (False, False)
    assert [house.next_change_ms(at_ms) for at_ms in (0, 10_000, 15_000)] == [10_000, 15_000, None]


def test_clock_steps_add_up() -> None:
    """Two at once."""
    house = House()
    house.begin(kinds.HubClock(step_s=3_600, for_s=9), 0)
    house.begin(kinds.HubClock(step_s=-1_800, for_s=9), 0)
    assert house.wall_step_ms(1) == 1_800_000


def test_a_restart_at_an_event() -> None:
    """The hub dies with its third event, whenever that is, once."""
    house = House()
    house.begin(kinds.Restart(at_event=3, for_s=4), 0)
    alive = []
    for number, at_ms in ((1, 100), (2, 200), (3, 300), (3, 9_000)):
        house.count_event(number, at_ms)
        alive.append(house.alive(at_ms))
    assert (alive, house.alive(4_299), house.alive(4_300)) == (
        [True, True, False, True],
        False,
        True,
    )


def test_a_restart_whose_event_has_passed_comes_with_the_next() -> None:
    """A session that took its third event before the fault began is restarted all the same."""
    house = House()
    house.begin(kinds.Restart(at_event=3, for_s=4), 500)
    house.count_event(5, 600)
    assert (house.alive(599), house.alive(600), house.alive(4_600)) == (True, False, True)
