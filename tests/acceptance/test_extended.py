"""EXTENDED: by the rules of the peak while the patient is not well, else by those of recovery."""

from itertools import pairwise

from alerts.contact import Role
from monitor.effects import PromptKind
from monitor.events import EmergencyClosed
from monitor.extended import rules_of
from monitor.session import Phase
from tests.timeline import WELL, Timeline, only

MINUTE = 60
SLOW = "W4 B0 C0 D0 X0"


def extended(says: str = WELL) -> Timeline:
    """A patient well in a session whose cuff nobody presses: EXTENDED from T+120 on."""
    line = Timeline().at(41 * MINUTE).alone(PromptKind.CUFF)
    line.says = says
    line.at(120 * MINUTE + 1)
    assert line.phases()[-1] == "7200 extended"
    line.effects.clear()
    return line


def test_who_is_awake_is_asked_as_in_recovery() -> None:
    """The check-in that stands comes first, then every 15 min; a rating of 4 makes it 10 again."""
    line = extended().at(165 * MINUTE)
    dues = [round(due / MINUTE) for _, due in line.asked(PromptKind.CHECK_IN)]
    assert [b - a for a, b in pairwise(dues)][:2] == [15, 15]
    line.effects.clear()
    line.check(SLOW).at(190 * MINUTE)
    dues = [round(due / MINUTE) for _, due in line.asked(PromptKind.CHECK_IN)]
    assert dues == [175, 185]


def test_a_medium_alarm_of_the_body_keeps_the_rules_of_the_peak() -> None:
    """SPO2-WARN is open: PEAK; over, and nothing latched: RECOVERY."""
    line = extended().at(121 * MINUTE)
    rules = [line.engine.chart.extended_as]
    for minute, spo2 in ((122, 91), (124, 97)):
        rules.append(line.spo2(spo2).at(minute * MINUTE).engine.chart.extended_as)
    assert rules == [Phase.RECOVERY, Phase.PEAK, Phase.RECOVERY]


def test_a_rating_that_never_came_is_none_of_recovery() -> None:
    """Nobody has looked."""
    line = Timeline()
    assert rules_of(line.engine.chart, ()) is Phase.PEAK


def test_the_cuff_is_overdue_sooner_while_the_rules_are_those_of_the_peak() -> None:
    """Medium 5 min after it was due with a rating of 4, 8 min with 5."""
    line = Timeline().at(1_500).check("W0 B0 C0 D0 X0").at(1_560)
    line.says = SLOW
    line.check(SLOW).at(1_620).check(SLOW).at(1_700)
    line.send(EmergencyClosed(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN))
    line.alone(PromptKind.CUFF)
    due_ms = line.engine.chart.cuff.due_ms
    assert due_ms is not None
    line.effects.clear()
    due_s = due_ms / 1000 - 600
    assert only(line.story(until=due_s + 301), "CUFF-OVERDUE") == [
        f"{due_s + 180:g} raised CUFF-OVERDUE low",
        f"{due_s + 300:g} upgraded CUFF-OVERDUE medium",
    ]
