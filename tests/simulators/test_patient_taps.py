"""The simulated patient taps when awake, slower when far away, and never with closed eyes."""

from dataclasses import replace

from numpy.random import default_rng

from devices.command import Ok, Order
from devices.observation import Mode
from simulators.board import Board, Tap
from simulators.body.vitals import Vitals
from simulators.habits import ATTENTIVE, Habits
from simulators.patient_taps import Taps

S = 1000
OK = Ok(session="s1", mode=Mode.TEST)
STEADY = replace(ATTENTIVE, log_sd=0.0)


def truth(at_s: int, moaas: int = 5, cadss6: float = 0.0) -> Vitals:
    """A patient this awake and this far away."""
    return Vitals(at_s * S, 97.0, 72.0, 120.0, 75.0, 3.0, moaas, 0.0, cadss6=cadss6)


def board(at_s: int, due_s: int | None = 600) -> Board:
    """What the hub shows: a tap is due, or (None) nothing is asked."""
    due_ms = None if due_s is None else due_s * S
    asked = Tap(from_ms=due_ms, due_ms=due_ms)
    return Board("s1", Mode.TEST, at_s * S, "onset", patient_check=asked)


def taps(habits: Habits = STEADY, seed: int = 1) -> Taps:
    """A patient with these habits."""
    return Taps(default_rng(seed), habits, "s1", Mode.TEST)


def played(patient: Taps, moaas: int = 5, cadss6: float = 0.0) -> list[tuple[int, list[Order]]]:
    """Return every second from T+9 to T+15 in which there is a tap."""
    said = [
        (at_s, patient.look(board(at_s), truth(at_s, moaas, cadss6))) for at_s in range(540, 900)
    ]
    return [one for one in said if one[1]]


def test_an_awake_patient_taps_once_after_the_due_time() -> None:
    """20 s after it is shown; drowsy 45 s; far away twice that."""
    assert [played(taps()), played(taps(), 4), played(taps(), 4, 13.0)] == [
        [(620, [OK])],
        [(645, [OK])],
        [(690, [OK])],
    ]


def test_closed_eyes_read_nothing() -> None:
    """MOAA/S 3 taps nothing, also what was meant to be tapped before; awake again, it is seen."""
    asleep = taps()
    first = played(asleep, 3)
    drifting = taps()
    drifting.look(board(600), truth(600))
    between = drifting.look(board(625), truth(625, 3))
    back = drifting.look(board(640), truth(640, 4))
    away = taps()
    away.look(board(600), truth(600))
    away.away()
    assert (first, between, back, away.look(board(625), truth(625))) == ([], [], [OK], [])


def test_nothing_asked_is_nothing_tapped() -> None:
    """Before the due time and without one; a tap that is no longer asked for is forgotten."""
    patient = taps()
    early = patient.look(board(599), truth(599))
    patient.look(board(600), truth(600))
    said = [patient.look(board(at, None), truth(at)) for at in (610, 640)]
    assert (early, said) == ([], [[], []])


def test_some_taps_are_let_pass() -> None:
    """3 % of those who are awake, far more of those who are far away; none of the attentive."""
    shares = [
        sum(not played(taps(habits, seed), 4, far) for seed in range(200)) / 200
        for habits, far in ((Habits(log_sd=0.0), 0.0), (Habits(log_sd=0.0), 20.0), (STEADY, 20.0))
    ]
    assert (0.04 <= shares[0] <= 0.13, 0.25 <= shares[1] <= 0.42, shares[2]) == (True, True, 0.0)
