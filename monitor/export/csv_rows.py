"""What was measured as CSV: one line a report, in the order in which the hub took them.

`vigil replay` reads the file back: the first columns are its own (`docs/replay.md`), and hold only
values that a detector could use, so that both come to the same rows. What else was sent stands in
`as_sent`, and `validity` says why it did not count.

| column | meaning |
|---|---|
| record | the session |
| t_s | seconds since the session's opening, when the hub took the report |
| spo2, pulse, pi, rr | the oximeter: %, /min, %, /min; empty: no valid value |
| sbp, dbp, map | the cuff, or what a person typed: mmHg |
| other_pulse | a pulse of the cuff, or counted by hand: /min |
| source | oximeter, cuff, typed, counted |
| validity | valid, or why a value is missing |
| flags | what the device said of its signal |
| as_sent | every value as it came, with the device's own word for it |
"""

import csv
import io
from collections.abc import Iterator

from devices.observation import Metric, Observation, Validity
from monitor.export.measured import COUNTED, TYPED
from monitor.export.story import Story

__all__ = ["COLUMNS", "csv_text", "hundredths"]

_VALUES = (
    Metric.SPO2,
    Metric.PULSE,
    Metric.PI,
    Metric.RR,
    Metric.SBP,
    Metric.DBP,
    Metric.MAP,
    Metric.CUFF_PULSE,
)
COLUMNS = (
    "record",
    "t_s",
    *(metric.value for metric in _VALUES[:-1]),
    "other_pulse",
    "source",
    "validity",
    "flags",
    "as_sent",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(story: Story) -> str:
    """Return the whole file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(story))
    return out.getvalue()


def hundredths(value_x100: int) -> str:
    """Return a value exactly, without needless zeros: 9650 is "96.5"."""
    sign = "-" if value_x100 < 0 else ""
    whole, rest = divmod(abs(value_x100), 100)
    return f"{sign}{whole}" + (f".{rest:02}".rstrip("0") if rest else "")


def _rows(story: Story) -> Iterator[list[str]]:
    start_ms, name = story.opened.at_ms, story.opened.session
    # Both lists are in order; a report of the oximeter goes first at the same instant.
    for one in sorted([*story.samples, *story.pressures], key=lambda one: one.at_ms):
        yield [
            name,
            _seconds(one.at_ms - start_ms),
            *(hundredths(one.values[m]) if m in one.values else "" for m in _VALUES),
            one.device if one.device in (TYPED, COUNTED) else one.kind.value,
            _plain(one.why) or ("valid" if one.values else "no value"),
            " ".join(flag.value for flag in one.flags),
            " ".join(_sent(value) for value in one.sent),
        ]


def _seconds(length_ms: int) -> str:
    whole, rest = divmod(length_ms, 1000)
    return f"{whole}" + (f".{rest:03}".rstrip("0") if rest else "")


def _sent(one: Observation) -> str:
    value = "none" if one.value_x100 is None else hundredths(one.value_x100)
    word = "" if one.validity is Validity.VALID else f"({one.validity.value})"
    return f"{one.metric.value}={value}{word}"


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
