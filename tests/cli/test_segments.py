from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SMSCTL = [sys.executable, "-m", "sms_desktop.cli", "segments"]
FIGURES = (
    "encoding", "unit_bits", "characters", "units", "segment_count", "units_per_segment", "units_remaining",
)  # fmt: skip


def run(
    *arguments: str | bytes, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SMSCTL, *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=30,
        env={**os.environ, **environment},
    )


def document(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """The one JSON document on standard output, in UTF-8."""
    text = done.stdout.decode("utf-8")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def documents(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    # As careless a reader as there is: splitlines also splits at U+0085 and U+2028.
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def test_the_contract() -> None:
    done = run("--json", "ęa")
    assert (done.returncode, done.stderr) == (0, b"")
    found = document(done)
    assert found.pop("suspicious") == []
    assert found == {
        "encoding": "ucs2",
        "unit_bits": 16,
        "characters": 2,
        "units": 2,
        "segment_count": 1,
        "units_per_segment": 70,
        "units_remaining": 68,
        "segments": [{"index": 1, "text": "ęa", "units": 2, "octets": 4}],
        "unsupported": [{"position": 0, "character": "ę", "code_point": "U+0119", "suggestion": "e"}],
    }


@pytest.mark.parametrize(
    "options, text, figures",
    [
        ((), "x" * 161, ("gsm7", 7, 161, 161, 2, 153, 145)),
        (("--reference", "16"), "x" * 161, ("gsm7", 7, 161, 161, 2, 152, 143)),
        ((), "]" * 153, ("gsm7", 7, 153, 306, 3, 153, 151)),
        (("--encoding", "ucs2"), "x" * 71, ("ucs2", 16, 71, 71, 2, 67, 63)),
        (("--encoding", "ucs2", "--reference", "16"), "x" * 71, ("ucs2", 16, 71, 71, 2, 66, 61)),
        (("--encoding", "gsm7"), "ęa€", ("gsm7", 7, 3, 4, 1, 160, 156)),
        ((), "", ("gsm7", 7, 0, 0, 1, 160, 160)),
        ((), "a\r\nb\rc", ("gsm7", 7, 5, 5, 1, 160, 155)),
        (("--",), "-5 °C", ("ucs2", 16, 5, 5, 1, 70, 65)),
    ],
)
def test_the_figures(options: tuple[str, ...], text: str, figures: tuple[object, ...]) -> None:
    found = document(run("--json", *options, text))
    assert tuple(found[name] for name in FIGURES) == figures


def test_a_dash_reads_standard_input_as_it_is() -> None:
    found = document(run("--json", "-", given="zażółć\r\n".encode()))
    assert found["segments"][0]["text"] == "zażółć\n"


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_text_is_utf8_whatever_the_locale(locale: str) -> None:
    for done in (
        run("--json", "é😀", LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        run("--json", "-", given="é😀".encode(), LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        run("--lines", given="é😀".encode(), LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
    ):
        assert document(done)["segments"] == [{"index": 1, "text": "é😀", "units": 3, "octets": 6}]


@pytest.mark.parametrize(
    "arguments, given",
    [((b"--json", b"ab\xff"), b""), ((b"--json", b"-"), b"ab\xff"), ((b"--json", b"-"), b"ab\xed\xa0\x80")],
)
def test_text_that_is_not_utf8_is_refused_with_the_octet(arguments: tuple[bytes, ...], given: bytes) -> None:
    done = run(*arguments, given=given)
    assert done.returncode == 1
    error = document(done)["error"]
    assert error["field"] == "text"
    assert "octet 3 " in error["message"]


@pytest.mark.parametrize("text, limit", [("A", 39_015), ("Ж", 17_085), ("€", 19_380)])
def test_more_than_255_parts_are_refused(text: str, limit: int) -> None:
    assert document(run("--json", "-", given=(text * limit).encode()))["segment_count"] == 255
    done = run("--json", "-", given=(text * (limit + 1)).encode())
    assert done.returncode == 1
    error = document(done)["error"]
    assert (error["field"], set(error)) == ("text", {"field", "message", "hint"})
    assert "256 parts; one message has 255 at most" in error["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--encoding", "latin1", "x"),
        ("--reference", "12", "x"),
        ("--lines", "x"),
        ("x", "y"),
        ("--no", "x"),
    ],
)
def test_wrong_usage_is_said_on_standard_error(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Usage: smsctl segments" in done.stderr


# ------------------------------------------------------------------------------------------------------ lines


def test_each_line_gets_one_document() -> None:
    done = run("--lines", "--json", "-", given="a\n\nzażółć\n€\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert [found["segments"][0]["text"] for found in documents(done)] == ["a", "", "zażółć", "€"]
    assert [found["units"] for found in documents(done)] == [1, 0, 6, 2]


def test_lines_end_at_lf_only() -> None:
    texts = ["a\rb", "c\r", "d\x85e\u2028f\u2029g\x0bh\x0ci", "no line feed at the end"]
    done = run("--lines", given="\n".join(texts).encode())
    assert [found["segments"][0]["text"] for found in documents(done)] == texts


def test_no_input_is_no_line() -> None:
    done = run("--lines")
    assert (done.returncode, done.stdout) == (0, b"")


def test_the_options_hold_for_each_line() -> None:
    done = run("--lines", "--encoding", "gsm7", "--reference", "16", given=("ę" * 161 + "\nę").encode())
    first, second = documents(done)
    assert (first["encoding"], first["units_per_segment"], len(first["unsupported"])) == ("gsm7", 152, 161)
    assert (second["encoding"], second["units_per_segment"]) == ("gsm7", 160)


def test_a_line_that_is_refused_does_not_stop_the_others() -> None:
    too_long = b"x" * ((1 << 20) + 1)
    done = run("--lines", given=b"\n".join([b"a", b"b\xff", b"x" * 39_016, too_long, b"z" * (1 << 20), b"c"]))
    first, *refused, last = documents(done)
    assert (first["units"], last["units"]) == (1, 1)
    assert [set(found) for found in refused] == [{"error"}] * 4
    said = [found["error"]["message"] for found in refused]
    assert "octet 2 " in said[0]
    assert "256 parts" in said[1]
    assert "longer than 1048576 octets" in said[2]
    assert "6854 parts" in said[3]
    assert done.returncode == 1
    assert done.stderr == b"smsctl: 4 lines were refused.\n"


def test_each_line_is_answered_before_the_next_is_read() -> None:
    with subprocess.Popen(
        [*SMSCTL, "--lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("one", "two"):
            process.stdin.write(text.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["segments"][0]["text"] == text
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    with subprocess.Popen(
        [*SMSCTL, "--lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"two\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 1


# ------------------------------------------------------------------------------------------------- for people


def test_a_table_for_people() -> None:
    done = run("a\tęę" + "\x1b[2J" + "x" * 70)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "UCS-2 · 78 characters · 78 code units · 2 parts of 67 · 56 left in the last"
    assert lines[3].split() == ["1", "67", "134", r"a\tęę\x1b[2J" + "x" * 59]
    assert lines[4].split() == ["2", "11", "22", "x" * 11]
    assert [line.split(maxsplit=4) for line in lines[8:11]] == [
        ["1", "1", "U+0009", r"\t", "a space"],
        ["2", "2", "U+0119", "ę", "e"],
        ["1", "4", "U+001B", r"\x1b", "left out"],
    ]


def test_what_is_not_what_it_seems_is_listed() -> None:
    (found,) = document(run("--json", "p\u0430y"))["suspicious"]
    assert found == {
        "position": 1,
        "length": 1,
        "danger": "look-alike",
        "text": "\u0430",
        "code_point": "U+0430",
        "instead": "a",
        "reason": None,
    }
    assert "hidden, U+200B ZERO WIDTH SPACE" in run("a\u200bb").stdout.decode()


def test_a_text_that_fits_has_nothing_more_to_say() -> None:
    lines = run("hé€").stdout.decode().splitlines()
    assert lines[0] == "GSM-7 · 3 characters · 4 septets · 1 part of 160 · 156 left"
    assert lines[3:] == ["   1      4       4  hé€"]


def test_a_long_list_for_people_is_cut() -> None:
    done = run("".join(map(chr, range(0x4E00, 0x4E00 + 50))))
    assert done.stdout.decode().endswith("nothing like it\nand 30 more\n")


def test_a_refusal_for_people_is_on_standard_error() -> None:
    done = run("-", given=b"x" * 39_016)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines() == [
        "smsctl: The text takes 256 parts; one message has 255 at most.",
        "Shorten it, or send it as several messages.",
    ]
