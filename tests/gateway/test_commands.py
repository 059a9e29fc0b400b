"""Requests as commands, run for real against a server: what arrives is what we would have sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from sms_desktop.gateway.auth import Auth, Basic, SecretInBody, Signature
from sms_desktop.gateway.commands import CommandFormat, command
from sms_desktop.gateway.request import Wire, build
from sms_desktop.messages.message import Message, Text, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import RequestFormat
from tests.gateway.peers import SECRET, Peer, answering, http, peer

JSON = b'{"message-count":"1","messages":[{"status":"0","message-id":"0A00"}]}'
HOSTILE = [
    'it\'s a "test" $(touch /tmp/pwned) `id` $HOME ${PATH} !! ; rm -rf & | > < * ? ~ # %00 \\',
    "line\none\r\ntwo\ttab",
    "@/etc/passwd",
    "=@/etc/passwd",
    ":=1",
    "==x",
    "\\@a\\=b\\:c",
    "-X DELETE",
    "Déjà vu — 你好 🎉",
    " leading and trailing ",
    "a=b&c=d+e%20f;g",
    "'''\n\"\"\"{}",
]


def run(text: str, style: CommandFormat, tmp_path: Path) -> str:
    words = [sys.executable, "-"] if style is CommandFormat.PYTHON else ["sh", "-s"]
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        words,
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def arrived(served: Peer) -> tuple[str, dict[str, str], dict[str, Any]]:
    head, _, body = served.requests[-1].partition(b"\r\n\r\n")
    line, *lines = head.decode("utf-8").split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
    method, target, _ = line.split(" ")
    path, _, query = target.partition("?")
    if headers.get("content-type", "").endswith("json"):
        fields = json.loads(body)
    else:
        fields = dict(parse_qsl(query or body.decode("utf-8"), keep_blank_values=True, strict_parsing=True))
    return f"{method} {path}", headers, fields


@pytest.mark.parametrize("style", CommandFormat)
@pytest.mark.parametrize("wire", RequestFormat)
@pytest.mark.parametrize(
    "auth",
    [SecretInBody("abcd1234", SECRET), Basic("abcd1234", SECRET), Signature("abcd1234", SECRET)],
    ids=lambda auth: type(auth).__name__,
)
def test_a_command_sends_what_we_would_send_without_the_secrets(
    style: CommandFormat, wire: RequestFormat, auth: Auth, tmp_path: Path
) -> None:
    hostile = HOSTILE if wire is RequestFormat.FORM and isinstance(auth, Basic) else HOSTILE[:1]
    with peer(answering(http("200 OK", JSON))) as served:
        for text in hostile:
            request = build(
                Text(text),
                sender="Acme",
                to="31612345678",
                options=Options(client_ref="@r"),
                provider=Provider.SANDBOX,
                base_url=served.url,
                auth=auth,
                wire=Wire(wire),
            )
            masked = request.masked()
            written = command(masked, style)
            assert "canary" not in written
            assert "0A00" in run(written, style, tmp_path)
            line, headers, fields = arrived(served)
            assert fields == masked["parameters"], text
            path = "/sms/xml" if wire is RequestFormat.XML else "/sms/json"
            assert line == f"{'GET' if wire is RequestFormat.GET else 'POST'} {path}"
            for name, value in masked["headers"].items():
                assert headers[name.lower()].split(";")[0] == value.split(";")[0], name
    assert list(tmp_path.glob("**/*pwned*")) == []


@pytest.mark.parametrize("style", CommandFormat)
@pytest.mark.parametrize(
    "message",
    [
        Text("nul\0nul"),
        VCard("BEGIN:VCARD\r\nN:O'Brien;\\;\r\nEND:VCARD"),
        WapPush("@", "http://x/?a=1&b=2#c"),
    ],
)
def test_every_kind_can_be_sent_by_a_command(style: CommandFormat, message: Message, tmp_path: Path) -> None:
    with peer(answering(http("200 OK", JSON))) as served:
        request = build(
            message,
            sender="Acme",
            to="31612345678",
            options=Options(),
            provider=Provider.SANDBOX,
            base_url=served.url,
            auth=Basic("abcd1234", SECRET),
        )
        run(command(request.masked(), style), style, tmp_path)
        assert arrived(served)[2] == request.masked()["parameters"]
