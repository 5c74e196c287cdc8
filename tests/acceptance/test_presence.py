"""The companion is gone: no page and no tap; who is only asked, and who is told."""

import pytest

from alerts.contact import Role
from alerts.delivery import Verdict
from alerts.effects import Send
from devices.notice import Thing
from monitor.effects import PromptKind
from monitor.events import Annotated, CompanionPage, DeliveryAnswered, Event, Noticed
from monitor.presence import PresenceView, view
from tests.timeline import Timeline, only

MINE = ("COMP-ABSENT",)


def paged(line: Timeline, *, online: bool, awake: bool | None = None) -> Timeline:
    """A page of the companion comes or goes."""
    return line.send(CompanionPage(at_ms=line.now_ms, online=online, awake=awake))


def gone(*, awake: bool | None = True) -> Timeline:
    """The page goes at 1000 s, in a session that has had one; a check-in has just been."""
    line = paged(Timeline().at(100), online=True, awake=awake).at(1_000).alone(PromptKind.CHECK_IN)
    line.effects.clear()
    return paged(line, online=False)


def tap(line: Timeline, role: Role = Role.COMPANION) -> Timeline:
    """Somebody taps something."""
    return line.send(Annotated(at_ms=line.now_ms, by="x", role=role, text="I am here"))


def test_asked_after_a_minute_told_after_two() -> None:
    """Low, medium with the physician at once, high after five; it latches."""
    line = gone()
    told = only(line.story(until=1_300), *MINE)
    assert told == [
        "1060 raised COMP-ABSENT low",
        "1120 upgraded COMP-ABSENT medium",
        "1300 upgraded COMP-ABSENT high/S",
    ]
    paged(line, online=True)
    assert only(line.story(until=1_301), *MINE) == ["1300 latched COMP-ABSENT high/S"]


def test_the_physician_hears_at_two_minutes_and_not_before() -> None:
    """While people are only asked, no P0."""
    line = gone().at(1_130)
    sent = [
        e.at_ms // 1000 - 600 for e in line.effects if isinstance(e, Send) and e.contact == "dr"
    ]
    assert sent == [1_120]


def test_a_page_that_goes_dark_by_itself_is_only_asked_for() -> None:
    """Without a lock on the screen; then the check-ins tell."""
    line = gone(awake=False)
    assert only(line.story(until=1_400), *MINE) == ["1060 raised COMP-ABSENT low"]
    assert view(line.engine).told_by == "asks"


@pytest.mark.parametrize("back", ["page", "tap", "message"])
def test_a_page_or_a_tap_ends_the_question(back: str) -> None:
    """A tap counts anew from it, on the phone or the hub, also one that is refused."""
    line = gone().at(1_090)
    if back == "page":
        paged(line, online=True)
    elif back == "tap":
        tap(line)
    else:
        sends = [e for e in line.effects if isinstance(e, Send) and e.contact == "ann"]
        answer: Event = DeliveryAnswered(
            at_ms=line.now_ms, delivery=sends[0].delivery, verdict=Verdict.ACCEPT, detail="page"
        )
        line.send(answer)
    later = (
        [] if back == "page" else ["1150 raised COMP-ABSENT low", "1150 repeated COMP-ABSENT low"]
    )
    assert only(line.story(until=1_160), *MINE) == [
        "1060 raised COMP-ABSENT low",
        "1090 cleared COMP-ABSENT low",
        *later,
    ]


def test_nobody_else_taps_for_the_companion() -> None:
    """A physician's tap, and the answer to a message that nobody knows, leave it."""
    line = tap(gone().at(1_090), Role.PHYSICIAN)
    line.send(
        DeliveryAnswered(at_ms=line.now_ms, delivery="x", verdict=Verdict.ACCEPT, detail="page")
    )
    assert only(line.story(until=1_095), *MINE) == ["1060 raised COMP-ABSENT low"]


def test_a_session_without_a_page_knows_nothing() -> None:
    """Presence is told by the check-ins; before the dose nothing is asked."""
    line = Timeline().at(100)
    assert view(line.engine) == PresenceView("check_ins", None)
    line = paged(paged(Timeline(dosed=False), online=True, awake=True), online=False).at(-200)
    assert view(line.engine) == PresenceView("page", 0)
    assert only(line.story(until=-100), *MINE) == []


def test_i_must_go_is_medium_at_once_whatever_the_page_says() -> None:
    """And ends by the word that they are back."""
    line = paged(Timeline().at(100), online=True, awake=True)
    for over in (False, True):
        line.send(
            Noticed(at_ms=line.now_ms, by="ann", role=Role.COMPANION, what=Thing.MUST_GO, over=over)
        )
    assert only(line.story(until=101), *MINE) == [
        "100 raised COMP-ABSENT medium",
        "100 latched COMP-ABSENT medium",
    ]
