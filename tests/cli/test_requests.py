"""Named requests and curl commands from the command line, as processes of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sms_desktop.settings.paths import places
from tests.fakes.terminal import smsctl

CANARY = "Zq7CanaryOf9Secrets"


def test_a_request_is_kept_shown_sent_and_dropped() -> None:
    kept = smsctl(
        "requests", "save", "Link", "wappush", "--title", "For {{name|you}}", "--url", "-",
        "--as", "binary", "--ttl", "2 days", "--json", stdin=b"https://x.example/{{id}}",
    )  # fmt: skip
    assert kept.json["fields"] == {
        "title": "For {{name|you}}", "url": "https://x.example/{{id}}", "as": "binary", "ttl": "2 days",
    }  # fmt: skip
    assert kept.json["variables"] == [{"name": "name", "default": "you"}, {"name": "id", "default": None}]
    assert [each["name"] for each in smsctl("requests", "list", "--json").json["requests"]] == ["Link"]
    assert smsctl("requests", "show", "link").out.decode().splitlines()[:2] == [
        "kind: wappush", "title: For {{name|you}}",
    ]  # fmt: skip
    missing = smsctl("requests", "send", "link", "--to", "31600000001", "--dry-run", "--json")
    assert (missing.status, missing.json["error"]["field"]) == (1, "id")
    dry = smsctl("requests", "send", "link", "--to", "31600000001", "--set", "id=7", "--dry-run", "--json")
    (request,) = dry.json["requests"]
    assert request["request"]["parameters"]["type"] == "binary"
    assert request["request"]["parameters"]["ttl"] == "172800000"
    shown = smsctl(
        "requests", "send", "link", "--to", "31600000001", "--set", "id=7", "--dry-run", "--format", "curl"
    )
    assert shown.out.startswith(b"curl http")
    assert smsctl("requests", "rename", "link", "Url", "--json").json == {"name": "Url"}
    assert smsctl("requests", "remove", "url", "--json").json == {"removed": True}
    assert smsctl("requests", "remove", "url").status == 1


def test_a_request_is_sent_and_delivered_in_the_sandbox() -> None:
    smsctl("requests", "save", "ready", "text", "--text", "Dear {{name}}, it is ready")
    sent = smsctl(
        "requests", "send", "ready", "--to", "31600000001", "--set", "name=Noor", "--wait", "20", "--json"
    )
    assert (sent.status, sent.json["state"]) == (0, "delivered")
    assert sent.json["requests"][0]["request"]["parameters"]["text"] == "Dear Noor, it is ready"


def test_files_that_are_none_are_said() -> None:
    smsctl("requests", "save", "good", "text", "--text", "x")
    (places().requests / "bad.json").write_text("{")
    listed = smsctl("requests", "list")
    assert listed.out.startswith(b"good")
    assert b"bad.json: It is no JSON" in listed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("save", "x", "text", "--udh", "00"),
        ("save", "x", "binary", "--udh", "-", "--body", "-"),
        ("send", "x"),
        ("send", "x", "--to", "1", "--format", "curl"),
        ("send", "x", "--to", "1", "--set", "novalue"),
    ],
)
def test_wrong_usage_is_said(arguments: tuple[str, ...]) -> None:
    smsctl("requests", "save", "x", "text", "--text", "x")
    assert smsctl("requests", *arguments).status == 2


@pytest.mark.parametrize(
    "proof",
    [
        f"-u abcd1234:{CANARY}",
        f"-d api_key=abcd1234 -d api_secret={CANARY}",
        f"-H 'Authorization: Bearer {CANARY}'",
        f"-d sig={CANARY} -d timestamp=1",
        f"-d callback=https://relay.example/h/{CANARY}/d",
    ],
)
def test_a_curl_command_is_taken_in_without_its_secret(proof: str) -> None:
    command = f"curl https://rest.nexmo.com/sms/json {proof} \\\n -d text=Hi -d to=31612345678 -d ttl=60000"
    done = smsctl("requests", "import", "--from", "-", "--save", "taken", "--json", stdin=command.encode())
    assert done.status == 0
    assert (done.json["kind"], done.json["to"], done.json["profile"]) == ("text", "31612345678", None)
    assert done.json["fields"] == {"text": "Hi", "ttl": "1 minute"}
    assert any("dropped" in sentence for sentence in done.json["left_out"])
    assert CANARY.encode() not in done.out + done.err
    assert smsctl("requests", "show", "taken", "--json").json["fields"] == {"text": "Hi", "ttl": "1 minute"}
    assert not _found(Path(os.environ["HOME"]), CANARY)


def test_a_command_that_cannot_be_read_does_not_show_its_secret() -> None:
    done = smsctl("requests", "import", "--json", stdin=f"curl https://x/ -u 'k:{CANARY}".encode())
    assert done.status == 1
    assert "not closed" in json.loads(done.out)["error"]["message"]
    assert CANARY.encode() not in done.out + done.err


def _found(folder: Path, text: str) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]
