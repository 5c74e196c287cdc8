"""Who may give which order and see which session, held against the words of the protocol."""

import pytest

from alerts.contact import Role
from monitor.rights import ORDERS, RIGHTS, asks, bound_to_patient, sees, why_not

# The protocol's own lists, written down a second time.
COMPANION = {
    *("gate", "dose", "extra_dose", "check_in", "correct", "reading", "cuff_started"),
    *("cuff_failed", "pulse_count", "acknowledge", "accept", "reject", "reset", "help", "answer"),
    *("cancel_help", "annotate", "hand_over", "discharge", "end", "rehearse", "sound_test"),
    *("notice", "gate_answer", "all_well", "next_day"),
}
DOCTORS = {
    *("override", "tailor", "close_emergency", "open", "called_back", "judge_alarm", "end_peak")
}
ALLOWED: dict[Role, set[str]] = {
    Role.VIEWER: set(),
    Role.PATIENT: {"help", "cancel_help", "notice", "ok", "gate_answer"} | {"all_well", "next_day"},
    # Only who is in the room says what was heard there.
    Role.COMPANION: COMPANION | {"heard"},
    Role.PHYSICIAN: COMPANION | DOCTORS,
    Role.BACKUP: COMPANION | DOCTORS,
    Role.ADMIN: {"open", "end", "annotate", "rehearse", "sound_test"},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_give_exactly_the_orders_of_its_list(role: Role) -> None:
    """Each pair of role and order is decided by the list, none by omission."""
    assert {order for order in ORDERS if why_not(role, order) is None} == ALLOWED[role]


def test_every_order_may_be_given_by_somebody() -> None:
    """No order is in the table that nobody could ever give."""
    assert [order for order, roles in RIGHTS.items() if not roles] == []


def test_an_order_that_is_none_is_refused_with_the_list() -> None:
    """The refusal cuts what was sent and names what there is."""
    assert why_not(Role.PHYSICIAN, "x" * 99) == (
        f"there is no order {'x' * 40!r}; use {', '.join(ORDERS)}"
    )


def test_a_refusal_says_who_may() -> None:
    """Whoever is refused hears whom to ask."""
    assert (why_not(Role.ADMIN, "override"), why_not(Role.PATIENT, "end")) == (
        "an admin may not override; it is for physician, backup",
        "a patient may not end; it is for companion, physician, backup, admin",
    )


@pytest.mark.parametrize("role", Role)
def test_what_a_role_sees(role: Role) -> None:
    """Companion and patient see their own session; a guest of one patient that one; doctors all."""
    seen = (
        sees(role, "alex", "alex"),
        sees(role, "alex", "sam"),
        sees(role, None, "sam"),
    )
    wanted = {
        Role.PATIENT: (True, False, False),
        Role.COMPANION: (True, False, False),
        Role.PHYSICIAN: (True, True, True),
        Role.BACKUP: (True, True, True),
        Role.VIEWER: (True, False, True),
        Role.ADMIN: (True, False, True),
    }
    assert (seen, bound_to_patient(role)) == (
        wanted[role],
        role in (Role.PATIENT, Role.COMPANION),
    )


def test_the_sheet_is_for_the_bedside_and_the_physicians() -> None:
    """An address is nothing for a wall; the rest may be asked for by whoever sees the session."""
    bedside = [Role.COMPANION, Role.PHYSICIAN, Role.BACKUP]
    assert [role for role in Role if asks(role, "sheet")] == bedside
    assert [what for what in ("past", "plan") for role in Role if not asks(role, what)] == []
