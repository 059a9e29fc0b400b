"""`smsctl self-check`: proves an installation, or names the step that fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import sms_desktop
from sms_desktop.background.self_check import Report, Step, StepStatus
from sms_desktop.messages.kinds import Kind
from tests.fakes.terminal import Done, smsctl


def _steps(done: Done) -> dict[str, dict[str, object]]:
    document = done.json
    assert document.keys() >= {"ok", "version", "steps"}
    for step in document["steps"]:
        assert step.keys() >= {"name", "status", "milliseconds", "detail"}
        assert step["status"] in {"passed", "failed", "unavailable"}
        assert isinstance(step["milliseconds"], int)
        assert step["detail"]
    return {step["name"]: step for step in document["steps"]}


def test_this_installation_passes_within_thirty_seconds_and_leaves_nothing() -> None:
    began = time.monotonic()
    done = smsctl("self-check", "--json", environment={"SMSCTL_API_SECRET": "canary-4711"})
    assert time.monotonic() - began < 30
    assert (done.status, done.err) == (0, b"")
    steps = _steps(done)
    assert done.json["ok"] is True
    assert done.json["version"] == sms_desktop.__version__
    expected = {"open a resource", "TLS", "temporary folder", "embedded servers", "receive a reply"}
    expected |= {f"send {kind}" for kind in Kind}
    assert {name for name in expected if steps[name]["status"] != "passed"} == set()
    assert {steps[name]["status"] for name in ("keyring", "window")} <= {"passed", "unavailable"}
    assert b"canary" not in done.out
    assert [path for path in Path(os.environ["XDG_DATA_HOME"]).rglob("*") if path.is_file()] == []


_WITH_A_FULL_DISK = """
import resource
from sms_desktop.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
main(["self-check", "--json"])
"""


def test_a_step_that_fails_is_named_and_the_status_is_1() -> None:
    # A disk that takes nothing: every write to a file fails.
    process = subprocess.run(
        [sys.executable, "-c", _WITH_A_FULL_DISK], capture_output=True, check=False, timeout=60
    )
    done = Done(process.returncode, process.stdout, process.stderr)
    steps = _steps(done)
    assert (done.status, done.json["ok"]) == (1, False)
    assert steps["temporary folder"]["status"] == "failed"
    assert steps["open a resource"]["status"] == "passed"
    assert b"Traceback" not in done.err


def test_people_get_a_line_for_each_step_and_a_verdict() -> None:
    step = Step("send text", StepStatus.PASSED, 12, "Delivered")
    failed = Step("TLS", StepStatus.FAILED, 1_200, "no certificates")
    assert Report(True, "1.2.3", (step,)).as_text().splitlines() == [
        "passed       send text                  12 ms  Delivered",
        "All is well.",
    ]
    told = Report(False, "1.2.3", (step, failed)).as_text()
    assert "failed       TLS                      1200 ms  no certificates" in told
    assert told.endswith("Something failed: see above.\n")
