"""The simulator's commands, added to `vigil` through an entry point: production never imports it.

The terminal and the command line are the outside things. `vigil demo` starts a hub in a temporary
folder, plays one scenario against it, and ends with 0 when an alarm was accepted, with 1 when none
was, with 2 when it could not run.

    register(app)    # adds `demo`, `worlds` and `evaluate`
"""

import asyncio
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from simulators.board import BoardError
from simulators.demo import run_demo
from simulators.evaluate_command import register as register_evaluate
from simulators.hub_process import HubError, HubProcess, free_port
from simulators.scenario import Scenario, UnknownScenarioError, find
from simulators.view import View
from simulators.worlds_command import register as register_worlds

__all__ = ["register"]

_NOT_POSSIBLE = 2
_HURRIED = 10.0
_INTERRUPTED = 130
_TERMINATED = 143


def register(app: typer.Typer) -> None:
    """Add the commands of this package to `vigil`."""
    app.command("demo")(demo)
    register_worlds(app)
    register_evaluate(app)


def demo(
    scenario: Annotated[
        str | None,
        typer.Option(
            help="What happens: standard, short, lifelike or troubled. Left out: short below x10 "
            "(something happens in the first minutes), else standard."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same patient.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0.1, max=240, help="Session seconds in one real second.")
    ] = 1.0,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the pages; another one if it is taken.")
    ] = 8765,
) -> None:
    """Show the hub with a simulated patient, devices and people."""
    console = Console()
    try:
        script = find(scenario or ("short" if speed < _HURRIED else "standard"))
    except UnknownScenarioError as error:
        typer.echo(f"vigil demo: --scenario: {error.args[0]}", err=True)
        raise typer.Exit(_NOT_POSSIBLE) from None
    try:
        code = asyncio.run(_play(console, script, seed=seed, speed=speed, port=port))
    except (HubError, BoardError) as error:
        typer.echo(f"vigil demo: {error}", err=True)
        raise typer.Exit(_NOT_POSSIBLE) from None
    except asyncio.CancelledError:
        typer.echo("vigil demo: told to stop before the session was over", err=True)
        raise typer.Exit(_TERMINATED) from None
    except KeyboardInterrupt:
        typer.echo("vigil demo: stopped by you before the session was over", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    raise typer.Exit(code)


def _can_sound(console: Console) -> bool:
    """Somebody is there and the machine can play; a missing player is not what is shown."""
    return console.is_terminal and shutil.which("aplay") is not None


async def _play(console: Console, script: Scenario, *, seed: int, speed: float, port: int) -> int:
    """Play one scenario; return the exit code."""
    task = asyncio.current_task()
    if task is not None:
        # The hub is a process of its own: without this it would outlive us, also when somebody
        # closes the terminal.
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    console.print(
        f"DEMO {script.title}; seed {seed}, x{speed:g}. Nobody here is a real patient.",
        highlight=False,
        soft_wrap=True,
    )
    with tempfile.TemporaryDirectory(prefix="vigil-demo-") as name:
        hub = HubProcess(
            Path(name), speed=speed, web_port=free_port(port), speaker=_can_sound(console)
        )
        async with hub:
            links = [f"DEMO {label:<10} {link}" for label, link in (await hub.links()).items()]
            for line in links:
                console.print(line, markup=False, highlight=False, soft_wrap=True)
            with View(console, speed=speed, links=links) as view:
                tally, board = await run_demo(script, hub, seed=seed, speed=speed, view=view)
    for line in tally.summary(board):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not tally.accepted:
        console.print("DEMO no alarm was accepted", highlight=False)
    return 0 if tally.accepted else 1
