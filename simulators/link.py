"""The radio between a device and the hub: gaps, returns, what is repeated, late or overtaken.

One to three times an hour the link is lost for 2 to 30 s and takes 5 to 20 s to come back. What
was measured meanwhile is lost, or the device keeps it and sends it in one batch, marked as stored.
After a return the hub may first get a stale value from a cache. Single reports are doubled or
overtaken by the next one (`clinical.md` 6.4, general knowledge; the shares are a design choice). A
slow sender sends every n-th report only, or each late.

It changes no value but the `stored` mark, and draws from the generator that is handed in.

>>> from numpy.random import default_rng
>>> from devices.observation import DeviceKind, DeviceReport, Mode
>>> link = Link(PERFECT, default_rng(1), device="ox")
>>> link.send(0, DeviceReport(device="ox", kind=DeviceKind.OXIMETER, mode=Mode.TEST))
>>> [carried.at_ms for carried in link.due(0)]
[0]
"""

from dataclasses import dataclass, fields

from msgspec.structs import replace
from numpy.random import Generator

from devices.observation import DeviceReport
from simulators.carried import Carried, LinkNews, Road
from simulators.draws import uniform

__all__ = ["HOME", "PERFECT", "Link", "LinkError", "LinkModel"]

_HOUR_MS = 3_600_000
_MAX_GAPS_PER_H = 600.0
_MAX_MS = 120_000
_MAX_EVERY = 60
_NOTICED_MS = 4_000  # a supervision time-out of the radio
_BATCH_STEP_MS = 30
_OVERTAKEN_MS = (1_100, 1_900)
_DOUBLED_MS = (50, 900)


class LinkError(ValueError):
    """A constant that no link has; the message says which and what is allowed."""


@dataclass(frozen=True, slots=True)
class LinkModel:
    """One radio link. Shares are 0..1, times milliseconds, ranges are drawn evenly.

    `gaps_per_h` losses last `gap_ms` and then `return_ms` more until values flow again. After
    `batch_share` of them the device sends what it kept, after `stale_share` a cached value comes
    first. `doubled_share` and `overtaken_share` are of single reports. `delay_ms` is the way of
    each, `every` that only each n-th report is sent at all.

    Raises:
        LinkError: a value out of its range.
    """

    gaps_per_h: float = 2.0
    gap_ms: tuple[int, int] = (2_000, 30_000)
    return_ms: tuple[int, int] = (5_000, 20_000)
    batch_share: float = 0.3
    stale_share: float = 0.1
    doubled_share: float = 0.001
    overtaken_share: float = 0.001
    delay_ms: int = 0
    every: int = 1

    def __post_init__(self) -> None:
        allowed = {"gaps_per_h": _MAX_GAPS_PER_H, "delay_ms": _MAX_MS}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                fits, wanted = 0 <= value[0] <= value[1] <= _MAX_MS, f"two times up to {_MAX_MS}"
            elif field.name == "every":
                fits, wanted = 1 <= value <= _MAX_EVERY, f"1..{_MAX_EVERY}"
            else:
                high = allowed.get(field.name, 1.0)
                fits, wanted = 0 <= value <= high, f"0..{high:g}"
            if not fits:
                raise LinkError(f"{field.name} of a link is {value}: use {wanted}")


PERFECT = LinkModel(0.0, batch_share=0.0, stale_share=0.0, doubled_share=0.0, overtaken_share=0.0)
"""Nothing is ever lost, late or repeated."""

HOME = LinkModel()
"""Bluetooth in a home: two gaps an hour."""


class Link:
    """One device's way to the hub."""

    def __init__(self, model: LinkModel, rng: Generator, *, device: str) -> None:
        self._model = model
        self._rng, every_report = rng.spawn(2)
        self._chance = uniform(every_report)
        self._device = device
        self._road = Road()
        self._sent = 0
        self._gap: tuple[int, int] | None = None  # the present or next one: begins, ends
        self._last: DeviceReport | None = None
        self._kept: list[DeviceReport] = []
        self._is_down = False
        self._stale = 0

    def send(self, at_ms: int, report: DeviceReport) -> None:
        """The device hands over one report. Times never go back."""
        self._sent += 1
        if (self._sent - 1) % self._model.every:
            return
        self._live_until(at_ms)
        if self._is_down:
            self._kept.append(report)
            return
        arrives_ms = at_ms + self._model.delay_ms
        chance = self._chance.next()
        if chance < self._model.overtaken_share:
            arrives_ms += int(self._rng.integers(*_OVERTAKEN_MS))
        elif chance > 1 - self._model.doubled_share:
            later_ms = arrives_ms + int(self._rng.integers(*_DOUBLED_MS))
            self._road.put(Carried(later_ms, self._device, report))
        self._road.put(Carried(arrives_ms, self._device, report))
        self._last = report

    def due(self, until_ms: int) -> list[Carried]:
        """Take out all that has arrived until then, in order of arrival."""
        self._live_until(until_ms)
        return self._road.due(until_ms)

    def _live_until(self, at_ms: int) -> None:
        """Begin and end the gaps up to now."""
        if self._model.gaps_per_h <= 0:
            return
        if self._gap is None:
            self._gap = self._draw_gap(at_ms)
        while True:
            begins_ms, ends_ms = self._gap
            was_noticed = ends_ms - begins_ms > _NOTICED_MS
            if not self._is_down and at_ms >= begins_ms:
                self._is_down = True
                if was_noticed:
                    noticed_ms = begins_ms + _NOTICED_MS + self._model.delay_ms
                    self._tell(noticed_ms, online=False, reason="radio link lost")
            if not self._is_down or at_ms < ends_ms:
                return
            self._come_back(ends_ms, was_noticed)
            self._gap = self._draw_gap(ends_ms)

    def _draw_gap(self, after_ms: int) -> tuple[int, int]:
        model, rng = self._model, self._rng
        begins_ms = after_ms + round(float(rng.exponential(_HOUR_MS / model.gaps_per_h)))
        parts = (model.gap_ms, model.return_ms)
        lasts_ms = sum(int(rng.integers(low, high + 1)) for low, high in parts)
        return begins_ms, begins_ms + lasts_ms

    def _come_back(self, at_ms: int, was_noticed: bool) -> None:
        model, rng = self._model, self._rng
        self._is_down = False
        at_ms += model.delay_ms
        if was_noticed:
            self._tell(at_ms, online=True, reason="radio link is back")
        stale = float(rng.random()) < model.stale_share
        keeps = float(rng.random()) < model.batch_share
        if stale and self._last is not None:
            # A cache knows nothing of the device's own count: the value looks new.
            self._stale += 1
            boot_id = f"{self._last.boot_id}-cache"
            cached = replace(self._last, boot_id=boot_id, seq=self._stale)
            self._road.put(Carried(at_ms, self._device, cached))
        if keeps:
            for number, report in enumerate(self._kept):
                arrives_ms = at_ms + number * _BATCH_STEP_MS
                self._road.put(Carried(arrives_ms, self._device, replace(report, stored=True)))
        self._kept = []

    def _tell(self, at_ms: int, *, online: bool, reason: str) -> None:
        self._road.put(Carried(at_ms, self._device, LinkNews(online, reason)))
