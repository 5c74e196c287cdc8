"""The texts that start an embedded broker: mosquitto's files and iotcore's TOML.

Both listen on 127.0.0.1 only, know one user, and take messages a little larger than we read, so
that an oversized one reaches the hub and is refused by name instead of vanishing in the broker.

A broker's persistence is a convenience: mosquitto writes its state a moment after a change and
iotcore never does, which is why devices keep their readings until the hub's ack (`ack`).

Standard library only, like the supervisor that uses it. It never touches a file.

>>> password_line("vigil", "secret", b"0123456789ab").split(":")[0]
'vigil'
"""

import base64
import hashlib

__all__ = ["ROUNDS", "USER", "acl_text", "iotcore_toml", "mosquitto_conf", "password_line"]

USER = "vigil"
ROUNDS = 20_000
"""PBKDF2 rounds. The password is 192 random bits, so rounds only slow the start down."""

_MAX_PAYLOAD = 128 * 1024
_SALT_BYTES = 12


def mosquitto_conf(*, port: int, folder: str, run_as: str) -> str:
    """Return mosquitto.conf for a broker whose files are in `folder`.

    `run_as` is the account that started it: as root, mosquitto would otherwise change to an
    account that may not read its own files.

    Raises:
        ValueError: a folder or account with a line break.
    """
    if "\n" in folder or "\n" in run_as:
        raise ValueError(f"no line breaks in {folder!r} and {run_as!r}: each is one line of a file")
    return f"""\
# Written by vigil at each start; edits are lost.
listener {port} 127.0.0.1
user {run_as}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
# The window: how much may wait for the hub's acknowledgement.
max_inflight_messages 20
# The defaults (1000, then silence) would lose readings while the hub restarts.
max_queued_messages 100000
max_queued_bytes 67108864
message_size_limit {_MAX_PAYLOAD}
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
connection_messages false
"""


def acl_text() -> str:
    """Return mosquitto's access list: our tree and Home Assistant's discovery, nothing else."""
    return f"""\
user {USER}
topic readwrite vigil/#
topic readwrite homeassistant/#
"""


def password_line(user: str, password: str, salt: bytes) -> str:
    """Return one line of mosquitto's password file (PBKDF2-HMAC-SHA512, its `$7$` form).

    Raises:
        ValueError: the salt has not 12 bytes, or the user holds a colon or line break.
    """
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"mosquitto's salt has {_SALT_BYTES} bytes, not {len(salt)}")
    if ":" in user or "\n" in user:
        raise ValueError(f"user {user!r} must not hold a colon or a line break")
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    parts = ("$7", str(ROUNDS), _base64(salt), _base64(digest))
    return f"{user}:{'$'.join(parts)}\n"


def iotcore_toml(*, port: int, password: str) -> str:
    """Return iotcore's configuration. The password stands in it: write the file with mode 0600.

    The window is 100 messages; past `max_segment_size` x `max_segment_count` of waiting messages
    the broker forgets the oldest.

    Raises:
        ValueError: a password that would need escaping; ours are letters, digits, - and _.
    """
    if not password.replace("-", "").replace("_", "").isalnum():
        raise ValueError("the broker's password must be letters, digits, - and _ only")
    return f"""\
# Written by vigil at each start; edits are lost.
id = 0

[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 4194304
max_segment_count = 8

[v4.1]
name = "vigil"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1

[v4.1.connections]
connection_timeout_ms = 5000
max_payload_size = {_MAX_PAYLOAD}
max_inflight_count = 100
dynamic_filters = true

[v4.1.connections.auth]
{USER} = "{password}"
"""


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
