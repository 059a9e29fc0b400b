"""`smsctl profiles`, `balance`, `numbers`, `pricing` and `connect`, as a person runs them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import SECRET, smsctl
from tests.gateway.peers import peer
from tests.services.test_connection import Gateway, Relay

LIVE = ("live", "--provider", "vonage", "--api-key", "abcd1234", "--sender", "Acme")
TOKENS = {
    "SMSCTL_API_SECRET": SECRET,
    "SMSCTL_RELAY_TOKEN": "smsr_" + "r" * 43,
    "SMSCTL_INGEST_TOKEN": "abcdefghijklmnopqrstuv",
}
NOTHING: dict[str, str] = {}


def document(*arguments: str, environment: dict[str, str] = NOTHING, status: int = 0) -> dict[str, Any]:
    done = smsctl(*arguments, "--json", **environment)
    assert done.returncode == status, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_profiles_are_added_changed_listed_and_removed() -> None:
    added = document("profiles", "add", *LIVE, "--wire", "json", "--authentication", "basic")["profile"]
    assert (added["name"], added["format"], added["authentication"]) == ("live", "json", "basic")
    file = Path(os.environ["XDG_CONFIG_HOME"]) / "sms-desktop" / "profiles.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == [
        {
            "id": "live",
            "name": "live",
            "provider": "vonage",
            "api_key": "abcd1234",
            "sender": "Acme",
            "authentication": "basic",
            "format": "json",
        }
    ]
    changed = document("profiles", "set", "live", "--name", "Helpdesk", "--clear", "format")["profile"]
    assert (changed["name"], changed["format"], changed["authentication"]) == ("Helpdesk", "form", "basic")
    assert [profile["id"] for profile in document("profiles", "list")["profiles"]] == ["sandbox", "live"]
    assert document("profiles", "remove", "live")["profile"] is None
    assert json.loads(file.read_text()) == []


@pytest.mark.parametrize(
    "arguments, field",
    [
        (("add", "sandbox", "--provider", "vonage", "--api-key", "a", "--sender", "b"), "id"),
        (("add", "Bad Id", "--provider", "vonage", "--api-key", "a", "--sender", "b"), "id"),
        (("add", "x", "--provider", "kpn", "--sender", "b"), "client_id"),
        (
            ("add", "x", "--provider", "vonage", "--api-key", "a", "--sender", "b", "--proxy", "socks://x"),
            "proxy",
        ),
        (
            (
                "add",
                "x",
                "--provider",
                "vonage",
                "--api-key",
                "a",
                "--sender",
                "b",
                "--proxy",
                "http://u:p@x",
            ),
            "proxy",
        ),
        (
            (
                "add",
                "x",
                "--provider",
                "vonage",
                "--api-key",
                "a",
                "--sender",
                "b",
                "--authentication",
                "bearer",
            ),
            "authentication",
        ),
        (("set", "sandbox", "--name", "x"), "id"),
        (("remove", "nobody"), "profile"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(arguments: tuple[str, ...], field: str) -> None:
    assert document("profiles", *arguments, status=1)["error"]["field"] == field
    assert not (Path(os.environ["XDG_CONFIG_HOME"]) / "sms-desktop" / "profiles.json").exists()


def test_no_secret_is_taken_as_an_argument() -> None:
    for arguments in (("add", *LIVE, "--api-secret", "x"), ("secret", "live", "api_secret", "x")):
        assert smsctl("profiles", *arguments).returncode == 2


def test_balance_numbers_and_prices_are_shown() -> None:
    with peer(
        Gateway(numbers={"31970000001": "https://relay.example/h/abcdefghijklmnopqrstuv/m"})
    ) as gateway:
        smsctl("profiles", "add", *LIVE, "--gateway-url", gateway.url)
        found = document("balance", "--profile", "live", environment=TOKENS)
        assert found == {"profile": "live", "balance": "14.25", "currency": "EUR", "auto_reload": False}
        (number,) = document("numbers", "--profile", "live", environment=TOKENS)["numbers"]
        assert (number["number"], number["inbound_url"]) == ("31970000001", "https://relay.example/h/***/m")
        assert "31970000001" in smsctl("numbers", "--profile", "live", **TOKENS).stdout


def test_an_account_is_connected_and_proven() -> None:
    account = Gateway()
    with peer(account) as gateway, peer(Relay()) as relay:
        smsctl("profiles", "add", *LIVE, "--gateway-url", gateway.url, "--relay-url", relay.url)
        found = document("connect", "--profile", "live", environment=TOKENS)
        assert account.inbound == f"{relay.url}/h/{TOKENS['SMSCTL_INGEST_TOKEN']}/m"
        assert [change["what"] for change in found["changes"]] == ["replies"]
        assert {step["status"] for step in found["steps"]} == {"passed"}
        assert TOKENS["SMSCTL_INGEST_TOKEN"] not in json.dumps(found)
        checked = smsctl("connect", "--profile", "live", "--check", **TOKENS)
        assert checked.returncode == 0
        assert checked.stdout.splitlines()[0].split() == [
            "keyring",
            "ok",
            "The",
            "API",
            "secret",
            "is",
            "there.",
        ]
    failed = document("connect", "--profile", "live", "--check", status=1, environment=TOKENS)
    assert [step["step"] for step in failed["steps"] if step["status"] == "failed"] == [
        "credentials",
        "relay",
    ]


@pytest.mark.secret_service
def test_secrets_are_kept_in_the_keyring_and_taken_out_again() -> None:
    smsctl("profiles", "add", *LIVE)
    for environment in ({"SMSCTL_API_SECRET": SECRET}, NOTHING):
        own("profiles", "secret", "live", "api_secret", stdin=f"{SECRET}\n", environment=environment)
        assert witness("live/api_secret") == SECRET
        own("profiles", "secret", "live", "api_secret", "--clear")
        assert witness("live/api_secret") == ""
    own("profiles", "secret", "live", "relay_token", environment={"SMSCTL_RELAY_TOKEN": SECRET})
    own("profiles", "secret", "live", "api_secret", environment={"SMSCTL_API_SECRET": SECRET})
    with peer(Gateway()) as gateway:
        own("profiles", "set", "live", "--gateway-url", gateway.url)
        assert json.loads(own("balance", "--profile", "live", "--json"))["balance"] == "14.25"
    own("profiles", "remove", "live")
    assert witness("live/relay_token") == witness("live/api_secret") == ""


def own(*arguments: str, stdin: str = "", environment: dict[str, str] = NOTHING) -> str:
    """A command in a process of its own: a keyring's library keeps what it found at first."""
    done = subprocess.run(
        [sys.executable, "-m", "sms_desktop.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": ":".join(sys.path)} | environment,
    )
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done.stdout


def witness(user: str) -> str:
    """What another program finds in the Secret Service."""
    done = subprocess.run(
        ["secret-tool", "lookup", "service", "sms-desktop", "username", user],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout
