"""`vigil rota show`: who is on call for a patient in the coming days, as the hub will read it.

The calendar is asked for now and nothing is kept. `vigil check` uses the same words for its faults.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from alerts.contact import Role
from alerts.rota import Rota
from alerts.rota_calendar import read_calendar
from alerts.rota_source import RotaSource
from alerts.rota_words import People, RotaError
from monitor.commands.common import fail, read_config
from monitor.faults import FaultsError
from monitor.on_call import candidates, rotas_of
from monitor.patient import Patient
from monitor.patients_dir import read_enrolment
from monitor.rota_file import RotaFile
from monitor.rota_report import DAY_MS, faults_of, notes_of, shifts_of
from monitor.rotas import load_rota_file
from monitor.ward import WardError

__all__ = ["check_rotas", "register"]

_DAYS = 14

rota = typer.Typer(help="Who is on call.", no_args_is_help=True)


class _Read(Struct, frozen=True):
    """One role's rota: its name, its file, its timeline."""

    role: Role
    name: str
    file: RotaFile
    rota: Rota


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(rota, name="rota")


@rota.callback()
def _group() -> None:
    """Who is on call."""


@rota.command("show")
def show(
    patient: Annotated[str, typer.Argument(help="The patient's file, without .toml.")],
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
    days: Annotated[int, typer.Option(min=1, max=_DAYS, help="How many days.")] = _DAYS,
) -> None:
    """Show who is on call for a patient; exit 2 when somebody will be missing."""
    settings, base = read_config(config)
    try:
        person = read_enrolment(base / settings.patients.dir, patient).patient
    except (WardError, FaultsError) as error:
        fail(*str(error).splitlines())
    if not rotas_of(person):
        typer.echo(f"patient {patient} names no rota: the contact of each role is on call")
        return
    faults: list[str] = []
    now_ms = _now_ms()
    to_ms = now_ms + days * DAY_MS
    for one in _read_all(person, base / settings.rota.dir, now_ms, to_ms, faults):
        _print(one, now_ms, to_ms)
        faults += faults_of(one.rota, one.name, one.file.zone, now_ms, to_ms)
    if faults:
        fail(*faults)


def check_rotas(patients: list[Patient], folder: Path, notes: list[str]) -> list[str]:
    """Return what is wrong with these patients' rotas in the coming 14 days.

    A rota that several patients use is named once for each line that is the same.
    """
    now_ms = _now_ms()
    to_ms = now_ms + _DAYS * DAY_MS
    faults: list[str] = []
    for patient in patients:
        found: list[str] = []
        for one in _read_all(patient, folder, now_ms, to_ms, found):
            found += faults_of(one.rota, one.name, one.file.zone, now_ms, to_ms)
            notes += notes_of(one.rota, one.name, one.file.zone, now_ms, to_ms)
        faults += [f"patient {patient.id}: {fault}" for fault in found]
    notes[:] = dict.fromkeys(notes)
    return faults


def _read_all(
    patient: Patient, folder: Path, from_ms: int, to_ms: int, faults: list[str]
) -> Iterator[_Read]:
    """Read each role's rota; one that cannot be read is a fault and left out."""
    ids = candidates(patient)
    for role, name in rotas_of(patient).items():
        try:
            file = load_rota_file(folder, name)
            data = asyncio.run(RotaSource(file.source, folder, folder / "none").fetch()) or b""
            spans = read_calendar(data, f"rota {name}", file.zone, from_ms - DAY_MS, to_ms)
        except (FaultsError, RotaError) as error:
            faults += [_named(name, fault) for fault in error.faults]
            continue
        people = People(ids, file.people)
        line = Rota(spans, people, file.substitutes, from_ms - DAY_MS, to_ms)
        yield _Read(role, name, file, line)


def _named(name: str, fault: str) -> str:
    return fault if fault.startswith(f"rota {name}") else f"rota {name}: {fault}"


def _print(one: _Read, from_ms: int, to_ms: int) -> None:
    rows = shifts_of(one.rota, one.file.zone, from_ms, to_ms)
    title = f"{one.role.value}: rota {one.name} ({one.file.zone_name})"
    console = Console()
    if not console.is_terminal:
        typer.echo(title)
        for begin, end, who, doubt in rows:
            typer.echo(f"  {begin} to {end}  {who}{f'  ({doubt})' if doubt else ''}")
        return
    table = Table(title=title, title_justify="left")
    for heading in ("from", "to", "who", ""):
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
