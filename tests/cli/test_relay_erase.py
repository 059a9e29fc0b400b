"""`smsctl relay erase`: a number is taken out of a relay's log, and no console misses an event."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from pathlib import Path

from tests.cli.test_relay import created, run, serving

_PHONE = "31612345678"


def _tell(url: str, token: str, **fields: str) -> None:
    data = urllib.parse.urlencode({name.replace("_", "-"): value for name, value in fields.items()})
    with urllib.request.urlopen(f"{url}/h/{token}", data.encode(), timeout=10) as answer:
        assert answer.status == 200


def test_a_number_is_erased_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    token = created(path, "ingest")["token"]
    with serving("--log", f"sqlite:{path}") as url:
        for number, msisdn in enumerate((_PHONE, f"{_PHONE}9", _PHONE)):
            _tell(url, token, msisdn=msisdn, to="Helpdesk", messageId=f"I{number}", text="Xylophonic")
    log = ("--log", f"sqlite:{path}")
    done = run("erase", "+31 6 1234 5678", *log, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"erased": {"main": 2}})
    [stream] = json.loads(run("status", *log, "--json").stdout)["streams"]
    assert stream["events"] == 3
    assert b"main  0 events erased" in run("erase", _PHONE, *log, "--stream", "main").stdout
    wrong = run("erase", "nobody", *log, "--json")
    assert (wrong.returncode, json.loads(wrong.stdout)["error"]["field"]) == (1, "number")
