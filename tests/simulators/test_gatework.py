"""A companion gives no dose while anything is open, and does what the gate asks for instead."""

import msgspec
import pytest

from devices.command import Dose, End, Gate, Rehearse
from devices.observation import Mode
from simulators.board import Board, Item
from simulators.gatework import AWAKE, PRESSURE, GateWork, Plans
from simulators.person import Deed

S = 1000
DOSE = Dose(session="s1", mode=Mode.DEMO)


def work() -> GateWork:
    """Ten minutes of rest before the dose, two items of which one is proved."""
    items = {"place": None, "alarm_chain": "rehearsal"}
    return GateWork("s1", Mode.DEMO, start_ms=0, rest_ms=600 * S, items=items)


def gate(phase: str = "gate", **items: Item) -> Board:
    """What the hub shows."""
    return Board("s1", Mode.DEMO, 0, phase, gate_items=items)


def says(item: str) -> Gate:
    """The word that an item passes."""
    return Gate(session="s1", mode=Mode.DEMO, item=item, state="pass")


def seconds(plans: Plans) -> list[tuple[float, object]]:
    """The plans, in seconds."""
    return [(at_ms / S, act) for at_ms, act in plans]


def test_all_that_passed_means_the_dose() -> None:
    """Not before the rest is over, not in another phase, and again after four minutes."""
    who, passed = work(), gate(place=Item("pass"))
    assert [who.look(passed, at * S) for at in (599, 600, 700)] == [[], [(600 * S, DOSE)], []]
    assert who.look(gate("peak"), 900 * S) == []
    assert who.look(passed, 900 * S) == [(900 * S, DOSE)]


def test_an_open_item_is_passed_and_a_proof_done_again() -> None:
    """No dose meanwhile."""
    shown = gate(place=Item("open"), alarm_chain=Item("hold", "rehearsal"))
    rehearse = Rehearse(session="s1", mode=Mode.DEMO)
    assert seconds(work().look(shown, 600 * S)) == [(600, says("place")), (600, rehearse)]


def test_a_high_pressure_rests_ten_minutes_and_is_taken_twice() -> None:
    """Then the word; when the second mean is high too the physician decides."""
    who = work()
    high = gate(blood_pressure=Item("hold", note="blood pressure 146/80: rest 10 min, then two"))
    assert seconds(who.look(high, 600 * S)) == [
        (1200, Deed.START_CUFF),
        (1320, Deed.START_CUFF),
        (1440, says(PRESSURE)),
    ]
    assert who.look(high, 1499 * S) == []
    again = gate(blood_pressure=Item("hold", note="blood pressure 145/82"))
    assert who.look(again, 1500 * S) == []


def test_a_pressure_that_is_missing_is_taken_at_once() -> None:
    """A cuff that failed leaves nothing to rest for, as often as it fails."""
    who = work()
    lacks = gate(blood_pressure=Item("hold", note="take two blood pressures, a minute apart"))
    first = seconds(who.look(lacks, 600 * S))
    then = seconds(who.look(lacks, 900 * S))
    assert [at for at, _ in first + then] == [600, 720, 840, 900, 1020, 1140]


def test_a_sleepy_patient_is_looked_at_once_more() -> None:
    """The word follows the look."""
    assert seconds(work().look(gate(awake=Item("stop")), 600 * S)) == [
        (600, Deed.CHECK_IN),
        (610, says(AWAKE)),
    ]


def test_a_low_oxygen_has_six_minutes_of_other_fingers() -> None:
    """Then it passes, or the word asks the physician; after that nobody says it again."""
    who, held = work(), gate(spo2=Item("hold", note="SpO2 94 %"))
    assert seconds(who.look(held, 600 * S)) == [(960, says("spo2"))]
    assert who.look(held, 1200 * S) == []


@pytest.mark.parametrize(
    ("state", "at_first", "repeated"),
    [("open", True, True), ("pass", True, True), ("hold", False, True), ("stop", False, False)],
)
def test_no_word_is_said_against_a_value_before_it_was_measured_again(
    state: str, at_first: bool, repeated: bool
) -> None:
    """And against a stop never."""
    who = work()
    first = who.says(says("spo2"), gate(spo2=Item(state)))
    who.look(gate(spo2=Item("hold")), 600 * S)
    assert (first, who.says(says("spo2"), gate(spo2=Item(state)))) == (at_first, repeated)


def test_a_word_on_what_no_board_shows_is_said() -> None:
    """The hub refuses it if there is no such item."""
    assert work().says(says("spo2"), gate())


def test_a_final_stop_ends_the_day() -> None:
    """No dose, and the session is closed with the reason."""
    end = End(session="s1", mode=Mode.DEMO, reason="no dose today: drugs")
    assert work().look(gate(drugs=Item("stop", final=True)), 600 * S) == [(600 * S, end)]


def test_a_stop_that_stays_ends_the_day() -> None:
    """Looked at three times; one that went away between is counted anew."""
    who, low = work(), gate(spo2=Item("stop"))
    end = End(session="s1", mode=Mode.DEMO, reason="no dose today: spo2")
    shown = [low, low, gate(spo2=Item("hold")), low, low, low]
    got = [who.look(board, (600 + 240 * at) * S) for at, board in enumerate(shown)]
    assert [[end] == [act for _, act in plans] for plans in got] == [False] * 5 + [True]


def test_a_stop_by_a_rehearsal_is_rehearsed_again() -> None:
    """The companion who missed the test alarm tries once more, however often."""
    who = work()
    shown = gate(alarm_chain=Item("stop", "rehearsal"))
    rehearse = Rehearse(session="s1", mode=Mode.DEMO)
    got = [[act for _, act in who.look(shown, (600 + 240 * at) * S)] for at in range(4)]
    assert got == [[rehearse]] * 4


def test_the_board_s_own_words_are_read() -> None:
    """The reader of a board knows the note and the final stop of an item."""
    text = b'{"state":"stop","final":true,"note":"alcohol","words":"No alcohol."}'
    assert msgspec.json.decode(text, type=Item) == Item("stop", final=True, note="alcohol")
