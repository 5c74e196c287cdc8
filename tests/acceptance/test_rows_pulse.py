"""Each pulse row of the default plan: at which sample it fires, when it is silent, how it ends."""

import pytest

from tests.timeline import LIMITS, Timeline


def slide(to: float, start_s: int = 60) -> Timeline:
    """Return a session whose pulse goes to `to` by 10 each 12 s: no pulse step, nothing held."""
    line, pulse, t_s = Timeline(LIMITS), 70.0, start_s
    while abs(pulse - to) > 10:
        pulse += 10 if to > pulse else -10
        line.at(t_s).pulse(pulse)
        t_s += 12
    return line


@pytest.mark.parametrize(
    ("pulse", "story"),
    [
        (50, []),
        (49, ["220 raised PR-LOW medium"]),
        (40, ["214 raised PR-LOW medium"]),
        (39, ["210 raised PR-BRADY high/A", "214 joined PR-LOW high/A"]),
    ],
)
def test_slow(pulse: float, story: list[str]) -> None:
    """From a baseline of 70 every pulse under 50 is a fall of 15 and more."""
    line = slide(60).at(188).pulse(54).at(194).pulse(54 if pulse >= 45 else 47)
    assert line.at(200).pulse(pulse).story(until=300, skip={"PR-JUMP"}) == story


@pytest.mark.parametrize(
    ("baseline", "pulse", "athlete", "story"),
    [
        (60, 49, False, ["80 raised PR-LOW low"]),
        (56, 49, False, []),
        (57, 49, False, ["80 raised PR-LOW low"]),
        (60, 45, False, ["80 raised PR-LOW medium"]),
        (55, 46, True, []),
        (55, 44, True, ["80 raised PR-LOW low"]),
    ],
)
def test_slow_for_this_patient(
    baseline: float, pulse: float, athlete: bool, story: list[str]
) -> None:
    """PR-LOW is under 50 (athlete 45) and 8 under the baseline; medium from 15 under it."""
    line = Timeline(LIMITS, dosed=False, athlete=athlete).pulse(baseline)
    line.at(-300).bp(120, 80, baseline).at(-240).bp(120, 80, baseline).gate().at(0).dose()
    assert line.at(60).pulse(pulse).story(until=120, skip={"PR-JUMP"}) == story


@pytest.mark.parametrize(
    ("pulse", "story"),
    [
        (120, []),
        (121, ["260 raised PR-HIGH medium"]),
        (140, ["260 raised PR-HIGH medium"]),
        (141, ["220 raised PR-TACHY high/S", "260 joined PR-HIGH high/S"]),
    ],
)
def test_fast(pulse: float, story: list[str]) -> None:
    """HIGH is above 120 for 60 s, TACHY above 140 for 20 s."""
    line = slide(118).at(150).pulse(118)
    assert line.at(200).pulse(pulse).story(until=300) == story


@pytest.mark.parametrize(
    ("pulse", "back", "clears"),
    [
        (45, 53, []),
        (45, 54, ["330 cleared PR-LOW medium"]),
        (39, 45, []),
        (39, 46, ["360 latched PR-BRADY high/A"]),
        (121, 113, []),
        (121, 112, ["360 cleared PR-HIGH medium"]),
        (141, 131, []),
        (141, 130, ["360 latched PR-TACHY high/S"]),
        (141, 112, ["360 cleared PR-HIGH high/S", "360 latched PR-TACHY high/S"]),
    ],
)
def test_pulse_rows_end_at_their_level(pulse: float, back: float, clears: list[str]) -> None:
    """LOW 54 for 30 s, BRADY 46 for 60 s, HIGH 112 for 60 s, TACHY 130 for 60 s."""
    line = slide(pulse)
    line.at(200).pulse(pulse).story(until=299)
    assert line.pulse(back).story(until=420, skip={"PR-JUMP"}) == clears


def test_slow_ends_near_a_slow_baseline() -> None:
    """Baseline 57: PR-LOW ends at 53, four under it, not only at 54."""
    line = Timeline(LIMITS, dosed=False).pulse(57)
    line.at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose()
    line.at(60).pulse(48).at(100).pulse(53)
    assert line.story(until=140) == ["80 raised PR-LOW low", "130 cleared PR-LOW low"]


# --- pulse steps ------------------------------------------------------------------------------


def test_a_step_upwards_is_looked_at_before_it_is_high() -> None:
    """70 to 150 at once: JUMP after 5 s, TACHY after 30 s instead of 20, JUMP over after 60 s."""
    assert Timeline(LIMITS).at(200).pulse(150).story(until=300) == [
        "205 raised PR-JUMP low",
        "230 raised PR-TACHY high/S",
        "260 joined PR-HIGH high/S",
        "265 cleared PR-JUMP low",
    ]


@pytest.mark.parametrize(
    ("counted", "at_s", "fires"),
    [
        (150, 210, 210),
        (135, 210, 210),
        (165, 210, 210),
        (134, 210, 260),
        (72, 210, 260),
        (150, 225, 225),
    ],
)
def test_a_count_at_the_wrist_decides(counted: float, at_s: int, fires: int) -> None:
    """A witness within 15 makes TACHY at once; one that differs by more gives it 30 s more."""
    story = Timeline(LIMITS).at(200).pulse(150).at(at_s).counted(counted).story(until=300)
    assert next(x for x in story if "TACHY" in x).split()[0] == str(fires)


def test_the_cuff_is_a_witness_too() -> None:
    """A cuff reading of the last minute with the same pulse: no more waiting."""
    story = Timeline(LIMITS).at(200).pulse(150).at(212).bp(120, 80, 148).story(until=240)
    assert story == ["205 raised PR-JUMP low", "212 raised PR-TACHY high/S"]


@pytest.mark.parametrize(
    ("counted", "fires"), [(None, 230), (38, 210), (70, 230)], ids=["none", "agrees", "differs"]
)
def test_a_step_downwards_waits_for_a_witness(counted: float | None, fires: int) -> None:
    """70 to 35 at once: BRADY after 30 s; after 10 s when a count agrees."""
    line = Timeline(LIMITS).at(200).pulse(35)
    if counted is not None:
        line.at(206).counted(counted)
    story = line.story(until=240)
    assert [x for x in story if "BRADY" in x] == [f"{fires} {_how(fires)} PR-BRADY high/A"]
    assert "205 raised PR-JUMP low" in story


def _how(fires: int) -> str:
    return "raised" if fires == 210 else "upgraded"


@pytest.mark.parametrize(
    ("pulse", "jump"),
    [(83, []), (84, ["215 raised PR-JUMP low"]), (56, ["215 raised PR-JUMP low"]), (57, [])],
)
def test_a_jump_is_a_fifth_and_held(pulse: float, jump: list[str]) -> None:
    """20 % from the pulse 6 s before, for 15 s between 40 and 140."""
    assert Timeline(LIMITS).at(200).pulse(pulse).story(until=216) == jump


def test_a_jump_that_does_not_hold_is_silent() -> None:
    """Back before 15 s are over: nothing was said."""
    assert Timeline(LIMITS).at(200).pulse(90).at(212).pulse(70).story(until=300) == []


def test_a_jump_ends_when_the_pulse_is_back() -> None:
    """Within 10 % of the pulse before."""
    line = Timeline(LIMITS).at(200).pulse(90).at(220).pulse(77)
    assert line.story(until=230) == ["215 raised PR-JUMP low"]
    assert line.pulse(76).story(until=232) == ["231 cleared PR-JUMP low"]


def test_a_doubtful_pulse_counts_for_brady_alone() -> None:
    """PR 20 is BRADY, no PR-LOW and no step; it ends no fast pulse."""
    line = Timeline(LIMITS).at(200).pulse(20)
    assert line.story(until=260) == ["230 raised PR-BRADY high/A"]
    line = slide(141).at(200).pulse(141).at(205).pulse(20).at(208).pulse(141)
    assert "220 upgraded PR-TACHY high/S" in line.story(until=221)


def test_a_count_that_differs_hides_no_cuff_that_agrees() -> None:
    """The cuff finds 150 as the clip does: no artefact, so high at once after the step."""
    line = Timeline().at(1000).counted(75).at(1010).pulse(150).at(1012).bp(120, 80, 148)
    assert "1012 raised PR-TACHY high/S" in line.story(until=1013)


@pytest.mark.parametrize(("silent_s", "high_s"), [(7, 1037), (8, 1028)])
def test_a_pulse_of_before_a_gap_is_no_pulse_of_six_seconds_ago(silent_s: int, high_s: int) -> None:
    """Two missing samples are borne; then nobody knows whether it was a step: 20 s, not 30."""
    line = Timeline().at(1000).silence().at(1000 + silent_s).pulse(150)
    got = [one for one in line.story(until=1040) if "PR-TACHY" in one]
    assert got == [f"{high_s} raised PR-TACHY high/S"]
