"""Who may bond with this machine: one device, while it is enrolled, and nobody else.

BlueZ asks an agent before it bonds, and refuses without one. This one is registered only for the
time of an enrolment, says yes to the one address that was chosen, and no to every other device and
to every question that would need a person to type or compare a number; each no is told with what
was asked.

    async with PairingAgent("AA:BB:CC:00:11:22") as agent:
        ...                       # bond
    agent.told                    -> ["refused: RequestPinCode of /org/bluez/hci0/dev_..."]
"""

import asyncio
from types import TracebackType
from typing import Self

import structlog
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

from devices.ble_bus import call_bus

__all__ = ["AgentError", "PairingAgent"]

_BLUEZ, _BLUEZ_PATH = "org.bluez", "/org/bluez"
_MANAGER, _AGENT = "org.bluez.AgentManager1", "org.bluez.Agent1"
_PATH = "/vigil/agent"
# Nothing can be typed or shown here: BlueZ then bonds without a number, or asks for a yes.
_CAPABILITY = "NoInputNoOutput"
_YES = frozenset({"RequestAuthorization", "RequestConfirmation"})
_QUIET = frozenset({"Release", "Cancel"})
_REJECTED = "org.bluez.Error.Rejected"
_CALL_S = 5.0
_MOST = 100

log = structlog.get_logger("vigil.ble")


class AgentError(OSError):
    """BlueZ takes no agent of ours; the message says why."""


class PairingAgent:
    """Registered while the block lasts. `told` holds each refusal, at most 100."""

    def __init__(self, address: str) -> None:
        self.told: list[str] = []
        self.allowed = 0
        self._device = f"/dev_{address.upper().replace(':', '_')}"
        self._bus: MessageBus | None = None

    async def __aenter__(self) -> Self:
        """Register.

        Raises:
            AgentError: there is no bus, no BlueZ, or it takes no agent.
        """
        try:
            async with asyncio.timeout(_CALL_S):
                self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
            self._bus.add_message_handler(self._asked)
            await self._manage("RegisterAgent", "os", [_PATH, _CAPABILITY])
            # The library bonds from a connection of its own, so BlueZ asks the default agent.
            await self._manage("RequestDefaultAgent", "o", [_PATH])
        except (OSError, EOFError, TimeoutError, DBusError, ValueError) as error:
            await self._leave()
            raise AgentError(f"no agent for bonding: {error or type(error).__name__}") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Unregister: from here on nobody can bond through us."""
        await self._leave()

    async def _leave(self) -> None:
        bus, self._bus = self._bus, None
        if bus is None:
            return
        try:
            message = _order("UnregisterAgent", "o", [_PATH])
            async with asyncio.timeout(_CALL_S):
                await bus.call(message)
        except (OSError, EOFError, TimeoutError, DBusError) as error:
            log.info("agent not unregistered", reason=str(error) or type(error).__name__)
        finally:
            bus.disconnect()  # BlueZ forgets the agents of a connection that has ended

    async def _manage(self, member: str, signature: str, body: list[str]) -> None:
        if self._bus is not None:
            await call_bus(self._bus, _BLUEZ, _BLUEZ_PATH, _MANAGER, member, signature, body)

    def _asked(self, message: Message) -> Message | bool | None:
        """Answer one question of BlueZ."""
        if message.message_type is not MessageType.METHOD_CALL or message.interface != _AGENT:
            return None
        member, device = message.member or "", str(message.body[0]) if message.body else ""
        if member in _QUIET:
            return Message.new_method_return(message)
        if member in _YES and device.endswith(self._device):
            self.allowed += 1
            return Message.new_method_return(message)
        what = f"refused: {member} of {device}"
        log.warning("bond refused", asked=member, device=device)
        if len(self.told) < _MOST:
            self.told.append(what)
        return Message.new_error(message, _REJECTED, what)


def _order(member: str, signature: str, body: list[str]) -> Message:
    return Message(
        destination=_BLUEZ,
        path=_BLUEZ_PATH,
        interface=_MANAGER,
        member=member,
        signature=signature,
        body=body,
    )
