"""A device's clock is set in local time, by the characteristic that it has, and compared to it."""

from datetime import datetime

import pytest

from devices.device_clock import clock_bytes, clock_order, off_s, read_clock
from devices.gatt_bytes import DateTime
from devices.models import ClockKind

SUNDAY = datetime.fromisoformat("2026-03-01T09:30:05")


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        (ClockKind.NONE, ()),
        (ClockKind.CURRENT_TIME, ("2A2B", "2A08")),
        (ClockKind.DATE_TIME, ("2A08", "2A2B")),
    ],
)
def test_the_model_s_own_clock_is_tried_first(kind: ClockKind, order: tuple[str, ...]) -> None:
    """Cuffs of one service differ; a model without a clock is not asked for one."""
    assert clock_order(kind) == order


@pytest.mark.parametrize(
    ("name", "written"),
    [("2A2B", "ea070301091e05070001"), ("2A08", "ea070301091e05")],
)
def test_what_is_written_is_read_back(name: str, written: str) -> None:
    """Local time; the week begins with Monday as 1."""
    data = clock_bytes(name, SUNDAY)
    assert (data.hex(), read_clock(name, data)) == (written, DateTime(2026, 3, 1, 9, 30, 5))


def test_what_is_no_clock_is_refused() -> None:
    """The error names the two that are."""
    with pytest.raises(ValueError, match="2A19 is no clock; use 2A2B or 2A08"):
        clock_bytes("2A19", SUNDAY)


@pytest.mark.parametrize(
    ("at", "off"),
    [
        (DateTime(2026, 3, 1, 9, 30, 5), 0),
        (DateTime(2026, 3, 1, 9, 29, 0), -65),
        (DateTime(2026, 3, 2, 9, 30, 5), 86_400),
        (DateTime(0, 3, 1, 9, 30, 5), None),
        (DateTime(2026, 2, 30, 9, 30, 5), None),
    ],
)
def test_how_far_a_clock_is_ahead(at: DateTime, off: int | None) -> None:
    """A clock that was never set, or shows a day that no calendar has, is not off but unknown."""
    assert off_s(at, SUNDAY) == off
