"""A device is written into a patient's file, and no other byte of it changes."""

from pathlib import Path

import pytest

from devices.observation import DeviceKind
from monitor.patient import DeviceBinding
from monitor.patient_edit import EditError, NewDevice, block, device_id, with_device

DEMO = (Path(__file__).parents[2] / "patients" / "demo.toml").read_text("utf-8")
OX, BP = DeviceKind.OXIMETER, DeviceKind.CUFF
A, B = "AA:00:00:00:00:01", "AA:00:00:00:00:02"
CUFF = NewDevice("demo-cuff", BP, A, "standard-cuff", -210)


def test_a_new_device_gets_a_block_after_the_last_one() -> None:
    """Comments and everything else stay."""
    new = NewDevice("second", OX, A, "nonin-3230", None)
    made = with_device(DEMO, new)
    here = "same_arm = false\n"
    assert made == DEMO.replace(here, here + "\n" + block(new))


def test_a_known_device_gets_the_lines_in_its_own_block() -> None:
    """What it said before of arm and kind stays."""
    here = "same_arm = false\n"
    lines = f'address = "{A}"\nmodel = "standard-cuff"\nutc_offset_min = -210\n'
    assert with_device(DEMO, CUFF) == DEMO.replace(here, here + lines)


def test_another_device_under_the_same_id_takes_the_old_one_s_words_away() -> None:
    """Its interval and its zone would be lies; comments behind values stay."""
    text = (
        'a = 1\n[[devices]] # one\n# two\nid = "x"  # three\nkind = "oximeter"\n'
        f'address = "{B}" # 4\n'
        'model = "old"\ninterval_ms = 4000\nutc_offset_min = 60\n\n[last]\n'
    )
    made = with_device(text, NewDevice("x", OX, A, "nonin-3230", None))
    assert made == (
        'a = 1\n[[devices]] # one\n# two\nid = "x"  # three\nkind = "oximeter"\n'
        f'address = "{A}" # 4\n'
        'model = "nonin-3230"\n\n[last]\n'
    )


def test_the_same_device_again_keeps_its_interval() -> None:
    """Only its zone is new."""
    text = f"[[devices]]\nid = 'x'\nkind = 'cuff'\naddress = '{A}'\ninterval_ms = 900"
    made = with_device(text, NewDevice("x", BP, A, "standard-cuff", 0))
    assert made == (
        f'[[devices]]\nid = "x"\nkind = "cuff"\naddress = "{A}"\ninterval_ms = 900\n'
        'model = "standard-cuff"\nutc_offset_min = 0\n'
    )


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", block(CUFF)),
        ("a = 1", "a = 1\n\n" + block(CUFF)),
        ("a = 1\n\n", "a = 1\n\n" + block(CUFF)),
        ("a = 1\r\n", "a = 1\r\n\r\n" + block(CUFF).replace("\n", "\r\n")),
        ("[[devices]]\n", "[[devices]]\n\n" + block(CUFF)),
    ],
)
def test_a_file_without_devices_gets_the_block_at_its_end(text: str, made: str) -> None:
    """With the line ends that the file has."""
    assert with_device(text, CUFF) == made


@pytest.mark.parametrize(
    "text",
    [
        'devices = [{ id = "demo-cuff" }]\n',
        "no toml",
        'a = """\n[[devices]]\nid = "demo-cuff"\n"""\n',
    ],
)
def test_a_file_that_cannot_be_edited_is_left_alone(text: str) -> None:
    """The lines are handed out instead."""
    with pytest.raises(
        EditError, match="cannot be edited as it is written; write by hand: "
    ) as got:
        with_device(text, CUFF)
    assert str(got.value).endswith(
        'id = "demo-cuff"; kind = "cuff"; address = "AA:00:00:00:00:01"; '
        'model = "standard-cuff"; utc_offset_min = -210'
    )


MINE = (DeviceBinding("ox", OX, address=A), DeviceBinding("bp", BP))


@pytest.mark.parametrize(
    ("devices", "kind", "address", "wanted", "got"),
    [
        ((), OX, A, "", "p-oximeter"),
        ((), BP, A, "", "p-cuff"),
        ((), BP, A, "x.y:z", "x.y:z"),
        (MINE, OX, A, "", "ox"),
        (MINE, OX, A, "ox", "ox"),
        (MINE, OX, B, "ox", "ox"),
        (MINE, BP, B, "bp", "bp"),
    ],
)
def test_the_id_of_a_device(
    devices: tuple[DeviceBinding, ...], kind: DeviceKind, address: str, wanted: str, got: str
) -> None:
    """The one that it has, the one that was named, else the patient's and the kind's."""
    assert device_id(devices, "p", kind, address, wanted) == got


CALLED = (DeviceBinding("p-cuff", BP), DeviceBinding("spare", OX, address=A))


@pytest.mark.parametrize(
    ("devices", "kind", "address", "wanted", "why"),
    [
        ((), OX, A, "no spaces", "'no spaces' is no device's id"),
        (MINE, OX, A, "other", "is ox here; leave --as out"),
        (MINE, OX, B, "bp", "device bp is of kind cuff; choose another id"),
        (MINE, BP, B, "", "one cuff, and this patient has bp; to put this one in its place write"),
        (MINE, BP, B, "new", "write --as bp"),
        (CALLED, BP, B, "", "to put this one in the place of p-cuff write --as p-cuff"),
    ],
)
def test_no_device_is_put_aside_that_nobody_named(
    devices: tuple[DeviceBinding, ...], kind: DeviceKind, address: str, wanted: str, why: str
) -> None:
    """Each refusal says what to write."""
    with pytest.raises(EditError, match=why):
        device_id(devices, "p", kind, address, wanted)
