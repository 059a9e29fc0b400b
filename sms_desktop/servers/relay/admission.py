"""Where a request comes from, and how often from there. Called by app, ingest and tokens."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from sms_desktop.messages.errors import Mendable

Network = IPv4Network | IPv6Network

_MOST_HOPS = 16


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as a person names them. Raises Mendable."""
    try:
        return tuple(ip_network(text.strip()) for text in texts)
    except ValueError:
        raise Mendable(
            "trusted_proxies: expected addresses or networks, for example 127.0.0.1 or 10.0.0.0/8.",
            field="trusted_proxies",
        ) from None


class Origins:
    """Tells the address of who asks, through proxies that are named here and no others.

    Of `X-Forwarded-For` the right-most address that is not one of those proxies counts: what stands left of
    it was written by strangers.
    """

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = tuple(proxies)

    def address(self, scope: Scope) -> str:
        """The address, "" if nobody knows."""
        client = scope["client"]
        peer: str = client[0] if client else ""
        if not self._proxies or not self._is_proxy(peer):
            return peer
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        for hop in reversed(forwarded.decode("latin-1").split(",")[-_MOST_HOPS:]):
            text = hop.strip()
            if not _is_address(text):
                break
            peer = text
            if not self._is_proxy(text):
                break
        return peer

    def _is_proxy(self, text: str) -> bool:
        try:
            address: IPv4Address | IPv6Address = ip_address(text)
        except ValueError:
            return False
        return any(address.version == network.version and address in network for network in self._proxies)


class Buckets:
    """So much at once, then so much a second, for each of many keys. Belongs to one thread."""

    def __init__(
        self,
        *,
        burst: float,
        per_second: float,
        most_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._most_keys = most_keys
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def level(self, key: str) -> float:
        """How much of a key is left."""
        known = self._levels.get(key)
        if known is None:
            return self._burst
        return min(self._burst, known[0] + (self._clock() - known[1]) * self._per_second)

    def take(self, key: str) -> bool:
        """Take one; False when none is left."""
        left = self.level(key)
        if left < 1:
            return False
        self._levels.pop(key, None)
        if len(self._levels) >= self._most_keys:
            # The one that has been quiet longest, and so has the most again.
            del self._levels[next(iter(self._levels))]
        self._levels[key] = (left - 1, self._clock())
        return True


class FailureLimit:
    """Counts wrong tokens by address; of IPv6 by the 64 bits that one subscriber has."""

    def __init__(self, *, burst: float = 60, per_second: float = 1) -> None:
        self._buckets = Buckets(burst=burst, per_second=per_second)

    def is_exhausted(self, address: str) -> bool:
        """Whether this address has failed too often just now."""
        return self._buckets.level(_subscriber(address)) < 1

    def note(self, address: str) -> None:
        """Count a failure."""
        self._buckets.take(_subscriber(address))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _subscriber(address: str) -> str:
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False).network_address)
    except ValueError:
        return address
