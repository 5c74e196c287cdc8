"""What a scan may offer: what it saw, whose each device is already, and why one cannot be had.

A device is only suggested by its looks. One that is bound to another patient is shown as theirs and
cannot be taken; an oximeter that is too slow for a session cannot be one (`clinical.md` 2.0: at
least every 2 s). Which one is taken is a person's choice.

Knows no radio and opens no file: adverts and the texts of files are handed in.

>>> near_words(-52), near_words(-84)
('close by', 'far away: perhaps a neighbour')
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from devices.ble_words import Advert
from devices.models import Model, recognise
from devices.observation import DeviceKind
from monitor.faults import FaultsError
from monitor.patients import read_patient

__all__ = [
    "CONNECTED_DBM",
    "SLOWEST_MS",
    "Bound",
    "Offer",
    "Sightings",
    "bound_devices",
    "near_words",
    "not_in_session",
]

CONNECTED_DBM = 0
"""Stands for the strength of a device that is connected already: it does not advertise."""

SLOWEST_MS = 2_000
"""A session's oximeter sends at least this often."""

_MOST, _AWAY_MS = 500, 10_000
_CLOSE_DBM, _ROOM_DBM = -60, -75
_ADDRESS = re.compile(r"\b[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}\b")


class Bound(NamedTuple):
    """Whose a device is: a patient's id and the device's id in that file.

    `device` is empty when the file has faults and only the address could be found in it.
    """

    patient: str
    device: str

    @property
    def words(self) -> str:
        """For people."""
        if self.device:
            return f"{self.device} of {self.patient}"
        return f"named in {self.patient}.toml, which has faults"


class Offer(NamedTuple):
    """A device that we could listen to. `why_not`: why it cannot be taken, empty when it can."""

    advert: Advert
    model: Model
    bound: Bound | None
    why_not: str


class Sightings:
    """What a scan saw: of each device the newest strength, and every name and service it gave.

    Keeps the first 500 addresses; what comes beyond is counted in `missed`. A device that has been
    silent for 10 s is offered no more: switched off, its line goes.
    """

    def __init__(self) -> None:
        self.missed = 0
        self._seen: dict[str, Advert] = {}
        self._times: dict[str, int] = {}
        self._last_ms: dict[str, int] = {}

    def seen(self, advert: Advert, at_ms: int) -> None:
        """Take one advert."""
        before = self._seen.get(advert.address)
        if before is None and len(self._seen) >= _MOST:
            self.missed += 1
            return
        if before is not None:
            services = tuple(sorted({*before.services, *advert.services}))
            advert = advert._replace(name=advert.name or before.name, services=services)
        self._seen[advert.address] = advert
        self._times[advert.address] = self.times(advert.address) + 1
        self._last_ms[advert.address] = at_ms

    def times(self, address: str) -> int:
        """How often this device was seen."""
        return self._times.get(address, 0)

    def get(self, address: str) -> Advert | None:
        """Return the newest advert of one device."""
        return self._seen.get(address)

    def offers(self, bound: Mapping[str, Bound], patient: str, now_ms: int) -> list[Offer]:
        """Return what this patient could be offered now, the strongest signal first."""
        found = []
        for advert in self._seen.values():
            silent = now_ms - self._last_ms[advert.address] > _AWAY_MS
            if silent and advert.rssi_dbm != CONNECTED_DBM:
                continue
            model = recognise(advert.name, advert.services)
            if model is not None:
                owner = bound.get(advert.address)
                taken = owner is not None and owner.patient != patient
                why = f"it is {owner.words}" if taken and owner else not_in_session(model)
                found.append(Offer(advert, model, owner, why))
        return sorted(found, key=lambda one: (-one.advert.rssi_dbm, one.advert.address))

    @property
    def others(self) -> int:
        """How many devices were seen that are none of ours."""
        return sum(recognise(one.name, one.services) is None for one in self._seen.values())


def bound_devices(texts: Mapping[str, str]) -> dict[str, Bound]:
    """Return which address is whose, from the texts of all patients' files by the patients' ids.

    A file that cannot be used binds every address that is written in it: a device is not taken from
    somebody because of a misprint.
    """
    found: dict[str, Bound] = {}
    for patient, text in texts.items():
        try:
            devices = read_patient(text, patient).patient.devices
        except FaultsError:
            found |= {one.upper(): Bound(patient, "") for one in _ADDRESS.findall(text)}
            continue
        found |= {one.address: Bound(patient, one.id) for one in devices if one.address}
    return found


def near_words(rssi_dbm: int) -> str:
    """Return in words how strong a signal is."""
    if rssi_dbm == CONNECTED_DBM:
        return "connected"
    if rssi_dbm >= _CLOSE_DBM:
        return "close by"
    return "in the room" if rssi_dbm >= _ROOM_DBM else "far away: perhaps a neighbour"


def not_in_session(model: Model) -> str:
    """Return why a model cannot serve a session, empty when it can."""
    if model.not_at_gate:
        return model.not_at_gate
    if model.kind is DeviceKind.OXIMETER and (model.interval_ms or 0) > SLOWEST_MS:
        every_s = (model.interval_ms or 0) / 1000
        return f"it sends every {every_s:g} s: a session's oximeter at least every 2 s"
    return ""
