"""Only what is over, and is known to be old enough, has had its time."""

from monitor.records.retention import DAY_MS, due

RECORDS = [
    ("old", False, 0),
    ("open", True, 0),
    ("unknown", False, None),
    ("at the day", False, 8 * DAY_MS),
    ("young", False, 9 * DAY_MS),
]


def test_old_records_that_are_over_are_due() -> None:
    """An open one never, nor one whose clock was never set; 0 days means for ever."""
    now_ms = 10 * DAY_MS
    assert [due(RECORDS, keep_days=days, now_ms=now_ms) for days in (2, 1, 0)] == [
        ["old"],
        ["old", "at the day"],
        [],
    ]
