"""Prepares and finds the embedded broker; the supervisor starts and watches it.

The outside thing is the broker's folder `<data>/broker` (mode 0700) and, for `answers`, its port.
mosquitto is preferred when it is installed; otherwise iotcore runs as a process of its own
(`python -m iotcore`), never inside ours. The password is made once per installation.

Standard library only: the supervisor must start when everything else is broken. It never starts a
process itself.

    kind = choose()
    prepare(kind, data_dir, port)
    subprocess.Popen(broker_command(kind, data_dir, port), start_new_session=True)
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import struct
import sys
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from devices.broker_config import USER, acl_text, iotcore_toml, mosquitto_conf, password_line

__all__ = [
    "BrokerError",
    "BrokerKind",
    "Credentials",
    "answers",
    "broker_command",
    "choose",
    "credentials",
    "prepare",
]

_SBIN = "/usr/sbin:/usr/local/sbin"


class BrokerError(RuntimeError):
    """No broker can be started; the message says what to install or to name in config.toml."""


class BrokerKind(StrEnum):
    """The brokers that can be embedded."""

    MOSQUITTO = "mosquitto"
    IOTCORE = "iotcore"


class Credentials(NamedTuple):
    """How to log in to the embedded broker."""

    user: str
    password: str


def choose() -> BrokerKind:
    """Return mosquitto when it is installed, else iotcore.

    Raises:
        BrokerError: neither is.
    """
    if _mosquitto() is not None:
        return BrokerKind.MOSQUITTO
    if importlib.util.find_spec("iotcore") is not None:
        return BrokerKind.IOTCORE
    raise BrokerError(
        "no MQTT broker: install mosquitto (apt install mosquitto) or iotcore (pip install "
        "iotcore), or name a running broker in config.toml"
    )


def credentials(data_dir: Path) -> Credentials:
    """Return user and password of this installation, made at the first call (file mode 0600).

    Raises:
        BrokerError: the password file is empty.
        OSError: the folder cannot be read or written.
    """
    path = _folder(data_dir) / "password"
    if not path.exists():
        _write(path, secrets.token_urlsafe(24))
    password = path.read_text("ascii").strip()
    if not password:
        raise BrokerError(f"{path} is empty; delete it and start again to get a new password")
    return Credentials(USER, password)


def prepare(kind: BrokerKind, data_dir: Path, port: int) -> None:
    """Write the broker's files, each with mode 0600 and each whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = _folder(data_dir)
    user, password = credentials(data_dir)
    if kind is BrokerKind.IOTCORE:
        _write(folder / "iotcore.toml", iotcore_toml(port=port, password=password))
        return
    account = pwd.getpwuid(os.geteuid()).pw_name
    _write(folder / "passwords", password_line(user, password, secrets.token_bytes(12)))
    _write(folder / "acl", acl_text())
    conf = mosquitto_conf(port=port, folder=str(folder), run_as=account)
    _write(folder / "mosquitto.conf", conf)


def broker_command(kind: BrokerKind, data_dir: Path, port: int) -> list[str]:
    """Return the command line; `prepare` with the same arguments must have run.

    Raises:
        BrokerError: mosquitto was asked for and is not installed, or nothing is prepared.
    """
    folder = _folder(data_dir)
    name = "mosquitto.conf" if kind is BrokerKind.MOSQUITTO else "iotcore.toml"
    if not (folder / name).exists():
        raise BrokerError(f"{folder / name} is missing; prepare the broker for port {port} first")
    if kind is BrokerKind.MOSQUITTO:
        program = _mosquitto()
        if program is None:
            raise BrokerError("mosquitto is not installed; apt install mosquitto")
        return [program, "-c", str(folder / name)]
    # -P keeps a folder called iotcore in the working directory out of the way. The log level hides
    # what the broker's tracing reports as an error for every packet.
    config = ["--config", str(folder / name), "--log-level", "CRITICAL"]
    return [sys.executable, "-P", "-m", "iotcore", *config]


def answers(
    host: str, port: int, user: str | None, password: str | None, *, timeout_s: float = 1.0
) -> bool:
    """Say whether an MQTT 3.1.1 broker lets us in now (CONNECT answered by an accepting CONNACK).

    An unreachable, silent or refusing broker is False; each step waits at most `timeout_s`.
    """
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as link:
            link.sendall(_connect_packet(user, password))
            reply = b""
            while len(reply) < 4:  # noqa: PLR2004 - a CONNACK has four bytes
                part = link.recv(4 - len(reply))
                if not part:
                    return False
                reply += part
            link.sendall(b"\xe0\x00")  # DISCONNECT
    except OSError:
        return False
    return reply[:2] == b"\x20\x02" and reply[3] == 0


def _connect_packet(user: str | None, password: str | None) -> bytes:
    """CONNECT of MQTT 3.1.1 section 3.1: clean session, 10 s, a name of its own."""
    flags = 0x02 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    fields = [f"vigil-probe-{secrets.token_hex(4)}"]
    fields += [field for field in (user, password) if field is not None]
    body = _field("MQTT") + bytes((4, flags)) + struct.pack(">H", 10)
    body += b"".join(_field(field) for field in fields)
    head, length = bytearray(b"\x10"), len(body)
    while length > 0x7F:  # noqa: PLR2004 - seven bits a byte
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + body


def _field(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def _mosquitto() -> str | None:
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=_SBIN)


def _folder(data_dir: Path) -> Path:
    folder = data_dir.absolute() / "broker"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    """Write with mode 0600 from the first byte on, and rename into place."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
