"""The folder of patients' files, as the hub reads it when somebody opens a session or is invited.

read_enrolment(folder, "demo")    -> Enrolment(patient=Patient(id="demo", ...), ...)
"""

from pathlib import Path

from monitor.faults import FaultsError
from monitor.patient import Patient
from monitor.patients import Enrolment, read_patient
from monitor.ward import WardError

__all__ = ["read_enrolment", "read_patients"]


def read_enrolment(folder: Path, patient_id: str) -> Enrolment:
    """Return what a patient's file says.

    Raises:
        WardError: there is no such file.
        FaultsError: the file cannot be used; every reason is named.
    """
    path = folder / f"{patient_id}.toml"
    try:
        text = path.read_text("utf-8") if Path(patient_id).name == patient_id else None
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        known = sorted(file.stem for file in folder.glob("*.toml"))
        raise WardError(
            f"there is no patient {patient_id!r} in {folder}; it has {', '.join(known) or 'none'}"
        )
    return read_patient(text, patient_id)


def read_patients(folder: Path) -> list[Patient]:
    """Return every patient whose file can be used; `vigil check` names the others."""
    found: list[Patient] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read_patient(path.read_text("utf-8"), path.stem).patient)
        except (OSError, UnicodeDecodeError, FaultsError):
            continue
    return found
