"""Who may give which order, and whose session they may see: one table for the feed's door.

An order that is not in the table may be given by nobody. The engine judges again whether an order
makes sense now; here only the person's role and the session's patient count. A companion and a
patient see their own session alone; a viewer who was invited for one patient sees no other.

>>> why_not(Role.VIEWER, "accept")
'a viewer may not accept; it is for companion, physician, backup'
>>> why_not(Role.COMPANION, "accept") is None
True
>>> sees(Role.COMPANION, "alex", "sam")
False
"""

from alerts.contact import Role

__all__ = ["ORDERS", "RIGHTS", "asks", "bound_to_patient", "sees", "why_not"]

_DOCTORS = frozenset({Role.PHYSICIAN, Role.BACKUP})
_BEDSIDE = _DOCTORS | {Role.COMPANION}

RIGHTS: dict[str, frozenset[Role]] = {
    "open": _DOCTORS | {Role.ADMIN},
    "gate": _BEDSIDE,
    # The patient answers what nobody else can know; the gate's other words are the companion's.
    "gate_answer": _BEDSIDE | {Role.PATIENT},
    "override": _DOCTORS,
    "rehearse": _BEDSIDE | {Role.ADMIN},
    "sound_test": _BEDSIDE | {Role.ADMIN},
    "heard": frozenset({Role.COMPANION}),
    "dose": _BEDSIDE,
    "extra_dose": _BEDSIDE,
    "check_in": _BEDSIDE,
    "correct": _BEDSIDE,
    "reading": _BEDSIDE,
    "cuff_started": _BEDSIDE,
    "cuff_failed": _BEDSIDE,
    "pulse_count": _BEDSIDE,
    # "I am OK" is worth nothing from anybody else.
    "ok": frozenset({Role.PATIENT}),
    # Whoever feels or sees it may say so, the patient too.
    "notice": _BEDSIDE | {Role.PATIENT},
    "acknowledge": _BEDSIDE,
    "accept": _BEDSIDE,
    "reject": _BEDSIDE,
    "reset": _BEDSIDE,
    # Answers a message by its name; only the person whom it was for can.
    "answer": _BEDSIDE,
    "called_back": _DOCTORS,
    # A word about an alarm, afterwards; it changes none.
    "judge_alarm": _DOCTORS,
    "tailor": _DOCTORS,
    # Whoever is in the room may call for help, the patient first of all.
    "help": _BEDSIDE | {Role.PATIENT},
    "cancel_help": _BEDSIDE | {Role.PATIENT},
    "annotate": _BEDSIDE | {Role.ADMIN},
    "hand_over": _BEDSIDE,
    "close_emergency": _DOCTORS,
    "end_peak": _DOCTORS,
    "discharge": _BEDSIDE,
    # After the discharge: whoever of the two is there answers.
    "all_well": _BEDSIDE | {Role.PATIENT},
    "next_day": _BEDSIDE | {Role.PATIENT},
    "end": _BEDSIDE | {Role.ADMIN},
}
"""For each order the roles that may give it."""

ORDERS: tuple[str, ...] = tuple(RIGHTS)
"""Every order that the feed takes."""

_SHEET = "sheet"
_OWN_ONLY = frozenset({Role.PATIENT, Role.COMPANION})


def why_not(role: Role, order: str) -> str | None:
    """Return why this role may not give the order, or None when it may."""
    may = RIGHTS.get(order)
    if may is None:
        return f"there is no order {order[:40]!r}; use {', '.join(ORDERS)}"
    if role in may:
        return None
    names = ", ".join(one.value for one in Role if one in may)
    article = "an" if role.value[0] in "aeiou" else "a"
    return f"{article} {role.value} may not {order}; it is for {names}"


def asks(role: Role, what: str) -> bool:
    """Whether this role may ask for it: who sees a session may, but the sheet is for the bedside.

    An address and what somebody suffers from are nothing for a wall.
    """
    return what != _SHEET or role in _BEDSIDE


def bound_to_patient(role: Role) -> bool:
    """Whether an invitation of this role needs a patient: its person sees one session only."""
    return role in _OWN_ONLY


def sees(role: Role, invited_for: str | None, patient: str) -> bool:
    """Whether a person may see a session of `patient`; `invited_for` is their own patient, if any.

    A physician answers for every session of the hub, whatever the invitation named.
    """
    if role in _DOCTORS:
        return True
    if invited_for is None:
        return not bound_to_patient(role)
    return invited_for == patient
