"""A patient's file is replaced as a whole or not at all."""

from pathlib import Path

import pytest

from devices.observation import DeviceKind
from monitor.commands.patient_file import PatientFile
from monitor.device_choice import Bound
from monitor.faults import FaultsError
from monitor.patient_edit import EditError, NewDevice
from monitor.ward import WardError

DEMO = (Path(__file__).parents[3] / "patients" / "demo.toml").read_bytes()
A, B = "AA:00:00:00:00:01", "AA:00:00:00:00:02"
NEW = NewDevice("demo-cuff", DeviceKind.CUFF, A, "standard-cuff", 60)


def folder(tmp_path: Path) -> Path:
    """A folder with the shipped patient, whom only the owner may read."""
    path = tmp_path / "demo.toml"
    path.write_bytes(DEMO)
    path.chmod(0o640)
    return tmp_path


def test_the_file_is_written_with_its_own_rights_and_nothing_is_left_beside_it(
    tmp_path: Path,
) -> None:
    """What was read is what is changed; the next one to read it sees the device."""
    PatientFile.read(folder(tmp_path), "demo").write(NEW)
    again = PatientFile.read(tmp_path, "demo")
    assert again.bound == {A: Bound("demo", "demo-cuff")}
    assert [one.name for one in tmp_path.iterdir()] == ["demo.toml"]
    assert (tmp_path / "demo.toml").stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    """The file that it names is the one that changes."""
    real = tmp_path / "real"
    real.mkdir()
    folder(real)
    patients = tmp_path / "patients"
    patients.mkdir()
    (patients / "demo.toml").symlink_to(real / "demo.toml")
    PatientFile.read(patients, "demo").write(NEW)
    assert (patients / "demo.toml").is_symlink()
    assert A in (real / "demo.toml").read_text("utf-8")


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Somebody edits it while the cuff measures."""
    file = PatientFile.read(folder(tmp_path), "demo")
    (tmp_path / "demo.toml").write_bytes(DEMO + b"# edited\n")
    with pytest.raises(EditError, match="was changed meanwhile; nothing was written"):
        file.write(NEW)
    assert (tmp_path / "demo.toml").read_bytes() == DEMO + b"# edited\n"


def test_what_would_be_no_patient_s_file_is_not_written(tmp_path: Path) -> None:
    """A model of the other kind, say."""
    file = PatientFile.read(folder(tmp_path), "demo")
    with pytest.raises(FaultsError, match="standard-oximeter"):
        file.write(NEW._replace(model="standard-oximeter"))
    assert (tmp_path / "demo.toml").read_bytes() == DEMO


def test_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    """Nothing is written in its place."""
    file = PatientFile.read(folder(tmp_path), "demo")
    (tmp_path / "demo.toml").unlink()
    with pytest.raises(EditError, match=r"demo\.toml cannot be written"):
        file.write(NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_patient_who_is_not_there_and_a_file_that_nobody_can_read(tmp_path: Path) -> None:
    """Whose devices are in such a file is not known, so none is taken."""
    with pytest.raises(WardError, match="there is no patient 'eve'"):
        PatientFile.read(folder(tmp_path), "eve")
    (tmp_path / "bob.toml").write_bytes(b"\xff")
    with pytest.raises(EditError, match=r"bob\.toml cannot be read .* whose devices it names"):
        PatientFile.read(tmp_path, "demo")
