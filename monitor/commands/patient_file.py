"""A patient's file on disk, read once and replaced in one step when a device was enrolled.

The new text stands beside the old one, complete and on the disk, before it takes its name; it is
only written when it can be read as a patient's file, and when nobody changed the old one meanwhile.

    file = PatientFile.read(Path("patients"), "demo")
    file.write(new)
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from monitor.device_choice import Bound, bound_devices
from monitor.patient import DeviceBinding
from monitor.patient_edit import EditError, NewDevice, with_device
from monitor.patients import read_patient
from monitor.patients_dir import read_enrolment

__all__ = ["PatientFile"]


@dataclass(frozen=True)
class PatientFile:
    """One file: where, whose, as it was read; `bound`: whose each known address is, theirs too."""

    path: Path
    patient: str
    text: str
    devices: tuple[DeviceBinding, ...]
    bound: dict[str, Bound]

    @classmethod
    def read(cls, folder: Path, patient: str) -> "PatientFile":
        """Read it, and what devices the other patients have.

        Raises:
            WardError: there is no such file.
            FaultsError: it cannot be used; every reason is named.
            EditError: a file of the folder cannot be read, so nobody knows whose devices are in it.
        """
        enrolment = read_enrolment(folder, patient)
        texts = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                texts[path.stem] = path.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise EditError(
                    f"{path} cannot be read ({error}), so it is not known whose devices it names;"
                    " write it as UTF-8 text, or move it away"
                ) from None
        path = (folder / f"{patient}.toml").resolve()
        return cls(path, patient, texts[patient], enrolment.patient.devices, bound_devices(texts))

    def write(self, new: NewDevice) -> None:
        """Put the device into the file.

        Raises:
            EditError: the file was changed meanwhile, or cannot be edited or written.
            FaultsError: the result would not be a patient's file.
        """
        text = with_device(self.text, new)
        read_patient(text, self.patient)
        try:
            if self.path.read_bytes().decode("utf-8") != self.text:
                raise EditError(
                    f"{self.path} was changed meanwhile; nothing was written: run it again"
                )
            self._replace(text.encode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise EditError(f"{self.path} cannot be written ({error})") from None

    def _replace(self, data: bytes) -> None:
        folder = self.path.parent
        before = self.path.stat()
        number, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), before.st_mode & 0o7777)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
