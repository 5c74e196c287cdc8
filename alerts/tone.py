"""The sounds of alarms as WAV bytes: which pulses, how long, how often.

Timing and pitch follow the ranges given for IEC 60601-1-8 (10 pulses for high, 3 for medium, 2 for
low; a fundamental of 150-1000 Hz with four harmonics; a rise and fall of 10-20 % of a pulse); they
were taken from secondary sources and must be checked against the standard before anything is
claimed. The failure tone (three long pulses) is this project's own: "the monitor itself has
stopped". This module plays nothing and imports the standard library only, because the supervisor
uses it too; a pattern is named by the words of `signal.Pattern`.

>>> [pulse.start_ms for pulse in BURSTS["medium"].pulses]
[0, 380, 760]
"""

import array
import io
import math
import wave
from typing import Final, NamedTuple

__all__ = ["BURSTS", "RATE_HZ", "SILENT", "Burst", "Pulse", "beeps", "wav", "wav_of"]

RATE_HZ: Final = 16_000
SILENT: Final = "silent"

_PITCH_HZ: Final = 523  # C5; its harmonics up to the fifth stay below 4 kHz
_FAILURE_PITCH_HZ: Final = 392  # G4, apart from every alarm
_HARMONICS: Final = 5
_RAMP: Final = 0.15  # of a pulse's length, at each end
_BEEP_MS: Final = 250
_BEEP_EVERY_MS: Final = 700
_PEAK: Final = 0.8  # of full scale, so that no loudspeaker clips


class Pulse(NamedTuple):
    """One tone of a burst, in milliseconds from the burst's start."""

    start_ms: int
    length_ms: int


class Burst(NamedTuple):
    """The pulses of one burst, its pitch, and the time from one burst's start to the next."""

    pulses: tuple[Pulse, ...]
    interval_ms: int
    pitch_hz: int = _PITCH_HZ

    @property
    def length_ms(self) -> int:
        """Return when the last pulse ends."""
        last = self.pulses[-1]
        return last.start_ms + last.length_ms


def _pulses(length_ms: int, *starts_ms: int) -> tuple[Pulse, ...]:
    return tuple(Pulse(start_ms, length_ms) for start_ms in starts_ms)


BURSTS: Final[dict[str, Burst]] = {
    "low": Burst(_pulses(180, 0, 380), interval_ms=20_000),
    "medium": Burst(_pulses(180, 0, 380, 760), interval_ms=10_000),
    "high": Burst(
        _pulses(120, 0, 200, 400, 800, 1000, 1620, 1820, 2020, 2420, 2620), interval_ms=6_000
    ),
    "failure": Burst(_pulses(500, 0, 700, 1400), interval_ms=3_000, pitch_hz=_FAILURE_PITCH_HZ),
}
"""The burst of each pattern that sounds; `silent` has none."""


def beeps(count: int) -> Burst:
    """Return `count` beeps (1..9) that a person can count, for the proof of sound at the gate.

    They have the pitch of an alarm, so that who hears them will hear an alarm, and the pace of
    none.
    """
    return Burst(_pulses(_BEEP_MS, *(_BEEP_EVERY_MS * n for n in range(count))), interval_ms=0)


def wav(pattern: str) -> bytes:
    """Return one burst as a WAV file (mono, 16 bit, 16 kHz).

    Raises:
        KeyError: a pattern that does not sound.
    """
    return wav_of(BURSTS[pattern])


def wav_of(burst: Burst) -> bytes:
    """Return a burst as a WAV file (mono, 16 bit, 16 kHz)."""
    samples = array.array("h", bytes(2 * _count(burst.length_ms)))
    for pulse in burst.pulses:
        first = _count(pulse.start_ms)
        for index, level in enumerate(_shape(pulse.length_ms, burst.pitch_hz)):
            samples[first + index] = level
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _count(length_ms: int) -> int:
    return length_ms * RATE_HZ // 1000


def _shape(length_ms: int, pitch_hz: int) -> list[int]:
    """Return the samples of one pulse: a tone with harmonics at 1/h, faded in and out."""
    count = _count(length_ms)
    ramp = round(count * _RAMP)
    scale = _PEAK * 32767 / sum(1 / h for h in range(1, _HARMONICS + 1))
    levels: list[int] = []
    for index in range(count):
        turn = 2 * math.pi * pitch_hz * index / RATE_HZ
        tone = sum(math.sin(h * turn) / h for h in range(1, _HARMONICS + 1))
        fade = min(1.0, index / ramp, (count - 1 - index) / ramp)
        levels.append(round(scale * fade * tone))
    return levels
