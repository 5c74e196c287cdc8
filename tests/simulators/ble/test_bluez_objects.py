"""The object tree of a fake BlueZ has BlueZ's paths, interfaces and types."""

from simulators.ble.air import Seen
from simulators.ble.bluez_objects import (
    CHARACTERISTIC,
    DEVICE,
    SERVICE,
    adapter,
    address_of,
    device,
    device_path,
    service_objects,
)
from simulators.ble.peripheral import cuff

ADDRESS = "C0:00:00:00:00:01"
PATH = "/org/bluez/hci0/dev_C0_00_00_00_00_01"


def test_a_path_holds_the_address_and_gives_it_back() -> None:
    """Also from anything below the device."""
    assert device_path(ADDRESS) == PATH
    assert address_of(f"{PATH}/service0001/char0003") == ADDRESS


def test_an_adapter_and_a_device_say_what_bleak_reads() -> None:
    """Whether it is on; address, name, services, paired, not connected yet."""
    assert adapter(powered=False)["org.bluez.Adapter1"]["Powered"].value is False
    said = device(Seen(ADDRESS, "Ox", ("1822",), -60), paired=True)[DEVICE]
    wanted = ("Address", "Alias", "RSSI", "Paired", "Connected", "ServicesResolved")
    assert [said[name].value for name in wanted] == [ADDRESS, "Ox", -60, True, False, False]
    assert said["UUIDs"].value == ["00001822-0000-1000-8000-00805f9b34fb"]


def test_services_lie_below_their_device_and_characteristics_below_their_service() -> None:
    """With handles that rise."""
    found = service_objects(PATH, cuff(ADDRESS).services)
    chars = {p: i[CHARACTERISTIC] for p, i in found.items() if CHARACTERISTIC in i}
    services = [path for path, interfaces in found.items() if SERVICE in interfaces]
    assert len(services) == len(cuff(ADDRESS).services)
    assert all(path.rsplit("/", 1)[0] == said["Service"].value for path, said in chars.items())
    handles = [next(iter(interfaces.values()))["Handle"].value for interfaces in found.values()]
    assert handles == sorted(set(handles))
