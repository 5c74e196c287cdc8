"""From the Bluetooth shell to the hub: readings, links, batteries, refusals, the radio itself.

Each device's readings are numbered here, under a name that is new at every start of the hub, so
that no reading is taken twice and none is mistaken for another. What cannot be read is quarantined,
counted and missing. When the hub's inbox is full, readings wait here in their order, as many as an
hour of an oximeter; beyond that they are counted as lost and the session hears of it.

    intake = BleIntake(hub, boot="ble-1f2e3d4c")
    intake.news(HeardNews("ox-1", 1, heard))
"""

import asyncio
from collections import deque

import structlog

from devices.ble_words import HeardNews, LinkNews, News, RadioNews, RefusedNews
from devices.heard import Heard, Identity
from devices.observation import DeviceReport
from monitor.ble_events import OnlineWatch, reading_of
from monitor.events import DeviceStatus, Event, Reading
from monitor.hands import Make
from monitor.hub import Hub
from monitor.patient import DeviceBinding
from monitor.ward import Bed

__all__ = ["CONDITION", "BleIntake"]

CONDITION = "bluetooth"
_FULL = f"{CONDITION}:inbox"
_EVERY_S = 0.1
_MOST_WAITING = 3_600

log = structlog.get_logger("vigil.ble")


class BleIntake:
    """Speaks for Bluetooth devices. All methods belong to the hub's loop."""

    def __init__(self, hub: Hub, boot: str) -> None:
        self.hub = hub
        self._boot = boot
        self._numbers: dict[str, int] = {}
        self._watches: dict[str, OnlineWatch] = {}
        self._waiting: deque[tuple[str, Make]] = deque()

    def news(self, news: News) -> None:
        """Take one piece of news."""
        if isinstance(news, HeardNews):
            self._heard(news)
        elif isinstance(news, LinkNews):
            self._link(news)
        elif isinstance(news, RefusedNews):
            self._refused(news)
        else:
            self._radio(news)

    def forget(self, device: str) -> None:
        """No session wants this device any more."""
        self._watches.pop(device, None)

    async def run(self) -> None:
        """Hand over what waits, in order, as far as there is room."""
        while True:
            await asyncio.sleep(_EVERY_S)
            while self._waiting and self.hub.tell(*self._waiting[0]):
                self._waiting.popleft()
            if not self._waiting and _FULL in self.hub.faults.standing:
                self.hub.condition(_FULL, present=False, detail="readings are taken again")

    # --- kinds of news ------------------------------------------------------------------------

    def _heard(self, news: HeardNews) -> None:
        found = self._bed(news.device)
        if found is None:
            self.hub.count("unbound_device")
            return
        bed, binding = found
        heard = news.heard
        for note in heard.notes:
            log.debug("device says", device=news.device, note=note)
        if heard.battery_pct is not None:
            self._tell(bed, self._battery(news.device, heard.battery_pct))
        reading = self._reading(bed, binding, heard)
        if reading is not None:
            self._tell(bed, self._judged(reading))

    def _reading(self, bed: Bed, binding: DeviceBinding, heard: Heard) -> DeviceReport | None:
        number = self._numbers.get(binding.id, 0)
        who = Identity(binding.id, bed.opened.mode, self._boot, number)
        reading = reading_of(heard, who, binding.utc_offset_min, self._wall_ms())
        if reading is not None:
            self._numbers[binding.id] = number + 1
        return reading

    def _judged(self, reading: DeviceReport) -> Make:
        wall_ms, received_ms = self._wall_ms(), self.hub.clock.now_ms()

        def make(at_ms: int) -> Event:
            return Reading(at_ms=at_ms, report=reading, wall_ms=wall_ms, received_ms=received_ms)

        return make

    def _battery(self, device: str, battery_pct: int) -> Make:
        def make(at_ms: int) -> Event:
            return DeviceStatus(at_ms=at_ms, device=device, online=True, battery_pct=battery_pct)

        return make

    def _link(self, news: LinkNews) -> None:
        found = self._bed(news.device)
        if found is None:
            return
        bed, binding = found
        watch = self._watches.setdefault(news.device, OnlineWatch(binding.kind))
        online = watch.changed(news)
        if online is None:
            return
        reason = "" if online else f"{news.where.value}: {news.why}"

        def make(at_ms: int) -> Event:
            return DeviceStatus(at_ms=at_ms, device=news.device, online=online, reason=reason)

        self._tell(bed, make)

    def _refused(self, news: RefusedNews) -> None:
        hub = self.hub
        hub.count(news.reason)
        source = f"bluetooth/{news.device}/{news.characteristic}"
        log.warning("message refused", topic=source, reason=news.reason, detail=news.detail)
        hub.store.quarantine(source[:200], news.reason, news.data, hub.clock.now_ms())

    def _radio(self, news: RadioNews) -> None:
        self.hub.condition(CONDITION, present=not news.present, detail=news.why)

    # --- to the hub ---------------------------------------------------------------------------

    def _tell(self, bed: Bed, make: Make) -> None:
        if not self._waiting and self.hub.tell(bed.session, make):
            return
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append((bed.session, make))
            return
        self.hub.count("bluetooth inbox full")
        self.hub.condition(_FULL, present=True, detail="readings by Bluetooth have been lost")

    def _bed(self, device: str) -> tuple[Bed, DeviceBinding] | None:
        bed = self.hub.ward.bed_of(device)
        if bed is None:
            return None
        return bed, next(one for one in bed.opened.patient.devices if one.id == device)

    def _wall_ms(self) -> int | None:
        clock = self.hub.clock
        return clock.stamp().wall_ms if clock.speed == 1.0 else None
