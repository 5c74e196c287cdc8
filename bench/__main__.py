"""Print Vigil's figures of speed, time and memory from one run.

    make bench                          everything, under five minutes
    python -m bench engine replay       only these parts
    python -m bench worlds-whole        the long ones, which a plain run leaves out

Figures of different runs or machines do not compare; what stands in one table does.
"""

import importlib
import os
import platform
import sys
import time

from bench.report import Figure, show

# Each part by name: a module with `measure()`. Imported only when asked for, so that a part that
# needs the peers does not keep the others from running.
PARTS = {
    "engine": "bench.throughput",
    "replay": "bench.replaying",
    "hub": "bench.latency",
    "feed": "bench.viewers",
    "pages": "bench.pages",
    "bluetooth": "bench.bluetooth",
    "recovery": "bench.recovering",
    "verify": "bench.verifying",
    "what-if": "bench.what_if",
    "memory": "bench.memory",
    "body": "bench.body",
    "devices": "bench.devices",
    "worlds": "bench.worlds",
    "rule": "bench.comparing",
}
# Parts that take longer than all the others together: only when they are asked for.
LONG_PARTS = {
    "worlds-whole": "bench.worlds_whole",
    "bluetooth-whole": "bench.bluetooth_whole",
    "what-if-whole": "bench.what_if_whole",
}


def main(names: list[str]) -> int:
    """Run parts and print their figures; return the exit code."""
    parts = PARTS | LONG_PARTS
    unknown = [name for name in names if name not in parts]
    if unknown:
        print(
            f"no part is called {', '.join(unknown)}: choose from {' '.join(parts)}",
            file=sys.stderr,
        )
        return 2
    begin_s = time.monotonic()
    figures: list[Figure] = []
    for name in names or list(PARTS):
        print(f"measuring: {name}", file=sys.stderr)
        figures += importlib.import_module(parts[name]).measure()
    took_s = time.monotonic() - begin_s
    cores = os.cpu_count()
    show(
        figures,
        f"Vigil on Python {platform.python_version()}, {cores} cores, one run of {took_s:.0f} s",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
