"""The page of an evaluation sets every target beside what was found, and hides no miss."""

from alerts.condition import Kind, Priority
from simulators.worlds.evaluation import Target, evaluation_page, targets
from simulators.worlds.figures import Summary, summarise
from simulators.worlds.notes import Note
from simulators.worlds.scenario import Must, PatientScript, Scenario
from simulators.worlds.score import FalseAlarm, Found, Mark, Verdict
from simulators.worlds.seeds import many


def summary(name: str, *found: tuple[str, Mark, float | None], pages: int = 0) -> Summary:
    """One scenario with one world of two hours."""
    marks = [Found(words, mark, delay_s) for words, mark, delay_s in found]
    return summarise([Verdict(name, 0, marks, [], [], pages, hours=2.0)])


def test_targets_are_met_missed_or_not_judged() -> None:
    """The slowest scenario decides a delay, a slow criterion none.

    Without a standard session nothing is said of rates.
    """
    low = "SPO2-LOW high within 15 s"
    slow = [
        summary("a", (low, Mark.MET, 9.0)),
        summary("c", ("SPO2-LOW high within 35 s", Mark.MET, 30.0)),
        summary("b", (low, Mark.LATE, 17.0), ("X low within 5 s", Mark.MISSED, None)),
    ]
    found = {one.words.split(":")[0]: one for one in targets(slow)}
    assert found["high alarms in time"] == Target(
        "sensitivity", "high alarms in time", "at least 99 %", "2 of 3 (20.77..93.85 %)", met=False
    )
    assert (found["SPO2-LOW"].found, found["SPO2-LOW"].met) == ("17 s (b)", False)
    assert (found["SPO2-CRIT"].met, found["pages to a physician in an uneventful session"].met) == (
        None,
        None,
    )
    assert {one.met for one in targets([])} == {None}


def test_standard_sessions_give_the_rates() -> None:
    """Nothing false in two hours; one page in one session is too many."""
    found = targets([summary("uneventful_still", pages=1), summary("uneventful_normal")])
    assert [one.met for one in found[4:]] == [True] * 5 + [False]


def test_a_missed_target_has_its_reason() -> None:
    """By its key; what was met needs none."""
    text = evaluation_page(
        [summary("uneventful_still", pages=1)], {}, notes={"pages": Note("pages", "loss of signal")}
    )
    words = "pages to a physician in an uneventful session"
    assert [line for line in text.splitlines() if line.startswith("- Missed")] == [
        f"- Missed, {words}: loss of signal"
    ]


def test_the_page_holds_everything() -> None:
    """Targets, scenarios, rows, rates, what was broken, and what else there is."""
    bad = summarise([Verdict("a", 0, [], ["it broke"], hours=1.0)])
    text = evaluation_page([bad], {"commit": "abc"}, ["## More"])
    sound = evaluation_page([summary("a", ("X low within 5 s", Mark.MET, 1.0))], {})
    assert ("- commit: abc" in text, "- a, seed 0: it broke" in text, "## More" in text) == (
        True,
        True,
        True,
    )
    assert ("| a | 1 | 0 | FAILED |" in text, "Nothing." in sound) == (True, True)


def test_false_alarms_are_on_the_page() -> None:
    """With their interval."""
    world = Verdict("a", 0, hours=2.0)
    world.false = [FalseAlarm(0, "oxygen", "LOW", Kind.PHYSIOLOGICAL, Priority.LOW)]
    text = evaluation_page([summarise([world])], {})
    assert "| a | physiological low | 1 | 0.5 | " in text


def test_seeds_are_as_many_as_a_scenario_must_show() -> None:
    """1,000 of the standard profile, 400 for vital rows, 200 else; a part of it is at least one."""
    class_b = PatientScript(oximeter="B")
    vital = (Must(rows=("SPO2-LOW",), priority=Priority.HIGH, within_s=1),)
    scenarios = {
        "calm": Scenario(name="calm", title="x", uneventful=True),
        "other": Scenario(name="other", title="x", uneventful=True, patient=class_b),
        "vital": Scenario(name="vital", title="x", must=vital),
        "event": Scenario(name="event", title="x"),
    }
    assert many(scenarios) == {"calm": 1_000, "other": 200, "vital": 400, "event": 200}
    assert many(scenarios, 0.001) == dict.fromkeys(scenarios, 1)
