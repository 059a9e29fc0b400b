"""Secrets given to smsctl are in nothing that it wrote, however they were used and whoever repeats them."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.cli.inside import smsctl
from tests.gateway.peers import Peer, http, peer

SECRETS = {
    "SMSCTL_API_SECRET": "canary-api-&=é",
    "SMSCTL_SIGNATURE_SECRET": "canary-signature-&=é",
    "SMSCTL_CLIENT_SECRET": "canary-client-&=é",
    "SMSCTL_RELAY_TOKEN": "smsr_canary" + "r" * 37,
    "SMSCTL_INGEST_TOKEN": "canary-ingest-ingest22",
}
TOKEN = "canary-access-token"


def echo(served: Peer, connection: socket.socket) -> None:
    """A gateway that repeats what it was sent: in its answer's text, its body and its headers."""
    body = served.read_request(connection)
    head = served.requests[-1].decode("utf-8", "replace").partition("\r\n\r\n")[0]
    if "/oauth/" in head:
        connection.sendall(http("200 OK", json.dumps({"access_token": TOKEN, "expires_in": "60"}).encode()))
        return
    said = f"You said {head} {body.decode()}"
    answer = {"messages": [{"status": "3", "error-text": said}], "again": said}
    connection.sendall(http("200 OK", json.dumps(answer).encode(), "X-Secret: canary-header"))


def spellings() -> set[bytes]:
    """What must be nowhere: the secrets, and what they become on the wire."""
    basic = base64.b64encode(f"abcd1234:{SECRETS['SMSCTL_API_SECRET']}".encode())
    plain = {*SECRETS.values(), TOKEN}
    return {
        basic,
        b"canary",
        *(value.encode() for value in plain),
        *(quote_plus(value).encode() for value in plain),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"authentication": "body", "format": "form"},
        {"authentication": "body", "format": "get"},
        {"authentication": "body", "format": "json"},
        {"authentication": "basic", "format": "xml"},
        {"authentication": "signature", "algorithm": "sha256", "format": "form"},
        {"provider": "kpn", "client_id": "client-1"},
    ],
    ids=lambda fields: "-".join(fields.values()),
)
def test_no_secret_is_in_anything_that_was_written(fields: dict[str, Any]) -> None:
    home = Path(os.environ["HOME"])
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "sms-desktop"
    folder.mkdir(parents=True)
    with peer(echo) as served:
        profile = {
            "id": "live",
            "name": "Live",
            "provider": "vonage",
            "api_key": "abcd1234",
            "sender": "Acme",
            "gateway_url": served.url,
            "relay_url": "http://127.0.0.1:1",
        }
        (folder / "profiles.json").write_text(json.dumps([profile | fields]))
        written = b""
        send = ["send", "text", "--to", "31612345678", "--text", "x", "--profile", "live"]
        done = subprocess.run(
            [sys.executable, "-m", "sms_desktop.cli", *send, "--json"],
            capture_output=True,
            timeout=60,
            check=False,
            env=os.environ | SECRETS | {"PYTHONPATH": ":".join(sys.path), "HTTPX_LOG_LEVEL": "trace"},
        )
        written += done.stdout + done.stderr
        for arguments in ([*send, "--dry-run"], ["balance", "--profile", "live", "--json"]):
            inside = smsctl(*arguments, **SECRETS)
            written += (inside.stdout + inside.stderr).encode()
        sent = b"".join(served.requests)
    assert b"/h/" + SECRETS["SMSCTL_INGEST_TOKEN"].encode() in sent.replace(b"%2F", b"/"), "it was used"
    assert b"You said" in written, "and the gateway's words were shown"
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "store.db" for path in files)
    for spelling in spellings():
        assert spelling not in written
        for path in files:
            assert spelling not in path.read_bytes(), path
