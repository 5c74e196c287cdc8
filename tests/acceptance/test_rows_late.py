"""What is late after the dose: sedation, dissociation, the peak, the discharge; who looks at it."""

import pytest

from alerts.contact import Role
from alerts.effects import Send
from alerts.sending import P0
from devices.notice import Thing
from monitor.effects import PromptKind
from monitor.events import Noticed, PeakEnded
from tests.timeline import WELL, Timeline, only

MINUTE = 60
SLOW = "W4 B0 C0 D0 X0"


def score(line: Timeline, number: int) -> Timeline:
    """A CADSS-6, now."""
    return line.send(
        Noticed(at_ms=line.now_ms, by="ann", role=Role.COMPANION, what=Thing.CADSS6, number=number)
    )


def physician(
    line: Timeline, role: Role = Role.PHYSICIAN, reason: str = "cuff is torn"
) -> Timeline:
    """A physician ends the peak without a blood pressure."""
    return line.send(PeakEnded(at_ms=line.now_ms, by="dr", role=role, reason=reason))


def test_a_slow_offset() -> None:
    """MOAA/S 4 at T+120: low, and EXTENDED; medium at T+180; awake: recovery, and it clears."""
    line = Timeline()
    line.says = SLOW
    line.at(181 * MINUTE)
    assert line.phases()[-1] == "7200 extended"
    assert only(line.story(until=181 * MINUTE), "SED-LATE") == [
        "7200 raised SED-LATE low",
        "10800 upgraded SED-LATE medium",
    ]
    line.check(WELL)
    assert line.phases()[-1] == "10860 recovery"
    assert only(line.story(until=182 * MINUTE), "SED-LATE") == ["10860 cleared SED-LATE medium"]


def test_sleepy_again_in_recovery() -> None:
    """A rating of 4 in recovery leads back to EXTENDED at once, and SED-LATE says so."""
    line = Timeline().at(125 * MINUTE)
    line.story(until=125 * MINUTE)
    line.check(SLOW)
    assert line.phases() == ["7500 extended"]
    assert line.story(until=126 * MINUTE) == ["7500 raised SED-LATE low"]


def test_nobody_looked_is_not_awake() -> None:
    """A rating that is too old neither raises nor ends SED-LATE."""
    line = Timeline()
    line.says = SLOW
    line.at(121 * MINUTE).alone()
    assert "7200 raised SED-LATE low" in line.story(until=121 * MINUTE)
    later = only(line.story(until=170 * MINUTE), "SED-LATE")
    assert later == []


def test_still_far_from_normal() -> None:
    """CADSS-6 more than 4 above the one before the dose, at T+120 low and T+180 medium."""
    line = Timeline(dosed=False).at(-300).bp(120, 80).at(-240).bp(120, 80)
    score(line, 2).gate().at(0).dose()
    score(line.at(90 * MINUTE), 7)
    assert only(line.story(until=181 * MINUTE), "DIS-LATE") == [
        "7200 raised DIS-LATE low",
        "10800 upgraded DIS-LATE medium",
    ]
    score(line, 6)
    assert only(line.story(until=182 * MINUTE), "DIS-LATE") == ["10860 cleared DIS-LATE medium"]


def test_without_a_score_before_nothing_is_known() -> None:
    """There is nothing to hold it against."""
    line = score(Timeline().at(90 * MINUTE), 20)
    assert only(line.story(until=125 * MINUTE), "DIS-LATE") == []


def test_no_discharge_in_time() -> None:
    """T+180 the physician; T+240 physician and backup at once; a further dose counts anew."""
    line = Timeline().at(10_799)
    line.effects.clear()
    assert line.story(until=14_401) == [
        "10800 raised RECOVERY-LATE medium",
        "14400 joined RECOVERY-LONG medium",
    ]
    line = Timeline().at(10_799)
    line.effects.clear()
    line.at(10_800.5)
    first = [e.contact for e in line.effects if isinstance(e, Send)]
    line.at(14_399)
    line.effects.clear()
    line.at(14_400.5)
    second = [e.contact for e in line.effects if isinstance(e, Send) and e.rung == P0]
    assert (first, second) == (["ann", "dr"], ["dr", "bo"])
    line.story(until=14_499)
    line.at(14_500).extra_dose()
    assert only(line.story(until=14_501), "RECOVERY-LATE", "RECOVERY-LONG") == [
        "14500 cleared RECOVERY-LATE medium",
        "14500 cleared RECOVERY-LONG medium",
    ]


def test_a_peak_that_does_not_end() -> None:
    """No blood pressure: EXTENDED at T+120 with a medium alarm; the physician ends it by word."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF).at(74 * MINUTE)
    assert physician(line).refused()[-1] == "not before T+75 min"
    line.at(121 * MINUTE)
    assert only(line.story(until=121 * MINUTE), "PEAK-LATE") == ["7200 raised PEAK-LATE medium"]
    physician(line)
    assert line.phases() == ["7260 recovery"]
    assert only(line.story(until=122 * MINUTE), "PEAK-LATE") == ["7260 cleared PEAK-LATE medium"]


def test_a_peak_ended_in_time_by_word() -> None:
    """From T+75 on, with a fresh rating of 4 and no blood pressure of the last 20 min."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF).at(80 * MINUTE)
    line.effects.clear()
    assert physician(line).phases() == ["4800 offset"]


@pytest.mark.parametrize(
    ("role", "reason", "why"),
    [
        (Role.COMPANION, "x", "only a physician ends the peak without a blood pressure"),
        (Role.ADMIN, "x", "only a physician ends the peak without a blood pressure"),
        (Role.BACKUP, "x", "a blood pressure of the last 20 min is there: it decides"),
        (Role.PHYSICIAN, " ", "the peak is ended with a reason"),
    ],
)
def test_who_ends_a_peak_and_when(role: Role, reason: str, why: str) -> None:
    """Nothing changes by a refusal."""
    line = Timeline()
    line.pressure = (165, 80, 70)
    line.at(80 * MINUTE)
    physician(line, role, reason)
    assert (line.refused()[-1], line.phases()[-1]) == (why, "1200 peak")


def test_a_sleepy_patient_keeps_the_peak_open() -> None:
    """A rating of 3 or none is no word for the end; elsewhere there is no peak to end."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF).at(79 * MINUTE)
    line.check("W3 B0 C0 D0 X0")
    assert physician(line).refused()[-1] == "no fresh check-in of MOAA/S 4 or more"
    line = Timeline().at(10)
    assert physician(line).refused() == ["there is no peak to end, the session is in onset"]


def test_extended_ends_by_word_only_awake() -> None:
    """After T+120 a rating of 5 is needed; it takes PEAK-LATE along."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF)
    line.at(119 * MINUTE)
    line.says = SLOW
    line.at(121 * MINUTE).check(SLOW)
    assert physician(line).refused()[-1] == "no fresh check-in of MOAA/S 5 or more"
