"""How full the devices' batteries are, as far as they say: low below 20 %, short below 10 %.

A device tells its battery with its status, or only flags that it is low with a reading. What is not
told is not known and says nothing; an old word stands until a new one. Each device is a cause of
its own, so one full battery never hides an empty one (`clinical.md` 2.5 BATT).

    batteries.told("ox", 14)           -> True: report "battery" is present now
    batteries.flagged("ox", low=True)
"""

from monitor.observer import Observer

__all__ = ["LOW_PCT", "SHORT_PCT", "Batteries"]

LOW_PCT, SHORT_PCT = 20, 10


class Batteries:
    """The batteries of one session's devices, by name."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._low: set[str] = set()
        self._said: dict[str, tuple[bool, bool]] = {}

    def told(self, device: str, battery_pct: int | None) -> bool:
        """Take what a status says, 0 to 100 %; True when a report has changed."""
        if battery_pct is not None:
            self._observer.chart.battery_pct[device] = battery_pct
        return self._say(device)

    def flagged(self, device: str, *, low: bool) -> bool:
        """Take the flag of a reading; True when a report has changed."""
        if low == (device in self._low):
            return False
        if low:
            self._low.add(device)
        else:
            self._low.discard(device)
        return self._say(device)

    def _say(self, device: str) -> bool:
        pct = self._observer.chart.battery_pct.get(device)
        low = device in self._low or (pct is not None and pct < LOW_PCT)
        short = pct is not None and pct < SHORT_PCT
        if self._said.get(device, (False, False)) == (low, short):
            return False
        self._said[device] = (low, short)
        words = f"{device}: " + ("says it is low" if pct is None else f"{pct} %")
        self._observer.hub(f"battery:{device}", present=low, detail=words)
        self._observer.hub(f"battery_short:{device}", present=short, detail=words)
        return True
