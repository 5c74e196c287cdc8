"""What an ambulance crew must know of a patient: where, how to get in, and what is in their file.

Optional in the patient's file. It is for the people at the bedside and the physicians alone: it
stands on the printed sheet and on the companion's emergency card, and in no message, no snapshot
and no log.

>>> Ambulance(address="12 Mill Lane").allergies
()
"""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["Ambulance"]

Line = Annotated[str, Meta(min_length=1, max_length=120)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=20)]


class Ambulance(Struct, frozen=True, omit_defaults=True):
    """`address` as it is read out on the telephone, `entry`: the bell, the floor, where the key is.

    `medicines` are those that are taken anyway, sedatives marked as such; `conditions` what the
    patient has. `dose_mg` is one prescribed dose of `drug` (None: nobody has written it down).
    """

    address: Annotated[str, Meta(min_length=1, max_length=200)]
    entry: Annotated[str, Meta(max_length=300)] = ""
    allergies: Lines = ()
    medicines: Lines = ()
    conditions: Lines = ()
    drug: Line = "ketamine, under the tongue"
    dose_mg: Annotated[int, Meta(ge=1, le=2_000)] | None = None
