"""The companion is asked once for each due time, a minute before a check-in."""

from alerts.timers import Timers
from monitor.cuff_cycle import CuffState, CuffStep
from monitor.effects import Prompted, PromptKind
from monitor.prompts import Prompts
from monitor.session import Phase
from tests.charts import Rig


def asked(kind: PromptKind, at_ms: int, due_ms: int, reason: str = "schedule") -> Prompted:
    """Return a prompt."""
    return Prompted(at_ms=at_ms, prompt=kind, due_ms=due_ms, reason=reason)


def test_prompts_are_armed_given_once_and_forgotten() -> None:
    """Timers by kind; a second fire for the same due time says nothing; nothing due, no timer."""
    chart, timers = Rig("SPO2-LOW").chart, Timers()
    prompts = Prompts(chart, timers)
    chart.cuff.due_ms, chart.check_in.due_ms = 300_000, 200_000
    prompts.arm(0)
    assert timers.next_due_ms() == 140_000
    assert prompts.fire("check_in", 140_000) == asked(PromptKind.CHECK_IN, 140_000, 200_000)
    assert prompts.fire("check_in", 141_000) is None
    assert prompts.open == {PromptKind.CHECK_IN: 200_000}
    prompts.done(PromptKind.CHECK_IN)
    prompts.done(PromptKind.CHECK_IN)
    assert prompts.open == {}
    assert chart.cuff_cycle.state(141_000) is CuffState.IDLE
    timers = Timers()
    prompts.timers = timers
    chart.check_in.due_ms = 400_000
    prompts.arm(390_000)
    popped = [timers.pop_due(400_000), timers.pop_due(400_000)]
    assert [entry and entry[1] for entry in popped] == [390_000, 390_000]
    assert prompts.fire("cuff", 390_000) == asked(PromptKind.CUFF, 390_000, 300_000)
    assert chart.cuff_cycle.state(390_000) is CuffState.DUE
    prompts.arm(391_000)
    chart.cuff.due_ms = chart.check_in.due_ms = None
    prompts.arm(392_000)
    assert (timers.next_due_ms(), prompts.fire("cuff", 393_000)) == (None, None)


def test_one_prompt_serves_all_rows() -> None:
    """Two rows that want a reading at the same time ask once."""
    prompts = Prompts(Rig("SPO2-LOW").chart, Timers())
    first = prompts.one_more(60_000, "BP-HIGH: one more reading", 5)
    assert first == asked(PromptKind.CUFF, 5, 60_000, "BP-HIGH: one more reading")
    assert prompts.one_more(60_000, "BP-SEV: one more reading", 5) is None
    assert prompts.one_more(90_000, "BP-SEV: one more reading", 6) is not None


def test_a_prompt_waits_for_the_rest_of_the_arm() -> None:
    """Three inflations in ten minutes: the fourth is asked for when they are over; not so in an
    emergency. The schedule's own prompt waits too, and says why it is due.
    """
    rig, timers = Rig("SPO2-LOW"), Timers()
    chart = rig.chart
    prompts = Prompts(chart, timers)
    for at_ms in (0, 60_000, 120_000):
        chart.cuff_cycle.take(CuffStep.READ, at_ms)
    assert prompts.one_more(180_000, "x", 120_000) == asked(PromptKind.CUFF, 120_000, 600_000, "x")
    chart.cuff.at_latest(420_000, "BP-SEV: every 5 min")
    assert prompts.fire("cuff", 420_000) == asked(
        PromptKind.CUFF, 420_000, 600_000, "BP-SEV: every 5 min"
    )
    chart.phase = Phase.EMERGENCY
    assert prompts.one_more(180_000, "y", 420_000) == asked(PromptKind.CUFF, 420_000, 180_000, "y")
