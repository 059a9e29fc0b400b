"""The official Python libraries, `vonage` and the older `nexmo`, as clients of the sandbox over TLS.

They send, sign, fail and are throttled as they expect. Both insist on HTTPS: the sandbox's `--tls` is what
they trust. `vonage` 4.9.1 signs options that it does not send, as `None`; the sandbox knows that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.sandbox.running import PATIENCE, start

KEY, SECRET, SIGNATURE_SECRET = "abcd1234", "canary-secret", "canary-signature-secret"

VONAGE = """
from vonage import Auth, HttpClientOptions, Vonage
from vonage_sms import SmsMessage
from vonage_sms.errors import SmsError, PartialFailureError
from vonage_http_client.errors import HttpRequestError

def client(**auth):
    return Vonage(Auth(api_key=KEY, **auth), HttpClientOptions(rest_host=HOST))

def send(client, **message):
    try:
        usual = {"to": "447700900000", "from_": "Acme", "text": "Hello"}
        answer = client.sms.send(SmsMessage(**usual | message))
        return [part.status for part in answer.messages], answer.messages[0].model_dump()
    except (SmsError, PartialFailureError, HttpRequestError) as error:
        return type(error).__name__, str(error)
"""
NEXMO = """
import warnings
warnings.simplefilter("ignore")
import nexmo

def client(**auth):
    made = nexmo.Client(key=KEY, **auth)
    made._Client__host = HOST
    return made

def send(client, **message):
    try:
        answer = client.send_message({"to": "447700900000", "from": "Acme", "text": "Hello"} | message)
        return [part["status"] for part in answer["messages"]], answer["messages"][0]
    except nexmo.Error as error:
        return type(error).__name__, str(error)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, str]]:
    """Host and port of a sandbox with TLS, and its certificate."""
    environment = {
        "SMSCTL_API_KEY": KEY,
        "SMSCTL_API_SECRET": SECRET,
        "SMSCTL_SIGNATURE_SECRET": SIGNATURE_SECRET,
    }
    process = start("--tls", "--rate", "0", environment=environment)
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    yield ready["url"].removeprefix("https://"), ready["certificate"]
    process.terminate()
    assert process.wait(PATIENCE) == 0
    process.communicate()


def ask(place: tuple[str, str], library: str, *calls: str) -> list[Any]:
    """Run `calls` (expressions) with a library, in an interpreter of its own."""
    host, certificate = place
    program = "\n".join(
        [
            "import json, sys",
            f"KEY, SECRET, SIGNATURE_SECRET, HOST = {KEY!r}, {SECRET!r}, {SIGNATURE_SECRET!r}, {host!r}",
            library,
            *(f"print(json.dumps({call}))" for call in calls),
        ]
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "REQUESTS_CA_BUNDLE": certificate, "NO_PROXY": "127.0.0.1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_vonage_sends_and_reads_the_answer(place: tuple[str, str]) -> None:
    sent, long, binary = ask(
        place,
        VONAGE,
        "send(client(api_secret=SECRET), client_ref='r1')",
        "send(client(api_secret=SECRET), text='€' * 200, type='unicode', ttl=900000, status_report_req=True)",
        "send(client(api_secret=SECRET), type='binary', text='', body='0011', udh='06050415811581')",
    )
    assert sent[0] == ["0"]
    assert (sent[1]["to"], sent[1]["network"], sent[1]["client_ref"]) == ("447700900000", "23410", "r1")
    assert sent[1]["message_price"] == "0.03330000"
    assert long[0] == ["0", "0", "0"]
    assert binary[0] == ["0"]


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256", "sha512"])
def test_vonage_signs(place: tuple[str, str], method: str) -> None:
    right, wrong = ask(
        place,
        VONAGE,
        f"send(client(signature_secret=SIGNATURE_SECRET, signature_method={method!r}), text='a & b = €')",
        f"send(client(signature_secret='wrong', signature_method={method!r}))",
    )
    assert right[0] == ["0"]
    assert wrong[0] == "SmsError"
    assert "error code 14: Invalid Signature" in wrong[1]


def test_vonage_fails_and_is_throttled_as_it_expects(place: tuple[str, str]) -> None:
    wrong, throttled, partial, server = ask(
        place,
        VONAGE,
        "send(client(api_secret='wrong'))",
        "send(client(api_secret=SECRET), to='31600000010')",
        "send(client(api_secret=SECRET), to='31600000009', text='x' * 400)",
        "send(client(api_secret=SECRET), to='31600000500')",
    )
    assert wrong == ["SmsError", "Sms.send_message method failed with error code 4: Invalid credentials"]
    assert throttled[0] == "SmsError"
    assert "error code 1: Throughput Rate Exceeded - please wait [ 978 ] and retry" in throttled[1]
    assert partial[0] == "PartialFailureError"
    assert server[0] in {"HttpRequestError", "ServerError"}


def test_the_older_nexmo_sends_signs_and_fails(place: tuple[str, str]) -> None:
    sent, signed, hashed, wrong, barred = ask(
        place,
        NEXMO,
        "send(client(secret=SECRET), **{'client-ref': 'r1'})",
        "send(client(secret='x', signature_secret=SIGNATURE_SECRET, signature_method='sha256'))",
        "send(client(secret='x', signature_secret=SIGNATURE_SECRET), text='a & b = é')",
        "send(client(secret='wrong'))",
        "send(client(secret=SECRET), to='31600000005')",
    )
    assert (sent[0], sent[1]["client-ref"]) == (["0"], "r1")
    assert signed[0] == hashed[0] == ["0"]
    assert (wrong[0], wrong[1]["error-text"]) == (["4"], "Invalid credentials")
    assert (barred[0], barred[1]["error-text"]) == (["7"], "Number barred.")


def test_the_older_nexmo_asks_about_the_account(place: tuple[str, str]) -> None:
    balance, numbers = ask(
        place,
        NEXMO,
        "client(secret=SECRET).get_balance()",
        "client(secret=SECRET).get_account_numbers(pattern=4477)",
    )
    assert balance["value"] > 0
    assert numbers["numbers"][0]["msisdn"] == "447700900000"
