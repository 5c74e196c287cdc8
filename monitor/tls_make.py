"""A certificate authority of the hub's own, and the hub's certificate: made and written here alone.

The authority can vouch for the hub's names and for nothing else (name constraints), so a phone that
trusts it gives away no other site, even if the hub is stolen. It lasts ten years, the hub's own
certificate 397 days: the longest that phones take. Keys are readable by the hub's user only.

    made = make_tls(TlsFiles.of(data_dir), ["hub.home", "192.168.1.7"], replace_ca=False, now=now)
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from monitor.tls_files import TlsFiles

__all__ = ["CertificateError", "Made", "make_tls"]

_CA_DAYS = 3650
_HUB_DAYS = 397
_ALWAYS = ("localhost", "127.0.0.1", "::1")
_LONGEST_NAME = 253


class CertificateError(ValueError):
    """No certificate can be made so; the message says why and what to do."""


class Made(NamedTuple):
    """What was made. `fingerprint` is the CA's SHA-256, to compare on a phone."""

    names: tuple[str, ...]
    fingerprint: str
    is_new_ca: bool
    ends: datetime


def make_tls(files: TlsFiles, names: Sequence[str], *, replace_ca: bool, now: datetime) -> Made:
    """Make the hub's certificate, and its CA when there is none yet.

    Args:
        files: where they are written, mode 0600, the folder 0700.
        names: host names and addresses by which phones reach the hub.
        replace_ca: make a new CA, which every phone must then trust anew.
        now: the time from which they count, with its zone.

    Raises:
        CertificateError: a name is none, or the CA that is there cannot vouch for one of them.
        OSError: a file cannot be read or written.
    """
    every = tuple(dict.fromkeys((*(name.lower() for name in names), *_ALWAYS)))
    wanted = [_general_name(name) for name in every]
    files.ca.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = replace_ca or not (files.ca.is_file() and files.ca_key.is_file())
    if is_new:
        ca, ca_key = _make_ca(wanted, now)
        _write(files.ca_key, _key_bytes(ca_key))
        _write(files.ca, ca.public_bytes(serialization.Encoding.PEM))
    else:
        ca, ca_key = _read_ca(files, every, wanted)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _make_hub(wanted, every[0], key, ca, ca_key, now)
    _write(files.key, _key_bytes(key))
    chain = certificate.public_bytes(serialization.Encoding.PEM)
    _write(files.certificate, chain + ca.public_bytes(serialization.Encoding.PEM))
    print_ = ca.fingerprint(hashes.SHA256()).hex(":").upper()
    return Made(every, print_, is_new, certificate.not_valid_after_utc)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    labels = name.split(".")
    plain = all(part and part.replace("-", "").isalnum() and part.isascii() for part in labels)
    if not plain or len(name) > _LONGEST_NAME:
        raise CertificateError(f"{name!r} is no host name and no address; give one like hub.home")
    return x509.DNSName(name)


def _constraint(name: x509.GeneralName) -> x509.GeneralName:
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(name.value))
    return name


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _make_ca(
    wanted: Sequence[x509.GeneralName], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Vigil hub CA {now:%Y-%m-%d}")
    allowed = x509.NameConstraints([_constraint(one) for one in wanted], None)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = _builder(name, name, key.public_key(), now, _CA_DAYS)
    for extension, critical in (
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(is_ca=True), True),
        (allowed, True),
        (identifier, False),
    ):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()), key


def _make_hub(
    wanted: Sequence[x509.GeneralName],
    name: str,
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    builder = _builder(_name(name), ca.subject, key.public_key(), now, _HUB_DAYS)
    for extension, critical in (
        (x509.SubjectAlternativeName(wanted), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(is_ca=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical)
    return builder.sign(ca_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A phone's clock may be a little behind the hub's.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _read_ca(
    files: TlsFiles, names: Sequence[str], wanted: Sequence[x509.GeneralName]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Return the CA that is there, if it can vouch for all names."""
    try:
        ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
        key = serialization.load_pem_private_key(files.ca_key.read_bytes(), None)
        ca.verify_directly_issued_by(ca)
        allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise CertificateError(
            f"{files.ca} cannot be used ({error}); make a new one with --new-ca"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != ca.public_key():
        raise CertificateError(f"{files.ca_key} is not the key of {files.ca}; use --new-ca")
    known = allowed.permitted_subtrees or ()
    missing = [
        name for name, one in zip(names, wanted, strict=True) if _constraint(one) not in known
    ]
    if missing:
        raise CertificateError(
            f"the CA that phones trust cannot vouch for {', '.join(missing)}; use --new-ca, and"
            " let every phone trust the new one"
        )
    return ca, key


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read, all of it or nothing."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
