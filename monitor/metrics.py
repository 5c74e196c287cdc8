"""What the hub counts, in the text that Prometheus reads; asked for by this machine only.

Names begin with `vigil_`. No name of a person, session or patient is among them, and nothing is
kept between two readings: each is taken from the running parts at that moment.

    Metrics(hub, feed.figures).text()     -> b'# HELP vigil_sessions_open ...'
"""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from alerts.condition import Priority
from monitor.hub import Hub

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures of one hub.

    Args:
        figures: the feed's own gauges, by name without the prefix, with their words.
    """

    def __init__(self, hub: Hub, figures: Callable[[], Mapping[str, tuple[str, float]]]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_HubCollector(hub, figures))

    def text(self) -> bytes:
        """Return all figures of this moment."""
        return generate_latest(self._registry)


class _HubCollector(Collector):
    def __init__(self, hub: Hub, figures: Callable[[], Mapping[str, tuple[str, float]]]) -> None:
        self._hub = hub
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield every figure, each read now."""
        hub = self._hub
        yield _gauge("recording", "1 while events reach the disk", float(hub.recording))
        yield _gauge("sessions_open", "sessions that are watched", len(hub.ward.beds))
        yield _gauge("records", "records given to the open sessions", _records(hub))
        alarms = GaugeMetricFamily(
            "vigil_alarms_open", "open alarms of all sessions by priority", labels=["priority"]
        )
        open_now = [
            alarm.level[0]
            for bed in hub.ward.beds.values()
            for alarm in bed.engine.alarms.book.open.values()
        ]
        for priority in Priority:
            alarms.add_metric([priority.value], open_now.count(priority))
        yield alarms
        refused = CounterMetricFamily(
            "vigil_refused", "what was refused or passed over", labels=["what"]
        )
        for what, count in sorted(hub.counts.items()):
            refused.add_metric([what], count)
        yield refused
        for name, (words, value) in self._figures().items():
            yield _gauge(name, words, value)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"vigil_{name}", words, value=value)


def _records(hub: Hub) -> int:
    return sum(bed.n for bed in hub.ward.beds.values())
