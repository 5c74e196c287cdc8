"""A session at high risk: what is asked when, and oxygen alarms that come a percent earlier."""

from devices.observation import DeviceKind, Mode
from monitor.effects import PromptKind
from monitor.events import SessionOpened
from monitor.patient import DeviceBinding, Health, Patient
from tests.bedside import CONTACTS
from tests.timeline import DEFAULT, Timeline, only

MINUTE = 60


class Risky(Timeline):
    """A session of a patient aged 70."""

    def take(self, event: object) -> "Risky":
        """The patient is known when the session opens."""
        if isinstance(event, SessionOpened):
            devices = (
                DeviceBinding("ox", DeviceKind.OXIMETER),
                DeviceBinding("cuff", DeviceKind.CUFF),
            )
            patient = Patient(
                "p1", "Alex", devices=devices, contacts=CONTACTS, health=Health(age_years=70)
            )
            event = SessionOpened(
                at_ms=0, session="s1", mode=Mode.TEST, patient=patient, plan=DEFAULT
            )
        super().take(event)  # type: ignore[arg-type]
        return self


def test_what_is_asked_of_a_patient_at_high_risk() -> None:
    """Cuff at T+10, 30, 50 besides; check-ins every 5 min from T+10 to T+75."""
    line = Risky().at(91 * MINUTE)
    cuff = [due / MINUTE for _, due in line.asked(PromptKind.CUFF) if due > 0]
    checks = [due / MINUTE for _, due in line.asked(PromptKind.CHECK_IN)]
    assert cuff == [10, 20, 30, 40, 50, 60, 75, 90]
    assert checks == [*range(5, 80, 5), 90]


def test_warn_comes_a_percent_earlier() -> None:
    """92 % is WARN after 20 s; without the profile it is none."""
    assert only(Risky().at(200).spo2(92).story(until=230), "SPO2-WARN") == [
        "220 raised SPO2-WARN medium"
    ]
    assert only(Timeline().at(200).spo2(92).story(until=230), "SPO2-WARN") == []


def test_an_early_dose_brings_the_profile() -> None:
    """From then on: the next minutes of the profile are asked for, after the last dose."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)
    line.at(0).gate("place").dose().at(31 * MINUTE)
    cuff = [due / MINUTE for _, due in line.asked(PromptKind.CUFF) if due > 0]
    assert (line.engine.chart.high_risk, cuff) == (
        "dose before the gate was passed",
        [10, 20, 30],
    )
