"""The simulator's commands, added to `vigil` through an entry point: production never imports it.

The terminal and the command line are the outside things. `vigil demo` starts a hub in a temporary
folder, plays one scenario against it, and ends with 0 when an alarm was accepted, with 1 when none
was, with 2 when it could not run.

    register(app)    # adds `demo`, `worlds` and `evaluate`
"""

import asyncio
import importlib
import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devices.observation import DeviceKind
from simulators.board import BoardError
from simulators.demo import Sender, run_demo
from simulators.evaluate_command import register as register_evaluate
from simulators.hub_process import Bluetooth, HubError, HubProcess, free_port
from simulators.scenario import Scenario, UnknownScenarioError, find
from simulators.view import View
from simulators.world import CUFF, OXIMETER
from simulators.worlds_command import register as register_worlds

__all__ = ["register"]

_NOT_POSSIBLE = 2
_HURRIED = 10.0
_RADIO_SPEED = 10
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
    bluetooth: Annotated[
        bool,
        typer.Option(
            "--bluetooth",
            help="The devices send by Bluetooth, through bleak and a simulated radio; at most x10.",
        ),
    ] = False,
) -> None:
    """Show the hub with a simulated patient, devices and people."""
    console = Console()
    try:
        script = find(scenario or ("short" if speed < _HURRIED else "standard"))
    except UnknownScenarioError as error:
        typer.echo(f"vigil demo: --scenario: {error.args[0]}", err=True)
        raise typer.Exit(_NOT_POSSIBLE) from None
    if bluetooth and speed > _RADIO_SPEED:
        typer.echo(
            f"vigil demo: --bluetooth keeps real time: --speed 1 to {_RADIO_SPEED}", err=True
        )
        raise typer.Exit(_NOT_POSSIBLE)
    show = _Show(console, script, seed=seed, speed=speed, port=port)
    try:
        code = asyncio.run(show.by_bluetooth() if bluetooth else show.by_mqtt())
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


class _Show:
    """One demonstration."""

    def __init__(
        self, console: Console, script: Scenario, *, seed: int, speed: float, port: int
    ) -> None:
        self._console = console
        self._script = script
        self._seed = seed
        self._speed = speed
        self._port = port

    async def by_mqtt(self) -> int:
        """Play it with devices that publish; return the exit code."""
        with self._folder() as name:
            return await self._play(Path(name), None, None)

    async def by_bluetooth(self) -> int:
        """Play it with devices on a simulated radio; return the exit code.

        Raises:
            HubError: something that this needs is not installed.
        """
        try:
            house_module = importlib.import_module("simulators.ble.house")
        except ImportError as error:
            raise HubError(f"--bluetooth needs {error.name}: pip install 'vigil[sim]'") from None
        with self._folder() as name:
            folder = Path(name)
            try:
                async with house_module.BleHouse(folder) as house:
                    radio = Bluetooth(
                        {"DBUS_SYSTEM_BUS_ADDRESS": house.bus},
                        (house_module.OXIMETER_ADDRESS, house_module.CUFF_ADDRESS),
                    )
                    senders = {
                        OXIMETER: house.device(DeviceKind.OXIMETER),
                        CUFF: house.device(DeviceKind.CUFF),
                    }
                    return await self._play(folder, radio, senders)
            except FileNotFoundError as error:
                raise HubError(str(error)) from None

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        task = asyncio.current_task()
        if task is not None:
            # The hub is a process of its own: without this it would outlive us, also when somebody
            # closes the terminal.
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        self._print(
            f"DEMO {self._script.title}; seed {self._seed}, x{self._speed:g}. "
            "Nobody here is a real patient."
        )
        return tempfile.TemporaryDirectory(prefix="vigil-demo-")

    async def _play(
        self, folder: Path, radio: Bluetooth | None, senders: Mapping[str, Sender] | None
    ) -> int:
        hub = HubProcess(
            folder,
            speed=self._speed,
            web_port=free_port(self._port),
            speaker=_can_sound(self._console),
            bluetooth=radio,
        )
        async with hub:
            links = [f"DEMO {label:<10} {link}" for label, link in (await hub.links()).items()]
            for line in links:
                self._print(line)
            with View(self._console, speed=self._speed, links=links) as view:
                tally, board = await run_demo(
                    self._script,
                    hub,
                    seed=self._seed,
                    speed=self._speed,
                    view=view,
                    senders=senders,
                )
        for line in tally.summary(board):
            self._print(line)
        if not tally.accepted:
            self._print("DEMO no alarm was accepted")
        return 0 if tally.accepted else 1

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
