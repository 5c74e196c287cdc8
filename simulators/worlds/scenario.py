"""A scenario as data: who it is, what happens, what must follow from it and what must not.

One TOML file is one scenario. Minutes count from the dose, or from the opening of the session.
Every happening has a name, and its beginning and end (`name.end`) are marks from which deadlines
can be counted.

It reads no text (`reader` does), plays nothing and judges nothing.

>>> Scenario(name="calm", title="nothing happens").patient.dose_mg
200.0
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from alerts.condition import AlarmClass, Priority
from alerts.contact import Role
from monitor.plan import Plan
from simulators.worlds.onset import Onset

__all__ = [
    "Away",
    "BodyEvent",
    "Course",
    "CuffScript",
    "Expected",
    "FaultScript",
    "HubFault",
    "Must",
    "MustNot",
    "Ordered",
    "PatientScript",
    "Says",
    "Scenario",
    "Sees",
    "Wire",
]

Min = Annotated[float, Meta(ge=0, le=2_880, description="minutes, up to two days")]
Seconds = Annotated[float, Meta(ge=0, le=172_800, description="seconds, up to two days")]
Share = Annotated[float, Meta(ge=0, le=1, description="a number from 0 to 1")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", description="small letters, digits, _")]

_Point = Annotated[tuple[float, ...], Meta(min_length=2, max_length=2, description="[s, value]")]
_Pressures = Annotated[tuple[int, ...], Meta(min_length=2, max_length=2, description="[sbp, dbp]")]


class _Happening(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that has a name and begins so many minutes after the dose, or the opening."""

    name: Name
    at_min: Min
    after: Literal["dose", "open"] = "dose"


class BodyEvent(_Happening, frozen=True, kw_only=True):
    """An event of the body (`simulators/body/events.py`) and its numbers, by their names there."""

    event: Literal[
        "obstruction",
        "apnoea",
        "anxiety",
        "vasovagal",
        "pressure_rise",
        "vomiting",
        "opioid",
        "benzodiazepine",
        "alcohol",
    ]
    numbers: dict[str, float] = {}


class Course(_Happening, frozen=True, kw_only=True):
    """A vital sign that runs along a line: `[seconds, value]` points, straight between them.

    `add`: on top of what the body does, else in its place. It ends with its last point.
    """

    of: Literal["spo2_pct", "pulse_bpm", "sbp_mmhg", "dbp_mmhg", "pi_pct", "rr_bpm", "moaas"]
    points: Annotated[tuple[_Point, ...], Meta(min_length=1, max_length=100)]
    add: bool = False


class Wire(_Happening, frozen=True, kw_only=True):
    """What happens to the oximeter's reports on their way, for `for_s`.

    Short words for usual faults (`wire`). `off`: finger out. `silent`: nothing comes. `batch`:
    nothing comes, and all of it afterwards as stored. `frozen`: the last report again and again.
    `motion`: flagged after 2 s, drifting to `value` (%). `invalid`: no value. `twice`: each report
    two times. `swapped`: each two in the wrong order. `doubled`: the pulse counted twice. `bias`:
    SpO2 shown `value` points higher than it is.
    """

    what: Literal[
        "off",
        "silent",
        "batch",
        "frozen",
        "motion",
        "invalid",
        "twice",
        "swapped",
        "doubled",
        "bias",
    ]
    for_s: Seconds
    value: float = 0.0


class FaultScript(_Happening, frozen=True, kw_only=True):
    """Any fault of a simulated home by its own name (docs/simulated-home.md), for `for_s`.

    `fields` are the fault's own; it begins with the happening.
    """

    fault: str
    for_s: Seconds = 60.0
    fields: dict[str, Any] = {}


class CuffScript(_Happening, frozen=True, kw_only=True):
    """What the cuff shows from then on: these readings `[sbp, dbp]` in turn, then its own again.

    `fails`: so many attempts end with an error code instead. `pulse`: the pulse it shows.
    """

    readings: Annotated[tuple[_Pressures, ...], Meta(max_length=50)] = ()
    fails: Annotated[int, Meta(ge=0, le=50)] = 0
    pulse: int | None = None


class Says(_Happening, frozen=True, kw_only=True):
    """The companion looks and taps these codes; `took_ms`: so quickly after opening it."""

    codes: str
    took_ms: Annotated[int, Meta(ge=0, le=600_000)] | None = None


class Sees(_Happening, frozen=True, kw_only=True):
    """For `for_s`, whatever the companion taps at a check-in is this."""

    codes: str
    for_s: Seconds


class Ordered(_Happening, frozen=True, kw_only=True):
    """Somebody gives an order of `devices/command.py`: `do` and its other fields."""

    by: Literal["companion", "physician", "backup"] = "companion"
    do: str
    fields: dict[str, Any] = {}


class Away(_Happening, frozen=True, kw_only=True):
    """Somebody does nothing for `for_s`: asleep, gone, or deaf to the phone.

    `page`: a companion who takes the telephone along, out of the home network.
    """

    who: Literal["companion", "physician", "backup", "patient"]
    for_s: Seconds
    page: bool = False


class HubFault(_Happening, frozen=True, kw_only=True):
    """What breaks at the hub for `for_s`: it is killed, has no network, or a `condition` holds."""

    what: Literal["kill", "network", "condition", "clock"]
    for_s: Seconds = 0.0
    condition: str = ""
    gap_s: float = 0.0


class PatientScript(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose body it is. `usual` replaces constants of `traits.Person` after they were drawn.

    `spread`: how far people differ, 0 to 1. `motion`: how lively; `oximeter`: class A flags nearly
    every movement, B does not. `link`: the oximeter's radio; `home` has gaps, doubled and late
    reports (`simulators/link.py`). `same_arm`: the cuff stops the pulse at the finger.
    `reads_high`: what the patient's file says of the oximeter; `insulin`: that low sugar is looked
    for. `irregular`: the chance of the cuff's flag. `breathing`: the oximeter counts breaths too.
    `people`: how they react.
    """

    weight_kg: Annotated[float, Meta(ge=30, le=250)] = 75.0
    dose_mg: Annotated[float, Meta(gt=0, le=1000)] = 200.0
    spread: Share = 0.25
    usual: dict[str, float] = {}
    profile: tuple[str, ...] = ()
    motion: Literal["none", "normal", "heavy"] = "none"
    oximeter: Literal["A", "B"] = "A"
    link: Literal["perfect", "home"] = "perfect"
    cuff_failure: Share = 0.0
    irregular: Share = 0.01
    same_arm: bool = False
    reads_high: bool | None = None
    insulin: bool = False
    breathing: bool = False
    people: Literal["attentive", "lifelike"] = "attentive"


class Expected(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of thing that can be seen: an alarm's row, a message, a phase, a refusal, a prompt."""

    what: Literal["present", "cleared", "latched", "page", "phase", "refused", "prompt", "call"] = (
        "present"
    )
    rows: tuple[str, ...] = ()
    priority: Priority | None = None
    alarm_class: AlarmClass | None = None
    to: Role | None = None
    phase: str = ""
    onset: Onset = Onset()


class Must(Expected, frozen=True, kw_only=True):
    """It comes at most `early_s` before and `within_s` after its onset.

    `optional`: there may be no onset in some worlds, and nothing is asked then.
    """

    within_s: Seconds
    early_s: Seconds = 0.0
    optional: bool = False


class MustNot(Expected, frozen=True, kw_only=True):
    """It does not come, from its onset on until `until` (left out: the end)."""

    until: Onset | None = None
    more_than: Annotated[int, Meta(ge=0, le=100)] = 0


class Scenario(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One scenario. `number` is its place in the catalogue; None for one that the list lacks.

    `may` are rows that can come and are neither asked for nor false. `uneventful`: nothing happens
    in it, so every physiological alarm is false.
    """

    name: Name
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    number: Annotated[int, Meta(ge=1, le=32)] | None = None
    length_min: Annotated[int, Meta(ge=5, le=2_880)] = 150
    uneventful: bool = False
    no_dose: bool = False
    patient: PatientScript = PatientScript()
    body: tuple[BodyEvent, ...] = ()
    course: tuple[Course, ...] = ()
    wire: tuple[Wire, ...] = ()
    fault: tuple[FaultScript, ...] = ()
    cuff: tuple[CuffScript, ...] = ()
    says: tuple[Says, ...] = ()
    sees: tuple[Sees, ...] = ()
    order: tuple[Ordered, ...] = ()
    away: tuple[Away, ...] = ()
    hub: tuple[HubFault, ...] = ()
    must: tuple[Must, ...] = ()
    must_not: tuple[MustNot, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def happenings(self) -> tuple[_Happening, ...]:
        """Everything that has a name and a time."""
        return (
            *self.body,
            *self.course,
            *self.wire,
            *self.fault,
            *self.cuff,
            *self.says,
            *self.sees,
            *self.order,
            *self.away,
            *self.hub,
        )

    def unbuilt(self, plan: Plan) -> tuple[str, ...]:
        """Rows that it asks for and the plan does not have, each once."""
        known = {row.id for row in plan.rows}
        asked = dict.fromkeys(row for must in self.must for row in must.rows if row not in known)
        return tuple(asked)
