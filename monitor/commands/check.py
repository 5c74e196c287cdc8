"""`vigil check`: settings, plans and patients before anybody relies on them, all faults at once."""

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Annotated

import typer

from devices.broker import BrokerError, choose
from devices.observation import DeviceKind, Mode
from monitor.catalogue import CatalogueError
from monitor.commands.check_devices import check_devices
from monitor.commands.check_ways import check_ways
from monitor.commands.common import fail, use_key_of
from monitor.commands.rota import check_rotas
from monitor.config import BrokerMode, Config, ConfigError, load_config
from monitor.contact_proofs import unproved
from monitor.device_choice import SLOWEST_MS
from monitor.hub_file import read_contact_proofs
from monitor.pages import is_local_name
from monitor.patients import Enrolment, PatientError, read_patient
from monitor.plan import PlanError
from monitor.plans_dir import plan_texts, read_plan, read_plan_file
from monitor.records.keys import key_trouble
from monitor.records.private import loose
from monitor.texts_dir import read_texts, why_not_real
from monitor.tls_files import TlsFiles
from monitor.watch_config import is_open_http

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    config: Annotated[Path, typer.Option("--config", help="The settings.")] = Path("config.toml"),
    plan: Annotated[Path | None, typer.Option(help="Check this plan's file instead.")] = None,
    devices: Annotated[
        str, typer.Option(help="Try the Bluetooth devices of this patient instead.")
    ] = "",
    seconds: Annotated[
        float, typer.Option(min=5, max=600, help="How long an oximeter is heard (--devices).")
    ] = 60.0,
    set_clock: Annotated[
        bool, typer.Option("--set-clock", help="Set the devices' clocks (--devices).")
    ] = False,
    skip_cuff: Annotated[
        bool, typer.Option("--skip-cuff", help="Await no reading of a cuff (--devices).")
    ] = False,
) -> None:
    """Check settings, plans, patients and what the machine has; name every fault at once.

    With --devices it is the dry run of the day before: each Bluetooth device of the patient is
    found, connected and heard; exit 1 when one has a fault, each said with what to do.
    """
    if devices:
        check_devices(config, devices, seconds, set_clock=set_clock, skip_cuff=skip_cuff)
        return
    faults: list[str] = []
    notes: list[str] = []
    if plan is not None:
        _check_plan_file(plan, faults)
    else:
        settings = _settings(config, faults)
        base = config.resolve().parent
        use_key_of(settings, base)
        _check_language(settings.hub.language, config.name, faults, notes)
        _check_plans(base / settings.plans.dir, faults, notes)
        patients = _check_patients(base / settings.patients.dir, base / settings.plans.dir, faults)
        faults += check_rotas([one.patient for one in patients], base / settings.rota.dir, notes)
        notes += [line for one in patients for line in _slow_oximeters(one)]
        notes += [line for one in patients for line in _no_address(one)]
        _check_proofs(patients, base / settings.hub.data_dir / "hub.db", notes)
        check_ways(settings, base, patients, faults, notes)
        _check_machine(settings, base, faults, notes)
    for note in notes:
        typer.echo(f"note: {note}")
    if faults:
        fail(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}:", *faults)
    typer.echo("no fault found")


def _settings(path: Path, faults: list[str]) -> Config:
    try:
        return load_config(path.read_text("utf-8"), path.name)
    except ConfigError as error:
        faults += error.faults
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path} cannot be read ({error}); name your settings with --config")
    return Config()


def _check_language(language: str, where: str, faults: list[str], notes: list[str]) -> None:
    try:
        texts = read_texts(language)
        if why := why_not_real(texts, draft_allowed=False):
            notes.append(f"{why}; {len(texts.borrowed)} sentences are in English still")
    except CatalogueError as error:
        faults += [f"{where}: hub.language: {fault}" for fault in error.faults]


def _check_plan_file(path: Path, faults: list[str]) -> None:
    try:
        read_plan_file(path, plan_texts())
    except PlanError as error:
        faults += error.faults
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path} cannot be read ({error}); name a plan's file")


def _check_plans(folder: Path, faults: list[str], notes: list[str]) -> None:
    for name in sorted(plan_texts(folder)):
        try:
            plan = read_plan(name, folder)
        except PlanError as error:
            faults += error.faults
            continue
        if not plan.signed_by:
            notes.append(f"plan {name} is signed by no clinician: for demonstrations and tests")


def _check_patients(folder: Path, plans: Path, faults: list[str]) -> list[Enrolment]:
    """Note the faults of every patient's file; return those that can be used."""
    known = plan_texts(plans)
    usable = []
    for path in sorted(folder.glob("*.toml")):
        try:
            enrolment = read_patient(path.read_text("utf-8"), path.stem)
        except PatientError as error:
            faults += error.faults
            continue
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: cannot be read ({error}); write it as UTF-8 text")
            continue
        usable.append(enrolment)
        if enrolment.plan not in known:
            names = ", ".join(sorted(known))
            faults.append(
                f"{path.name}: patient.plan: there is no plan {enrolment.plan!r};"
                f" write one of {names}"
            )
    return usable


def _slow_oximeters(one: Enrolment) -> list[str]:
    """Return the oximeters that the gate will stop."""
    every_ms = {
        device.id: device.interval_ms or 0
        for device in one.patient.devices
        if device.kind is DeviceKind.OXIMETER
    }
    return [
        f"patient {one.patient.id}: {name} sends every {interval_ms / 1000:g} s: the gate stops an"
        " oximeter that is slower than every 2 s"
        for name, interval_ms in every_ms.items()
        if interval_ms > SLOWEST_MS
    ]


def _no_address(one: Enrolment) -> list[str]:
    """Of a real patient: where an ambulance would have to come is nowhere."""
    if one.mode is not Mode.REAL or one.patient.ambulance is not None:
        return []
    note = (
        f"patient {one.patient.id}: no [ambulance] in the file: an emergency card can show no"
        " address, and the sheet has no allergies; patients/demo.toml shows the table"
    )
    return [note]


def _check_proofs(patients: list[Enrolment], hub_file: Path, notes: list[str]) -> None:
    """Note the ways to real patients' people that nobody has answered for a month."""
    try:
        proofs = read_contact_proofs(hub_file)
    except sqlite3.Error as error:
        notes.append(f"{hub_file}: cannot be read ({error}): no way to a person is known as proved")
        proofs = {}
    for one in patients:
        if one.mode is Mode.REAL:
            found = unproved(one.patient.contacts, proofs, time.time_ns() // 1_000_000)
            advice = f"run `vigil rehearse {one.patient.id}`"
            notes += [f"patient {one.patient.id}: {line}; {advice}" for line in found]


def _check_machine(settings: Config, base: Path, faults: list[str], notes: list[str]) -> None:
    faults += loose(base / settings.hub.data_dir)
    if (key_fault := key_trouble()) is not None:
        faults.append(f"record.key_file: {key_fault}; sessions would be watched and not recorded")
    if settings.broker.mode is BrokerMode.EMBEDDED:
        try:
            notes.append(f"embedded broker: {choose().value}")
        except BrokerError as error:
            faults.append(str(error))
    _check_pages(settings, base, faults, notes)
    _check_watch(settings, base, faults, notes)
    if settings.alarm.speaker and shutil.which("aplay") is None:
        notes.append("no local sound: install the package alsa-utils")
    path = settings.broker.password_file
    if path and not (base / path).is_file():
        faults.append(
            f"config.toml: broker.password_file: {path!r} is no file; write the secret's path"
        )


def _check_pages(settings: Config, base: Path, faults: list[str], notes: list[str]) -> None:
    hub = settings.hub
    if hub.tls and not TlsFiles.of(base / hub.data_dir).complete:
        faults.append("config.toml: hub.tls: there is no certificate; make one with `vigil cert`")
    elif not hub.tls and hub.web_port and not is_local_name(_url_name(hub.web_host)):
        notes.append(
            "hub.tls is off while the pages are open to the network: others on it can read along,"
            " and phones keep no screen awake"
        )


def _check_watch(settings: Config, base: Path, faults: list[str], notes: list[str]) -> None:
    watch = settings.watch
    if watch.is_off:
        notes.append("nobody outside watches this hub: set [watch], see docs/watch.md")
        return
    if is_open_http(watch.url):
        notes.append("watch.url: names and numbers of people can be read on the way; use https")
    for key, path in (
        ("secret_file", watch.secret_file),
        ("ca_file", watch.ca_file),
        ("ping_url_file", watch.ping_url_file),
    ):
        if path and not (base / path).is_file():
            faults.append(f"config.toml: watch.{key}: {path!r} is no file; write the file's path")


def _url_name(host: str) -> str:
    return f"[{host}]" if ":" in host else host
