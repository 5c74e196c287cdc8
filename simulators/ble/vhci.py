"""The air below the machine's own kernel: a controller of ours behind /dev/vhci.

To Linux it is an adapter, hci0; on its other side it stands on the link of a `BumbleAir`, where the
simulated devices are. So the real bluetoothd scans, connects and pairs with them. It needs root and
the module hci_vhci: the machine rig's (docs/bluetooth.md).

    air = BumbleAir()
    async with adapter_of(air):
        ...     # hci0 is there
"""

import contextlib
from collections.abc import AsyncIterator

from bumble.controller import Controller
from bumble.hci import (
    HCI_ErrorCode,
    HCI_LE_Set_Random_Address_Command,
    HCI_StatusReturnParameters,
    LeFeatureMask,
)
from bumble.transport import open_transport

from simulators.ble.bumble_air import BumbleAir

__all__ = ["adapter_of"]

# With these two Linux uses commands that bumble's controller answers but does not carry out.
_NOT_OURS = LeFeatureMask.LL_PRIVACY | LeFeatureMask.LE_EXTENDED_ADVERTISING


class _Adapter(Controller):
    """Takes one address, Linux's static one, and refuses those of a single scan.

    Linux takes another random address for each active scan, and connects from it while it scans. On
    this link a connection is found by the address of now, so a scan would cut those that stand; and
    a bonded device would not know who calls. Refused, Linux scans without one.
    """

    def on_hci_le_set_random_address_command(
        self, command: HCI_LE_Set_Random_Address_Command
    ) -> HCI_StatusReturnParameters:
        if not command.random_address.is_static:
            return HCI_StatusReturnParameters(HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        return super().on_hci_le_set_random_address_command(command)


@contextlib.asynccontextmanager
async def adapter_of(air: BumbleAir) -> AsyncIterator[Controller]:
    """Give Linux an adapter on this air's link.

    Raises:
        OSError: /dev/vhci is not there or not ours to open.
    """
    transport = await open_transport("vhci")
    try:
        # No public address: with one, bluetoothd and the link would know it by two names.
        controller = _Adapter("linux", transport.source, transport.sink, link=air.link)
        controller.le_features &= ~_NOT_OURS
        yield controller
    finally:
        await transport.close()
