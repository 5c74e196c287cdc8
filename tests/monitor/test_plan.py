"""A plan is read strictly, every fault at once; the shipped ones have none."""

import re

import msgspec
import pytest

from monitor.plan import Plan, PlanError, load_plan, plan_hash
from tests.bedside import DEFAULT, PLANS, VITALS_ONLY, plan_named

TEXT = (PLANS / "default.toml").read_text(encoding="utf-8")


def faults(text: str, bases: dict[str, str] | None = None) -> str:
    """Return what is wrong with a plan."""
    with pytest.raises(PlanError) as error:
        load_plan(text, "x.toml", bases)
    return str(error.value)


def changed(*pairs: tuple[str, str]) -> str:
    """Return the default plan's text with replacements, each of which must be found."""
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_default_plan() -> None:
    """It begins at the gate, nobody has signed it, and every high row has a class."""
    plan = plan_named("default")
    assert plan == DEFAULT
    assert (plan.name, plan.start, plan.signed_by) == ("default", "gate", "")
    assert len({row.id for row in plan.rows}) == len(plan.rows)


def test_the_plan_of_a_recording_is_made_of_the_default_rows() -> None:
    """Just the rows that it names, as the default has them, in the default's order."""
    rows = {row.id: row for row in DEFAULT.rows}
    assert [rows[row.id] for row in VITALS_ONLY.rows] == list(VITALS_ONLY.rows)
    assert (VITALS_ONLY.start, VITALS_ONLY.baseline) == ("peak", "first_minutes")
    assert VITALS_ONLY.ladder == DEFAULT.ladder


def test_the_same_rules_have_the_same_hash() -> None:
    """Whatever the text; one second more is another plan."""
    again = load_plan("# a comment\n" + TEXT, "x.toml")
    other = msgspec.structs.replace(again, baseline_s=301)
    assert plan_hash(again) == plan_hash(DEFAULT)
    assert plan_hash(other) != plan_hash(DEFAULT)
    assert re.fullmatch("[0-9a-f]{64}", plan_hash(other))


def test_a_plan_that_extends_another() -> None:
    """It takes every key that it does not write, and all rows without `only`."""
    text = "extends = 'default'\nname = 'mine'\n"
    mine: Plan = load_plan(text, "x.toml", {"default": TEXT})
    assert mine == msgspec.structs.replace(DEFAULT, name="mine")


def test_only_some_rows_of_a_plan_without_a_follow_up() -> None:
    """Where nothing is asked after the discharge, nothing is left out of it."""
    start = TEXT.index("[follow_up]")
    end = min(at for word in ("\n[", "\n#") if (at := TEXT.find(word, start + 1)) > 0)
    bare = TEXT[:start] + TEXT[end:]
    text = "extends = 'bare'\nname = 'mine'\nonly = ['SPO2-LOW']\n"
    mine: Plan = load_plan(text, "x.toml", {"bare": bare})
    assert ([row.id for row in mine.rows], mine.follow_up) == (["SPO2-LOW"], None)


@pytest.mark.parametrize(
    ("text", "bases", "what"),
    [
        ("name = ", {}, "x.toml"),
        ("extends = 'no'", {"default": TEXT}, "there is no plan 'no'; write one of default"),
        ("extends = 'no'", {}, "there is no plan 'no'; write one of none"),
        ("extends = 'a'", {"a": "name = "}, "a.toml"),
        ("extends = 'default'\nonly = ['NO']", {"default": TEXT}, "default has no row 'NO'"),
        ("name = 'x'", {}, "x.toml"),
    ],
)
def test_a_plan_that_cannot_be_read(text: str, bases: dict[str, str], what: str) -> None:
    """The fault names the file and what to do."""
    assert what in faults(text, bases)


@pytest.mark.parametrize(
    ("pairs", "what"),
    [
        ([('id = "SPO2-WARN"', 'id = "SPO2-FAST"')], "the id stands twice"),
        (
            [('priority = "high"\nalarm_class = "A"\nlatch = "high"\nlabel = "SpO2 low"',
              'priority = "high"\nlabel = "SpO2 low"')],
            "rows[SPO2-LOW]: can be high but has no alarm_class",
        ),
        (
            [('priority = "medium"\nalarm_class = "A"\nlabel = "SpO2 below 92 %"',
              'priority = "medium"\nlabel = "SpO2 below 92 %"'),
             ("{ below = 92, delay_s = 20 }", '{ below = 92, priority = "high" }')],
            "rows[SPO2-WARN]: can be high but has no alarm_class",
        ),
        (
            [('alarm_class = "A"\nlatch = "high"\nlabel = "no oxygen signal"',
              'label = "no oxygen signal"'),
             ('priority = "high"\nlabel = "no oxygen signal"',
              'priority = "medium"\nlabel = "no oxygen signal"')],
            "rows[SIG-LOST]: can be high but has no alarm_class",
        ),
        (
            [('alarm_class = "A"\nlatch = "medium"\nlabel = "blood pressure low"',
              'label = "blood pressure low"')],
            "rows[BP-LOW2]: can be high but has no alarm_class",
        ),
        (
            [('{ id = "alcohol"', '{ id = "other"')],
            "gate[drugs].ask: the question other stands twice; give each question its own id",
        ),
        (
            [('stop_final = true\nby = "companion"', 'measure = "awake"\nby = "companion"')],
            "gate[companion]: has questions and a measure or a proof; make two items of it",
        ),
        (
            [('id = "mood"', 'id = "health"')],
            "gate[health]: the id stands twice; give each item its own id",
        ),
        (
            [('priority = "medium"\nlabel = "the cuff', 'priority = "low"\nlabel = "the cuff'),
             ('failures = 3, priority = "medium"', 'failures = 3, priority = "high"')],
            "rows[CUFF-FAIL]: can be high but has no alarm_class",
        ),
        ([("from_s = 20", "from_s = 60")], "from_s is not below to_s"),
        (
            [('label = "blood pressure raised"\nsbp_at_least = 160\ndbp_at_least = 100\n',
              'label = "blood pressure raised"\n')],
            "rows[BP-WARN]: needs either limits above or limits below",
        ),
        (
            [('label = "blood pressure raised"\nsbp_at_least = 160',
              'label = "blood pressure raised"\nsbp_below = 160')],
            "rows[BP-WARN]: needs either limits above or limits below",
        ),
        ([("at_least = 130\ninside", "inside")], "rows[MAP-HIGH]: needs one of at_least, above"),
        ([("from_min = 20", "from_min = 80")], "rows[BP-TREND]: from_min is not below to_min"),
        ([("clear_pct = 80", "clear_pct = 40")], "clears below its own limit"),
        ([("{ below = 92, delay_s = 20 }", "{ below = 92, above = 99 }")], "looks both ways"),
        ([("{ below = 92, delay_s = 20 }", "{ delay_s = 20 }")], "a criterion never holds"),
        ([("{ below = 92, delay_s = 20 }", "{ below = 95 }")], "clears at 94, below its limit 95"),
        ([("at_most = 112", "at_most = 121")], "clears at 121, above its limit 120"),
        ([('{ at_s = 120, to = "companion", again = true },\n', "")], ""),
        (
            [("low = [\n  { at_s = 0,", "low = [\n  { at_s = 500,")],
            "ladder.low: rungs are not in order; sort them by at_s",
        ),
        (
            [("low = [\n  { at_s = 0,", "low = [\n  { at_s = 5,")],
            'ladder.low: tells nobody at 0 s; write { at_s = 0, to = "companion" } first',
        ),
        (
            [('  { at_s = 0, to = "physician" },\n', "")],
            "ladder.high: pages no physician at 0 s",
        ),
        (
            [("p0 = true\ncallback_s = 600", "callback_s = 600")],
            "rows[BP-SEV]: asks for a call but informs nobody at once; write p0 = true",
        ),
        (
            [
                (
                    'local = true\nlabel = "a person cannot',
                    'local = true\np0 = true\nlabel = "a person cannot',
                )
            ],
            "rows[CH-FAIL]: is local, and yet tells a physician; drop local, p0 or the high",
        ),
        (
            [
                (
                    'latch = "medium"\np0 = true\nlabel = "a further dose',
                    'p0 = true\nlabel = "a further dose',
                )
            ],
            "rows[DOSE-EXTRA]: tells of what happened once, and would be gone at once; write latch",
        ),
        (
            [
                (
                    'priority = "medium"\nlocal = true\n',
                    'priority = "high"\nalarm_class = "S"\nlocal = true\n',
                )
            ],
            "rows[CH-FAIL]: is local, and yet tells a physician",
        ),
        (
            [('family = "broker"', 'family = "reach"')],
            "family reach: some of its rows are local and some are not; write local in all of them",
        ),
    ],
)  # fmt: skip
def test_faults_of_a_plan(pairs: list[tuple[str, str]], what: str) -> None:
    """Each with its place and what to do; a ladder with a rung less is none."""
    text = changed(*pairs)
    if what:
        assert what in faults(text)
    else:
        assert load_plan(text, "x.toml").ladder != DEFAULT.ladder


def test_all_faults_at_once() -> None:
    """One run names them all."""
    text = changed(("from_s = 20", "from_s = 60"), ("clear_pct = 80", "clear_pct = 40"))
    said = faults(text)
    assert "from_s is not below to_s" in said
    assert "clears below its own limit" in said


def test_a_follow_up_that_cannot_be() -> None:
    """A row that the plan lacks, and a next day that is not after the evening."""
    told = faults(
        changed(
            ("next_day_min = 1200", "next_day_min = 240"),
            ('"FU-MISS", "FU-NEXT", "COMP', '"FU-MIST", "FU-NEXT", "COMP'),
        )
    )
    assert "x.toml: follow_up: there is no row 'FU-MIST'" in told
    assert "x.toml: follow_up: next_day_min is not after message_min" in told
