"""A person's word is read strictly: who, for which session and mode, and exactly what."""

import json
from typing import Any

import pytest

from devices import command as c
from devices.checkin import Answer, Breathing, CheckIn, Colour, Mood, Sign
from devices.observation import Mode
from devices.strict_json import Malformed, Reason

BASE: dict[str, Any] = {"session": "s1", "mode": Mode.TEST}


def encoded(**fields: Any) -> bytes:
    """Return a payload for session s1 of the test mode."""
    return json.dumps({**BASE, **fields}).encode()


@pytest.mark.parametrize(
    ("fields", "order"),
    [
        ({"do": "accept", "alarm": "spo2@5"}, c.Accept(**BASE, alarm="spo2@5")),
        ({"do": "acknowledge", "alarm": "bp@1"}, c.Acknowledge(**BASE, alarm="bp@1")),
        ({"do": "reject", "alarm": "bp@1"}, c.Reject(**BASE, alarm="bp@1")),
        ({"do": "reset", "alarm": "bp@1", "id": "t1"}, c.Reset(**BASE, alarm="bp@1", id="t1")),
        (
            {"do": "gate", "item": "fasted", "state": "pass"},
            c.Gate(**BASE, item="fasted", state="pass"),
        ),
        (
            {"do": "override", "item": "bp", "reason": "known"},
            c.Override(**BASE, item="bp", reason="known"),
        ),
        ({"do": "dose"}, c.Dose(**BASE)),
        ({"do": "dose", "ago_ms": 600_000}, c.Dose(**BASE, ago_ms=600_000)),
        ({"do": "extra_dose", "ago_ms": 1}, c.ExtraDose(**BASE, ago_ms=1)),
        ({"do": "cuff_started"}, c.CuffStarted(**BASE)),
        ({"do": "pulse_count", "pulse": 61}, c.PulseCount(**BASE, pulse=61)),
        ({"do": "help"}, c.Help(**BASE)),
        ({"do": "cancel_help"}, c.CancelHelp(**BASE)),
        ({"do": "ok"}, c.Ok(**BASE)),
        ({"do": "annotate", "text": "asleep"}, c.Annotate(**BASE, text="asleep")),
        ({"do": "hand_over", "to": "crew 7"}, c.HandOver(**BASE, to="crew 7")),
        ({"do": "cuff_failed", "reason": "loose"}, c.CuffFailed(**BASE, reason="loose")),
        ({"do": "reading", "sbp": 128, "dbp": 81}, c.Reading(**BASE, sbp=128, dbp=81)),
        (
            {"do": "tailor", "row": "SPO2-LOW", "limit": 88, "reason": "altitude"},
            c.Tailor(**BASE, row="SPO2-LOW", limit=88, reason="altitude"),
        ),
        ({"do": "close_emergency"}, c.CloseEmergency(**BASE)),
        ({"do": "discharge"}, c.Discharge(**BASE)),
        ({"do": "discharge", "walk": True}, c.Discharge(**BASE, walk=True)),
        ({"do": "rehearse"}, c.Rehearse(**BASE)),
        ({"do": "sound_test", "id": "t3"}, c.SoundTest(**BASE, id="t3")),
        ({"do": "heard", "bursts": 0}, c.Heard(**BASE, bursts=0)),
        ({"do": "end", "reason": "done"}, c.End(**BASE, reason="done")),
    ],
)
def test_every_order_is_read(fields: dict[str, Any], order: c.Order) -> None:
    """Each `do` has its own fields; the person comes from the topic."""
    assert c.decode_command("ann", encoded(**fields)) == c.Command("ann", order)


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b'{"do":"help","mode":"test"}',
        b'{"do":"help","session":"s1"}',
        encoded(),
        encoded(do="fly"),
        encoded(do="help", alarm="a@1"),
        encoded(do="accept"),
        encoded(do="accept", alarm=""),
        encoded(do="accept", alarm="a b"),
        encoded(do="gate", item="fasted", state="maybe"),
        encoded(do="override", item="bp", reason=""),
        encoded(do="dose", ago_ms=600_001),
        encoded(do="dose", ago_ms=-1),
        encoded(do="pulse_count", pulse=0),
        encoded(do="pulse_count", pulse=61.5),
        encoded(do="reading", sbp=128),
        encoded(do="reading", sbp=401, dbp=81),
        encoded(do="reading", sbp=128.5, dbp=81),
        encoded(do="tailor", row="SPO2-LOW", limit=88),
        encoded(do="tailor", row="spo2", limit=88, reason="x"),
        encoded(do="discharge", nausea=11),
        encoded(do="discharge", walk="yes"),
        encoded(do="annotate", text="x" * 501),
        encoded(do="heard"),
        encoded(do="heard", bursts=10),
        encoded(do="rehearse", alarm="rehearsal@5"),
        encoded(do="help", session="a/b"),
    ],
)
def test_any_other_order_is_refused(payload: bytes) -> None:
    """Missing, unknown, empty and out-of-bounds fields are all SCHEMA."""
    with pytest.raises(Malformed) as caught:
        c.decode_command("ann", payload)
    assert caught.value.reason is Reason.SCHEMA


def test_a_check_in_is_read_with_all_its_fields() -> None:
    """Codes become answers; the rest is kept as it came."""
    payload = encoded(codes="W4 B0 C0 D1 X0", measured_ms=5, corrects=True, id="t2")
    assert c.decode_check_in("ann", payload) == c.PersonCheckIn(
        person="ann",
        session="s1",
        mode=Mode.TEST,
        check=CheckIn(Answer.SLOW, Breathing.QUIET, Colour.NORMAL, Mood.UNEASY, (Sign.NONE,)),
        measured_ms=5,
        corrects=True,
        id="t2",
    )


def test_a_wrong_code_is_named() -> None:
    """The refusal says which code and what is allowed."""
    with pytest.raises(Malformed) as caught:
        c.decode_check_in("ann", encoded(codes="W4 Q1"))
    assert (caught.value.reason, caught.value.detail) == (
        Reason.CHECK_IN,
        "check-in code 'Q1' is unknown: use W B C D X L M F codes",
    )
