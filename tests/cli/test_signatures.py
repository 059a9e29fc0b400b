from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SMSCTL = [sys.executable, "-m", "sms_desktop.cli"]
SECRET = "abcde"
MD5HASH = "7d43241108912b32cc315b48ce681acf"
SHA1 = "b7f749de27b4adcf736cc95c9a7e059a16c85127"
GIVEN = ("a=alphabet", "b=bananas", "timestamp=2100")


def run(*arguments: str, secret: str | None = SECRET) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if secret is not None:
        environment["SMSCTL_SIGNATURE_SECRET"] = secret
    done = subprocess.run(
        [*SMSCTL, *arguments],
        capture_output=True,
        check=False,
        timeout=30,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    found = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
    if secret:
        assert secret not in found.stdout + found.stderr
    return found


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def test_sign_says_what_it_signs_and_never_the_secret() -> None:
    done = run("sign", "--json", *GIVEN)
    assert (done.returncode, done.stderr) == (0, "")
    assert document(done) == {"string_to_sign": "&a=alphabet&b=bananas&timestamp=2100", "sig": MD5HASH}


@pytest.mark.parametrize("order", [GIVEN, GIVEN[::-1]])
def test_the_order_of_the_arguments_plays_no_part(order: tuple[str, ...]) -> None:
    assert document(run("sign", *order, "--algorithm", "sha1", "--json"))["sig"] == SHA1


def test_people_get_the_text_on_one_line() -> None:
    done = run("sign", "text=a\nb\x1b[2J & ü")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == r"string to sign  &text=a\nb\x1b[2J _ ü"
    assert re.fullmatch("sig             [0-9a-f]{32}", done.stdout.splitlines()[1])


def test_nothing_is_added_unless_a_time_stamp_is_asked_for() -> None:
    assert document(run("sign", "a=1", "--json"))["string_to_sign"] == "&a=1"
    before = int(time.time())
    text = document(run("sign", "a=1", "--timestamp", "now", "--json"))["string_to_sign"]
    found = re.fullmatch("&a=1&timestamp=([0-9]+)", text)
    assert found is not None
    assert before <= int(found[1]) <= time.time()
    given = document(run("sign", "a=1", "--timestamp", "2100", "--json"))
    assert given["string_to_sign"] == "&a=1&timestamp=2100"


def test_sig_is_left_out_of_what_is_signed_and_that_is_said() -> None:
    done = run("sign", *GIVEN, "sig=x", "--json")
    assert document(done)["sig"] == MD5HASH
    assert "sig is left out" in done.stderr


@pytest.mark.parametrize("signature", [MD5HASH, MD5HASH.upper()])
def test_a_right_signature(signature: str) -> None:
    done = run("verify", *GIVEN, f"sig={signature}", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert document(done)["valid"] is True


def test_a_wrong_signature() -> None:
    done = run("verify", "a=other", f"sig={MD5HASH}", "--json")
    assert done.returncode == 1
    assert document(done) == {"valid": False, "hint": None}
    assert "is the secret right?" in run("verify", "a=other", f"sig={MD5HASH}").stdout


def test_a_usual_mistake_is_named() -> None:
    done = run("verify", *GIVEN, f"sig={SHA1}", "--json")
    assert done.returncode == 1
    assert document(done) == {"valid": False, "hint": "It would be right with the algorithm sha1."}


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["sign"], "Missing argument"),
        (["sign", "a"], "'a' is not of the form NAME=VALUE"),
        (["sign", "=1"], "not of the form"),
        (["sign", "a=1", "--timestamp", "soon"], "--timestamp is now"),
        (["sign", "timestamp=1", "--timestamp", "now"], "given already"),
        (["sign", "a=1", "--algorithm", "md4"], "'md4' is not one of"),
        (["verify", "a=1"], "Give the signature as sig=HEX."),
    ],
)
def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_parameter_that_comes_twice_is_refused() -> None:
    done = run("sign", "a=1", "a=2", "--json")
    assert done.returncode == 1
    assert document(done)["error"]["field"] == "a"


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_signed(secret: str | None) -> None:
    done = run("sign", "a=1", "--json", secret=secret)
    assert done.returncode == 1
    error = document(done)["error"]
    assert error["field"] == "signature_secret"
    assert "SMSCTL_SIGNATURE_SECRET" in error["hint"]


def test_an_unknown_profile_is_named() -> None:
    done = run("sign", "a=1", "--profile", "nobody", "--json", secret=None)
    assert done.returncode == 1
    assert document(done)["error"]["field"] == "profile"


@pytest.mark.secret_service
def test_the_secret_of_a_profile_comes_from_the_keyring() -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"], "sms-desktop")
    folder.mkdir(parents=True, mode=0o700)
    profile = {"id": "help", "name": "Help", "provider": "vonage", "api_key": "abcd1234", "sender": "Help"}
    (folder / "profiles.json").write_text(json.dumps([profile]), encoding="utf-8")
    program = f"import keyring; keyring.set_password('sms-desktop', 'help/signature_secret', {SECRET!r})"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    done = run("sign", *GIVEN, "--profile", "help", "--json", secret=None)
    assert done.returncode == 0, done.stderr
    assert document(done)["sig"] == MD5HASH
    assert SECRET not in done.stdout + done.stderr
