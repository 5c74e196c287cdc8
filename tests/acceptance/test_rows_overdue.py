"""What does not come when it is due: check-ins and cuff readings, by stages and phase."""

import pytest

from monitor.effects import PromptKind
from tests.timeline import WELL, Timeline, only

# --- overdue ----------------------------------------------------------------------------------


def test_a_check_in_that_does_not_come() -> None:
    """Due at T+5: low 2 min, medium 4 min, high 7 min after; done, it stays latched."""
    line = Timeline().alone(PromptKind.CHECK_IN)
    assert line.story(until=721) == [
        "420 raised CI-MISS-C low",
        "540 upgraded CI-MISS-C medium",
        "720 upgraded CI-MISS-C high/A",
    ]
    assert line.check(WELL).story(until=722) == ["721 latched CI-MISS-C high/A"]


def test_a_check_in_that_does_not_come_in_the_peak() -> None:
    """1, 3 and 5 min after it was due at T+30."""
    line = Timeline().at(1201).alone(PromptKind.CHECK_IN)
    line.story(until=1500)
    assert line.story(until=2101) == [
        "1860 raised CI-MISS-C low",
        "1980 upgraded CI-MISS-C medium",
        "2100 upgraded CI-MISS-C high/A",
    ]


def test_a_medium_overdue_check_in_clears_when_it_comes() -> None:
    """Latched from high only."""
    line = Timeline().alone(PromptKind.CHECK_IN).at(600).check(WELL)
    assert line.story(until=601)[-1] == "600 cleared CI-MISS-C medium"


@pytest.mark.parametrize(
    ("due_s", "low_s", "medium_s"), [(1_200, 1_380, 1_500), (5_400, 5_580, 5_880)]
)
def test_a_cuff_reading_that_does_not_come(due_s: int, low_s: int, medium_s: int) -> None:
    """Due +3 min low, +8 min medium, in the peak +5; a failed attempt does not count as done."""
    line = Timeline().at(due_s - 400).alone(PromptKind.CUFF)
    line.story(until=due_s - 1)
    line.at(due_s + 60).cuff_fails()
    assert only(line.story(until=medium_s + 1), "CUFF-OVERDUE") == [
        f"{low_s} raised CUFF-OVERDUE low",
        f"{medium_s} upgraded CUFF-OVERDUE medium",
    ]
    assert line.bp(120, 80).story(until=medium_s + 2) == [
        f"{medium_s + 1} cleared CUFF-OVERDUE medium"
    ]
