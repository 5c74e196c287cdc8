"""What a comparison with the catalogue's words found in the rows of people, each as a story."""

from typing import Any

import pytest
from msgspec import structs

from alerts.contact import Role
from devices.notice import Thing
from monitor.effects import PromptKind
from monitor.events import Event, Noticed, SessionOpened
from monitor.patient import Health
from tests.timeline import WELL, Timeline


class Story(Timeline):
    """A session whose companion looks only when the story says."""

    insulin = False

    def take(self, event: Event) -> "Story":
        """Give it to the engine."""
        if isinstance(event, SessionOpened) and self.insulin:
            patient = structs.replace(event.patient, health=Health(insulin=True))
            event = structs.replace(event, patient=patient)
        super().take(event)
        return self

    def notice(self, t_s: int, what: Thing, **more: Any) -> "Story":
        """Ann notices something."""
        self.at(t_s)
        return self.send(
            Noticed(at_ms=self.now_ms, by="ann", role=Role.COMPANION, what=what, **more)
        )


class Sweet(Story):
    """A session of a patient who takes insulin."""

    insulin = True


def story(kind: type[Story] = Story) -> Story:
    """Return a session of which nothing has been told yet."""
    line = kind()
    line.alone(PromptKind.CHECK_IN)
    line.effects.clear()
    return line


def test_upset_and_then_fighting_is_one_alarm() -> None:
    """One row of a family ends as another begins: the alarm goes on with its id (2.7.1)."""
    line = story().at(50).check("W5 B0 C0 D2 X0").at(80).check("W5 B0 C0 D3 X0")
    assert line.story(until=81) == [
        "50 raised DIS-DISTRESS medium",
        "80 upgraded AGIT high/S",
        "80 cleared DIS-DISTRESS high/S",
    ]
    assert line.engine.alarms.book.open["distress"].id == "distress@650000"


def test_noise_of_which_nobody_asked_again_is_high_when_the_rating_sinks() -> None:
    """BREATH-NOISY is "medium (high with MOAA/S <=3)", also when only the name was called."""
    line = story().at(50).check("W5 B1 C0 D0 X0").at(80).check("W3")
    lines = [one for one in line.story(until=81) if "NOISY" in one]
    assert lines == ["50 raised BREATH-NOISY medium", "80 upgraded BREATH-NOISY high/A"]


def test_nausea_of_a_sedated_patient_is_no_vomiting() -> None:
    """NV-ASP is "vomiting with MOAA/S <=3"."""
    line = story().notice(50, Thing.NAUSEA, number=9).at(80).check("W3 B0")
    assert line.story(until=81) == ["50 raised NV-1 low", "80 raised SED-2 medium"]


def test_less_nausea_does_not_undo_a_vomit() -> None:
    """NV-1 is "nausea >=7 or one vomit"."""
    line = story().at(50).check("W5 B0 C0 D0 X10")
    line.story(until=51)
    assert line.notice(60, Thing.NAUSEA, number=2).story(until=61) == []
    assert line.at(80).check(WELL).story(until=81) == ["80 cleared NV-1 low"]


@pytest.mark.parametrize(
    ("t_s", "lines"), [(60, ["60 raised NV-2 medium", "60 upgraded NV-ASP high/A"]), (900, [])]
)
def test_blood_in_a_sedated_patient_is_aspiration(t_s: int, lines: list[str]) -> None:
    """A rating that is too old sharpens nothing (2.0): then it is NV-2 alone."""
    line = story().at(50).check("W3 B0 C0 D0 X0")
    line.story(until=t_s - 1)
    found = line.notice(t_s, Thing.VOMITED_BLOOD).story(until=t_s + 1)
    told = [one for one in found if " NV-" in one]
    assert told == (lines or [f"{t_s} raised NV-2 medium"])


@pytest.mark.parametrize(("t_s", "level"), [(60, "high/E"), (900, "medium")])
def test_low_sugar_is_an_emergency_in_a_patient_known_to_be_sedated(t_s: int, level: str) -> None:
    """HYPO: 65 mg/dL is medium, but with MOAA/S 3 or less."""
    line = story(Sweet).at(50).check("W3 B0 C0 D0 X0")
    line.story(until=t_s - 1)
    found = line.notice(t_s, Thing.GLUCOSE, number=65).story(until=t_s + 1)
    assert [one for one in found if "HYPO" in one] == [f"{t_s} raised HYPO {level}"]


def test_what_was_noticed_since_outlives_the_correction() -> None:
    """A hit head told between a mistake and its correction is no part of the mistake."""
    line = story().at(50).check("W5 B0 C0 D0 X0").notice(60, Thing.HEAD_HIT)
    line.at(70).correct("W4 B0 C0 D0 X0")
    assert line.story(until=71) == ["60 raised FALL high/E"]


def test_a_correction_takes_back_what_the_mistake_asked_for() -> None:
    """A rating of 3 asks for another in a minute; that it was a slip ends that too."""
    line = story().at(300).check(WELL).at(600).check("W3 B0 C0 D0 X0").at(630).correct(WELL)
    assert line.story(until=1200) == ["600 raised SED-2 medium", "630 cleared SED-2 medium"]
