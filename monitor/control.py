"""The hub's own door for commands on the same machine: a Unix socket that only its owner may open.

One JSON object a line in, one out. It opens, lists and closes sessions and carries a person's
answer to an alarm when no page is at hand. It decides nothing; answers come after the commit and
say whether that worked.

    reply = ask(data_dir, {"do": "list"})     -> {"ok": true, "sessions": [...]}
"""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

__all__ = ["ControlError", "ControlServer", "NoHubError", "ask"]

_LIMIT = 64 * 1024
_TIMEOUT_S = 10.0

log = structlog.get_logger("vigil.control")

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class ControlError(RuntimeError):
    """The hub cannot be asked; the message says why and what to do."""


class NoHubError(ControlError):
    """No hub runs there."""


def _path(data_dir: Path) -> Path:
    return data_dir / "control.sock"


def ask(data_dir: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the running hub of this data folder.

    Raises:
        NoHubError: no hub runs there.
        ControlError: it gave no answer in 10 s.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(_TIMEOUT_S)
        try:
            with _in_folder(data_dir):
                link.connect(_path(data_dir).name)
            link.sendall(json.dumps(request).encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                part = link.recv(_LIMIT)
                if not part:
                    raise ControlError("the hub closed the connection; see its log")
                reply += part
        except (FileNotFoundError, ConnectionRefusedError):
            raise NoHubError(
                f"no hub runs with the data folder {data_dir}; start it with `vigil run`"
            ) from None
        except OSError as error:
            raise ControlError(f"the hub gave no answer: {error}") from None
    answer: dict[str, Any] = json.loads(reply)
    return answer


class _in_folder:  # noqa: N801 - reads as a word
    """Address the socket by a short name: a path of over 107 bytes is no address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before = -1

    def __enter__(self) -> None:
        self._before = os.open(".", os.O_RDONLY)
        try:
            os.chdir(self._folder)
        except OSError:
            os.close(self._before)
            raise

    def __exit__(self, *_: object) -> None:
        os.fchdir(self._before)
        os.close(self._before)


class ControlServer:
    """Serves the socket. `answer` gets each request and returns the reply."""

    def __init__(self, data_dir: Path, answer: Answer) -> None:
        self._data_dir = data_dir
        self._answer = answer
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a socket that a killed hub left behind is replaced."""
        listener = self._bind()
        self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=_LIMIT)

    def _bind(self) -> socket.socket:
        path = _path(self._data_dir)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            with _in_folder(self._data_dir):
                listener.bind(path.name)
        finally:
            os.umask(before)
        return listener

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            with suppress(FileNotFoundError):
                _path(self._data_dir).unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                line = await reader.readline()
                reply = await self._reply(line)
                writer.write(json.dumps(reply).encode() + b"\n")
                await writer.drain()
        except (TimeoutError, ConnectionError, ValueError):
            # A caller that says nothing, or goes away, or sends more than 64 KiB in a line.
            pass
        finally:
            writer.close()

    async def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {"ok": False, "error": f"the request is no JSON: {error}"}
        if not isinstance(request, dict):
            return {"ok": False, "error": "the request is no JSON object"}
        try:
            return await self._answer(request)
        except Exception as error:
            # Our bug: the caller is told, the hub goes on.
            log.exception("a request could not be answered", request=str(request)[:200])
            return {"ok": False, "error": f"our bug: {error!r}; the hub's log has more"}
