"""`vigil demo` refuses what it cannot do with a sentence, before it starts anything."""

import typer
from click import unstyle
from typer.testing import CliRunner

from simulators.commands import register


def app() -> typer.Typer:
    """`vigil` with nothing but the simulator's commands."""
    vigil = typer.Typer()

    @vigil.callback()
    def nothing() -> None:
        """Keep `demo` a command of its own."""

    register(vigil)
    return vigil


def test_an_unknown_scenario_is_named() -> None:
    """Exit 2, and the names that there are."""
    result = CliRunner().invoke(app(), ["demo", "--scenario", "x"])
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        (
            "vigil demo: --scenario: no scenario is called 'x': "
            "use standard, short, lifelike, troubled\n"
        ),
    )


def test_a_speed_out_of_range_is_refused() -> None:
    """Exit 2 for a speed that no hub could keep."""
    result = CliRunner().invoke(app(), ["demo", "--speed", "0"])
    assert (result.exit_code, "--speed" in unstyle(result.stderr)) == (2, True)
