"""The respiratory rate of an oximeter that claims to measure it."""

import pytest

from devices.observation import DeviceKind
from monitor.effects import PromptKind
from monitor.patient import DeviceBinding
from tests.timeline import Timeline, only

COMBO = ("SED-2", "SED-COMBO-RR")
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


@pytest.mark.parametrize(("codes", "fires"), [("W3 B0 C0 D0 X0", True), ("W4 B0 C0 D0 X0", False)])
@pytest.mark.parametrize(("per_min", "low"), [(8, True), (9, False)])
def test_sedated_and_breathing_slowly_is_one_high_alarm_of_sedation(
    per_min: float, low: bool, codes: str, fires: bool
) -> None:
    """8 and less for 10 s with MOAA/S 3, whatever the oxygen is; neither of the two alone."""
    story = only(breathing(per_min, codes).story(until=129), *COMBO)
    rated = ["90 raised SED-2 medium"] if fires else []
    assert story == rated + (["110 upgraded SED-COMBO-RR high/A"] if fires and low else [])


def test_the_slow_breath_of_a_sedated_patient_is_seen_when_the_rating_comes_later() -> None:
    """With the next breath value after the check-in; it ends after a minute of 10, or awake."""
    line = breathing(8).at(150).check("W3 B0 C0 D0 X0").at(160).rr(9).at(170).rr(10)
    assert only(line.story(until=231), *COMBO) == [
        "150 raised SED-2 medium",
        "150 upgraded SED-COMBO-RR high/A",
        "230 latched SED-COMBO-RR high/A",
    ]
    line = breathing(8, "W3 B0 C0 D0 X0").at(150).check("W4 B0 C0 D0 X0")
    assert only(line.story(until=151), *COMBO)[-1] == "150 latched SED-COMBO-RR high/A"


@pytest.mark.parametrize("spo2", [91, 97])
@pytest.mark.parametrize("answer", ["B0", "B1", "B2"])
def test_the_breathing_that_was_seen_last_joins_sedation_at_once(answer: str, spo2: int) -> None:
    """Noisy or slow at the last check-in is enough by itself; quiet and a good number are not."""
    line = Timeline().alone(PromptKind.CHECK_IN).at(90).spo2(spo2).at(100)
    story = only(line.check(f"W3 {answer} C0 D0 X0").story(until=101), "SED-COMBO")
    assert story == (["100 upgraded SED-COMBO high/A"] if answer != "B0" or spo2 < 92 else [])


def test_a_rate_that_nobody_claims_is_off() -> None:
    """Whatever comes in the device's reports."""
    assert Timeline().rr(4).story(until=300) == []
