"""CI-FAST: three full check-ins in less than 4 s are told to the physician, and nothing else is."""

import pytest

from alerts.contact import Role
from devices.checkin import CheckIn
from monitor.effects import AlarmChanged, Send
from monitor.events import CheckedIn, CheckInCorrected
from tests.timeline import Timeline

FULL, SHORT = "W5 B0 C0 D0 X0", "W4 B0"
MINUTE_S = 60


def tapped(*looks: tuple[str, int | None]) -> Timeline:
    """Check-ins at T+20 min and every minute after it: codes, and how long they took."""
    line = Timeline()
    for at, (codes, took_ms) in enumerate(looks):
        line.at(1_200 + at * MINUTE_S)
        line.send(
            CheckedIn(
                at_ms=line.now_ms,
                by="ann",
                role=Role.COMPANION,
                check=CheckIn.parse(codes),
                took_ms=took_ms,
            )
        )
    return line


def told(line: Timeline) -> list[str]:
    """What became of CI-FAST, and why."""
    changes = (e for e in line.effects if isinstance(e, AlarmChanged) and e.row == "CI-FAST")
    return [f"{e.transition.value} {e.priority.value}: {e.reason}" for e in changes]


def test_the_third_quick_check_in_is_told_low_and_waits_for_a_reset() -> None:
    """It happened: a slower check-in does not undo it; the physician hears at once."""
    line = tapped((FULL, 3_999), (FULL, 9_000), (FULL, 400), (FULL, 3_000), (FULL, 20_000))
    why = "3 of this session took less than 4 s"
    label = "check-ins were too quick to be looks"
    assert told(line) == [f"raised low: {label}: {why}", f"latched low: {why}"]
    sent = {e.contact for e in line.effects if isinstance(e, Send) and "companion@" in e.alarm}
    assert sent == {"ann", "dr"}


@pytest.mark.parametrize(
    "looks",
    [
        [(FULL, 1_000), (FULL, 1_000)],
        [(FULL, 4_000)] * 4,
        [(FULL, None)] * 4,
        [(SHORT, 1_000)] * 4,
        [("W5 B0 C0", 1_000)] * 4,
        [("W5 B0 C0 D0", 1_000)] * 4,
    ],
    ids=["two", "4 s", "no time told", "two questions", "three questions", "no sign asked"],
)
def test_what_is_no_full_check_in_in_less_than_4_s_is_not_counted(
    looks: list[tuple[str, int | None]],
) -> None:
    """Two are a slip; a short one was not asked for more."""
    assert told(tapped(*looks)) == []


def test_a_correction_is_not_counted() -> None:
    """It repairs a tap and says nothing of how somebody looked."""
    line = tapped((FULL, 1_000), (FULL, 1_000))
    check = CheckIn.parse(FULL)
    line.send(CheckInCorrected(at_ms=line.now_ms + 10, by="ann", role=Role.COMPANION, check=check))
    assert told(line) == []
