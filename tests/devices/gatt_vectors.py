"""The worked-out vectors and real captures beside the project, for the tests of the codecs."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.medfloat import Number, Special

SHARED = Path(__file__).parents[3] / "shared"
_SPECIALS = {
    "NaN": Special.NAN,
    "NRes": Special.NRES,
    "+INF": Special.PLUS_INFINITY,
    "-INF": Special.MINUS_INFINITY,
    "RFU": Special.RESERVED,
    None: Special.NAN,
}


def vectors() -> dict[str, Any]:
    """Return the vectors, or skip."""
    path = SHARED / "gatt_vectors.json"
    if not path.exists():
        pytest.skip("needs ../shared")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return found


def message(name: str) -> tuple[bytes, dict[str, Any]]:
    """Return one vector's bytes and what it must mean."""
    one = vectors()["messages"][name]
    return bytes.fromhex(one["hex"]), one["expect"]


def captures(kind: str) -> list[tuple[str, bytes, str]]:
    """Return (device, bytes, values) of the real captures of a kind, or skip."""
    path = SHARED / "data" / "device_payloads.csv"
    if not path.exists():
        pytest.skip("needs ../shared")
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return [(row["device"], bytes.fromhex(row["hex"]), row["values"]) for row in rows]


def number(expected: Any) -> Number:
    """Return what a vector writes as a number or as the name of a special."""
    if expected is None or isinstance(expected, str):
        return _SPECIALS[expected]
    return Decimal(expected)
