"""Where private traffic may go: HTTPS anywhere, plain HTTP only to this machine.

Called by settings, gateway and relay.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from sms_desktop.messages.errors import Mendable

# What parsers of addresses read in different ways, or drop: white space, control characters, backslashes.
_AMBIGUOUS = re.compile("[\\s\x00-\x1f\x7f\\\\\ud800-\udfff]")
_LONGEST = 2_000


def is_loopback(host: str) -> bool:
    """True for `localhost` and literal loopback addresses (127.0.0.0/8, ::1).

    Other names are never looked up.
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def private_url(url: str, *, field: str) -> str:
    """Return `url`, its scheme in small letters and without a trailing slash, if secrets may travel to it.

    HTTPS is required, plain HTTP is accepted to loopback only. User names, queries and fragments are refused:
    a secret in an address ends in logs. Raises Mendable naming `field`; what was given is not repeated, since
    a password may stand in it.
    """
    no_address = Mendable(
        f"{field}: this is not the address of a server. It begins with https://, then the host name.",
        field=field,
    )
    text = url.strip()
    if len(text) > _LONGEST or _AMBIGUOUS.search(text):
        raise no_address
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise no_address from None
    if not host or port == 0 or parts.scheme not in {"http", "https"}:
        raise no_address
    if parts.username is not None or parts.password is not None or "?" in text or "#" in text:
        raise Mendable(f"{field}: the address may hold a host, a port and a path, nothing else.", field=field)
    if parts.scheme == "http" and not is_loopback(host):
        raise Mendable(
            f"{field}: plain HTTP would send secrets in the clear to {host}. Use https://.",
            field=field,
        )
    return parts.scheme + text[len(parts.scheme) :].rstrip("/")
