"""Where secrets may travel: HTTPS anywhere, plain HTTP to this machine only."""

from __future__ import annotations

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.transport import is_loopback, private_url


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://rest.example.com", "https://rest.example.com"),
        ("https://rest.example.com/", "https://rest.example.com"),
        ("  https://relay.example.com:8443/team/a// ", "https://relay.example.com:8443/team/a"),
        ("HTTPS://rest.example.com", "https://rest.example.com"),
        ("http://127.0.0.1:40123", "http://127.0.0.1:40123"),
        ("http://127.3.2.1", "http://127.3.2.1"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://LOCALHOST:1/x", "http://LOCALHOST:1/x"),
        ("http://[::1]:65535", "http://[::1]:65535"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://exämple.com", "https://exämple.com"),
    ],
)
def test_https_anywhere_and_plain_http_to_this_machine(url: str, expected: str) -> None:
    assert private_url(url, field="relay_url") == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.1",
        "http://2130706433",
        "http://0.0.0.0",
        "http://[::ffff:10.0.0.1]",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "//127.0.0.1",
        "127.0.0.1:80",
        "",
        "https://",
        "https:///path",
        "https://[::1",
        "https://example.com:99999",
        "https://example.com:0",
        "https://exam ple.com",
        "https://exam\nple.com",
        "https://exam\tple.com",
        "https://good.example.com\\@evil.example.com",
        "https://evil.example.com\\.good.example.com",
        "https://example.com/\x00",
        "https://\ud800example.com",
        "https://example.com?",
        "https://example.com?token=1",
        "https://example.com#",
        "https://example.com/#f",
        "https://example.com/" + "x" * 10_000,
    ],
)
def test_everything_else_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Mendable) as told:
        private_url(url, field="relay_url")
    assert told.value.field == "relay_url"
    assert told.value.message.startswith("relay_url: ")


@pytest.mark.parametrize(
    "url", ["https://me:hunter2@example.com", "https://hunter2@example.com", "https://@h"]
)
def test_names_and_passwords_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Mendable) as told:
        private_url(url, field="gateway_url")
    assert "hunter2" not in told.value.message


def test_only_names_and_addresses_that_can_mean_nothing_else_are_loopback() -> None:
    assert all(is_loopback(host) for host in ("localhost", "LocalHost", "127.0.0.1", "127.255.0.9", "::1"))
    assert not any(
        is_loopback(host) for host in ("", "0.0.0.0", "localhost.", "127.0.0.1.", "10.0.0.1", "::")
    )
