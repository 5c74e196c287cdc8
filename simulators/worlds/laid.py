"""Faults of a home laid over any scenario: by their names in a file, or on the command line.

`fault[:field=value,...]` is one fault; `begins_s` counts from the dose and is T+40 when it is left
out, the other fields are the fault's own (docs/simulated-home.md). What a scenario draws does not
change: the same body and the same people meet the fault.

It plays nothing.

>>> laid_over(Scenario(name="x", title="x"), ["batch:for_s=90"]).fault[0].for_s
90.0
"""

import tomllib
from collections.abc import Sequence
from typing import Any

from msgspec import structs

from simulators.faults.kinds import Fault, FaultError, Restart, read_fault
from simulators.worlds.scenario import FaultScript, Scenario

__all__ = ["fault_in", "laid_over"]

_BEGINS_S = 2_400.0
_OWN = ("begins_s", "for_s")


def fault_in(script: FaultScript) -> Fault:
    """Return the fault that a scenario's happening is.

    Raises:
        FaultError: no such fault, or fields that it does not have.
    """
    fault = read_fault({"fault": script.fault, "for_s": script.for_s, **script.fields})
    if isinstance(fault, Restart) and fault.at_event is not None:
        raise FaultError("fault 'restart': a world restarts at a time: leave out at_event")
    return fault


def laid_over(scenario: Scenario, texts: Sequence[str]) -> Scenario:
    """Return the scenario with these faults in it, each called `with_1`, `with_2` ...

    Raises:
        FaultError: a text that is no fault, with what to write.
    """
    laid = tuple(_script(f"with_{number}", text) for number, text in enumerate(texts, 1))
    return structs.replace(scenario, fault=(*scenario.fault, *laid))


def _script(name: str, text: str) -> FaultScript:
    fault, _, rest = text.partition(":")
    told = {key: _value(key, value, text) for key, value in _pairs(rest, text)}
    begins_s = float(told.get("begins_s", _BEGINS_S))
    fields = {key: value for key, value in told.items() if key not in _OWN}
    script = FaultScript(
        name=name,
        at_min=begins_s / 60,
        fault=fault,
        for_s=float(told.get("for_s", 60.0)),
        fields=fields,
    )
    fault_in(script)
    return script


def _pairs(rest: str, text: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in rest.split(",") if rest]
    if not all(key and equals and value for key, equals, value in pairs):
        raise FaultError(f"fault {text!r}: write name:field=value,field=value")
    return [(key.strip(), value.strip()) for key, _, value in pairs]


def _value(key: str, value: str, text: str) -> Any:
    """Return a number, true or false as such, anything else as a word."""
    try:
        found = tomllib.loads(f"it = {value}")["it"]
    except tomllib.TOMLDecodeError:
        found = value
    if key in _OWN and not (isinstance(found, int | float) and 0 <= found <= _MOST_S):
        raise FaultError(f"fault {text!r}: {key} is {value}: use seconds from 0 to {_MOST_S}")
    return found


_MOST_S = 18_000
