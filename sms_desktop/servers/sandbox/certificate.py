"""A certificate made on the spot, for an HTTPS that test clients can be told to trust. Used by serve.

The private keys are never on a disk; the authority's certificate is, for clients.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sms_desktop.messages.errors import Mendable

if TYPE_CHECKING:  # optional, and imported at first use
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_LIFE = dt.timedelta(days=30)
_NAMES = ("localhost", "127.0.0.1", "::1")


def make_context(authority: Path) -> ssl.SSLContext:
    """TLS for a server at localhost, by an authority made now, whose certificate is written to `authority`.

    Raises Mendable when the package cryptography is not installed, or the file can't be written.
    """
    try:
        certificates, key = _make()
    except ImportError:
        raise Mendable(
            "tls: the package cryptography is not installed.", field="tls", hint="pip install cryptography"
        ) from None
    try:
        authority.write_bytes(certificates[-1])
    except OSError as error:
        raise Mendable(f"tls: {authority} can't be written: {error.strerror}.", field="tls") from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with _file_in_memory(b"".join(certificates) + key) as path:
        context.load_cert_chain(path)
    return context


def _make() -> tuple[list[bytes], bytes]:
    """The server's certificate and its authority's, and the server's key, all PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SMS Desktop sandbox authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])

    def begin(
        subject: x509.Name, owner: EllipticCurvePrivateKey, *, authority: bool
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(own_name)
            .public_key(owner.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + _LIFE)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(owner.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), False
            )
            .add_extension(_usage(authority=authority), True)
        )

    names: list[x509.GeneralName] = [x509.DNSName(_NAMES[0])]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in _NAMES[1:]]
    of_authority = begin(own_name, authority_key, authority=True).sign(authority_key, hashes.SHA256())
    of_server = (
        begin(name, key, authority=False)
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    own_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return [of_server.public_bytes(pem), of_authority.public_bytes(pem)], own_key


def _usage(*, authority: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@contextmanager
def _file_in_memory(data: bytes) -> Iterator[str]:
    """A path to `data`, since ssl reads keys from files only: in memory where the system can do that."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("sandbox key", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, data)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    descriptor, path = tempfile.mkstemp()  # 0600, and gone as soon as it was read
    try:
        os.write(descriptor, data)
        os.close(descriptor)
        yield path
    finally:
        Path(path).unlink()
