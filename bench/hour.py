"""The process of `bench/memory.py`: an hour of a session beside all imports of a running hub.

Prints three numbers of bytes: resident before the session, after it, and the highest.
"""

import importlib
import time
from pathlib import Path

from bench.scratch import scratch
from bench.session import make_session
from monitor.engine import Engine
from monitor.journal import Record, chain, encode
from monitor.outage import ClockStamp
from monitor.snapshot import snapshot
from monitor.store import Store
from monitor.texts_dir import read_texts

__all__ = ["main"]

_MINUTES = 60


ENGLISH = read_texts()


def main() -> None:
    """Live the hour and print."""
    importlib.import_module("monitor.wiring")
    imported = _resident("VmRSS")
    with scratch() as folder:
        store = Store(folder, chain, lambda _: None)
        engine = Engine()
        n = 0
        for n, event in enumerate(make_session(minutes=_MINUTES), start=1):
            body = encode(Record(n, event, tuple(engine.handle(event))))
            done = store.append("bench", n, body, _stamp(event.at_ms))
            if n % 60 == 0:
                snapshot(engine, event.at_ms, ENGLISH, record=n, recording=True)
                # An hour of life takes seconds here: let the disk keep up, as it would.
                done.result(10)
        time.sleep(0.5)
        print(imported, _resident("VmRSS"), _resident("VmHWM"))
        store.close()


def _stamp(at_ms: int) -> ClockStamp:
    return ClockStamp(
        at_ms=at_ms, boot_id="bench", boottime_ms=at_ms, wall_ms=at_ms, wall_synced=True
    )


def _resident(name: str) -> int:
    """Return a figure of /proc/self/status in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"/proc/self/status has no {name}: memory is measured on Linux only")


if __name__ == "__main__":
    main()
