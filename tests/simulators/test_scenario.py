"""Scenarios are found by name and keep within what the sources allow."""

import pytest

from simulators.scenario import SCENARIOS, UnknownScenarioError, find


def test_the_shipped_scenarios() -> None:
    """Four scripts ship; each is found under its own name."""
    assert [find(name).name for name in SCENARIOS] == ["standard", "short", "lifelike", "troubled"]


def test_an_unknown_name_lists_the_known_ones() -> None:
    """The error names what was asked for and what there is."""
    with pytest.raises(
        UnknownScenarioError,
        match="no scenario is called 'x': use standard, short, lifelike, troubled",
    ):
        find("x")


def test_every_scenario_shows_one_fall_of_oxygen() -> None:
    """A demonstration without an alarm would show nothing."""
    assert {name: len(script.obstructions) for name, script in SCENARIOS.items()} == {
        "standard": 1,
        "short": 1,
        "lifelike": 1,
        "troubled": 1,
    }
