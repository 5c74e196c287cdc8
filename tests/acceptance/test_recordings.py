"""On recordings, rows are present at the times of a calculation that shares no code with them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle import ROWS, Episode, Sample, episodes
from tests.oracle_window import WINDOWS
from tests.recorded import engine_episodes, recordings, replayed

pytestmark = pytest.mark.long

OXYGEN = ("SPO2-FAST", "SPO2-WARN", "SPO2-LOW", "SPO2-CRIT", "SPO2-DROP", "SPO2-DROP2")
PULSE = ("PR-BRADY", "PR-HIGH", "PR-TACHY", "PR-SUST", "PR-REL")


def both(
    samples: list[Sample], rows: tuple[str, ...], *, silent_gaps: bool = False
) -> tuple[dict[str, list[Episode]], dict[str, list[Episode]]]:
    """Return what the engine says and what the oracle says, by row."""
    effects = replayed(samples, silent_gaps=silent_gaps)
    got = {row: engine_episodes(effects, row) for row in (*rows, *WINDOWS)}
    expected = {row: episodes(samples, ROWS[row], interval_s=1) for row in rows}
    return got, expected | {row: calculated(samples) for row, calculated in WINDOWS.items()}


@pytest.mark.parametrize("record", ["uw_100001", "uw_100004"])
def test_controlled_hypoxia_gives_the_times_of_the_oracle(record: str) -> None:
    """Both falls of real people: each row is present and clear at exactly the oracle's second."""
    got, expected = both(recordings("uw_varied_fio2.csv.gz")[record], OXYGEN)
    assert got == expected
    assert all(expected[row] for row in ("SPO2-WARN", "SPO2-LOW", "SPO2-CRIT"))


def test_twenty_icu_recordings_give_the_times_of_the_oracle() -> None:
    """Real noise and real gaps of 20 patients: exactly the oracle's seconds again."""
    records = recordings("bidmc_1hz.csv.gz")
    got, expected = {}, {}
    for record, samples in records.items():
        got[record], expected[record] = both(samples, OXYGEN)
    assert len(records) == 20
    assert got == expected


SPO2 = st.one_of(
    st.integers(70, 100), st.sampled_from([79, 80, 81, 86, 87, 88, 89, 90, 91, 92, 93, 94, 97])
)
# A stretch: a level, how far it wobbles, how long, and which of five seconds have a value.
STRETCHES = st.lists(
    st.tuples(
        st.one_of(SPO2, st.integers(1, 100)),
        st.integers(0, 4),
        st.integers(1, 100),
        st.one_of(st.just(31), st.just(0), st.integers(0, 31)),
    ),
    min_size=1,
    max_size=10,
)
# A pulse goes to a level by one in two seconds and stays there. So slow, it is no step (20 %) even
# against the last value before a gap, which stands in for "the valid PR 6 s earlier".
RAMPS = st.lists(
    st.tuples(st.integers(36, 160), st.integers(0, 90), st.one_of(st.just(31), st.integers(0, 31))),
    min_size=1,
    max_size=5,
)


def walk(stretches: list[tuple[int, int, int, int]]) -> list[Sample]:
    """Return a recording of SpO2 with a still pulse."""
    samples = [Sample(0, Decimal(97), Decimal(70))]
    for level, wobble, length_s, kept in stretches:
        for second in range(length_s):
            spo2 = max(1, min(100, level + second * 7 % (2 * wobble + 1) - wobble))
            there = kept >> second % 5 & 1
            value = (Decimal(spo2), Decimal(70)) if there else (None, None)
            samples.append(Sample(samples[-1].t_s + 1, *value))
    return samples


def ramp(ramps: list[tuple[int, int, int]]) -> list[Sample]:
    """Return a recording of a pulse that never steps, with a still SpO2."""
    samples = [Sample(0, Decimal(97), Decimal(70))]
    pulse = 70
    for level, stay_s, kept in ramps:
        way = [bpm for bpm in range(pulse, level, 1 if level > pulse else -1) for _ in range(2)]
        way += [level] * stay_s
        for second, pulse_now in enumerate(way):
            there = kept >> second % 5 & 1
            value = (Decimal(97), Decimal(pulse_now)) if there else (None, None)
            samples.append(Sample(samples[-1].t_s + 1, *value))
        pulse = level
    return samples


@tries(40)
@given(stretches=STRETCHES, silent_gaps=st.booleans())
def test_any_walk_of_spo2_with_gaps_gives_the_times_of_the_oracle(
    stretches: list[tuple[int, int, int, int]], *, silent_gaps: bool
) -> None:
    """Falls, noise, doubtful values, gaps as empty samples or as silence: the same seconds."""
    got, expected = both(walk(stretches), OXYGEN, silent_gaps=silent_gaps)
    assert got == expected


@tries(30)
@given(ramps=RAMPS, silent_gaps=st.booleans())
def test_any_pulse_without_steps_gives_the_times_of_the_oracle(
    ramps: list[tuple[int, int, int]], *, silent_gaps: bool
) -> None:
    """Slow, fast and very fast pulses, with gaps: the same seconds."""
    got, expected = both(ramp(ramps), PULSE, silent_gaps=silent_gaps)
    assert got == expected
