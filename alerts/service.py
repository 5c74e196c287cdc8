"""Tell the service manager that we are ready and alive (the sd_notify protocol, one datagram).

Without a service manager nothing happens. Standard library only; it never decides what to tell.

    service = Service.from_environ()
    service.tell("WATCHDOG=1")
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

__all__ = ["NOTIFY_SOCKET", "Service"]

NOTIFY_SOCKET: Final = "NOTIFY_SOCKET"


class Service:
    """The service manager's socket, or none."""

    def __init__(self, address: str | None) -> None:
        # A leading @ stands for the zero byte of an abstract address.
        self._address = f"\0{address[1:]}" if address and address[0] == "@" else address

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Service":
        """Use the socket that the service manager named, if it did."""
        return cls(environ.get(NOTIFY_SOCKET) or None)

    def tell(self, state: str) -> None:
        """Send one state such as `READY=1`.

        A manager that does not listen is no reason to stop watching: it will miss the next
        watchdog message by itself and act on that.
        """
        if self._address is None:
            return
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            sender.setblocking(False)
            sender.sendto(state.encode(), self._address)
