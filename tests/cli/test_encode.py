from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SMSCTL = [sys.executable, "-m", "sms_desktop.cli", "encode"]
CARD = "BEGIN:VCARD\nVERSION:2.1\nN:Müller;Jürgen\nTEL;CELL:+31612345678\nEND:VCARD\n"


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SMSCTL, *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=30,
        env={**os.environ, **environment},
    )


def document(done: subprocess.CompletedProcess[bytes]) -> Any:
    text = done.stdout.decode("utf-8")
    assert text.count("\n") == 1
    return json.loads(text)


def parts(*arguments: str, given: bytes = b"") -> list[tuple[str, str]]:
    done = run(*arguments, "--json", given=given)
    assert (done.returncode, done.stderr) == (0, b"")
    return [(part["udh"], part["user_data"]) for part in document(done)["parts"]]


def test_the_contract() -> None:
    done = run("wappush", "--title", "Hi", "--url", "http://example.com/", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert document(done) == {
        "kind": "wappush",
        "data_coding": 4,
        "protocol_id": 0,
        "parts": [
            {
                "index": 1,
                "udh": "0605040B8423F0",
                "user_data": "01060403AE81EA02056A0045C60C036578616D706C65008501034869000101",
                "octets": 31,
                "user_data_length": 38,
            }
        ],
    }


@pytest.mark.parametrize(
    "arguments, coding, expect",
    [
        (["text", "--text", "hello"], 0, [("", "E8329BFD06")]),
        (["text", "--text", ""], 0, [("", "")]),
        (["unicode", "--text", "はい"], 8, [("", "306F3044")]),
        (["binary", "--udh", "06:05:04 1581,1581", "--body", "0x024a3a"], 4, [("06050415811581", "024A3A")]),
        (["binary", "--body", "00", "--message-class", "2", "--protocol-id", "127"], 0x16, [("", "00")]),
        (["vcal", "--vcal", "A\nB"], 4, [("06050423F50000", "410D0A42")]),
        (["text", "--text", "ş", "--national"], 0, [("03250101", "E800")]),
    ],
)
def test_every_kind(arguments: list[str], coding: int, expect: list[tuple[str, str]]) -> None:
    done = run(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    found = document(done)
    assert (found["kind"], found["data_coding"]) == (arguments[0], coding)
    assert [(part["udh"], part["user_data"]) for part in found["parts"]] == expect


def test_a_long_text_is_joined_by_the_reference_asked_for() -> None:
    text = ("text", "--text", "a" * 161)
    assert [udh for udh, _ in parts(*text)] == ["050003000201", "050003000202"]
    assert parts(*text, "--reference-number", "171")[0][0] == "050003AB0201"
    sixteen = parts(*text, "--reference", "16", "--reference-number", "48879")
    assert [udh for udh, _ in sixteen] == ["060804BEEF0201", "060804BEEF0202"]


def test_the_fields_of_a_push_are_there_when_they_are_given() -> None:
    push = ("wappush", "--title", "You have 4 new emails", "--url", "http://www.xyz.com/email/123/abc.wml")
    dates = ("--created", "1999-06-25T15:23:15Z", "--expires", "1999-06-30")
    ((_, data),) = parts(*push, *dates)
    # The example of WAP-167 8.3.
    assert data == (
        "01060403AE81EA"
        "02056A0045C60D0378797A008503656D61696C2F3132332F6162632E776D6C000AC3071999062515231510C30419990630"
        "0103596F7520686176652034206E657720656D61696C73000101"
    )
    ((_, zoned),) = parts(*push, "--created", "1999-06-25T17:23:15+02:00", "--expires", "1999-06-30T00:00")
    assert zoned == data
    ((_, more),) = parts(*push, "--action", "delete", "--id", "7", "--validity", "1000")
    assert "11033700" in more
    assert more.endswith("090103596F7520686176652034206E657720656D61696C73000101")


def test_standard_input() -> None:
    ((udh, data),) = parts("vcard", "--vcard", "-", given=CARD.encode())
    assert udh == "06050423F40000"
    assert bytes.fromhex(data) == CARD.replace("\n", "\r\n").encode()
    assert parts("binary", "--udh", "-", "--body", "01", given=b"03 70 01 00\n") == [("03700100", "01")]
    assert run("binary", "--udh", "-", "--body", "-").returncode == 2
    assert run("vcard", "--vcard", "-", given=b"\xff").returncode == 1


def test_text_is_utf8_whatever_the_locale() -> None:
    done = run("unicode", "--text", "はい", "--json", LC_ALL="C")
    assert document(done)["parts"][0]["user_data"] == "306F3044"


def test_what_becomes_a_question_mark_is_said() -> None:
    done = run("text", "--text", "ęaż", "--json")
    assert document(done)["parts"] == document(run("text", "--text", "?a?", "--json"))["parts"]
    assert done.stderr.decode() == "smsctl: 2 characters outside GSM-7 became ?.\n"


def test_people_get_one_block_a_part() -> None:
    done = run("vcard", "--vcard", "x" * 134, "--message-class", "0")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "vCard · 2 parts"
    assert lines[1].startswith("Data coding          14  8-bit data, class 0")
    assert lines[4:6] == [
        "Part 1: 140 of 140 octets, TP-UDL 140 octets",
        "  Header  0B050423F400000003000201",
    ]
    assert lines[6] == "  Data    " + "78" * 128
    assert run("text", "--text", "hello").stdout.decode().splitlines()[4:] == [
        "Part 1: 5 of 140 octets, TP-UDL 5 septets",
        "  Data    E8329BFD06",
    ]


@pytest.mark.parametrize(
    "arguments, field",
    [
        (["binary"], "body"),
        (["binary", "--body", "0"], "body"),
        (["binary", "--udh", "0g"], "udh"),
        (["binary", "--body", "00" * 141], "body"),
        (["binary", "--body", "00", "--protocol-id", "256"], "protocol-id"),
        (["text", "--text", "a", "--message-class", "4"], "message-class"),
        (["text", "--text", "a", "--reference-number", "256"], "reference-number"),
        (["text", "--text", "a" * 39_016], "text"),
        (["text", "--text", "中", "--national"], "text"),
        (["wappush", "--title", "a", "--url", ""], "url"),
        (["wappush", "--title", "a", "--url", "b", "--created", "yesterday"], "created"),
        (["wappush", "--title", "a", "--url", "b", "--expires", "2026-02-30"], "expires"),
        (["wappush", "--title", "a", "--url", "b", "--action", "shout"], "action"),
        (["vcard", "--vcard", ""], "vcard"),
    ],
)
def test_what_can_not_be_built_names_its_field(arguments: list[str], field: str) -> None:
    done = run(*arguments, "--json")
    assert done.returncode == 1
    error = document(done)["error"]
    assert error["field"] == field
    assert error["message"].endswith(".")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "Missing argument"),
        (["fax", "--text", "a"], "'fax' is not one of"),
        (["text"], "text needs --text."),
        (["wappush"], "wappush needs --title and --url."),
        (["text", "--text", "a", "--udh", "00"], "--udh belongs to binary, not to text."),
        (["unicode", "--text", "a", "--national"], "--national belongs to text, not to unicode."),
        (["vcard", "--vcard", "a", "--text", "a"], "--text belongs to text or unicode, not to vcard."),
        (["text", "--text", "a", "--reference", "12"], "'12' is not one of"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()


def test_a_send_command_becomes_an_encode_command() -> None:
    assert parts("text", "--to", "31612345678", "--from", "Acme", "--text", "hello") == [("", "E8329BFD06")]


def test_help_says_what_the_api_can_not_send() -> None:
    help_ = " ".join(run("--help").stdout.decode().split())
    assert "the API can't send them" in help_
    assert "smsctl inspect" in help_


def test_a_sample_payload_is_encoded_by_its_name() -> None:
    from tests.cli.inside import smsctl

    done = smsctl("encode", "binary", "--preset", "sim-data-download", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["protocol_id"], found["data_coding"]) == (127, 0x16)
    assert found["parts"][0]["udh"] == "027000"
    own = json.loads(smsctl("encode", "binary", "--preset", "ring-tone", "--body", "{0x02}", "--json").stdout)
    assert (own["parts"][0]["udh"], own["parts"][0]["user_data"]) == ("06050415810000", "02")
    assert smsctl("encode", "text", "--text", "a", "--preset", "flash").returncode == 2
    assert smsctl("encode", "binary", "--preset", "no-such").returncode == 1


def test_the_sample_payloads_are_listed_and_inspected() -> None:
    from tests.cli.inside import smsctl

    listed = json.loads(smsctl("payloads", "--json").stdout)["payloads"]
    assert {"ring-tone", "vcard", "flash"} <= {each["id"] for each in listed}
    assert "Nokia Smart Messaging" in smsctl("payloads").stdout
    for each in listed:
        found = json.loads(smsctl("inspect", "--preset", each["id"], "--json").stdout)
        assert found["problems"] == []
    assert smsctl("inspect", "--preset", "flash", "--body", "05").returncode == 2
