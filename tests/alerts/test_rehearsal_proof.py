"""Rehearsals of the same people add up: what one has shown need not be shown again."""

import pytest

from alerts.contact import Contact, Role, Way
from alerts.rehearsal import PersonTrial, Stand, Trial, WayTrial
from alerts.rehearsal_proof import Proved

SAM = Contact("sam", Role.COMPANION, "Sam", (Way("page"),))
LEE = Contact("lee", Role.PHYSICIAN, "Dr Lee", (Way("sms"), Way("voice")))
TOOK, LOST = Stand.UNPROVED, Stand.FAILED


def part(who: Contact, *ways: Stand, answered: bool = True, no: bool = False) -> PersonTrial:
    """One person's part: their ways as they stand at its end."""
    passed = answered and LOST not in ways
    return PersonTrial(
        who.role,
        who,
        60_000,
        [WayTrial(one.channel, state) for one, state in zip(who.ways, ways, strict=True)],
        Stand.PASSED if passed else LOST,
        f"{who.id} {'passed' if passed else 'failed'}",
        answered="on their page" if answered else "",
        said_no=no,
    )


def trial(*people: PersonTrial) -> Trial:
    """One rehearsal that is over."""
    return Trial("rehearsal@5", "sam", 5, list(people), over=True)


def told(*trials: Trial) -> list[tuple[str, str, int]]:
    """State, reason and how many were on hold, after each."""
    proved, got = Proved(), []
    for one in trials:
        proved.add(one)
        got.append((proved.state(one), proved.reason(one), proved.held))
    return got


WELL = part(SAM, TOOK)
SLOW = part(LEE, TOOK, TOOK, answered=False)
BROKEN = part(LEE, LOST, TOOK)


def test_one_rehearsal_may_show_all() -> None:
    """Then it passes at once."""
    assert told(trial(WELL, part(LEE, Stand.PASSED, TOOK))) == [("pass", "answered by sam, lee", 0)]


def test_a_slow_answer_and_a_lost_way_add_up() -> None:
    """All ways took the first, the person answered the second: nothing is unproved any more."""
    passed = ("pass", "answered by sam, lee, in 2 rehearsals", 0)
    assert told(trial(WELL, SLOW), trial(WELL, BROKEN)) == [("hold", "lee failed", 1), passed]


@pytest.mark.parametrize("first", [SLOW, BROKEN], ids=["no answer", "a broken way"])
def test_the_same_gap_twice_is_a_gap(first: PersonTrial) -> None:
    """Nothing of it was ever shown."""
    assert told(trial(WELL, first), trial(WELL, first)) == [
        ("hold", "lee failed", 1),
        ("hold", "lee failed", 2),
    ]


def test_who_says_that_they_cannot_is_proved_no_more() -> None:
    """The last word of a person counts."""
    cannot = part(LEE, TOOK, TOOK, answered=False, no=True)
    got = told(trial(WELL, BROKEN), trial(WELL, cannot), trial(WELL, SLOW))
    assert [state for state, _, _ in got] == ["hold", "hold", "hold"]


def test_the_companion_takes_every_test_alarm() -> None:
    """A rehearsal without them is a stop, whatever was shown before, and counts as no hold."""
    missed = trial(part(SAM, TOOK, answered=False), part(LEE, TOOK, TOOK))
    assert told(trial(WELL, SLOW), missed)[-1] == ("stop", "sam failed", 1)
