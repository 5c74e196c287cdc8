"""The rotas, joined to the loop: whose turn it is at opening, and hand-overs in mid-session.

A piece of the wiring: it gives each rota a source of its own, whose last good copy is kept in the
data folder. It decides nothing.

    watch = follow_rotas(hub, parts, config, base)
    patient = await watch.at_opening(patient)
"""

from pathlib import Path

from alerts.rota_source import RotaSource
from monitor.config import Config
from monitor.hub import Hub
from monitor.parts import Parts
from monitor.rota_watch import RotaWatch
from monitor.rotas import Rotas

__all__ = ["follow_rotas"]


def follow_rotas(hub: Hub, parts: Parts, config: Config, base: Path) -> RotaWatch:
    """Start the watch over all rotas of the settings."""
    folder = base / config.rota.dir
    kept = base / config.hub.data_dir / "rota"
    rotas = Rotas(folder, lambda name, source: RotaSource(source, folder, kept / f"{name}.ics"))
    watch = RotaWatch(hub, rotas)
    parts.go(watch.run(), "rota")
    return watch
