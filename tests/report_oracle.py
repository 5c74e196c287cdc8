"""What a report is made of, read from the journal's JSON by a program of another kind.

It knows neither the report nor the monitor: a record is a plain dict, time is walked second by
second, and every rule stands here once more in its own words (`docs/report.md` has them for
people). It serves sessions whose events lie on whole seconds. What a page must say of it stands in
`tests/report_oracle_words.py`.

    Measured(json_lines(records)).gap      -> (83_000, 2_400_000)
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec

__all__ = ["WATCHED", "Json", "Measured", "json_lines", "length", "plain"]

Json = dict[str, Any]

WATCHED = {"gate", "onset", "peak", "offset", "recovery", "extended", "emergency"}
_SPOILT = {"finger_out", "searching", "low_quality", "motion", "artefact", "low_perfusion"}
_MOAAS = {"W5": 5, "W4": 4, "W3": 3, "W2": 2, "W0": 0}


def json_lines(records: Iterable[Any]) -> list[Json]:
    """Return the records as anybody reads them."""
    return [json.loads(msgspec.json.encode(record)) for record in records]


def length(ms: int) -> str:
    """Two units at most, cut."""
    seconds = ms // 1000
    hours, left = seconds // 3600, seconds % 3600
    if hours:
        return f"{hours} h" + (f" {left // 60} min" if left // 60 else "")
    if left >= 60:
        return f"{left // 60} min" + (f" {left % 60} s" if left % 60 else "")
    return f"{left} s"


def plain(value_x100: int) -> str:
    """A number without needless zeros."""
    return (
        str(value_x100 // 100) if value_x100 % 100 == 0 else f"{value_x100 / 100:.2f}".rstrip("0")
    )


class Measured:
    """One session."""

    def __init__(self, lines: list[Json]) -> None:
        self.lines = lines
        self.opened = lines[0]["event"]
        self.names = {one["id"]: one for one in self.opened["patient"]["contacts"]}
        self.effects = [(line, one) for line in lines for one in line["effects"]]

    # --- time ---------------------------------------------------------------------------------

    def of(self, kind: str) -> list[Json]:
        """Every effect of a kind."""
        return [one for _, one in self.effects if one["effect"] == kind]

    def events(self, *kinds: str) -> list[Json]:
        """Every event of these kinds that was not refused."""
        return [
            line["event"]
            for line in self.lines
            if line["event"]["event"] in kinds
            and not any(
                one["effect"] == "Refused" and one["what"] == line["event"]["event"]
                for one in line["effects"]
            )
        ]

    @cached_property
    def doses(self) -> list[int]:
        """When each dose was taken."""
        taken = self.events("DoseConfirmed", "DoseExtra")
        return [one["at_ms"] - one.get("ago_ms", 0) for one in taken]

    @cached_property
    def until(self) -> int:
        """When watching ended, or the last record."""
        end: int = self.lines[-1]["event"]["at_ms"]
        for one in self.of("PhaseChanged"):
            if one["before"] in WATCHED and one["phase"] not in WATCHED:
                end = one["at_ms"]
            elif one["phase"] in WATCHED:
                end = self.lines[-1]["event"]["at_ms"]
        return end

    def clock(self, ms: int) -> str:
        """The time of day in UTC."""
        unix = (self.opened["wall_ms"] + ms - self.opened["at_ms"]) / 1000
        return datetime.fromtimestamp(unix, UTC).strftime("%H:%M:%S")

    def after(self, ms: int) -> str:
        """Minutes from the first dose, or from the opening."""
        if not self.doses:
            return f"+{(ms - self.opened['at_ms']) // 60000} min"
        distance = ms - self.doses[0]
        return f"T-{-distance // 60000}" if distance < 0 else f"T+{distance // 60000}"

    def when(self, ms: int) -> str:
        """Both."""
        return f"{self.after(ms)}, {self.clock(ms)}"

    # --- what was measured --------------------------------------------------------------------

    @cached_property
    def samples(self) -> tuple[dict[int, int], dict[int, int]]:
        """Valid SpO2 and pulse by their time."""
        has_clock = next(
            (
                one.get("clock", True)
                for one in self.opened["patient"].get("devices", ())
                if one["kind"] == "oximeter"
            ),
            True,
        )
        spo2: dict[int, int] = {}
        pulse: dict[int, int] = {}
        lags: list[tuple[int, int]] = []
        for line in self.lines:
            event = line["event"]
            if event["event"] != "Reading" or event["report"]["kind"] != "oximeter":
                continue
            if any(one["effect"] == "Unjudged" for one in line["effects"]):
                continue
            report, at = event["report"], event["at_ms"]
            late = False
            if has_clock and report.get("measured_ms") is not None:
                came = event.get("received_ms", at)
                lags.append((came, came - report["measured_ms"]))
                least = min(lag for when, lag in lags if when >= came - 300000)
                late = lags[-1][1] - least > 3000
            said = {
                one["metric"]: one["value_x100"]
                for one in report.get("observations", ())
                if one.get("value_x100") is not None and one.get("validity", "valid") == "valid"
            }
            weak = any(
                one["metric"] == "pi" and (one.get("value_x100") or 20) < 20
                for one in report.get("observations", ())
            )
            if late or weak or _SPOILT & set(report.get("flags", ())):
                continue
            if 100 <= said.get("spo2", 0) <= 10000:
                spo2[at] = said["spo2"]
            if 100 <= said.get("pulse", 0) <= 25000:
                pulse[at] = said["pulse"]
        return spo2, pulse

    @cached_property
    def spans(self) -> list[range]:
        """The watched seconds since the dose; without one, since the opening."""
        begin = self.doses[0] if self.doses else self.opened["at_ms"]
        found: list[range] = []
        since = None
        changes = [(one["at_ms"], one["phase"] in WATCHED) for one in self.of("PhaseChanged")]
        for at, watched in [*changes, (self.lines[-1]["event"]["at_ms"], False)]:
            if watched and since is None:
                since = max(at, begin)
            elif not watched and since is not None:
                if at > since:
                    found.append(range(since, at, 1000))
                since = None
        return found

    def grid(self) -> tuple[int, int, int, int, int]:
        """Whole, known and low time, episodes, and the longest gap with its beginning's index."""
        spo2 = self.samples[0]
        whole = known = low = episodes = 0
        was_low = False
        for span in self.spans:
            for second in span:
                whole += 1
                value = next(
                    (spo2[at] for at in range(second, second - 15000, -1000) if at in spo2), None
                )
                known += value is not None
                is_low = value is not None and value < 9000
                low += is_low
                episodes += is_low and not was_low
                was_low = is_low
        return whole, known, low, episodes, self.gap[0]

    @cached_property
    def gap(self) -> tuple[int, int]:
        """The longest time without a valid sample, and since when."""
        best = (0, 0)
        for span in self.spans:
            last = span.start
            for second in [*span, span.stop]:
                if second in self.samples[0] or second == span.stop:
                    if second - last > best[0]:
                        best = (second - last, last)
                    last = second
        return best

    def seen(self, which: int) -> list[tuple[int, int]]:
        """Valid values of the observed time, with their times."""
        spans = self.spans
        return [
            (at, value)
            for at, value in self.samples[which].items()
            if any(span.start <= at <= span.stop for span in spans)
        ]

    @cached_property
    def cuff(self) -> list[tuple[int, int, int]]:
        """Accepted blood pressures."""
        found = []
        for line in self.lines:
            event = line["event"]
            if any(one["effect"] in ("Unjudged", "Refused") for one in line["effects"]):
                continue
            if event["event"] == "TypedReading":
                found.append((event["at_ms"], event["sbp_x100"], event["dbp_x100"]))
            elif event["event"] == "Reading" and event["report"]["kind"] == "cuff":
                said = {
                    one["metric"]: one.get("value_x100")
                    for one in event["report"].get("observations", ())
                    if one.get("validity", "valid") == "valid"
                }
                if not event["report"].get("failure") and said.get("sbp") and said.get("dbp"):
                    found.append((event["at_ms"], said["sbp"], said["dbp"]))
        return found

    @cached_property
    def baselines(self) -> dict[str, int]:
        """What was frozen before the dose."""
        return {
            one["metric"]: one["value_x100"]
            for one in self.of("BaselineFrozen")
            if one["value_x100"] is not None
        }

    @cached_property
    def ratings(self) -> list[tuple[int, int]]:
        """MOAA/S with its time, corrections in place."""
        found: list[tuple[int, int]] = []
        for one in self.events("CheckedIn", "CheckInCorrected"):
            rating = _MOAAS[one["check"]["answer"]]
            if one["event"] == "CheckInCorrected":
                found[-1] = (found[-1][0], rating)
            else:
                found.append((one["at_ms"], rating))
        return [one for one in found if any(s.start <= one[0] <= s.stop for s in self.spans)]
