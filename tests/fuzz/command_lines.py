"""Call smsctl with hostile arguments for as long as you like: `python -m tests.fuzz.command_lines`.

Commands that need no server: segments, encode, inspect, sign, verify. Each must end with 0, 1 or 2 and never
with a traceback, print exactly one JSON document, and, for octets, a tree whose leaves cover every bit once.
Prints how many commands ended how, and the slowest.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from tests.cli.inside import SECRET, Done, smsctl

_PIECES = (
    *(
        "",
        "a",
        "€",
        "\ud83d",
        "😀",
        "\r\n",
        "\n",
        "\0",
        "\x1b",
        "é",
        "中",
        "-",
        "=",
        "&",
        "0",
        "FF",
        "0x",
        "%",
    ),
    *("\u2028", "\u0085", "\ufeff", "A" * 200, "😀" * 80, "€" * 200, "BEGIN:VCARD\r\n", "http://www.a.com/"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01", "delete", "signal-high"),
)
_NUMBERS = ("0", "1", "4", "8", "16", "127", "255", "256", "65536", "-1", "0x10", "1e9", "x", "", "٣")
_HEADERS = ("", "", "0605040B8423F0", "050003000201", "06050423F40000", "03240101", "06080400010201")
_KINDS = {
    "text": ("text",),
    "unicode": ("text",),
    "binary": ("udh", "body", "protocol-id"),
    "wappush": ("title", "url", "validity", "created", "expires", "action", "id"),
    "vcard": ("vcard",),
    "vcal": ("vcal",),
}
_OCTETS, _COUNTED = frozenset({"udh", "body"}), frozenset({"protocol-id", "validity"})


class Chance:
    """Draws the words of one command."""

    def __init__(self, seed: str) -> None:
        self.source = random.Random(seed)

    def text(self) -> str:
        return "".join(self.source.choices(_PIECES, k=self.source.randrange(5)))

    def number(self) -> str:
        return self.source.choice((*_NUMBERS, str(self.source.randrange(300))))

    def octets(self) -> str:
        digits = self.source.choice(_HEADERS)
        digits += self.source.randbytes(self.source.choice((0, 1, 2, 7, 20, 140, 160))).hex()
        match self.source.randrange(8):
            case 0:
                return digits.upper()
            case 1:
                return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))
            case 2:
                return digits + self.text()
            case _:
                return digits

    def options(self, *names: str) -> list[str]:
        """Some of the options, each with a value of its kind."""
        found = []
        for name in names:
            if self.source.random() < 0.7:
                value = self.octets() if name in _OCTETS else self.text()
                found += [f"--{name}", self.number() if name in _COUNTED else value]
        return found

    def counts(self, *names: str) -> list[str]:
        """Some of the options that want a number."""
        return [word for name in names if self.source.random() < 0.4 for word in (f"--{name}", self.number())]

    def command(self) -> list[str]:
        """One command with its arguments."""
        match self.source.randrange(6):
            case 0:
                encoding = self.source.choice(("auto", "gsm7", "ucs2"))
                bits = self.source.choice(("8", "16"))
                return ["segments", "--encoding", encoding, "--reference", bits, "--", self.text()]
            case 1:
                kind = self.source.choice(tuple(_KINDS))
                return [
                    "encode",
                    kind,
                    *self.options(*_KINDS[kind]),
                    *self.counts("reference-number", "message-class"),
                ]
            case 2:
                pdus = [
                    word
                    for _ in range(self.source.choice((1, 1, 2, 3)))
                    for word in (self.source.choice(("--pdu", "--tpdu")), self.octets())
                ]
                return ["inspect", *pdus, "--direction", self.source.choice(("mo", "mt"))]
            case 3:
                counts = self.counts("data-coding", "protocol-id", "udl")
                return ["inspect", *self.options("udh", "body"), *counts]
            case 4:
                algorithm = self.source.choice(("md5hash", "md5", "sha1", "sha256", "sha512"))
                return ["sign", "--algorithm", algorithm, "--", *self.parameters()]
            case _:
                return ["verify", "--", *self.parameters(), f"sig={self.text()}"]

    def parameters(self) -> list[str]:
        return [f"{self.text()}={self.text()}" for _ in range(self.source.randint(1, 3))]


def leaves(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The fields without children, in order."""
    for field in fields:
        yield from leaves(field["children"]) if field["children"] else (field,)


def check(command: list[str], done: Done) -> None:
    """What holds of every answer."""
    assert done.returncode in {0, 1, 2}
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1
    document = json.loads(done.stdout)
    if done.returncode and "valid" not in document:
        assert document.keys() == {"error"}
        assert document["error"].keys() == {"field", "message", "hint"}
    elif command[0] == "inspect":
        at = 0
        for leaf in leaves(document["fields"]):
            assert leaf["bit_offset"] == at
            at += leaf["bit_length"]


def main() -> None:
    """Run until the time is over; a failure ends it and names the seed and the number of the case."""
    parser = argparse.ArgumentParser(description="Call smsctl with hostile arguments.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    ended: Counter[str] = Counter()
    slowest = 0.0
    end = time.monotonic() + given.seconds
    with (
        tempfile.TemporaryDirectory() as home,
        patch.dict(os.environ, {"HOME": home, "XDG_CONFIG_HOME": home}),
    ):
        while time.monotonic() < end:
            chance = Chance(f"{given.seed}/{ended.total()}")
            command = chance.command()
            begin = time.perf_counter()
            try:
                done = smsctl(command[0], "--json", *command[1:], SMSCTL_SIGNATURE_SECRET=SECRET)
                check(command, done)
            except BaseException:
                sys.stderr.write(f"seed {given.seed}, case {ended.total()}: {command!r}\n")
                raise
            slowest = max(slowest, time.perf_counter() - begin)
            ended[f"{command[0]} {done.returncode}"] += 1
    counts = ", ".join(f"{what}: {times}" for what, times in sorted(ended.items()))
    sys.stdout.write(
        f"{ended.total()} commands, seed {given.seed}, slowest {slowest:.2f} s; ended {counts}\n"
    )


if __name__ == "__main__":
    main()
