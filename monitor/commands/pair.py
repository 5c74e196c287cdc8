"""`vigil pair`: enrol a Bluetooth device for one patient, from the scan to the patient's file.

It shows what it sees; a person chooses; only then is that one address connected. The file is
written when the device has given a value of now, and in one step, so that a hub never reads half of
it. The terminal is the outside thing.
"""

import asyncio
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from msgspec import structs

from devices.ble_visit import State, Step, Visit
from devices.ble_words import Advert
from devices.heard import Heard
from devices.observation import DeviceKind
from monitor.commands.bluetooth_desk import (
    Desk,
    DeskError,
    busy,
    local_now,
    prepare,
    scanning,
)
from monitor.commands.common import fail, read_config, set_up_log
from monitor.commands.cuff_visit import Cuff, await_reading, clock_right, hear_readings
from monitor.commands.pair_choice import choose
from monitor.commands.patient_file import PatientFile
from monitor.config import Config, LogLevel
from monitor.device_choice import CONNECTED_DBM, Offer
from monitor.device_trial import CuffTrial, oximeter_trial, value_words
from monitor.faults import FaultsError
from monitor.patient_edit import EditError, NewDevice, device_id
from monitor.ward import WardError

__all__ = ["register"]

_SEEN_S, _OXIMETER_S, _CUFF_CONNECTED_S, _CUFF_S = 30.0, 30.0, 5.0, 180.0
_REPORTS = 6


class _Result(NamedTuple):
    """What the visits brought: a first value, whether the device's own time is right, its address.

    A device may show itself under a passing address until it is bonded; then it has one of its own.
    """

    first: Heard
    clock_right: bool
    address: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pair")(pair)


def pair(
    patient: Annotated[str, typer.Argument(help="The patient's file, without .toml.")],
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
    seconds: Annotated[
        float, typer.Option(min=1, max=600, help="How long to look for devices.")
    ] = 15.0,
    address: Annotated[str, typer.Option(help="Take this device, without asking.")] = "",
    name: Annotated[
        str, typer.Option("--as", help="Its id in the patient's file; an id there is replaced.")
    ] = "",
) -> None:
    """Enrol a Bluetooth device: find it, bond, set its clock, read a value, write the file.

    Only the chosen address is connected; a device of another patient cannot be chosen. Exit 0 when
    it is in the patient's file, 1 when it was not found or gave no value, 2 when it was refused.
    """
    settings, base = read_config(config)
    set_up_log(structs.replace(settings.log, level=LogLevel.WARNING))
    try:
        file = PatientFile.read(base / settings.patients.dir, patient)
        busy(settings, base)
        asyncio.run(_pair(settings, file, address.upper(), seconds, name))
    except DeskError as error:
        typer.echo("\n".join(f"vigil: {one}" for one in error.lines), err=True)
        raise typer.Exit(error.code) from None
    except (WardError, EditError) as error:
        fail(str(error))
    except FaultsError as error:
        fail(*error.faults)


async def _pair(
    settings: Config, file: PatientFile, address: str, seconds: float, name: str
) -> None:
    async with scanning(settings.bluetooth) as desk:
        offer = await choose(desk, file, address, seconds)
        model, where = offer.model, offer.advert.address
        # Before anything is connected: the file can take this device.
        taken_as = device_id(file.devices, file.patient, model.kind, where, name)
        typer.echo(f"{model.name} {where}, as {taken_as} of {file.patient}:")
        offer = offer._replace(advert=await _still_there(desk, offer))
        result = await (
            _oximeter(desk, offer) if model.kind is DeviceKind.OXIMETER else _cuff(desk, offer)
        )
    offset = local_now().astimezone().utcoffset() if result.clock_right else None
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    file.write(NewDevice(taken_as, model.kind, result.address, model.id, minutes))
    typer.echo(f"first value: {value_words(result.first)}")
    typer.echo(f"{file.path.name}: {taken_as} is written; check it with `vigil check --devices`")


async def _still_there(desk: Desk, offer: Offer) -> Advert:
    """Return an advert of now: a person may have taken long to choose."""
    if offer.advert.rssi_dbm == CONNECTED_DBM:
        return offer.advert
    advert = await desk.seen(offer.advert.address, _SEEN_S)
    if advert is None:
        raise DeskError(
            f"it has been silent for {_SEEN_S:g} s; nothing was written: switch it on again (a cuff"
            " to pairing)",
            code=1,
        )
    return advert


async def _oximeter(desk: Desk, offer: Offer) -> _Result:
    """One visit: a handful of reports, one of them valid, and fast enough for a session."""
    visit = Visit(desk.radio, offer.advert, offer.model)
    try:
        await _prepared(visit)
        typer.echo("  waiting for a value: put it on a finger")
        await visit.stay(_OXIMETER_S, lambda: _is_enough(visit))
    finally:
        await visit.leave()
    trial = oximeter_trial(visit.heard)
    if trial.first is None and visit.gone:
        raise DeskError(
            "it ended the connection before a valid value came; nothing was written: bring it"
            " nearer and try again",
            code=1,
        )
    if trial.slow:
        raise DeskError(f"{trial.slow}; nothing was written: take another oximeter")
    if trial.first is None:
        why = ", ".join(trial.why_invalid) or f"{trial.reports} reports"
        refused = f"; {len(visit.refused)} could not be read" if visit.refused else ""
        raise DeskError(
            f"no valid value in {_OXIMETER_S:g} s ({why}{refused}); nothing was written: put it on"
            " a warm finger and try again",
            code=1,
        )
    return _Result(trial.first, clock_right(visit), visit.address)


def _is_enough(visit: Visit) -> bool:
    trial = oximeter_trial(visit.heard)
    return trial.first is not None and trial.reports >= _REPORTS


async def _cuff(desk: Desk, offer: Offer) -> _Result:
    """A visit that sets it up; then it is left alone until it calls with a reading."""
    visit = Visit(desk.radio, offer.advert, offer.model)
    try:
        await _prepared(visit)
        trial = CuffTrial(clock_right=clock_right(visit))
        await hear_readings(visit, trial, _CUFF_CONNECTED_S, local_now)
    finally:
        await visit.leave()
    address = visit.address
    if trial.first is None:
        typer.echo("  wait until its Bluetooth sign has gone out")
        await desk.calm(address)
        typer.echo(f"  now take a blood pressure; waiting {_CUFF_S:g} s for it")
    cuff = Cuff(address, offer.model, local_now)
    await await_reading(desk, cuff, trial, _CUFF_S, _say_failed)
    for fault in trial.faults:
        typer.echo(f"  the cuff {fault}")
    if trial.first is None:
        memory = f"; {trial.memory} old ones came from its memory" if trial.memory else ""
        raise DeskError(
            f"no reading in {_CUFF_S:g} s{memory}; nothing was written: take a blood pressure while"
            " this waits",
            code=1,
        )
    return _Result(trial.first, trial.clock_right, address)


async def _prepared(visit: Visit) -> None:
    """Carry out the steps of an enrolment.

    Raises:
        DeskError: without this step there is no enrolment.
    """
    needed = {"connect", "subscribe"}
    if visit.model.kind is DeviceKind.CUFF:
        needed.add("set clock")  # old readings are known by their age
    async for step in prepare(visit, local_now, bonds=visit.model.pairs, set_clock=True):
        _say(step)
        if step.state is State.FAILED and step.what in needed:
            raise DeskError(
                f"{step.what} failed ({step.words}); nothing was written: bring it near, switch it"
                " to pairing as its manual says, and try again",
                code=1,
            )


def _say(step: Step) -> None:
    typer.echo(f"  {step.what}: {step.state}, {step.words}")


def _say_failed(step: Step) -> None:
    if step.state is State.FAILED:
        _say(step)
