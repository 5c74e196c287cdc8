"""What can be set to happen to a body, as data: closed airways, stopped breath, drugs, surges.

Every event begins `after_dose_ms` after the first dose (0..24 h), or at once when it is handed to a
living body. All times are milliseconds. The makers (`anxiety`, `vasovagal`, `pressure_rise`,
`vomiting`, `opioid`, `benzodiazepine`, `alcohol`) hold the figures of `clinical.md` 6.2 and 6.3.

Nothing happens in here: `happenings` plays events over time.

>>> anxiety(after_dose_ms=0).pulse_bpm
20.0
"""

from dataclasses import dataclass, fields

from devices.checkin import Mood, Sign

__all__ = [
    "Apnoea",
    "CoSedative",
    "Event",
    "EventError",
    "Obstruction",
    "Surge",
    "alcohol",
    "anxiety",
    "benzodiazepine",
    "opioid",
    "pressure_rise",
    "vasovagal",
    "vomiting",
]

_S = 1000
_MIN = 60 * _S
_DAY_MS = 24 * 60 * _MIN
# What each field may be; times are judged by the ending of their names.
_RANGES = {
    "depth_pct": (0.0, 60.0),
    "sleep_shift": (1.0, 5.0),
    "ventilation": (0.05, 1.0),
    "dips_per_h": (0.0, 60.0),
    "sbp_mmhg": (-120.0, 150.0),
    "dbp_mmhg": (-80.0, 100.0),
    "pulse_bpm": (-60.0, 150.0),
    "rr_bpm": (-30.0, 40.0),
    "moving": (0, 2),
}


class EventError(ValueError):
    """A value of an event that no body could follow; the message says which and what is allowed."""


@dataclass(frozen=True, slots=True)
class _Event:
    after_dose_ms: int

    def __post_init__(self) -> None:
        for field in fields(self):
            allowed = (0, _DAY_MS) if field.name.endswith("_ms") else _RANGES.get(field.name)
            value = getattr(self, field.name)
            if allowed is not None and not allowed[0] <= value <= allowed[1]:
                low, high = allowed
                raise EventError(
                    f"{type(self).__name__}.{field.name} is {value}: use {low:g}..{high:g}"
                )


@dataclass(frozen=True, slots=True)
class Obstruction(_Event):
    """One fall of oxygen saturation behind a closed airway.

    It falls by `depth_pct` in `fall_ms`, stays down for at least `hold_ms`, and for at most
    `max_hold_ms` when nobody rouses the patient, then recovers in `recover_ms`. Sleep literature
    has 15..45 s and 4..15 % for one episode and 20..30 s for the recovery (6.3). The depth is set,
    not worked out: a closed airway also shrinks the lung's store, which `gas` does not know.
    """

    depth_pct: float
    fall_ms: int = 60_000
    hold_ms: int = 40_000
    max_hold_ms: int = 240_000
    recover_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Apnoea(_Event):
    """Breathing stops, for at least `hold_ms` and at most `max_hold_ms` when nobody rouses.

    Then it is 2.5 times the usual for `gasp_ms`. How fast saturation falls is worked out from the
    oxygen store: under 90 % after 60..75 s (6.3).
    """

    hold_ms: int = 60_000
    max_hold_ms: int = 180_000
    gasp_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class CoSedative(_Event):
    """A second drug that sedates: it comes on in `onset_ms`, stays `hold_ms`, wears off.

    `sleep_shift` multiplies what wakefulness feels of ketamine (1.5..2.5 in 6.3); `ventilation` is
    the share that the drug alone leaves (opioid 0.4..0.8, benzodiazepine or alcohol 0.7..0.9);
    `is_opioid` lets ketamine give part of it back (S130); `dips_per_h` closed airways an hour,
    drawn by the body.
    """

    sleep_shift: float
    ventilation: float
    is_opioid: bool = False
    dips_per_h: float = 0.0
    onset_ms: int = 10 * _MIN
    hold_ms: int = 240 * _MIN
    offset_ms: int = 60 * _MIN


@dataclass(frozen=True, slots=True)
class Surge(_Event):
    """Pressure, pulse and breathing rate go off and come back, with what a companion sees.

    Changes are mmHg and a minute, reached in `rise_ms`, kept `hold_ms`, gone in `fall_ms`; mood,
    signs and movement (0 still, 1 restless, 2 violent) last until the fall begins.
    """

    sbp_mmhg: float = 0.0
    dbp_mmhg: float = 0.0
    pulse_bpm: float = 0.0
    rr_bpm: float = 0.0
    rise_ms: int = _MIN
    hold_ms: int = 5 * _MIN
    fall_ms: int = 2 * _MIN
    mood: Mood = Mood.CALM
    signs: tuple[Sign, ...] = ()
    moving: int = 0


Event = Obstruction | Apnoea | CoSedative | Surge


def anxiety(after_dose_ms: int, *, hold_ms: int = 7 * _MIN, pulse_bpm: float = 20.0) -> Surge:
    """Return a burst of fear: +15/+10 mmHg and +20 a minute for 5 to 10 min (6.2)."""
    return Surge(
        after_dose_ms,
        sbp_mmhg=15.0,
        dbp_mmhg=10.0,
        pulse_bpm=pulse_bpm,
        rr_bpm=6.0,
        hold_ms=hold_ms,
        mood=Mood.UPSET,
        moving=1,
    )


def vasovagal(after_dose_ms: int, *, hold_ms: int = 2 * _MIN) -> Surge:
    """Return a faint: pulse -30 and systolic -40 within 90 s (6.2: 1 to 2 min)."""
    return Surge(
        after_dose_ms,
        sbp_mmhg=-40.0,
        dbp_mmhg=-20.0,
        pulse_bpm=-30.0,
        rise_ms=90 * _S,
        hold_ms=hold_ms,
        fall_ms=4 * _MIN,
        signs=(Sign.FAINTED,),
    )


def pressure_rise(
    after_dose_ms: int,
    *,
    sbp_mmhg: float,
    dbp_mmhg: float,
    hold_ms: int = 20 * _MIN,
    signs: tuple[Sign, ...] = (),
) -> Surge:
    """Return a rise beyond what the drug does, within 10 min, with the signs of an emergency."""
    return Surge(
        after_dose_ms,
        sbp_mmhg=sbp_mmhg,
        dbp_mmhg=dbp_mmhg,
        rise_ms=10 * _MIN,
        hold_ms=hold_ms,
        fall_ms=15 * _MIN,
        signs=signs,
    )


def vomiting(after_dose_ms: int) -> Surge:
    """Return a minute of retching: pulse +15, systolic +10, violent movement (a design choice)."""
    return Surge(
        after_dose_ms,
        sbp_mmhg=10.0,
        dbp_mmhg=5.0,
        pulse_bpm=15.0,
        rise_ms=10 * _S,
        hold_ms=50 * _S,
        mood=Mood.UNEASY,
        signs=(Sign.VOMITED,),
        moving=2,
    )


def opioid(after_dose_ms: int, *, ventilation: float = 0.6, sleep_shift: float = 1.8) -> CoSedative:
    """Return an opioid; remifentanil leaves 0.6 of the ventilation (S130)."""
    return CoSedative(after_dose_ms, sleep_shift, ventilation, is_opioid=True)


def benzodiazepine(after_dose_ms: int, *, ventilation: float = 0.8) -> CoSedative:
    """Return a benzodiazepine: 0.7 to 0.9 of the ventilation, closed airways now and then (6.3)."""
    return CoSedative(after_dose_ms, 2.0, ventilation, dips_per_h=8.0, onset_ms=20 * _MIN)


def alcohol(after_dose_ms: int, *, ventilation: float = 0.85) -> CoSedative:
    """Return alcohol: as a benzodiazepine (6.3), somewhat weaker and sooner over."""
    return CoSedative(after_dose_ms, 1.6, ventilation, dips_per_h=6.0, hold_ms=120 * _MIN)
