"""The respiratory rate of an oximeter that claims to measure it."""

import pytest

from devices.observation import DeviceKind
from monitor.effects import PromptKind
from monitor.patient import DeviceBinding
from tests.timeline import Timeline, only

RATES = ("RR-LOW1", "RR-LOW2", "RR-HIGH")


def breathing(per_min: float, codes: str = "") -> Timeline:
    """Return a session at 100 s, from when on the rate is this; a check-in came just before."""
    device = DeviceBinding("ox", DeviceKind.OXIMETER, breathing=True)
    line = Timeline(oximeter=device).alone(PromptKind.CHECK_IN).rr(14).at(90)
    if codes:
        line.check(codes)
    return line.at(100).rr(per_min)


@pytest.mark.parametrize(
    ("per_min", "story"),
    [
        (9, []),
        (8, ["160 raised RR-LOW1 medium", "210 cleared RR-LOW1 medium"]),
        (6, ["160 raised RR-LOW1 medium", "210 cleared RR-LOW1 medium"]),
        (
            5,
            [
                "130 raised RR-LOW2 high/A",
                "160 joined RR-LOW1 high/A",
                "200 latched RR-LOW2 high/A",
                "210 cleared RR-LOW1 high/A",
            ],
        ),
        (
            0,
            [
                "130 raised RR-LOW2 high/A",
                "160 joined RR-LOW1 high/A",
                "200 latched RR-LOW2 high/A",
                "210 cleared RR-LOW1 high/A",
            ],
        ),
        (24, []),
        (25, ["160 raised RR-HIGH low", "230 cleared RR-HIGH low"]),
        (29, ["160 raised RR-HIGH low", "230 cleared RR-HIGH low"]),
        (30, ["160 raised RR-HIGH medium", "230 cleared RR-HIGH medium"]),
    ],
)
def test_each_rate_has_its_rows(per_min: float, story: list[str]) -> None:
    """8 and less for a minute, 5 and less for 30 s; over 24; 9 and 10 clear."""
    line = breathing(per_min).at(200).rr(9).at(210).rr(14)
    assert only(line.story(until=260), *RATES) == story


@pytest.mark.parametrize(
    ("codes", "what"), [("W3 B0 C0 D0 X0", "raised"), ("W5 B2 C0 D0 X0", "joined")]
)
def test_eight_with_a_witness_is_high(codes: str, what: str) -> None:
    """Sedated, or seen to breathe slowly (that alarm is high already)."""
    story = only(breathing(8, codes).story(until=150), *RATES)
    assert story == [f"130 {what} RR-LOW2 high/A"]


def test_eight_with_a_low_oxygen_is_high() -> None:
    """Less than 94 %: the row becomes high with the next breath value after the delay."""
    line = breathing(8).at(170).spo2(93)
    assert only(line.story(until=180), *RATES) == [
        "160 raised RR-LOW1 medium",
        "170 upgraded RR-LOW2 high/A",
    ]


def test_a_rate_that_nobody_claims_is_off() -> None:
    """Whatever comes in the device's reports."""
    assert Timeline().rr(4).story(until=300) == []
