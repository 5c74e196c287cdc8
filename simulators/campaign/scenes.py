"""What happens to the patient in one run of the campaign: a short script for every kind of alarm.

A scene makes one alarm of the catalogue true and keeps it true to the end of the run. It is data:
seconds after the start of the trouble, and what then changes. Whom the hub must tell about it, and
by when, is the auditor's business; who answers, the people's.

>>> SCENES["SPO2-LOW"].family
'oxygen'
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from alerts.condition import Priority

__all__ = [
    "SCENES",
    "Alone",
    "Body",
    "Condition",
    "Cuff",
    "Deed",
    "Off",
    "Orders",
    "Scene",
    "Sight",
]

_H, _M, _L = Priority.HIGH, Priority.MEDIUM, Priority.LOW


@dataclass(frozen=True, slots=True)
class Body:
    """From now on the oximeter reads this: per cent, beats a minute."""

    spo2_pct: float = 97.0
    pulse_bpm: float = 70.0


@dataclass(frozen=True, slots=True)
class Off:
    """From now on the clip is off (`flagged`: it says so), or nothing comes at all."""

    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Cuff:
    """From now on the cuff reads this in mmHg, and once at this moment; None: it fails."""

    sbp_mmhg: int | None
    dbp_mmhg: int = 80


@dataclass(frozen=True, slots=True)
class Sight:
    """From now on a check-in says these codes, and one comes at this moment."""

    codes: str


@dataclass(frozen=True, slots=True)
class Orders:
    """A person's order at this moment: `help`, `extra_dose`."""

    what: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A fault of the hub's own begins."""

    name: str


@dataclass(frozen=True, slots=True)
class Alone:
    """From now on nobody answers a prompt."""


Deed = Body | Off | Cuff | Sight | Orders | Condition | Alone


@dataclass(frozen=True, slots=True)
class Scene:
    """One script. The alarm of `row` must be raised within `due_s` of its start.

    `priority` and `p0` are the alarm's when it is full. After a time without a hub it may take
    `gap_due_s`: attempts of a cuff that are heard at one instant count as one.
    """

    row: str
    family: str
    priority: Priority
    due_s: float
    deeds: tuple[tuple[float, Deed], ...] = field(default=())
    p0: bool = False
    gap_due_s: float = 0.0


def _scene(
    row: str,
    family: str,
    priority: Priority,
    due_s: float,
    *deeds: Deed | tuple[float, Deed],
    p0: bool = False,
    gap_due_s: float = 0.0,
) -> Scene:
    timed = tuple(one if isinstance(one, tuple) else (0.0, one) for one in deeds)
    return Scene(row, family, priority, due_s, timed, p0, gap_due_s)


def _well_but(*codes: str) -> str:
    """A check-in in which only these codes are not as they should be."""
    well = {"W": "W5", "B": "B0", "C": "C0", "D": "D0", "X": "X0"}
    return " ".join((well | {code[0]: code for code in codes}).values())


_ALL = (
    _scene("SPO2-WARN", "oxygen", _M, 25, Body(91)),
    _scene("SPO2-LOW", "oxygen", _H, 15, Body(86)),
    _scene("SPO2-CRIT", "oxygen", _H, 8, Body(75)),
    _scene("PR-LOW", "pulse_slow", _M, 25, Body(97, 47)),
    _scene("PR-BRADY", "pulse_slow", _H, 45, Body(97, 35)),
    _scene("PR-HIGH", "pulse_fast", _M, 70, Body(97, 128)),
    _scene("PR-TACHY", "pulse_fast", _H, 75, Body(97, 150)),
    _scene("BP-WARN", "pressure_high", _L, 5, Cuff(164, 96), (65, Cuff(164, 96))),
    _scene(
        "BP-HIGH",
        "pressure_high",
        _M,
        75,
        Cuff(174, 96),
        (65, Cuff(174, 96)),
        p0=True,
        gap_due_s=310,
    ),
    _scene(
        "BP-SEV",
        "pressure_high",
        _M,
        75,
        Cuff(186, 112),
        (65, Cuff(186, 112)),
        p0=True,
        gap_due_s=310,
    ),
    _scene("BP-CRIT", "pressure_high", _H, 5, Cuff(212, 120), p0=True),
    _scene("BP-LOW3", "pressure_low", _H, 5, Cuff(76, 50)),
    _scene("SIG-LOST", "no_signal", _H, 130, Off()),
    _scene("SENSOR-OFF", "no_signal", _H, 130, Off(flagged=True)),
    _scene(
        "CUFF-FAIL", "cuff", _M, 130, Cuff(None), (60, Cuff(None)), (120, Cuff(None)), gap_due_s=610
    ),
    _scene("CI-MISS-C", "companion", _H, 700, Alone()),
    _scene("SED-2", "sedation", _M, 5, Sight(_well_but("W3"))),
    _scene("SED-3", "sedation", _H, 5, Sight(_well_but("W2"))),
    _scene("SED-4", "sedation", _H, 5, Sight("W0")),
    _scene("RR-NONE", "breathing", _H, 5, Sight(_well_but("B3"))),
    _scene("BREATH-NOISY", "breathing", _M, 5, Sight(_well_but("B1"))),
    _scene("LIPS-BLUE", "breathing", _H, 5, Sight(_well_but("C2"))),
    _scene("SYM-EMS", "symptom", _H, 5, Sight(_well_but("X1"))),
    _scene("DIS-DISTRESS", "distress", _M, 5, Sight(_well_but("D2"))),
    _scene("AGIT", "distress", _H, 5, Sight(_well_but("D3"))),
    _scene("PANIC", "panic", _H, 5, Orders("help")),
    _scene("DOSE-EXTRA", "dose", _M, 5, Orders("extra_dose"), p0=True),
    _scene("ENGINE", "hub", _H, 5, Condition("engine:event")),
    _scene("NO-SOUND", "sound", _M, 5, Condition("sound")),
)

SCENES: MappingProxyType[str, Scene] = MappingProxyType({scene.row: scene for scene in _ALL})
"""Every scene by the row that it must raise."""
