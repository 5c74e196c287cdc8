"""`python -m alerts.supervise`: the supervisor as a process of its own.

Reads one JSON object from file descriptor 3 (never the command line, where every user of the
machine could read a secret) and runs until a signal. Standard library only.

    {"hub": [...], "state_dir": "var", "broker": [...] or null, "address": ["127.0.0.1", 18883],
     "channels": {...}, "secrets": {"twilio": "..."}, "base": "/etc/vigil"}
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from alerts.channel_settings import unpack
from alerts.pager import PageWays
from alerts.supervisor import Helper, Supervisor

__all__ = ["main"]

_ORDERS_FD = 3


def main() -> int:
    """Run; return the exit code."""
    # Somebody who closes the terminal must not end the watching.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with os.fdopen(_ORDERS_FD, "rb") as stream:
        orders: dict[str, Any] = json.load(stream)
    broker = None
    if orders["broker"] is not None:
        host, port = orders["address"]
        broker = Helper(orders["broker"], (host, port))
    ways = PageWays(unpack(orders["channels"]), orders["secrets"], Path(orders["base"]))
    return Supervisor(orders["hub"], Path(orders["state_dir"]), broker=broker, ways=ways).run()


if __name__ == "__main__":
    sys.exit(main())
