"""A scenario's file is read strictly, and every fault of it is named at once."""

import pytest

from monitor.plans_dir import read_plan
from simulators.worlds.crew import read_all
from simulators.worlds.reader import ScenarioError, read_scenario

BAD = """
name = "Bad"
title = "x"
lenght_min = 5
"""
TANGLED = """
name = "tangled"
title = "x"
[[course]]
name = "a"
at_min = 1
of = "spo2_pct"
points = [[10, 97], [0, 85]]
[[says]]
name = "a"
at_min = 2
codes = "W5"
[[must]]
what = "cleared"
within_s = 1
onset = { mark = "b" }
[[must_not]]
what = "phase"
until = { mark = "c" }
"""


def faults_of(text: str) -> list[str]:
    """Return the faults of a text."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "x.toml")
    return list(caught.value.faults)


def test_all_faults_of_the_form_are_named() -> None:
    """Unknown keys and wrong values, each with advice."""
    assert faults_of(BAD) == [
        "x.toml: name: 'Bad' does not match ^[a-z][a-z0-9_]*$; write small letters, digits, _",
        "x.toml: lenght_min: unknown key; did you mean 'length_min'?",
    ]


def test_what_is_no_toml_is_said() -> None:
    """The line of the mistake."""
    assert faults_of("name = ")[0].startswith("x.toml: is not TOML: ")


def test_all_faults_of_the_meaning_are_named() -> None:
    """Names that stand twice, marks that never come, and things that name nothing."""
    known = "write one of a, a.end, dose, open"
    assert faults_of(TANGLED) == [
        "x.toml: two happenings are called 'a'; give each its own name",
        f"x.toml: must[0]: counts from 'b', which never comes; {known}",
        "x.toml: must[0]: says what is cleared but no row; write rows",
        f"x.toml: must_not[0]: counts from 'c', which never comes; {known}",
        "x.toml: must_not[0]: asks for a phase but names none; write phase",
        "x.toml: course[0]: goes back in time; sort the points",
    ]


def test_the_whole_catalogue_is_there_and_ten_more() -> None:
    """The 32 of the catalogue by number, each once; at least ten that it lacks."""
    numbers = [one.number for one in read_all().values()]
    listed = sorted(number for number in numbers if number is not None)
    assert (listed, numbers.count(None) >= 10) == (list(range(1, 33)), True)


def test_rows_that_the_plan_lacks_are_known() -> None:
    """Each once; a row of the plan is none of them."""
    text = "name='x'\ntitle='x'\n" + "[[must]]\nrows=['NO-ROW', 'SPO2-LOW']\nwithin_s=1\n" * 2
    assert read_scenario(text, "x").unbuilt(read_plan("default")) == ("NO-ROW",)
