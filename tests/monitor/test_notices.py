"""What is noticed becomes a report; who may say what; which number is one."""

from typing import Any

import pytest

from alerts.condition import Priority
from alerts.contact import Role
from devices.checkin import CheckIn
from devices.notice import Thing
from devices.observation import Mode
from monitor.effects import Refused
from monitor.engine import Engine
from monitor.events import Ended, Noticed, SessionOpened
from monitor.patient import Health, Patient
from tests.bedside import CONTACTS, DEFAULT

MEDIUM, HIGH = Priority.MEDIUM, Priority.HIGH


class Room:
    """A session at its gate, in which people say things."""

    def __init__(self, health: Health | None = None) -> None:
        self.engine = Engine()
        patient = Patient("p1", "Alex", contacts=CONTACTS, health=health or Health())
        self.engine.handle(
            SessionOpened(at_ms=0, session="s1", mode=Mode.TEST, patient=patient, plan=DEFAULT)
        )
        self.refused: list[str] = []

    def say(self, what: Thing, at_ms: int = 5, role: Role = Role.COMPANION, **more: Any) -> "Room":
        """One notice."""
        event = Noticed(at_ms=at_ms, by="ann", role=role, what=what, **more)
        effects = self.engine.handle(event)
        self.refused += [effect.reason for effect in effects if isinstance(effect, Refused)]
        return self

    def dosed(self) -> "Room":
        """The dose was taken at 0."""
        self.engine.chart.dose_ms = 0
        return self

    @property
    def so(self) -> dict[str, Priority | None]:
        """What is reported now."""
        reports = self.engine.chart.reports
        return {name: report.priority for name, report in reports.items() if report.present}


@pytest.mark.parametrize(
    ("what", "reports"),
    [
        (Thing.HEAD_HIT, {"fell": HIGH}),
        (Thing.VOMITED_BLOOD, {"sick_often": None}),
        (Thing.COUGHS, {"aspiration": None}),
        (Thing.NOISY_THROAT, {"choking": None}),
        (Thing.RESTLESS, {"fighting": MEDIUM}),
        (Thing.IDEATION, {"ideation": None}),
        (Thing.INTENT, {"intent": None}),
        (Thing.LEFT_HOME, {"left_home": None}),
        (Thing.MUST_GO, {"must_go": None}),
        (Thing.IMPAIRED, {"impaired": None}),
        (Thing.STANDS_ALONE, {}),
        (Thing.BLADDER, {"bladder": None}),
    ],
)
def test_one_tap_is_one_report(what: Thing, reports: dict[str, Priority | None]) -> None:
    """So at once, and over when somebody says so."""
    room = Room().say(what)
    assert room.so == reports
    assert room.say(what, 9, over=True).so == {}


@pytest.mark.parametrize(
    ("at_ms", "dosed", "reports"),
    [
        (5_399_999, True, {"stands_alone": None}),
        (5_400_000, True, {}),
        (5, False, {}),
    ],
)
def test_standing_alone_counts_before_90_min(
    at_ms: int, dosed: bool, reports: dict[str, Priority | None]
) -> None:
    """MOVE-ALONE: "stands before T+90"; before the dose everybody stands."""
    room = Room().dosed() if dosed else Room()
    so = room.say(Thing.STANDS_ALONE, at_ms).so
    assert {name: so[name] for name in so if name == "stands_alone"} == reports


def test_restless_makes_fighting_no_better() -> None:
    """What was high stays high."""
    room = Room()
    room.engine.observer.say("fighting", present=True, reason="seen at the check-in")
    assert room.say(Thing.RESTLESS).so == {"fighting": None}


def test_restless_again_is_no_news() -> None:
    """The same tap twice is one report."""
    assert Room().say(Thing.RESTLESS).say(Thing.RESTLESS, 6).so == {"fighting": MEDIUM}


@pytest.mark.parametrize(
    ("what", "name", "low"),
    [(Thing.NAUSEA, "sick", 6), (Thing.DISTRESS, "upset", 6)],
)
def test_scores_of_ten(what: Thing, name: str, low: int) -> None:
    """From 7 of 10 on; a lower score, or "over", ends it."""
    room = Room().say(what, number=low)
    assert room.so == {}
    assert room.say(what, 6, number=low + 1).so == {name: None}
    assert room.say(what, 7, number=low).so == {}
    assert room.say(what, 8, number=10).say(what, 9, over=True).so == {}


@pytest.mark.parametrize(
    ("glucose", "codes", "reports"),
    [
        (70, "W5", {}),
        (69, "W5", {"low_sugar": None}),
        (69, None, {"low_sugar": None}),
        (54, "W4", {"low_sugar": None}),
        (53, "W5", {"low_sugar": HIGH}),
        (69, "W3", {"low_sugar": HIGH}),
    ],
)
def test_sugar(glucose: int, codes: str | None, reports: dict[str, Priority | None]) -> None:
    """Below 70 mg/dL medium; below 54, or sedated, high; a value inside ends it."""
    room = Room(Health(insulin=True))
    room.engine.chart.check = None if codes is None else CheckIn.parse(codes)
    assert room.say(Thing.GLUCOSE, number=glucose).so == reports
    assert room.say(Thing.GLUCOSE, 6, number=100).so == {}
    assert room.say(Thing.GLUCOSE, 7, over=True).so == {}


def test_cadss6_before_and_after() -> None:
    """Before the dose it is what the later ones are held against; "over" takes a slip back."""
    room = Room().say(Thing.CADSS6, number=3)
    before = room.engine.chart.cadss6_before
    room.dosed().say(Thing.CADSS6, 6, number=9)
    after = room.engine.chart.cadss6
    room.say(Thing.CADSS6, 7, over=True)
    assert (before, after, room.engine.chart.cadss6) == (3, 9, None)
    room.engine.chart.dose_ms = None
    assert room.say(Thing.CADSS6, 8, over=True).engine.chart.cadss6_before is None


@pytest.mark.parametrize(
    ("what", "role", "number", "why"),
    [
        (Thing.MUST_GO, Role.PATIENT, None, "a patient may not do this"),
        (Thing.MUST_GO, Role.VIEWER, None, "a viewer may not do this"),
        (Thing.INTENT, Role.VIEWER, None, "a viewer may not do this"),
        (Thing.INTENT, Role.PATIENT, None, None),
        (Thing.NAUSEA, Role.PATIENT, 3, None),
        (Thing.NAUSEA, Role.PATIENT, None, "nausea needs a whole number from 0 to 10"),
        (Thing.BLADDER, Role.PATIENT, 2, "bladder has no number"),
        (
            Thing.GLUCOSE,
            Role.COMPANION,
            60,
            "the patient's file lists no insulin or sulfonylurea: no glucose is judged",
        ),
    ],
)
def test_what_is_refused(what: Thing, role: Role, number: int | None, why: str | None) -> None:
    """The patient says what they feel; what only others can see they may not. Nothing changes."""
    room = Room().say(what, role=role, number=number)
    assert room.refused == ([] if why is None else [why])
    assert why is None or room.so == {}


def test_a_session_that_is_over_takes_none() -> None:
    """Nobody is told any more."""
    room = Room()
    room.engine.handle(Ended(at_ms=1, by="dr", role=Role.PHYSICIAN))
    assert room.say(Thing.INTENT, role=Role.PATIENT).refused == ["the session is aborted"]


def test_private_reasons_name_nothing() -> None:
    """The reason of a private report may lie open in the room."""
    reports = Room().say(Thing.INTENT).say(Thing.IDEATION, 6).engine.chart.reports
    assert (reports["intent"].reason, reports["ideation"].reason) == ("told by ann",) * 2
