"""Where private traffic may go: HTTPS anywhere, plain HTTP only to this machine. Called by settings, gateway and relay."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from sms_desktop.messages.errors import Mendable


def is_loopback(host: str) -> bool:
    """True for `localhost` and for literal loopback addresses (127.0.0.0/8, ::1); other names are never looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def private_url(url: str, *, field: str) -> str:
    """Return `url` without a trailing slash if secrets may travel to it; raise Mendable naming `field` otherwise.

    HTTPS is required, plain HTTP is accepted to loopback only. User names, queries and fragments are refused: a
    secret in an address ends in logs.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Mendable(f"{field}: {text!r} is not an address of a server.", field=field) from error
    if parts.scheme not in ("http", "https") or not host:
        raise Mendable(
            f"{field}: {text!r} is not an address of a server. It begins with https://, then the host name.",
            field=field,
        )
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise Mendable(f"{field}: the address may hold a host, a port and a path, nothing else.", field=field)
    if parts.scheme == "http" and not is_loopback(host):
        raise Mendable(
            f"{field}: plain HTTP would send secrets in the clear to {host}. Use https://.",
            field=field,
        )
    return text.rstrip("/")
