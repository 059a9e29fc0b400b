"""`smsctl send` for every kind and option, as a tester runs it; nothing secret is ever printed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import SECRET, smsctl


def dry(*arguments: str, stdin: str = "", **environment: str) -> dict[str, Any]:
    done = smsctl("send", *arguments, "--dry-run", "--json", stdin=stdin, **environment)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["state"] is None
    assert all(request["http_status"] is None and request["parts"] == [] for request in document["requests"])
    assert isinstance(document, dict)
    return document


def profiles(**changed: dict[str, Any]) -> None:
    listed = [
        {"id": "live", "name": "Live", "provider": "vonage", "api_key": "abcd1234", "sender": "Acme"},
        {"id": "kpn", "name": "KPN", "provider": "kpn", "client_id": "client-1", "sender": "31612345678"},
    ]
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "sms-desktop"
    folder.mkdir(parents=True)
    (folder / "profiles.json").write_text(
        json.dumps([entry | changed.get(entry["id"], {}) for entry in listed])
    )


TO = ("--to", "+31612345678")
KINDS: list[tuple[list[str], dict[str, str]]] = [
    (["text", "--text", "Déjà vu"], {"type": "text", "text": "Déjà vu"}),
    (["unicode", "--text", "-"], {"type": "unicode", "text": "żółć"}),
    (
        ["binary", "--udh", "06 05 04 15 81 15 81", "--body", "0xabcd", "--protocol-id", "127"],
        {"type": "binary", "udh": "06050415811581", "body": "ABCD", "protocol-id": "127"},
    ),
    (
        ["wappush", "--title", "T", "--url", "http://x/", "--validity", "86400000"],
        {"type": "wappush", "title": "T", "url": "http://x/", "validity": "86400000"},
    ),
    (["vcard", "--vcard", "BEGIN:VCARD\nEND:VCARD"], {"type": "vcard", "vcard": "BEGIN:VCARD\nEND:VCARD"}),
    (["vcal", "--vcal", "BEGIN:VCALENDAR"], {"type": "vcal", "vcal": "BEGIN:VCALENDAR"}),
]


@pytest.mark.parametrize("arguments, fields", KINDS)
def test_a_dry_run_of_every_kind_shows_its_fields(arguments: list[str], fields: dict[str, str]) -> None:
    (request,) = dry(*arguments, *TO, stdin="żółć")["requests"]
    parameters = request["request"]["parameters"]
    expected = {"api_key", "api_secret", "from", "to", "callback", "client-ref"} | fields.keys()
    assert parameters.keys() == expected
    assert {name: parameters[name] for name in fields} == fields
    assert request["client_ref"] == parameters["client-ref"]


def test_every_option_has_the_api_s_name() -> None:
    options = {
        "ttl": "86400000",
        "callback": "https://example.com/dlr",
        "message-class": "0",
        "client-ref": "mine",
        "status-report-req": "on",
        "account-ref": "customer1234",
        "entity-id": "1",
        "content-id": "2",
        "trusted-number": "on",
        "pool-id": "abc",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    (request,) = dry("text", "--text", "x", *TO, *arguments)["requests"]
    sent = request["request"]["parameters"]
    expected = options | {"status-report-req": "1", "trusted-number": "true"}
    assert {name: sent[name] for name in options} == expected


@pytest.mark.parametrize("authentication", ["body", "basic", "signature"])
@pytest.mark.parametrize("wire", ["form", "json", "xml", "get"])
def test_a_dry_run_of_every_authentication_and_format_shows_no_secret(authentication: str, wire: str) -> None:
    profiles()
    arguments = (
        "text",
        "--text",
        "x",
        *TO,
        "--profile",
        "live",
        "--authentication",
        authentication,
        "--wire",
        wire,
    )
    names = {"SMSCTL_API_SECRET": SECRET, "SMSCTL_SIGNATURE_SECRET": SECRET}
    (request,) = dry(*arguments, **names)["requests"]
    shown = request["request"]
    assert shown["url"] == f"https://rest.nexmo.com/sms/{'xml' if wire == 'xml' else 'json'}"
    assert ("api_secret" in shown["parameters"]) is (authentication == "body")
    assert (shown["parameters"].get("sig") == "***") is (authentication == "signature")
    assert shown["headers"].get("Authorization") == ("Basic ***" if authentication == "basic" else None)
    for style in ("curl", "httpie", "python"):
        done = smsctl("send", *arguments, "--dry-run", "--format", style, **names)
        assert done.returncode == 0
        assert "rest.nexmo.com" in done.stdout


def test_a_dry_run_for_kpn_shows_a_token_s_place_and_kpn_s_words() -> None:
    profiles(kpn={"inbound": True})
    environment = {"SMSCTL_CLIENT_SECRET": SECRET}
    arguments = ("vcard", "--vcard", "BEGIN:VCARD", *TO, "--profile", "kpn", "--status-report-req", "on")
    (request,) = dry(*arguments, **environment)["requests"]
    shown = request["request"]
    assert shown["url"] == "https://api-prd.kpn.com/communication/nexmo/sms/send"
    assert (shown["headers"]["Authorization"], shown["headers"]["inbound"]) == ("Bearer ***", "yes")
    assert shown["parameters"]["status-report-req"] == "true"
    assert shown["parameters"]["type"] == "vcard"
    refused = smsctl("send", *arguments, "--dry-run", "--pool-id", "x", "--json", **environment)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["field"] == "pool-id"


def test_a_long_card_for_vonage_is_one_binary_request_a_part() -> None:
    profiles()
    card = "BEGIN:VCARD\nNOTE:" + "x" * 300 + "\nEND:VCARD"
    requests = dry("vcard", "--vcard", "-", *TO, "--profile", "live", stdin=card)["requests"]
    assert [request["request"]["parameters"]["type"] for request in requests] == ["binary"] * 3
    assert len({request["client_ref"] for request in requests}) == 3
    (one,) = dry("vcard", "--vcard", "-", *TO, "--profile", "live", "--as", "api", stdin=card)["requests"]
    assert one["request"]["parameters"]["type"] == "vcard"


@pytest.mark.parametrize(
    "arguments, status, field",
    [
        (["text"], 2, None),
        (["text", "--udh", "00"], 2, None),
        (["binary", "--udh", "0"], 1, "udh"),
        (["binary"], 1, "body"),
        (["wappush", "--title", "T"], 2, None),
        (["text", "--text", "ż"], 1, "text"),
        (["text", "--text", "x", "--ttl", "1"], 1, "ttl"),
        (
            ["wappush", "--title", "T", "--url", "http://x", "--expires", "2030-01-01", "--as", "api"],
            1,
            "expires",
        ),
        (["text", "--text", "x", "--authentication", "bearer", "--dry-run"], 1, "authentication"),
        (["text", "--text", "x", "--format", "curl"], 2, None),
    ],
)
def test_what_is_wrong_is_said_with_its_field(arguments: list[str], status: int, field: str | None) -> None:
    done = smsctl("send", *arguments, *TO, "--json")
    assert done.returncode == status
    assert json.loads(done.stdout)["error"]["field"] == field


def test_warnings_cite_their_document_on_standard_error() -> None:
    done = smsctl("send", "text", "--text", "x", *TO, "--from", "My Shop", "--dry-run", "--json")
    assert "spaces of a word sender. (SMS API 1.5.0, from)" in done.stderr
    json.loads(done.stdout)
