"""Oximeters in a process of their own: lines on standard output at a steady rate.

Each line is the device, the moment of sending (ns of the system's monotonic clock, which all
processes share) and the payload as it stands on MQTT. A sender that shared the hub's process would
be held up by what it measures.

    python -m bench.sender 16 1000 10      sixteen of them, 1,000 reports a second, for ten seconds
"""

import json
import sys
import time

__all__ = ["device"]

# SpO2 of one period, a second each: well, down to 85 for a while, and back.
_SPO2_PERIOD = (97,) * 90 + (94, 91, 88, 86) + (85,) * 25 + (88, 92, 95, 97)


def device(number: int) -> str:
    """Return the name of a device."""
    return f"ox-{number}"


def main(devices: int, rate: int, seconds: int) -> None:
    """Send at `rate` reports a second; a late one does not move the others."""
    lines = [
        (device(number % devices), _payload(number % devices, number // devices))
        for number in range(rate * seconds)
    ]
    out = sys.stdout.buffer
    begin_ns = time.monotonic_ns()
    for number, (name, payload) in enumerate(lines):
        wait_ns = begin_ns + number * 1_000_000_000 // rate - time.monotonic_ns()
        if wait_ns > 0:
            time.sleep(wait_ns / 1e9)
        out.write(f"{name} {time.monotonic_ns()} {payload}\n".encode())
        out.flush()


def _payload(number: int, turn: int) -> str:
    spo2 = _SPO2_PERIOD[(turn + 5 * number) % len(_SPO2_PERIOD)]
    return json.dumps(
        {
            "mode": "test",
            "kind": "oximeter",
            "boot_id": "b1",
            "seq": turn,
            "spo2": spo2,
            "pulse": 66 + turn % 5,
            "pi": 2.5,
        }
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
