"""A row that cannot work is named with its reason; one that waits for a baseline is not."""

import pytest

from alerts.condition import Absent, Assessment, Off
from monitor.detectors.limit import PENDING
from monitor.engine import Engine
from monitor.events import HubCondition
from monitor.off_rows import OffView, off_rows, why_off
from monitor.watch_config import NO_WATCH
from tests.sessions import opened


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Off("nobody outside watches"), "nobody outside watches"),
        (Off(f"baseline of spo2: {PENDING}"), None),
        (Absent(), None),
    ],
)
def test_only_what_can_never_work_has_a_reason(answer: Assessment, why: str | None) -> None:
    """A baseline that is still being measured will come."""
    assert why_off(answer) == why


def test_what_the_hub_was_never_asked_to_do_is_listed_in_the_words_of_the_plan() -> None:
    """The row, what it would look out for, and why it does not."""
    engine = Engine()
    engine.handle(opened(0))
    before = off_rows(engine.board)
    detail = "nobody outside watches this hub"
    engine.handle(HubCondition(at_ms=5, condition=NO_WATCH, present=True, detail=detail))
    labels = {detector.id: detector.label for detector in engine.board.all}
    watch = [detector.id for detector in engine.board.all if "WATCH" in detector.id]
    never = "no device of this session measures the respiratory rate"
    breaths = ("RR-LOW1", "RR-LOW2", "RR-HIGH", "SED-COMBO-RR")
    rates = tuple(OffView(row, labels[row], never) for row in breaths)
    assert (before, off_rows(engine.board)) == (
        rates,
        (*rates, *(OffView(row, labels[row], detail) for row in watch)),
    )
    assert watch
