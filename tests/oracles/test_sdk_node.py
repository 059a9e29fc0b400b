"""The libraries for Node, `@vonage/sms` and the older `nexmo`, as clients of the sandbox.

The one sends JSON with Basic authentication, which SMS API 1.5.0 does not list as a format; the other a POST
with everything in the query string. Both speak plain HTTP to loopback.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.servers.sandbox.running import SECRET, supervised

CLIENT = Path(__file__).with_name("sdk_node.js")
MESSAGE = {"from": "Acme", "to": "447700900000", "text": "Hello €"}

pytestmark = pytest.mark.node


def sent(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    with supervised() as running:
        port = urlsplit(running.url).port
        lines = [json.dumps({"port": port} | request) for request in requests]
        done = subprocess.run(
            ["node", CLIENT],
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("library", ["@vonage/sms", "nexmo"])
def test_it_sends_fails_and_is_throttled(library: str) -> None:
    right = {"apiKey": "sandbox1", "apiSecret": SECRET}
    accepted, unicode, wrong, throttled, barred = sent(
        {"library": library, "auth": right, "message": MESSAGE},
        {"library": library, "auth": right, "message": MESSAGE | {"type": "unicode", "text": "ж" * 71}},
        {"library": library, "auth": right | {"apiSecret": "wrong"}, "message": MESSAGE},
        {"library": library, "auth": right, "message": MESSAGE | {"to": "31600000010"}},
        {"library": library, "auth": right, "message": MESSAGE | {"to": "31600000005"}},
    )
    assert accepted["statuses"] == ["0"]
    assert unicode["statuses"] == ["0", "0"]
    assert wrong["statuses"] == ["4"]
    assert throttled["statuses"] == ["1"]
    assert barred["statuses"] == ["7"]
