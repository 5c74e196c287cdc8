"""`vigil check --devices`: the dry run of the day before, by Bluetooth, one device after the other.

Each Bluetooth device of the file is found, connected and heard as a session would; every fault is
named at once, with what to do. Nothing is bonded and no file is written. The terminal is the
outside thing.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer
from msgspec import structs
from rich.console import Console
from rich.progress import Progress

from devices.ble_visit import State, Step, Visit
from devices.models import model
from devices.observation import DeviceKind
from monitor.commands.bluetooth_desk import (
    Desk,
    DeskError,
    busy,
    line,
    local_now,
    prepare,
    scanning,
)
from monitor.commands.common import fail, read_config, set_up_log
from monitor.commands.cuff_visit import Cuff, await_reading
from monitor.config import BluetoothConfig, LogLevel
from monitor.device_trial import (
    CuffTrial,
    battery_fault,
    clock_fault,
    oximeter_trial,
    value_words,
)
from monitor.faults import FaultsError
from monitor.patient import DeviceBinding
from monitor.patients_dir import read_enrolment
from monitor.ward import WardError

__all__ = ["check_devices"]

_SEEN_S, _CUFF_S, _LOOK_S = 30.0, 180.0, 0.5
_NOT_SEEN = (
    "was not seen in {:g} s: switch it on, change its battery, bring it near, and switch off any"
    " telephone that is connected to it"
)


class _Run:
    """One dry run: what was asked for, and every fault that it found."""

    def __init__(self, seconds: float, *, set_clock: bool, skip_cuff: bool) -> None:
        self.seconds, self.set_clock, self.skip_cuff = seconds, set_clock, skip_cuff
        self.faults: list[str] = []

    def fault(self, device: DeviceBinding, *words: str) -> None:
        """Note faults of a device; an empty one is none."""
        self.faults += [f"{device.id} {one}" for one in words if one]


def check_devices(
    config: Path, patient: str, seconds: float, *, set_clock: bool, skip_cuff: bool
) -> None:
    """Try every Bluetooth device of a patient's file; end with 1 when one has a fault."""
    settings, base = read_config(config)
    set_up_log(structs.replace(settings.log, level=LogLevel.WARNING))
    run = _Run(seconds, set_clock=set_clock, skip_cuff=skip_cuff)
    try:
        found = read_enrolment(base / settings.patients.dir, patient).patient.devices
        for one in found:
            if not one.address:
                typer.echo(f"{one.id}: sends by MQTT; not tried here")
        near = [one for one in found if one.address]
        if not near:
            raise DeskError(f"{patient}.toml names no Bluetooth device; enrol one: `vigil pair`")
        busy(settings, base)
        asyncio.run(_try_all(run, near, settings.bluetooth))
    except DeskError as error:
        fail(*error.lines)
    except WardError as error:
        fail(str(error))
    except FaultsError as error:
        fail(*error.faults)
    _end(run.faults)


async def _try_all(run: _Run, devices: list[DeviceBinding], settings: BluetoothConfig) -> None:
    """Try one device after the other, cuffs last."""
    async with scanning(settings) as desk:
        for one in sorted(devices, key=lambda one: one.kind is DeviceKind.CUFF):
            typer.echo(f"{one.id}: {model(one.model).name}, {one.address}")
            await (_cuff if one.kind is DeviceKind.CUFF else _oximeter)(run, desk, one)


def _end(faults: list[str]) -> None:
    """Say every fault at once; the exit code is the answer."""
    if faults:
        count = len(faults)
        for words in (f"{count} fault{'s' if count > 1 else ''}:", *faults):
            typer.echo(f"vigil: {words}", err=True)
        raise typer.Exit(1)
    typer.echo("no fault found")


async def _oximeter(run: _Run, desk: Desk, device: DeviceBinding) -> None:
    """Hear it for a minute: as many valid samples, as often, as the gate wants."""
    typer.echo("  switch it on and put it on a finger")
    advert = await desk.seen(device.address, _SEEN_S)
    if advert is None:
        run.fault(device, _NOT_SEEN.format(_SEEN_S))
        return
    visit = Visit(desk.radio, advert, model(device.model))
    say = _sayer(run, device, "connect", "subscribe", "clock", "set clock")
    try:
        linked = False
        async for step in prepare(visit, _now(device), set_clock=_sets(run, device)):
            linked = linked or (step.what == "subscribe" and step.state is State.DONE)
            say(step)
        if linked:
            await _listen(visit, run.seconds)
            if visit.gone:
                run.fault(device, "ended the connection while it was heard: bring it nearer")
    finally:
        await visit.leave()
    if not linked:
        return
    trial = oximeter_trial(visit.heard)
    step_s = "" if trial.step_ms is None else f", every {trial.step_ms / 1000:.1f} s"
    typer.echo(f"  heard: {trial.valid} valid of {trial.reports} samples{step_s}")
    run.fault(device, *trial.faults)
    _judge(run, device, visit)


async def _cuff(run: _Run, desk: Desk, device: DeviceBinding) -> None:
    """Await one reading; a person may leave it out."""
    if run.skip_cuff:
        typer.echo("  left out")
        return
    asks = sys.stdin.isatty()
    leave_out = " (Enter: leave it out)" if asks else ""
    typer.echo(f"  press start on the cuff now; waiting {_CUFF_S:g} s for its reading{leave_out}")
    trial = CuffTrial(clock_right=False)
    waiting = asyncio.create_task(
        await_reading(
            desk,
            Cuff(device.address, model(device.model), _now(device)),
            trial,
            _CUFF_S,
            _sayer(run, device, "set clock"),
            set_clock=_sets(run, device),
        )
    )
    entered = asyncio.create_task(line()) if asks else None
    try:
        tasks = {waiting} if entered is None else {waiting, entered}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            typer.echo("  left out")
            return
        visit = await waiting
    finally:
        for task in (waiting, entered):
            if task is not None and not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
    run.fault(device, *trial.faults)
    if trial.first is not None:
        typer.echo(f"  reading: {value_words(trial.first)}")
    else:
        memory = f" ({trial.memory} old ones from its memory)" if trial.memory else ""
        run.fault(device, f"gave no reading in {_CUFF_S:g} s{memory}: press start and stay near")
    if visit is not None:
        _judge(run, device, visit)


async def _listen(visit: Visit, seconds: float) -> None:
    """Hear the device, with a bar on a terminal."""
    console = Console()
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("  listening", total=seconds)
        while not visit.gone and (past_s := loop.time() - began_s) < seconds:
            bar.update(task, completed=past_s)
            await visit.stay(min(_LOOK_S, seconds - past_s), lambda: False)


def _judge(run: _Run, device: DeviceBinding, visit: Visit) -> None:
    """Note what the visit showed beside its values."""
    run.fault(device, battery_fault(visit.battery_pct), clock_fault(visit.clock_off_s))
    if visit.refused:
        first = visit.refused[0]
        run.fault(device, f"sent {len(visit.refused)} messages that cannot be read ({first})")


def _sayer(run: _Run, device: DeviceBinding, *needed: str) -> Callable[[Step], None]:
    """Return what tells a step, and notes a failed one that is needed once."""

    def say(step: Step) -> None:
        typer.echo(f"  {step.what}: {step.state}, {step.words}")
        if step.state is State.FAILED and step.what in needed:
            fault = (
                f"{device.id} {step.what} failed: {step.words}; try again, else `vigil pair` anew"
            )
            if fault not in run.faults:
                run.faults.append(fault)

    return say


def _sets(run: _Run, device: DeviceBinding) -> bool:
    """A clock is set only where the file says by which zone it is read."""
    return run.set_clock and device.utc_offset_min is not None


def _now(device: DeviceBinding) -> Callable[[], datetime]:
    """Return what gives the time its clock should show: that of the zone in which it was set."""
    offset_min = device.utc_offset_min
    if offset_min is None:
        return local_now
    return lambda: (datetime.now(UTC) + timedelta(minutes=offset_min)).replace(tzinfo=None)
