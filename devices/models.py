"""Which Bluetooth devices Vigil can listen to: a table, one entry a model.

A model is recognised by what it advertises, says which characteristics are subscribed and which
decoder reads them, and says honestly what is known of it: where its layout comes from, whether it
has met hardware, and why it cannot be a session's oximeter, if so. `docs/devices.md` is made from
this table.

Knows no radio. The advertised names are from memory. A device is only *suggested* by its looks;
it is taken when somebody has bound its address to a patient.

>>> recognise("whatever", ["1822"]).name
'Standard pulse oximeter'
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

from msgspec import Struct, structs

from devices import (
    vendor_berry,
    vendor_contec,
    vendor_jumper,
    vendor_nonin,
    vendor_o2ring,
    vendor_pc60fw,
)
from devices.blp_heard import heard_cuff
from devices.decoder import Decoder, Standard
from devices.observation import DeviceKind
from devices.plx_heard import heard_oximeter

__all__ = ["MODELS", "ClockKind", "Model", "model", "recognise"]


class ClockKind(StrEnum):
    """By which characteristic a device's clock is set."""

    NONE = ""
    CURRENT_TIME = "2A2B"
    DATE_TIME = "2A08"


class Model(Struct, frozen=True, kw_only=True):
    """One model.

    `services` and `notify` are as `decoder.short` names them. `interval_ms` is how often it sends,
    None for a cuff; `poll_ms` how often it is asked, or told to go on (0: never). `pairs`: it
    answers only a bonded hub. `source` names where its layout is written down; `met_hardware`
    whether we have seen one.
    `not_at_gate` is why it cannot be the session's oximeter, "" when it can.
    """

    id: str
    name: str
    kind: DeviceKind
    services: tuple[str, ...]
    notify: tuple[str, ...]
    decoder: Callable[[], Decoder]
    source: str
    names: tuple[str, ...] = ()
    interval_ms: int | None = None
    poll_ms: int = 0
    pairs: bool = False
    clock: ClockKind = ClockKind.NONE
    met_hardware: bool = False
    not_at_gate: str = ""


_BLUETOOTH_SIG = "Bluetooth SIG specification"

STANDARD_OXIMETER = Model(
    id="standard-oximeter",
    name="Standard pulse oximeter",
    kind=DeviceKind.OXIMETER,
    services=("1822",),
    notify=("2A5F", "2A19"),
    decoder=lambda: Standard(heard_oximeter),
    source=f"{_BLUETOOTH_SIG}: Pulse Oximeter Service",
    interval_ms=1000,
    clock=ClockKind.CURRENT_TIME,
)
STANDARD_CUFF = Model(
    id="standard-cuff",
    name="Standard blood-pressure cuff",
    kind=DeviceKind.CUFF,
    services=("1810",),
    notify=("2A35", "2A36", "2A19"),
    decoder=lambda: Standard(heard_cuff),
    source=f"{_BLUETOOTH_SIG}: Blood Pressure Service",
    pairs=True,
    clock=ClockKind.CURRENT_TIME,
)

# The classic cuffs keep to the standard service; only their clocks differ.
CUFFS: tuple[Model, ...] = (
    structs.replace(
        STANDARD_CUFF,
        id="and-ua651ble",
        name="A&D UA-651BLE",
        names=("A&D_UA-651BLE", "UA-651BLE"),
        source=f"{STANDARD_CUFF.source}; its clock as in the dump of bluez/bluez issue 636",
        clock=ClockKind.DATE_TIME,
    ),
    structs.replace(
        STANDARD_CUFF,
        id="omron-bls",
        name="Omron with the standard service",
        names=("BLEsmart_", "BLESmart_"),
        source=f"{STANDARD_CUFF.source}; its clock as in StanfordSpezi/SpeziBluetooth issue 28",
    ),
)
_OXIMETER = DeviceKind.OXIMETER

VENDORS: tuple[Model, ...] = (
    Model(
        id="nonin-3230",
        name="Nonin 3230",
        kind=_OXIMETER,
        services=(vendor_nonin.SERVICE,),
        notify=(vendor_nonin.NOTIFY,),
        decoder=vendor_nonin.Nonin3230,
        source="Nonin's sample for iOS, as it stands in public repositories",
        interval_ms=1000,
        pairs=True,
    ),
    Model(
        id="jumper-500f",
        name="Jumper JPD-500F (My Oximeter)",
        kind=_OXIMETER,
        services=(vendor_jumper.SERVICE,),
        notify=(vendor_jumper.NOTIFY,),
        decoder=vendor_jumper.Jumper500F,
        source="several public repositories that agree, and one capture",
        interval_ms=1000,
    ),
    Model(
        id="berrymed-bm1000",
        name="BerryMed BM1000",
        kind=_OXIMETER,
        services=(vendor_berry.SERVICE,),
        names=("BerryMed",),
        notify=(vendor_berry.NOTIFY,),
        decoder=vendor_berry.BerryMed,
        source="the maker's BCI protocol (zh2x/BCI_Protocol) and Adafruit's library",
        interval_ms=1000,
    ),
    Model(
        id="viatom-o2ring",
        name="Viatom / Wellue O2Ring, Checkme O2",
        kind=_OXIMETER,
        services=(vendor_o2ring.SERVICE,),
        notify=(vendor_o2ring.NOTIFY,),
        decoder=vendor_o2ring.O2Ring,
        source="the vendor's Android library (LepuBle) and MackeyStingray/o2r",
        interval_ms=2000,
        poll_ms=2000,
    ),
    Model(
        id="viatom-pc60fw",
        name="Viatom PC-60FW",
        kind=_OXIMETER,
        services=(vendor_pc60fw.SERVICE,),
        names=("OxySmart", "PC-60F"),
        notify=(vendor_pc60fw.NOTIFY,),
        decoder=vendor_pc60fw.Pc60Fw,
        source="the vendor's Android library (LepuBle), the notes of viatom_pc60fw and a capture",
        interval_ms=1000,
    ),
    Model(
        id="contec-cms50d-bt",
        name="Contec CMS50D-BT",
        kind=_OXIMETER,
        services=(vendor_contec.SERVICE,),
        names=("SpO2",),
        notify=(vendor_contec.NOTIFY,),
        decoder=vendor_contec.Cms50D,
        source="one author's reverse engineering (tobiasisenberg/OxiVis issue 2) with captures",
        interval_ms=1000,
        poll_ms=20_000,
    ),
)

MODELS: tuple[Model, ...] = (*VENDORS, *CUFFS, STANDARD_OXIMETER, STANDARD_CUFF)
"""Every model; a vendor's own entries stand before the standard ones."""


def model(name: str) -> Model:
    """Return the model of this id.

    Raises:
        KeyError: no such model.
    """
    return next((one for one in MODELS if one.id == name), None) or _missing(name)


def recognise(name: str | None, services: Iterable[str]) -> Model | None:
    """Return the model that an advert looks like, None when it is none of ours."""
    offered = set(services)
    for one in MODELS:
        named = bool(one.names) and (name or "").startswith(one.names)
        offers = bool(offered.intersection(one.services))
        if named or (offers and not one.names):
            return one
    return None


def _missing(name: str) -> Model:
    known = ", ".join(one.id for one in MODELS)
    raise KeyError(f"no model {name!r}; known are {known}")
