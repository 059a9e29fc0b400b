from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SMSCTL = [sys.executable, "-m", "sms_desktop.cli", "inspect"]
HOW = "07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07"
PUSH = ("--udh", "0605040B8423F0", "--body", "01060403AE81EA02056A0045C60C036578616D706C65008501034869000101")
PART_1 = (
    "07919471227210244405852122F039F101506271217180A005000319020198E9B2B82C0759DFE4B0F9ED2EB79675"
    "37B9CC02B5D37450122D2FCB41EE303DFD7687D96537881A96A7CD6F383DFD7683F46134BBEC064DD36550DA0D22"
    "A7CBF3721BE42CD3F5A0198B56036DCA20B8FC0D6A0A4170767D0EAAE540433A082E7F83A6E5F93CFD76BB40D7B2"
    "DB0D9AA6CB2072BA3C2F83926EF31BE44E8FD17450BB8C9683CA"
)
PART_2 = (
    "07919471227210244405852122F039F1015062712181804F050003190202E4E8309B5E7683DAFC319A5E76B340F7"
    "3D9A5D7683A6E93268FD9ED3CB6EF67B0E5AD172B19B2C2693C9602E90355D6683A6F0B007946E8382F5393BEC26"
    "BB00"
)
TEXT = (
    "Lieber Vodafone-Kunde, mit Ihrer nationalen Tarifoption zahlen Sie in diesem Netz 3,45 € pro MB "
    "plus 59 Ct pro Session. Wenn Sie diese Info nicht mehr erhalten möchten, wählen Sie kostenlos +4"
    "917212220. Viel Spaß im Ausland."
)


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SMSCTL, *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=30,
        env={**os.environ, "LC_ALL": "C"},
    )


def document(*arguments: str, given: bytes = b"") -> dict[str, Any]:
    done = run(*arguments, "--json", given=given)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    found = json.loads(done.stdout.decode("utf-8"))
    assert isinstance(found, dict)
    return found


def table(*arguments: str, given: bytes = b"") -> list[str]:
    done = run(*arguments, given=given)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode("utf-8").splitlines()


def test_the_contract() -> None:
    found = document(*PUSH)
    assert list(found) == ["fields", "text", "content", "problems"]
    assert found["fields"][0] == {
        "name": "User Data Header Length",
        "bit_offset": 0,
        "bit_length": 8,
        "value": "06",
        "meaning": "6 octets",
        "children": [],
    }
    assert found["text"] is None
    assert found["content"] == {
        "type": "wap_push_si",
        "href": "http://example.com/",
        "text": "Hi",
        "created": None,
        "expires": None,
        "action": None,
        "id": None,
    }
    assert found["problems"] == []


def test_a_pdu_and_a_tpdu_are_the_same_message() -> None:
    whole = document("--pdu", HOW)
    assert whole["text"] == "How are you?"
    assert [field["meaning"] for field in whole["fields"]][:3] == [
        "+31624000000",
        "SMS-DELIVER",
        "+31641600986",
    ]
    alone = document("--tpdu", "-", given=b"0x" + HOW[16:].lower().encode() + b"\n")
    assert alone["text"] == "How are you?"
    assert [field["value"] for field in alone["fields"]] == [field["value"] for field in whole["fields"]][1:]


def test_the_direction_decides() -> None:
    first = {
        way: document("--tpdu", "0000", *way)["fields"][0]["meaning"]
        for way in ((), ("--direction", "mt"), ("--direction", "mo"))
    }
    assert list(first.values()) == ["SMS-DELIVER", "SMS-DELIVER", "SMS-DELIVER-REPORT"]


def test_the_length_of_the_user_data() -> None:
    assert document("--body", "31D98C56B3DD00", "--data-coding", "0")["text"] == "1234567@"
    assert document("--body", "31D98C56B3DD00", "--data-coding", "0", "--udl", "7")["text"] == "1234567"
    assert document("--body", "4E2D", "--data-coding", "0x08")["text"] == "中"
    assert document("--body", "4E2D")["text"] is None
    lone = run("--body", "D83D", "--data-coding", "8", "--json")
    assert json.loads(lone.stdout)["text"] == "\ud83d"


def test_problems_are_no_failure() -> None:
    found = document("--pdu", HOW[:60])
    assert found["problems"]
    assert found["text"] == "How"
    assert document("--pdu", "")["fields"] == []


def test_a_tree_for_people() -> None:
    lines = table(*PUSH)
    assert lines[0] == "  Offset   Bits  Value                     Field                             Meaning"
    assert lines[2].endswith("Port addressing, 16-bit           to 2948 (WAP Push), from 9200 (WSP)")
    assert lines[5:7] == [
        "       3     16  0B84                      ├ Destination Port                2948 (WAP Push)",
        "       5     16  23F0                      └ Originator Port                 9200 (WSP)",
    ]
    assert lines[-5:] == [
        "",
        "Content:",
        "  type     wap_push_si",
        "  href     http://example.com/",
        "  text     Hi",
    ]


def test_bits_and_septets_for_people() -> None:
    lines = table("--udh", "050003CC0201", "--body", "909B32", "--data-coding", "0", "--characters")
    assert lines[-9:] == [
        "       6     24  909B32                    Text                              H€",
        "       6      1  .......0                  ├ Fill Bits",
        "     6.1      7  72                        ├ Character                       H",
        "       7     14  12955                     ├ Character                       €",
        "       7      7  27                        │ ├ Escape",
        "     7.7      7  101                       │ └ Extension                     €",
        "     8.6      2  00......                  └ Spare Bits",
        "",
        "Text: H€",
    ]
    folded = table("--udh", "050003CC0201", "--body", "909B32", "--data-coding", "0")
    assert folded[-5:-2] == [lines[-9], lines[-8], lines[-3]]


def test_problems_are_marked_where_they_are() -> None:
    assert table("--body", "41001B", "--data-coding", "8") == [
        "  Offset   Bits  Value                     Field        Meaning",
        "       0     24  41001B                    Text         䄀�",
        "!      2      8  1B                        └ Character  half of a character",
        "",
        "Text: 䄀�",
        "",
        "Problems:",
        "!      2  An octet is left over; UCS-2 has two for each character.",
    ]


def test_the_parts_of_a_message_joined() -> None:
    found = document("--pdu", PART_2, "--pdu", PART_1)
    assert found["text"] == TEXT
    assert (found["total"], found["reference"], found["missing"], found["duplicates"]) == (2, 25, [], [])
    assert [len(part["text"]) for part in found["parts"]] == [72, 152]
    lines = table("--pdu", PART_1, "--pdu", PART_1)
    assert "Joined: 1 of 2 parts, missing: 2, more than once: 1" in lines
    header, body = "050003CC02", ("41", "42")
    lines = table("--udh", header + "02", "--body", body[1], "--udh", header + "01", "--body", body[0])
    assert lines[-2:] == [
        "  Offset   Bits  Value                     Field  Meaning",
        '       0     16  4142                      Data   2 octets, "AB"',
    ]
    timeless = PART_2.replace("01506271218180", "00" * 7)
    assert document("--pdu", PART_1, "--pdu", timeless)["text"] == TEXT
    lines = table("--pdu", PART_1, "--pdu", HOW)
    assert lines[-1] == "! A part does not say which it is; it is left out."
    assert lines[-4].endswith("Wenn Sie diese Info nicht mehr e[...]")
    both = document("--udh", header + "01", "--body", body[0], "--udh", header + "02", "--body", body[1])
    assert both["fields"][0]["value"] == "4142"


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((), "Give --pdu, --tpdu, --udh, --body or --preset."),
        (("--pdu", "00", "--tpdu", "00"), "--pdu and --tpdu exclude each other."),
        (("--pdu", "00", "--body", "00"), "--pdu and --body exclude each other."),
        (("--pdu", "00", "--data-coding", "0"), "A PDU says its own data coding"),
        (("--body", "00", "--direction", "mt"), "--direction says how to read a PDU"),
        (("--body", "00", "--data-coding", "256"), "256 is not a number from 0 to 255."),
        (("--body", "00", "--udl", "x"), "x is not a number from 0 to 255."),
        (("--udh", "-", "--body", "-"), "Only one HEX can come from standard input."),
        (("--body", "00", "--body", "00"), "Several parts need as many --udh as --body."),
        (("--pdu", "00", "--direction", "up"), "'up' is not one of"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, "--json")
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert said in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("060", "udh: the hexadecimal digit at character 3 stands alone; an octet has two."),
        ("06zz", "udh: character 3 (z) is no hexadecimal digit."),
        ("00" * 65537, "udh: 65537 octets are given; 65536 at most."),
    ],
)
def test_octets_that_are_none(text: str, said: str) -> None:
    done = run("--udh", "-", "--json", given=text.encode())
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert (error["field"], error["message"]) == ("udh", said)
    assert said in done.stderr.decode()


def test_strange_characters_do_not_reach_the_terminal() -> None:
    lines = table("--body", "001B005B00330031006D", "--data-coding", "8", "--characters")
    assert not any("\x1b" in line for line in lines)
    assert lines[-1] == "Text: \\x1b[31m"


def test_help_teaches() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert b"Examples:" in done.stdout
    assert HOW.encode() in done.stdout
