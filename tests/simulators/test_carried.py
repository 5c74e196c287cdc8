"""What is on its way arrives in the order of its time, and of being put in."""

from simulators.carried import Carried, LinkNews, Road

ON, OFF = LinkNews(online=True), LinkNews(online=False, reason="lost")


def test_arrivals_are_sorted_by_time_then_by_order() -> None:
    """Whatever was put in first leaves first among those of one millisecond."""
    road = Road()
    for carried in (Carried(5, "a", ON), Carried(3, "b", ON), Carried(5, "c", OFF)):
        road.put(carried)
    first = road.next_ms()
    got = [one.device for one in road.due(5)]
    assert (first, got, road.next_ms()) == (3, ["b", "a", "c"], None)


def test_what_is_later_stays() -> None:
    """Only what has arrived is taken out."""
    road = Road()
    road.put(Carried(7, "a", ON))
    assert (road.due(6), road.due(7)) == ([], [Carried(7, "a", ON)])
