from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.signing import explain_mismatch, sign, string_to_sign, verify
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm
from tests.known_answers import known_answers

SECRET = "abcde"
parameters = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda name: name != "sig"),
    st.text(st.characters(codec="utf-8"), max_size=12),
    max_size=6,
)
algorithms = st.sampled_from(list(SignatureAlgorithm))


def algorithm_of(vector: dict[str, Any]) -> SignatureAlgorithm:
    return SignatureAlgorithm(vector["algorithm"].removeprefix("hmac-"))


@pytest.mark.parametrize("given_, expect", known_answers("signature"))
def test_known_signatures(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    algorithm = algorithm_of(given_)
    # The published text of md5hash ends with the secret; ours is shown to people, and never has it.
    behind = given_["secret"] if algorithm is SignatureAlgorithm.MD5HASH else ""
    assert string_to_sign(given_["params"]) + behind == expect["string_to_sign"]
    assert sign(given_["params"], secret=given_["secret"], algorithm=algorithm) == expect["sig"]


@pytest.mark.parametrize("given_, expect", known_answers("signature_verify"))
def test_known_verifications(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    signed = given_["params"] | {"sig": given_["sig"]}
    assert verify(signed, secret=given_["secret"], algorithm=algorithm_of(given_)) is expect["valid"]


def test_names_are_in_code_point_order_and_values_play_no_part() -> None:
    assert string_to_sign({"b": "1", "a": "2", "B": "3", "a-b": "4", "a_b": "5", "ä": "6"}) == (
        "&B=3&a=2&a-b=4&a_b=5&b=1&ä=6"
    )


def test_each_ampersand_and_equals_sign_of_a_value_is_replaced_and_nothing_is_percent_encoded() -> None:
    assert string_to_sign({"text": "a&&b==c +%26 é €"}) == "&text=a__b__c +%26 é €"


def test_blank_values_are_signed_and_sig_is_not() -> None:
    assert string_to_sign({"b": "", "a": "1", "sig": "x"}) == "&a=1&b="
    assert string_to_sign({}) == ""


@given(parameters, algorithms, st.booleans())
def test_what_is_signed_verifies_in_capitals_or_not(
    signed: dict[str, str], algorithm: SignatureAlgorithm, capitals: bool
) -> None:
    signature = sign(signed, secret=SECRET, algorithm=algorithm)
    assert signature == signature.lower()
    given_ = signed | {"sig": signature.upper() if capitals else signature}
    assert verify(given_, secret=SECRET, algorithm=algorithm)
    assert not verify(given_, secret=SECRET + "x", algorithm=algorithm)
    assert not verify(given_ | {"more": "1"}, secret=SECRET, algorithm=algorithm)


@pytest.mark.parametrize(
    "signature", [None, "", "0", "7d43", "ü", "\udc80", "７d43241108912b32cc315b48ce681acf"]
)
def test_anything_may_be_sent_as_a_signature(signature: str | None) -> None:
    given_ = {"a": "alphabet", "b": "bananas", "timestamp": "2100"}
    assert not verify(given_ | ({} if signature is None else {"sig": signature}), secret=SECRET)


def test_an_empty_secret_signs_and_verifies_nothing() -> None:
    with pytest.raises(Mendable, match="signature secret is empty") as caught:
        sign({"a": "1"}, secret="")
    assert caught.value.field == "signature_secret"
    with pytest.raises(Mendable):
        verify({"a": "1", "sig": "0"}, secret="")


def test_errors_do_not_carry_the_secret() -> None:
    with pytest.raises(Mendable, match="surrogate pair in the signature secret") as caught:
        sign({"a": "1"}, secret="hush\ud800")
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__
    with pytest.raises(Mendable, match="surrogate pair in what is signed"):
        sign({"a": "\ud800"}, secret="hush")


SIGNED = {"api_key": "abcd", "text": "Fish & chips = 5 €", "ttl": "", "timestamp": "2100", "nonce": "n"}


@pytest.mark.parametrize(
    "mistaken, words",
    [
        pytest.param({k: v for k, v in SIGNED.items() if v}, "without a value", id="blank"),
        pytest.param(
            SIGNED | {"text": "Fish+%26+chips+%3D+5+%E2%82%AC"}, "percent-encoded before", id="encoded"
        ),
        pytest.param(SIGNED | {"text": "Fish+&+chips+=+5+€"}, "read as a space", id="plus"),
        pytest.param({k: v for k, v in SIGNED.items() if k != "nonce"}, "leaves out nonce", id="nonce"),
        pytest.param({k: v for k, v in SIGNED.items() if k != "timestamp"}, "out timestamp", id="timestamp"),
    ],
)
@pytest.mark.parametrize("algorithm", list(SignatureAlgorithm))
def test_a_usual_mistake_is_named(
    mistaken: dict[str, str], words: str, algorithm: SignatureAlgorithm
) -> None:
    given_ = SIGNED | {"sig": sign(mistaken, secret=SECRET, algorithm=algorithm)}
    assert not verify(given_, secret=SECRET, algorithm=algorithm)
    found = explain_mismatch(given_, secret=SECRET, algorithm=algorithm)
    assert found is not None
    assert words in found


@pytest.mark.parametrize(
    "text, words",
    [
        pytest.param("&text=Fish & chips = 5", "were not replaced", id="unreplaced"),
        pytest.param("text=Fish _ chips _ 5", "begins without &", id="no first ampersand"),
    ],
)
def test_a_text_that_was_put_together_wrongly_is_noticed(text: str, words: str) -> None:
    signature = hashlib.md5((text + SECRET).encode()).hexdigest()
    given_ = {"text": "Fish & chips = 5", "sig": signature}
    found = explain_mismatch(given_, secret=SECRET, algorithm=SignatureAlgorithm.MD5HASH)
    assert found is not None
    assert words in found


def test_values_that_were_never_decoded_are_noticed() -> None:
    encoded = {"text": "Fish+%26+chips", "sig": sign({"text": "Fish & chips"}, secret=SECRET)}
    found = explain_mismatch(encoded, secret=SECRET, algorithm=SignatureAlgorithm.MD5HASH)
    assert found == "The values given here are still percent-encoded."


def test_another_algorithm_is_named_and_another_secret_is_not_guessed() -> None:
    given_ = {"a": "1", "sig": sign({"a": "1"}, secret=SECRET, algorithm=SignatureAlgorithm.SHA256)}
    md5hash = SignatureAlgorithm.MD5HASH
    found = explain_mismatch(given_, secret=SECRET, algorithm=md5hash)
    assert found == "It would be right with the algorithm sha256."
    assert explain_mismatch(given_, secret="other", algorithm=md5hash) is None


@given(parameters, st.text(max_size=40), algorithms)
def test_the_search_for_a_mistake_takes_anything(
    signed: dict[str, str], signature: str, algorithm: SignatureAlgorithm
) -> None:
    given_ = signed | {"sig": signature}
    found = explain_mismatch(given_, secret=SECRET, algorithm=algorithm)
    assert found is None or found.endswith(".")
