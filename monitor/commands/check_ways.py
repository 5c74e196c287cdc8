"""The ways to people, as `vigil check` sees them: secrets, what each can prove, whose way is wrong.

Every fault is named at once. Nothing is sent: `vigil rehearse` does that.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from alerts.channel_settings import ChannelSettings
from alerts.proof import proof_of
from alerts.secret_file import SecretError, address_of, file_of, read_secrets
from monitor.channels_config import is_readable_on_the_way
from monitor.config import Config
from monitor.patients import Enrolment
from monitor.ways import address_fault, set_up_fault

__all__ = ["check_ways"]

_OTHERS = 0o077


def check_ways(
    settings: Config, base: Path, patients: list[Enrolment], faults: list[str], notes: list[str]
) -> None:
    """Note every fault of the ways, and what each way that is set up can prove."""
    ways = settings.ways
    secrets: dict[str, str] = {}
    try:
        secrets = read_secrets(ways.secrets, base, os.environ)
    except SecretError as error:
        faults += [f"config.toml: {line}" for line in str(error).splitlines()]
    files = {base / place.file for place in ways.secrets if place.file}
    for one in patients:
        files |= _check_patient(one, ways, base, faults)
    notes += [
        f"{path}: others on this machine can read the secret; chmod 600"
        for path in sorted(files)
        if path.is_file() and path.stat().st_mode & _OTHERS
    ]
    notes += [f"way {name}: {_proves(name, ways, secrets)}" for name in ("page", *ways.names)]
    _check_services(settings, ways, secrets, notes)


def _check_patient(
    enrolment: Enrolment, ways: ChannelSettings, base: Path, faults: list[str]
) -> set[Path]:
    """Note the ways of one patient's people that cannot work here; return the files they name."""
    files: set[Path] = set()
    for contact in enrolment.patient.contacts:
        at = f"{enrolment.patient.id}.toml: contacts[{contact.id}].ways"
        for way in contact.ways:
            try:
                address = address_of(way.address, base)
            except SecretError as error:
                faults.append(f"{at}: {error}")
                continue
            path = file_of(way.address, base)
            if path is not None:
                files.add(path)
                if (wrong := address_fault(way.channel, address)) is not None:
                    faults.append(f"{at}: what {path} holds {wrong[0]}; {wrong[1]}")
            fault = set_up_fault(enrolment.mode.value, way.channel, address, ways)
            if fault is not None:
                faults.append(f"{at}: {fault[0]}; {fault[1]}")
    return files


def _proves(name: str, ways: ChannelSettings, secrets: dict[str, str]) -> str:
    """Say what a way can prove with these settings."""
    proof = proof_of(name)
    hears = not (
        (name == "ntfy" and ways.ntfy is not None and not ways.ntfy.answer_topic)
        or (name == "pagerduty" and "pagerduty" not in secrets)
    )
    what = ["sent"]
    if proof.delivered:
        what.append("delivered")
    if proof.answered and hears:
        what.append("answered")
    return f"proves {' and '.join(what)}" + ("" if proof.delivered else ", not delivered")


def _check_services(
    settings: Config, ways: ChannelSettings, secrets: dict[str, str], notes: list[str]
) -> None:
    if ways.ntfy is not None:
        if is_readable_on_the_way(ways.ntfy.base_url):
            notes.append("channels.ntfy.base_url: messages can be read on the way; use https")
        if ways.ntfy.answer_topic and "ntfy" not in secrets:
            notes.append(
                "channels.ntfy: without a token the answers to messages from before a restart of"
                " the hub are not understood"
            )
    if ways.twilio is not None and "voice" not in ways.names:
        notes.append("way voice: is not there until channels.twilio.answer_url is set")
    if ways.apprise and find_spec("apprise") is None:
        notes.append("channels.apprise: the package is not installed; install vigil[apprise]")
    if settings.channels.light.enabled and find_spec("gpiozero") is None:
        notes.append("channels.light: the package gpiozero is not installed")
    spoken = settings.channels.spoken.enabled
    if spoken and not any(shutil.which(name) for name in ("espeak-ng", "espeak")):
        notes.append("channels.spoken: no speech program; install the package espeak-ng")
