"""The sounds have the pulses, the timing and the pitch of their priority, seen in their samples."""

import array
import io
import math
import wave

import pytest

from alerts.signal import Pattern
from alerts.tone import BURSTS, RATE_HZ, beeps, wav, wav_of

PULSES = {"low": 2, "medium": 3, "high": 10, "failure": 3}


def samples(pattern: str) -> "array.array[int]":
    """Return the samples of one burst after checking the file's format."""
    with wave.open(io.BytesIO(wav(pattern))) as file:
        assert file.getparams()[:3] == (1, 2, RATE_HZ)
        return array.array("h", file.readframes(file.getnframes()))


def test_beeps_can_be_counted() -> None:
    """Three beeps of an alarm's pitch, 700 ms apart."""
    with wave.open(io.BytesIO(wav_of(beeps(3)))) as file:
        levels = array.array("h", file.readframes(file.getnframes()))
    assert [round(start_ms, -1) for start_ms, _ in heard(levels)] == [0, 700, 1400]
    assert beeps(3).pitch_hz == BURSTS["high"].pitch_hz


def heard(levels: "array.array[int]") -> list[tuple[int, int]]:
    """Return start and end of each pulse in ms: sound with less than 20 ms of silence in it."""
    loud = [index * 1000 // RATE_HZ for index, level in enumerate(levels) if abs(level) > 300]
    pulses: list[tuple[int, int]] = []
    for at_ms in loud:
        if pulses and at_ms - pulses[-1][1] < 20:
            pulses[-1] = (pulses[-1][0], at_ms)
        else:
            pulses.append((at_ms, at_ms))
    return pulses


def strength(levels: "array.array[int]", hz: float) -> float:
    """Return how much of one frequency is in the first pulse (one Fourier coefficient)."""
    part = levels[: RATE_HZ // 10]
    turn = 2 * math.pi * hz / RATE_HZ
    real = sum(level * math.cos(turn * index) for index, level in enumerate(part))
    imaginary = sum(level * math.sin(turn * index) for index, level in enumerate(part))
    return math.hypot(real, imaginary)


@pytest.mark.parametrize("pattern", PULSES)
def test_the_samples_hold_the_pulses_of_the_table(pattern: str) -> None:
    """Count, starts and ends of the pulses agree with the table within 8 ms."""
    burst = BURSTS[pattern]
    found = heard(samples(pattern))
    off_ms = [
        max(abs(start - pulse.start_ms), abs(end - pulse.start_ms - pulse.length_ms))
        for (start, end), pulse in zip(found, burst.pulses, strict=True)
    ]
    assert (len(found), max(off_ms) <= 8) == (PULSES[pattern], True)


def test_every_pattern_but_silence_has_a_burst() -> None:
    """What the engine can ask for can be played."""
    assert sorted(BURSTS) == sorted(set(Pattern) - {Pattern.SILENT})


@pytest.mark.parametrize(
    ("pattern", "length_ms", "gap_ms", "interval_ms"),
    [
        ("high", (75, 200), (50, 125), (2_500, 15_000)),
        ("medium", (125, 250), (125, 250), (2_500, 30_000)),
        ("low", (125, 250), (125, 250), (15_000, 60_000)),
    ],
)
def test_the_timing_is_in_the_ranges_of_its_priority(
    pattern: str, length_ms: tuple[int, int], gap_ms: tuple[int, int], interval_ms: tuple[int, int]
) -> None:
    """Pulse length, the ordinary gap and the burst interval (from one end to the next start)."""
    burst = BURSTS[pattern]
    first, second = burst.pulses[:2]
    gap = second.start_ms - first.start_ms - first.length_ms
    pause = burst.interval_ms - burst.length_ms
    assert (
        length_ms[0] <= first.length_ms <= length_ms[1],
        gap_ms[0] <= gap <= gap_ms[1],
        interval_ms[0] <= pause <= interval_ms[1],
    ) == (True, True, True)


def test_a_high_burst_is_two_groups_of_three_and_two() -> None:
    """Gaps: x, x, 2x + td, x, then 0.35-1.3 s, and the same again."""
    pulses = BURSTS["high"].pulses
    ends = [pulse.start_ms + pulse.length_ms for pulse in pulses]
    gaps = [after.start_ms - end for end, after in zip(ends, pulses[1:], strict=False)]
    assert gaps == [80, 80, 280, 80, 500, 80, 80, 280, 80]


@pytest.mark.parametrize(("pattern", "pitch_hz"), [("high", 523), ("failure", 392)])
def test_the_pitch_has_four_harmonics_within_15_db(pattern: str, pitch_hz: int) -> None:
    """Fundamental 150-1000 Hz, harmonics at 1/h, and next to nothing between them."""
    levels = samples(pattern)
    base = strength(levels, pitch_hz)
    parts = [round(base / strength(levels, h * pitch_hz)) for h in range(1, 6)]
    between = strength(levels, 1.5 * pitch_hz) / base
    assert (parts, between < 0.02) == ([1, 2, 3, 4, 5], True)


def test_a_pulse_rises_over_10_to_20_per_cent_of_its_length() -> None:
    """The envelope is full at 20 % and half full at half of the ramp."""
    levels = samples("failure")
    peak = max(map(abs, levels))
    length = RATE_HZ // 2

    def loudest(share: float) -> float:
        middle = int(length * share)
        return max(abs(level) for level in levels[middle - 40 : middle + 40]) / peak

    assert (loudest(0.2) > 0.95, 0.4 < loudest(0.075) < 0.6, 0.4 < loudest(0.925) < 0.6) == (
        True,
        True,
        True,
    )


def test_silence_has_no_sound() -> None:
    """Asking for it is a mistake of the caller."""
    with pytest.raises(KeyError):
        wav("silent")
