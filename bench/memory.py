"""How much memory a hub holds after an hour of one session.

A fresh process imports all that `vigil run`'s hub imports, opens the record on disk, and lives an
hour at 1 Hz in virtual time: engine, record bytes, store, and what the pages would show once a
minute. The kernel says what is resident: now, at the highest, and before the session began.
"""

import subprocess
import sys
from pathlib import Path

from bench.report import Figure

__all__ = ["measure"]

_ROOT = Path(__file__).parent.parent


def measure() -> list[Figure]:
    """Return resident memory in MB (10^6 bytes).

    Raises:
        subprocess.CalledProcessError: the process failed; its words are on standard error.
    """
    found = subprocess.run(
        [sys.executable, "-m", "bench.hour"],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    imported, after, highest = (int(number) for number in found.stdout.split())
    return [
        Figure(
            "memory",
            "hub process after an hour of one session",
            f"{after / 1e6:.0f} MB",
            "aim 110 MB",
        ),
        Figure(
            "memory",
            "of that its imports",
            f"{imported / 1e6:.0f} MB",
            f"highest ever {highest / 1e6:.0f} MB",
        ),
    ]
