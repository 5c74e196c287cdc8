"""How one outside watcher runs: its port, its hubs with their secrets, whom it tells besides.

The command fills it from `watch.toml` and the files that this names. Nothing is opened here.

    OutsideSettings(secrets={"home": b"..."}, state_dir=Path("watch"))
"""

import ssl
from pathlib import Path

from msgspec import Struct

from alerts.lease import Person

__all__ = ["OutsideSettings"]


class OutsideSettings(Struct, frozen=True):
    """How one watcher runs. `secrets` holds each hub's by its name; never logged."""

    secrets: dict[str, bytes]
    state_dir: Path
    host: str = "127.0.0.1"
    port: int = 8790
    tls: ssl.SSLContext | None = None
    people: tuple[Person, ...] = ()
    speaker: bool = True
