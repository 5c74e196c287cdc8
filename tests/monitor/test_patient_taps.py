"""The patient's own tap: whose it is, what it ends, and what a screen shows of it."""

from alerts.contact import Role
from monitor.effects import PromptKind, Refused
from monitor.events import Ended, PatientTapped
from monitor.patient_taps import PatientCheckView, patient_check
from monitor.snapshot import snapshot
from tests.timeline import OPENED_S, Timeline
from tests.words import ENGLISH

MIN = 60_000
T0_MS = OPENED_S * 1000


def test_what_a_screen_shows() -> None:
    """The due time and from when it is asked; the last tap; in the peak nothing is asked."""
    line = Timeline().alone(PromptKind.PATIENT_CHECK)
    seen = [patient_check(line.engine)]
    line.at(599).tap()
    seen.append(patient_check(line.engine))
    line.at(1_201)
    seen.append(patient_check(line.engine))
    ten, ninety, tapped = T0_MS + 10 * MIN, T0_MS + 90 * MIN, T0_MS + 599_000
    assert seen == [
        PatientCheckView(ten, ten, None, "schedule"),
        PatientCheckView(ninety, ninety, tapped, "schedule"),
        PatientCheckView(None, None, tapped, "schedule"),
    ]


def test_what_the_patient_is_asked_is_no_prompt_for_the_companion() -> None:
    """It stands among the open prompts of the session, not among what the companion is shown."""
    line = Timeline().alone(PromptKind.PATIENT_CHECK).at(610)
    shown = snapshot(line.engine, line.now_ms, ENGLISH, record=1, recording=True)
    assert (list(line.engine.prompts.open), [one.prompt for one in shown.prompts]) == (
        [PromptKind.PATIENT_CHECK],
        [],
    )
    line.at(1_200)
    assert line.engine.prompts.open == {}


def test_nobody_taps_for_the_patient() -> None:
    """A companion and a viewer are refused, and it stays due; after the end so is the patient."""
    line = Timeline().alone(PromptKind.PATIENT_CHECK).at(600)
    line.effects.clear()
    for role in (Role.COMPANION, Role.VIEWER):
        line.send(PatientTapped(at_ms=line.now_ms, by="x", role=role))
    due_ms = patient_check(line.engine).due_ms
    line.send(Ended(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN, reason="over"))
    line.tap()
    refusals = [(e.what, e.by, e.reason) for e in line.effects if isinstance(e, Refused)]
    assert (due_ms, refusals) == (
        T0_MS + 10 * MIN,
        [
            (
                "PatientTapped",
                "x",
                "this tap is the patient's own; look at the patient and check in",
            ),
            ("PatientTapped", "x", "a viewer may not do this"),
            ("PatientTapped", "p1", "the session is ended"),
        ],
    )
