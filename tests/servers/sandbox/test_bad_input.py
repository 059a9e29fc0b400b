"""Whatever comes in: rules that always decide, no 5xx, bounded memory."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.messages.statuses import API_STATUSES
from sms_desktop.servers.sandbox.submission import judge
from sms_desktop.servers.sandbox.verdicts import Refusal, Submission
from tests.servers.sandbox.running import SECRET, Running, form, supervised

NAMES = (
    *(
        "from",
        "to",
        "type",
        "text",
        "body",
        "udh",
        "title",
        "url",
        "validity",
        "vcard",
        "vcal",
        "ttl",
        "callback",
    ),
    *("message-class", "protocol-id", "network-code", "client-ref", "status-report-req", "trusted-number"),
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        (
            "text",
            "unicode",
            "binary",
            "wappush",
            "vcard",
            "vcal",
            "31612345678",
            "Acme",
            "0",
            "1",
            "00FF",
            "true",
        )
    ),
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_the_rules_decide_about_anything(parameters: dict[str, str]) -> None:
    verdict = judge({"from": "Acme", "to": "31612345678", "text": "Hi"} | parameters)
    assert isinstance(verdict, Submission) or verdict.status in API_STATUSES


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=5))
def test_parameters_that_nobody_knows_change_nothing(parameters: dict[str, str]) -> None:
    known = {"from": "Acme", "to": "31612345678", "text": "Hi"}
    others = {name: value for name, value in parameters.items() if name not in NAMES and "-" not in name}
    verdict = judge(others | known)
    assert not isinstance(verdict, Refusal)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with supervised(signature_secret="canary-signature-secret") as running:
        yield running
        assert b'"level": "error"' not in b"".join(running.log)


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(
        [
            "/sms/json",
            "/sms/xml",
            "/send",
            "/register",
            "/number/update",
            "/account/settings",
            "/control/reply",
            "/account/get-balance",
            "/account/numbers",
            "/account/get-pricing/outbound/sms",
            "/nowhere",
            "/oauth/client_credential/accesstoken",
        ]
    ),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"]),
    body=st.binary(max_size=200)
    | st.dictionaries(VALUES, VALUES, max_size=5).map(lambda fields: json.dumps(fields).encode())
    | st.dictionaries(st.sampled_from(NAMES), VALUES).map(
        lambda one: urlencode(form() | one, errors="replace").encode()
    ),
    content_type=st.sampled_from(
        ["application/x-www-form-urlencoded", "application/json", "text/x-json", "image/png", "", "x" * 300]
    ),
    authorization=st.sampled_from(["", "Basic eDp5", "Bearer x", "Digest x", "Basic \u00ff"]),
)
def test_nothing_makes_it_answer_with_a_5xx(
    sandbox: Running, path: str, method: str, body: bytes, content_type: str, authorization: str
) -> None:
    headers = {"Content-Type": content_type, "Authorization": authorization}
    status, answer = sandbox.ask(method, path, body, headers)
    assert status < 500
    assert SECRET.encode() not in answer


def test_memory_stays_within_bounds_whatever_nobody_takes() -> None:
    """A day's soak in short: more webhooks than are kept, none of them due for long."""
    scenario = {"rules": [{"conduct": {"delayed": 100_000}}]}
    with supervised(dr_callback="http://127.0.0.1:9/d", speed=1.0, scenario=scenario) as running:
        pages = Path(f"/proc/{running.process.pid}/statm")

        def megabytes() -> float:
            return int(pages.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20

        for _ in range(350):  # 48 parts with 3 receipts each
            assert len(running.send(type="unicode", text="x" * 3200)) == 48
        assert running.control.state().waiting == 50_000
        full = megabytes()
        for _ in range(150):
            running.send(type="unicode", text="x" * 3200)
        assert running.control.state().waiting == 50_000
        assert megabytes() - full < 30
        assert full < 250
    assert b"webhooks dropped because too many wait" in b"".join(running.log)
