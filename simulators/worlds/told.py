"""Who says something in a world, and what a radio says of a device, in the hub's own words.

Values in, values out; nothing is decided and nothing drawn here.

    status_of("ox", news, at_ms=5)     -> DeviceStatus(device="ox", ...)
    person_of(patient, "sam")          -> ("sam", Role.COMPANION)
"""

from alerts.contact import Role
from monitor.events import DeviceStatus
from monitor.orders import who
from monitor.patient import Patient
from simulators.carried import LinkNews

__all__ = ["person_of", "status_of"]


def status_of(device: str, news: LinkNews, at_ms: int) -> DeviceStatus:
    """The hub's radio or the device itself says how it stands with it."""
    return DeviceStatus(
        at_ms=at_ms,
        device=device,
        online=news.online,
        reason=news.reason,
        battery_pct=news.battery_pct,
    )


def person_of(patient: Patient, person: str) -> tuple[str, Role]:
    """Return name and role of a person of this world.

    Raises:
        LookupError: nobody of the session has this name.
    """
    found = who(patient, person)
    if found is None:
        raise LookupError(f"{person} is none of the people of this world")
    return found
