"""Is the broker there? Said as a condition after a short grace, and ended when it answers.

A broker that restarts is away for a second or two; that is no news for a companion. The grace runs
on the system's time, as connections do. Knows no MQTT.

    watch = BrokerWatch(hub)
    watch.changed(LinkChange(connected=False, subscribed=False, reason="refused"))
"""

import asyncio

from devices.mqtt_link import LinkChange
from monitor.hub import Hub

__all__ = ["BrokerWatch"]

_GRACE_S = 5.0


class BrokerWatch:
    """Follows one connection. Belongs to the hub's loop; counts as lost until it is up."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._timer: asyncio.TimerHandle | None = None
        self._lost("not connected yet")

    def changed(self, change: LinkChange) -> None:
        """Take the connection's news."""
        if change.subscribed:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._hub.condition("broker", present=False, detail="connected")
        elif not change.connected:
            self._lost(change.reason)

    def _lost(self, reason: str) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GRACE_S, self._say, reason)

    def _say(self, reason: str) -> None:
        self._hub.condition("broker", present=True, detail=reason)
