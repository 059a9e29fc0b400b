from __future__ import annotations

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.relay.admission import Buckets, FailureLimit, Origins, networks


@pytest.mark.parametrize(
    "peer,forwarded,expected",
    [
        ("203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["6.6.6.6, 192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["6.6.6.6", "192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["6.6.6.6, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("::1", ["192.0.2.1"], "::1"),
    ],
)
def test_a_forwarded_address_is_believed_from_named_peers_and_from_the_right(
    peer: str, forwarded: list[str], expected: str
) -> None:
    origins = Origins(networks(["10.0.0.0/8"]))
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    assert origins.address({"client": (peer, 1), "headers": headers}) == expected
    assert Origins().address({"client": (peer, 1), "headers": headers}) == peer
    assert Origins().address({"client": None, "headers": headers}) == ""


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(Mendable, match="trusted_proxies"):
        networks(["proxy.example.com"])


def test_so_much_at_once_and_then_so_much_a_second() -> None:
    now = [0.0]
    buckets = Buckets(burst=3, per_second=2, most_keys=2, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    now[0] = 0.5
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    now[0] = 100
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    for key in "xyz":
        assert buckets.take(key)
    assert len(buckets._levels) == 2


def test_neighbours_of_an_ipv6_network_fail_together() -> None:
    limit = FailureLimit(burst=2, per_second=0)
    limit.note("2001:db8::1")
    limit.note("2001:db8::2")
    assert limit.is_exhausted("2001:db8::3")
    assert not limit.is_exhausted("2001:db8:0:1::1")
    assert not limit.is_exhausted("192.0.2.1")
