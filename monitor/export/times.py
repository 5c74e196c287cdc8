"""Hub time as dates: one anchor for a session, and the dates of FHIR and of HL7 v2.

Hub time never steps, so one pair of clocks is enough: when the wall clock was set at a commit that
is the pair, else what the clock said at the opening. All dates are UTC.

>>> Dates(1_700_000_000_000, at_ms=0, is_synchronised=True).fhir(1_500)
'2023-11-14T22:13:21.500Z'
>>> Dates(1_700_000_000_000, at_ms=0, is_synchronised=True).hl7(1_500)
'20231114221321.500+0000'
"""

from datetime import UTC, datetime, timedelta

__all__ = ["Dates", "DatesError"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DatesError(ValueError):
    """No date can be said: nobody knows what the wall clock showed, or no calendar has the day."""


class Dates:
    """The wall clock of one session."""

    def __init__(self, wall_ms: int, *, at_ms: int, is_synchronised: bool) -> None:
        """`wall_ms` (Unix milliseconds) is what the wall clock shows at hub time `at_ms`."""
        self._offset_ms = wall_ms - at_ms
        self.is_synchronised = is_synchronised

    def moved(self, shift_ms: int, start_ms: int) -> "Dates":
        """Return all dates moved by `shift_ms`, for hub times that count from `start_ms`."""
        wall_ms = self._offset_ms + start_ms + shift_ms
        return Dates(wall_ms, at_ms=0, is_synchronised=self.is_synchronised)

    def _at(self, at_ms: int) -> datetime:
        try:
            return _EPOCH + timedelta(milliseconds=self._offset_ms + at_ms)
        except OverflowError:
            raise DatesError(
                f"no calendar has {self._offset_ms + at_ms} ms after 1970: the hub's clock was"
                " wrong; say when the session was opened (--opened-at)"
            ) from None

    def fhir(self, at_ms: int) -> str:
        """Return an instant of FHIR, to the millisecond."""
        return self._at(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def hl7(self, at_ms: int) -> str:
        """Return a time of HL7 v2, to the millisecond."""
        at = self._at(at_ms)
        return f"{at:%Y%m%d%H%M%S}.{at.microsecond // 1000:03}+0000"
