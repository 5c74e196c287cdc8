"""Secrets of the ways out, and addresses that are secrets themselves, read from their files.

A secret is one line of visible ASCII in a file of its own, or an environment variable. An address
`file:<path>` is read at each use, so that a secret topic or key stands in no record and no log.
What is wrong is told with the file's name and never with what it holds. Standard library only,
because the supervisor reads addresses too.

    read_secret(Path("secrets/token"))              -> "s3cret"
    address_of("file:secrets/ann", base)            -> what the file holds
    read_secrets(places, base, os.environ)          -> {"twilio": "s3cret"}
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from alerts.channel_settings import FILE, SecretPlace

__all__ = [
    "SecretError",
    "address_of",
    "file_of",
    "read_secret",
    "read_secrets",
]

_MAX_CHARS: Final = 4096


class SecretError(ValueError):
    """A secret cannot be had; the message says which, why and what to do."""


def read_secret(path: Path) -> str:
    """Return the secret in a file.

    Raises:
        SecretError: no such file, not readable, or no secret in it. Never shows the content.
    """
    try:
        with path.open(encoding="ascii") as file:
            text = file.read(_MAX_CHARS + 2).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not ASCII"
        raise SecretError(
            f"the secret's file {path} cannot be read ({why}): write the secret to it"
        ) from None
    if fault := _fault(text):
        raise SecretError(f"the secret's file {path} {fault}: write one line without spaces to it")
    return text


def file_of(address: str, base: Path) -> Path | None:
    """Return the file that an address names, or None for an address in plain words."""
    return base / address.removeprefix(FILE) if address.startswith(FILE) else None


def address_of(address: str, base: Path) -> str:
    """Return the address itself, read from its file when it is in one.

    Raises:
        SecretError: the file cannot be used.
    """
    path = file_of(address, base)
    return address if path is None else read_secret(path)


def read_secrets(
    places: Iterable[SecretPlace], base: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the secrets by service; one that is not needed and not there is left out.

    Raises:
        SecretError: with one line for every secret that cannot be had.
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    for place in places:
        try:
            secret = _secret(place, base, environ)
        except SecretError as error:
            faults.append(f"{place.key}: {error}")
            continue
        if secret:
            found[place.service] = secret
        elif place.needed:
            faults.append(
                f"{place.key}: is empty and {place.variable} is not set:"
                f" name the file that holds the secret of {place.service}"
            )
    if faults:
        raise SecretError("\n".join(faults))
    return found


def _secret(place: SecretPlace, base: Path, environ: Mapping[str, str]) -> str:
    if place.file:
        return read_secret(base / place.file)
    secret = environ.get(place.variable, "").strip()
    if secret and (fault := _fault(secret)):
        raise SecretError(f"{place.variable} {fault}: set it to one line without spaces")
    return secret


def _fault(text: str) -> str | None:
    if not text:
        return "holds no secret"
    if len(text) > _MAX_CHARS or not text.isascii() or not text.isprintable() or " " in text:
        return "holds no secret that can be sent"
    return None
