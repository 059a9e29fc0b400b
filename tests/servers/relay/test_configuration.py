from __future__ import annotations

from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.relay.configuration import gather, place_of


def test_options_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "relay.toml"
    file.write_text('log = "sqlite:a"\nhost = "127.0.0.2"\nport = 1\ntrusted_proxies = ["10.0.0.0/8"]\n')
    environment = {
        "SMSCTL_RELAY_PORT": "2",
        "SMSCTL_RELAY_HOST": "127.0.0.3",
        "SMSCTL_RELAY_KEEP_DAYS": "1.5",
        "SMSCTL_RELAY_TRUSTED_PROXIES": "127.0.0.1, ::1",
        "SMSCTL_RELAY_BEHIND_TLS_PROXY": "true",
        "SMSCTL_RELAY_SECRET_ACME": "canary",
    }
    settings = gather({"port": 3, "metrics_port": None}, file=file, environment=environment)
    assert (settings.log, settings.host, settings.port) == ("sqlite:a", "127.0.0.3", 3)
    assert (settings.keep_days, settings.behind_tls_proxy, settings.metrics_port) == (1.5, True, 0)
    assert list(settings.trusted_proxies) == ["127.0.0.1", "::1"]
    settings.conduct()


@pytest.mark.parametrize(
    "text,sentence",
    [
        ("port = 'canary'", "can't be read. Expected `int`"),
        ("colour = 1", "unknown field `colour`"),
        ("port = [", "is not TOML"),
        ("streams = []", "streams can't be set"),
        ("log = 'postgresql://u:canary@h/d'", "a password can't stand in an argument or a settings file"),
        ("public_url = 'http://relay.example.com'", "use an https:// address of at most 73 characters"),
        (f"public_url = 'https://{'a' * 70}.com'", "use an https:// address of at most 73 characters"),
    ],
)
def test_a_file_that_is_wrong_is_one_sentence_without_values(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "relay.toml"
    file.write_text(text)
    with pytest.raises(Mendable) as caught:
        gather({}, file=file, environment={})
    assert sentence in caught.value.message
    assert "canary" not in caught.value.message


@pytest.mark.parametrize(
    "name,value",
    [
        ("keep_days", "-1"),
        ("keep_days_at_most", "-1"),
        ("keep_events_at_most", "-1"),
        ("least_free_mib", "1e12"),
        ("trusted_proxies", "x"),
    ],
)
def test_numbers_have_bounds(name: str, value: str) -> None:
    with pytest.raises(Mendable):
        gather({}, file=None, environment={f"SMSCTL_RELAY_{name.upper()}": value}).conduct()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Mendable, match="can't be read"):
        gather({}, file=tmp_path / "missing", environment={})


def test_the_address_with_a_password_comes_from_the_environment() -> None:
    dsn = "postgresql://u:canary@h/d"
    assert place_of("", environment={"SMSCTL_RELAY_DSN": dsn}) == dsn
    assert place_of("sqlite:x", environment={"SMSCTL_RELAY_DSN": dsn}) == "sqlite:x"
    for place in (
        dsn,
        "postgresql://h/d?sslpassword=canary",
        "postgresql://h/d?a=1&PASSWORD=canary",
        "postgresql://[canary",
    ):
        with pytest.raises(Mendable) as caught:
            place_of(place, environment={})
        assert "canary" not in caught.value.message
    with pytest.raises(Mendable, match="name the log"):
        place_of("", environment={})
