"""Every decision is a record that survives its own JSON and names itself in it."""

import msgspec
import pytest

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.effects import (
    AlarmChanged,
    AlertEffect,
    CancelSend,
    Send,
    SignalChanged,
    Skipped,
    Sound,
)
from alerts.signal import Pattern, SignalState

EFFECTS: list[tuple[AlertEffect, bytes]] = [
    (
        AlarmChanged(
            at_ms=5,
            id="oxygen@5",
            family="oxygen",
            row="CRIT",
            transition=Transition.RAISED,
            priority=Priority.HIGH,
            alarm_class=AlarmClass.E,
            kind=Kind.PHYSIOLOGICAL,
            value_x100=7900,
            limit_x100=8000,
        ),
        (
            b'{"effect":"AlarmChanged","at_ms":5,"id":"oxygen@5","family":"oxygen","row":"CRIT",'
            b'"transition":"raised","priority":"high","alarm_class":"E","kind":"P",'
            b'"value_x100":7900,"limit_x100":8000}'
        ),
    ),
    (
        SignalChanged(at_ms=5, id="oxygen@5", state=SignalState.ACKNOWLEDGED, until_ms=9),
        b'{"effect":"SignalChanged","at_ms":5,"id":"oxygen@5","state":"acknowledged","until_ms":9}',
    ),
    (
        Sound(at_ms=5, pattern=Pattern.SILENT),
        b'{"effect":"Sound","at_ms":5,"pattern":"silent"}',
    ),
    (
        Send(
            at_ms=5,
            delivery="d",
            alarm="oxygen@5",
            contact="ann",
            way=0,
            channel="console",
            address="",
            priority=Priority.LOW,
            rung="companion+0s",
            late=True,
        ),
        (
            b'{"effect":"Send","at_ms":5,"delivery":"d","alarm":"oxygen@5","contact":"ann","way":0,'
            b'"channel":"console","address":"","priority":"low","rung":"companion+0s","late":true}'
        ),
    ),
    (
        CancelSend(at_ms=5, delivery="d", reason="accepted by ann"),
        b'{"effect":"CancelSend","at_ms":5,"delivery":"d","reason":"accepted by ann"}',
    ),
    (
        Skipped(at_ms=5, alarm="oxygen@5", rung="rest", reason="end of the ladder"),
        (
            b'{"effect":"Skipped","at_ms":5,"alarm":"oxygen@5","rung":"rest",'
            b'"reason":"end of the ladder"}'
        ),
    ),
]


@pytest.mark.parametrize(("effect", "text"), EFFECTS)
def test_an_effect_survives_its_own_json(effect: AlertEffect, text: bytes) -> None:
    """The journal reads back exactly what was decided."""
    assert msgspec.json.encode(effect) == text
    assert msgspec.json.decode(text, type=AlertEffect) == effect
