"""A device of a patient's file has an address and a model together, and its model's kind."""

import pytest

from devices.observation import DeviceKind
from monitor.faults import Faults
from monitor.patient import DeviceBinding
from monitor.patient_devices import DeviceTable, binding_of, check_device

ADDRESS = "AA:BB:CC:00:11:22"
CUFF = DeviceKind.CUFF


@pytest.mark.parametrize(
    ("device", "fault"),
    [
        (DeviceTable("a", CUFF), None),
        (DeviceTable("a", CUFF, address=ADDRESS, model="standard-cuff"), None),
        (DeviceTable("a", CUFF, address=ADDRESS), "f.model: is missing beside address"),
        (DeviceTable("a", CUFF, model="standard-cuff"), "f.address: is missing beside model"),
        (DeviceTable("a", CUFF, address=ADDRESS, model="toaster"), "f.model: is 'toaster'"),
        (
            DeviceTable("a", CUFF, address=ADDRESS, model="standard-oximeter"),
            "f.model: is 'standard-oximeter', of kind oximeter",
        ),
    ],
)
def test_what_does_not_fit_together_is_a_fault(device: DeviceTable, fault: str | None) -> None:
    """Each names what to write."""
    faults = Faults()
    check_device(device, "f", faults)
    lines = list(faults)
    assert len(lines) == (fault is not None)
    assert fault is None or str(lines[0]).startswith(fault)


def test_a_model_brings_its_interval_unless_the_file_has_another() -> None:
    """The gate need not learn what the table knows."""
    one = DeviceTable("ox", DeviceKind.OXIMETER, address=ADDRESS, model="standard-oximeter")
    assert binding_of(one) == DeviceBinding(
        "ox", DeviceKind.OXIMETER, 1000, address=ADDRESS, model="standard-oximeter"
    )
    assert binding_of(DeviceTable("ox", DeviceKind.OXIMETER, 500)).interval_ms == 500
    assert binding_of(DeviceTable("bp", CUFF)).interval_ms is None
