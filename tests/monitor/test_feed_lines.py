"""What screens list: decisions, what people did, and nothing that is nobody's business."""

from typing import Any

import pytest

from alerts.contact import Role
from devices.checkin import CheckIn
from devices.notice import Thing
from monitor.discharge import Answers
from monitor.effects import Refused
from monitor.events import CheckedIn, DischargeTried, Event, Noticed, Tick
from monitor.feed_lines import lines_of

SAM: dict[str, Any] = {"at_ms": 5, "by": "sam", "role": Role.COMPANION, "tap": "t1"}
HEAD = {"at_ms": 5, "by": "sam", "role": "companion"}
REFUSED = Refused(at_ms=5, what="CheckedIn", reason="no", by="sam")
SEEN = CheckedIn(check=CheckIn.parse("W5 B0 C0 D0 X0"), **SAM)
FELL = Noticed(what=Thing.HEAD_HIT, **SAM)


def test_what_a_person_did_stands_before_what_followed() -> None:
    """With who did it; the name of the tap is the page's own."""
    (done, followed) = lines_of(FELL, [Refused(at_ms=5, what="x", reason="y")][:0]) + lines_of(
        Tick(at_ms=5), [REFUSED]
    )
    assert done == {"event": "Noticed", "what": "head_hit"} | HEAD
    assert followed["effect"] == "Refused"


def test_a_refused_deed_is_its_refusal() -> None:
    """One line, not two."""
    assert [line.get("event") for line in lines_of(SEEN, [REFUSED])] == [None]
    assert [line.get("event") for line in lines_of(SEEN, [])] == ["CheckedIn"]


@pytest.mark.parametrize(
    "event",
    [
        Noticed(what=Thing.IDEATION, **SAM),
        Noticed(what=Thing.INTENT, **SAM),
        Tick(at_ms=5),
    ],
)
def test_private_answers_and_idle_time_are_not_listed(event: Event) -> None:
    """Who said what about thoughts of suicide is on no screen."""
    assert lines_of(event, []) == []


def test_a_check_in_is_listed_by_its_codes() -> None:
    """As every screen reads them."""
    assert lines_of(SEEN, []) == [{"event": "CheckedIn", "codes": "W5 B0 C0 D0 X0"} | HEAD]


def test_a_trial_is_listed_without_its_answers() -> None:
    """Whether a criterion is met stands among the criteria."""
    assert lines_of(DischargeTried(answers=Answers(walk=True), **SAM), []) == [
        {"event": "DischargeTried"} | HEAD
    ]
