"""The agents of a fake BlueZ: who may say yes to a bond.

bluetoothd asks the agent of the caller, or the default one, before it bonds "just works"; without
an agent it refuses (seen of bluetoothd 5.66: AuthenticationFailed).

    agents = Agents(ask)
    await agents.register(message)
    await agents.allows("/org/bluez/hci0/dev_AA_00_00_00_00_01")
"""

from collections.abc import Awaitable, Callable

from dbus_fast import Message, MessageType

__all__ = ["Agents"]

_AGENT = "org.bluez.Agent1"


class Agents:
    """Registered agents, the newest one asked. `ask` calls a method of a client."""

    def __init__(self, ask: Callable[[Message], Awaitable[Message | None]]) -> None:
        self._ask = ask
        self._known: list[tuple[str, str]] = []

    async def register(self, message: Message) -> None:
        """RegisterAgent: remember who can be asked, and where."""
        self._known.append((message.sender or "", message.body[0]))

    async def unregister(self, message: Message) -> None:
        """UnregisterAgent."""
        self._known = [one for one in self._known if one != (message.sender or "", message.body[0])]

    async def default(self, message: Message) -> None:
        """RequestDefaultAgent: it is asked first."""
        one = (message.sender or "", message.body[0])
        self._known = [*(known for known in self._known if known != one), one]

    async def allows(self, device: str) -> bool:
        """Ask the newest agent whether this device may bond; without one: no."""
        if not self._known:
            return False
        sender, path = self._known[-1]
        reply = await self._ask(
            Message(
                destination=sender,
                path=path,
                interface=_AGENT,
                member="RequestAuthorization",
                signature="o",
                body=[device],
            )
        )
        return reply is not None and reply.message_type is MessageType.METHOD_RETURN
