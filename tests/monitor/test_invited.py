"""Whom an invitation is for: roles come from patients' files, guests have none of their own."""

import pytest

from alerts.contact import Contact, Role
from monitor.invited import InviteError, Whom, whom
from monitor.patient import Patient

ALEX = Patient(
    "alex",
    "Alex",
    contacts=(
        Contact("ann", Role.COMPANION, "Ann"),
        Contact("dr-lee", Role.PHYSICIAN, "Dr Lee"),
        Contact("eve", Role.VIEWER, "Eve"),
    ),
)
SAM = Patient(
    "sam",
    "Sam",
    contacts=(
        Contact("ann", Role.COMPANION, "Ann"),
        Contact("dr-lee", Role.PHYSICIAN, "Dr Lee"),
        Contact("dr-roy", Role.BACKUP, "Dr Roy"),
        Contact("alex", Role.BACKUP, "Alex"),
    ),
)
BOTH = (ALEX, SAM)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (("ann", "", "alex"), Whom("ann", "Ann", Role.COMPANION, "alex")),
        (("sam", "", ""), Whom("sam", "Sam", Role.PATIENT, "sam")),
        (("dr-lee", "", ""), Whom("dr-lee", "Dr Lee", Role.PHYSICIAN, None)),
        (("dr-roy", "", "sam"), Whom("dr-roy", "Dr Roy", Role.BACKUP, None)),
        (("eve", "", ""), Whom("eve", "Eve", Role.VIEWER, "alex")),
        (("screen-1", "viewer", ""), Whom("screen-1", "screen-1", Role.VIEWER, None)),
        (("screen-1", "viewer", "sam"), Whom("screen-1", "screen-1", Role.VIEWER, "sam")),
        (("root", "admin", ""), Whom("root", "root", Role.ADMIN, None)),
    ],
)
def test_a_person_is_who_the_files_say(asked: tuple[str, str, str], wanted: Whom) -> None:
    """A companion and a patient are bound to their patient, a doctor to none."""
    assert whom(*asked, BOTH) == wanted


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("a b", "", ""), "'a b' is no name: use up to 64 letters, digits, _ . : -"),
        (("ann", "", "kim"), "there is no patient 'kim'"),
        (("screen", "viewer", "kim"), "there is no patient 'kim'"),
        (
            ("ann", "physician", ""),
            (
                "role 'physician' cannot be given; use viewer or admin, or leave it out for a"
                " person of a patient's file"
            ),
        ),
        (
            ("kim", "", ""),
            (
                "'kim' is nobody's contact; name a person of a patient's file, or a guest with"
                " --role viewer"
            ),
        ),
        (
            ("ann", "", ""),
            "'ann' is companion of alex, companion of sam; say which with --patient",
        ),
        (("alex", "", ""), "'alex' is patient of alex, backup of all; say which with --patient"),
    ],
)
def test_who_cannot_be_invited_is_told_why(asked: tuple[str, str, str], why: str) -> None:
    """Nobody gets a role that no file gives, and nothing is guessed."""
    with pytest.raises(InviteError) as caught:
        whom(*asked, BOTH)
    assert str(caught.value) == why
