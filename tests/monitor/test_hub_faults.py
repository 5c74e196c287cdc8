"""The hub's own faults are said once, kept for those who come later, and ended."""

from monitor.hub_faults import PASSING_MS, HubFaults


def test_a_fault_is_news_once_and_again_with_other_words() -> None:
    """Only a change is news; the latest words stand."""
    faults = HubFaults()
    news = [
        faults.say("broker", present=True, detail="refused", at_ms=0),
        faults.say("broker", present=True, detail="refused", at_ms=1),
        faults.say("broker", present=True, detail="timed out", at_ms=2),
        faults.say("sound", present=False, detail="", at_ms=3),
    ]
    assert (news, faults.standing) == ([True, False, True, False], {"broker": "timed out"})


def test_a_fault_that_ends_is_news_and_stands_no_more() -> None:
    """Its end is said once."""
    faults = HubFaults()
    faults.say("broker", present=True, detail="refused", at_ms=0)
    news = [faults.say("broker", present=False, detail="back", at_ms=at) for at in (1, 2)]
    assert (news, faults.standing, faults.over(10**9)) == ([True, False], {}, [])


def test_a_passing_fault_is_over_a_minute_after_it_was_last_said() -> None:
    """Each repetition starts the minute again, whether it is news or not."""
    faults = HubFaults()
    for at_ms in (0, 5_000):
        faults.say("engine:late", present=True, detail="4 s", at_ms=at_ms, passing=True)
    over = [faults.over(at_ms) for at_ms in (4_999 + PASSING_MS, 5_000 + PASSING_MS)]
    assert over == [[], ["engine:late"]]


def test_a_passing_fault_that_is_said_to_stay_stays() -> None:
    """The latest word decides whether it ends by itself."""
    faults = HubFaults()
    faults.say("sound", present=True, detail="no device", at_ms=0, passing=True)
    faults.say("sound", present=True, detail="no device", at_ms=1)
    assert (faults.over(10**9), faults.standing) == ([], {"sound": "no device"})
