"""The official Python SDKs (`vonage`, and the older `nexmo`) as judges of signatures, both ways."""

from __future__ import annotations

from urllib.parse import parse_qsl

import nexmo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vonage_http_client.auth import Auth as VonageAuth

from sms_desktop.gateway.auth import Signature
from sms_desktop.gateway.request import build
from sms_desktop.gateway.signing import sign, verify
from sms_desktop.gateway.webhooks import Signed, signature_of
from sms_desktop.messages.message import Unicode
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm

SECRET = "canary&=é"
HMACS = [algorithm for algorithm in SignatureAlgorithm if algorithm is not SignatureAlgorithm.MD5HASH]

_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
# The older SDK adds the time of the moment to what has none.
_parameters = st.dictionaries(st.from_regex(r"[a-z][a-z-]{0,10}", fullmatch=True), _text, max_size=6).map(
    lambda found: (
        {name: value for name, value in found.items() if name != "sig"} | {"timestamp": "1600000000"}
    )
)


def old_sdk(algorithm: SignatureAlgorithm) -> nexmo.Client:
    method = None if algorithm is SignatureAlgorithm.MD5HASH else algorithm.value
    return nexmo.Client(key="abcd1234", secret="s", signature_secret=SECRET, signature_method=method)


def new_sdk(algorithm: SignatureAlgorithm) -> VonageAuth:
    return VonageAuth(api_key="abcd1234", signature_secret=SECRET, signature_method=algorithm.value)


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
@given(parameters=_parameters)
def test_the_older_sdk_makes_and_takes_our_signatures(
    algorithm: SignatureAlgorithm, parameters: dict[str, str]
) -> None:
    theirs = old_sdk(algorithm).signature(dict(parameters))
    assert theirs == sign(parameters, secret=SECRET, algorithm=algorithm)
    assert verify(parameters | {"sig": theirs}, secret=SECRET, algorithm=algorithm)
    ours = sign(parameters, secret=SECRET, algorithm=algorithm)
    assert old_sdk(algorithm).check_signature(parameters | {"sig": ours.upper()})


@pytest.mark.parametrize("algorithm", HMACS)
@given(parameters=_parameters)
def test_the_sdk_makes_and_takes_our_signatures(
    algorithm: SignatureAlgorithm, parameters: dict[str, str]
) -> None:
    theirs = new_sdk(algorithm).sign_params(dict(parameters))
    assert theirs == sign(parameters, secret=SECRET, algorithm=algorithm)
    ours = sign(parameters, secret=SECRET, algorithm=algorithm)
    assert new_sdk(algorithm).check_signature(parameters | {"sig": ours})
    assert not new_sdk(algorithm).check_signature(parameters | {"sig": ours, "text": "forged"})


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
@given(text=_text)
def test_both_take_the_requests_that_we_sign(algorithm: SignatureAlgorithm, text: str) -> None:
    request = build(
        Unicode(text),
        sender="Acme",
        to="31612345678",
        options=Options(client_ref="r&=r", status_report=True),
        provider=Provider.VONAGE,
        base_url=None,
        auth=Signature("abcd1234", SECRET, algorithm),
    )
    arrived = dict(parse_qsl(request.body().decode("ascii"), keep_blank_values=True))
    assert old_sdk(algorithm).check_signature(dict(arrived))
    if algorithm is not SignatureAlgorithm.MD5HASH:
        assert new_sdk(algorithm).check_signature(dict(arrived))
    assert signature_of(arrived, secret=SECRET, algorithm=algorithm) is Signed.VALID
