"""The signal table walked completely, and a loudspeaker that plays the loudest of all alarms."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.condition import Priority
from alerts.signal import Cue, Pattern, Shown, SignalState, loudest, pattern_of, step

# Rows: the state before. Columns: the cue. "-": no such step, nothing changes.
CUES = (
    "upgraded acknowledge accept pause_over lease_over "
    "condition_gone condition_back new_alarm closed"
)
STEPS = {
    "on": "on acknowledged accepted - - latched on on off",
    "acknowledged": "on acknowledged accepted on - latched acknowledged on off",
    "accepted": "on accepted accepted - on latched accepted accepted off",
    "latched": "on latched latched - - latched on latched off",
    "off": "- - - - - - - - -",
}


@pytest.mark.parametrize("state", SignalState)
@pytest.mark.parametrize("cue", Cue)
def test_the_table_is_this_one(state: SignalState, cue: Cue) -> None:
    """R06 among them: what is new or upgraded ends a pause, and no pause has another end."""
    word = STEPS[state.value].split()[CUES.split().index(cue.value)]
    assert step(state, cue) == (None if word == "-" else SignalState(word))


def shown(alarm: str, priority: Priority, state: SignalState, *, calmed: bool = False) -> Shown:
    """One alarm as the loudspeaker sees it."""
    return Shown(alarm, priority.rank * 2, priority, state, calmed)


def test_an_alarm_alone_plays_its_priority_or_is_quiet() -> None:
    """A latched alarm plays low after its first acknowledgement, its own pattern before."""
    got = {
        (state.value, calmed): " ".join(
            pattern_of(shown("a", p, state, calmed=calmed)).value for p in Priority
        )
        for state, calmed in itertools.product(SignalState, (False, True))
    }
    assert got == {
        ("on", False): "low medium high",
        ("on", True): "low medium high",
        ("acknowledged", False): "silent silent silent",
        ("acknowledged", True): "silent silent silent",
        ("accepted", False): "silent silent silent",
        ("accepted", True): "silent silent silent",
        ("latched", False): "low medium high",
        ("latched", True): "low low low",
        ("off", False): "silent silent silent",
        ("off", True): "silent silent silent",
    }


def test_a_paused_high_alarm_leaves_the_room_to_the_next_one() -> None:
    """R05: the loudest of those that sound; a pause of one alarm silences no other."""
    high = shown("a", Priority.HIGH, SignalState.ACKNOWLEDGED)
    medium = shown("b", Priority.MEDIUM, SignalState.ON)
    low = shown("c", Priority.LOW, SignalState.ON)
    assert loudest([high, low, medium]) == (Pattern.MEDIUM, "b")


def test_what_sounds_louder_goes_before_what_ranks_higher() -> None:
    """A high alarm that is latched and calmed plays low; a medium one that is on is heard."""
    latched = shown("a", Priority.HIGH, SignalState.LATCHED, calmed=True)
    medium = shown("b", Priority.MEDIUM, SignalState.ON)
    assert loudest([latched, medium]) == loudest([medium, latched]) == (Pattern.MEDIUM, "b")


def test_of_two_that_sound_alike_the_higher_speaks() -> None:
    """A low pattern of a latched high alarm is named before that of a low one; else the first."""
    latched = shown("a", Priority.HIGH, SignalState.LATCHED, calmed=True)
    low = shown("b", Priority.LOW, SignalState.ON)
    also_low = shown("c", Priority.LOW, SignalState.ON)
    assert loudest([low, latched]) == (Pattern.LOW, "a")
    assert loudest([low, also_low]) == (Pattern.LOW, "b")


def test_nothing_sounds_when_nothing_is_on() -> None:
    """Silence belongs to no alarm."""
    assert loudest([]) == (Pattern.SILENT, None)
    assert loudest([shown("a", Priority.HIGH, SignalState.ACCEPTED)]) == (Pattern.SILENT, None)


@given(st.permutations([shown(p.value, p, SignalState.ON) for p in Priority]))
def test_the_order_of_alarms_does_not_matter(alarms: list[Shown]) -> None:
    """The highest first, however they are listed."""
    assert loudest(alarms) == (Pattern.HIGH, "high")
