"""The signature of a request or webhook: made and checked. Pure; called by smsctl, requests and the relay.

As the gateway's guide to signing messages says: the parameters in the order of their names, as
`&name=value&name=value`, with `_` for each `&` and `=` in a value, in UTF-8 and not percent-encoded. The
signature secret is another one than the API secret, and no part of the text that is shown.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import quote_plus, unquote_plus

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm

SIGNATURE = "sig"
"""The parameter that carries the signature, and is not signed."""

_UNSAFE = str.maketrans("&=", "__")


def string_to_sign(parameters: Mapping[str, str]) -> str:
    """What is signed, without the secret: every parameter but `sig`, blank ones too.

    Parameters are ordered by the code points of their names.
    """
    return _text({name: value.translate(_UNSAFE) for name, value in parameters.items()})


def sign(
    parameters: Mapping[str, str], *, secret: str, algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH
) -> str:
    """The signature in lower-case hexadecimal digits.

    Nothing is added: a request needs its `timestamp` among the parameters. Raises Mendable for an empty
    secret and for half a surrogate pair, which UTF-8 can't carry.
    """
    return _digest(string_to_sign(parameters), secret, algorithm)


def verify(
    parameters: Mapping[str, str], *, secret: str, algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH
) -> bool:
    """Whether `parameters["sig"]` signs the others; in capitals or not, compared in constant time.

    False without `sig`. The age of `timestamp` is not looked at. Raises as `sign`.
    """
    return _equal(parameters.get(SIGNATURE, ""), sign(parameters, secret=secret, algorithm=algorithm))


def explain_mismatch(
    parameters: Mapping[str, str], *, secret: str, algorithm: SignatureAlgorithm
) -> str | None:
    """Which usual mistake would make `parameters["sig"]` right, as a sentence; None when none would.

    For people who look for the reason why `verify` said False. Raises as `sign`.
    """
    given = parameters.get(SIGNATURE, "")
    for other in SignatureAlgorithm:
        if other is not algorithm and _equal(given, sign(parameters, secret=secret, algorithm=other)):
            return f"It would be right with the algorithm {other}."
    for text, mistake in _mistakes(parameters):
        if _equal(given, _digest(text, secret, algorithm)):
            return mistake
    return None


def _mistakes(parameters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is signed by who makes a usual mistake, and the mistake."""
    signed = {name: value for name, value in parameters.items() if name != SIGNATURE}

    def text(change: Mapping[str, str]) -> str:
        return _text({name: value.translate(_UNSAFE) for name, value in change.items()})

    yield (
        text({name: value for name, value in signed.items() if value}),
        "It leaves out the parameters without a value.",
    )
    yield (
        text({name: quote_plus(value) for name, value in signed.items()}),
        "Its values were percent-encoded before they were signed.",
    )
    yield (
        text({name: unquote_plus(value) for name, value in signed.items()}),
        "The values given here are still percent-encoded.",
    )
    yield (
        text({name: value.replace(" ", "+") for name, value in signed.items()}),
        "A + was read as a space on the way here.",
    )
    yield _text(signed), "The characters & and = in its values were not replaced by _."
    yield string_to_sign(signed).removeprefix("&"), "Its text begins without &."
    for name in ("timestamp", "nonce"):
        if name in signed:
            yield (
                string_to_sign({other: value for other, value in signed.items() if other != name}),
                f"It leaves out {name}.",
            )


def _text(values: Mapping[str, str]) -> str:
    return "".join(f"&{name}={values[name]}" for name in sorted(values) if name != SIGNATURE)


def _digest(text: str, secret: str, algorithm: SignatureAlgorithm) -> str:
    if not secret:
        raise Mendable("The signature secret is empty.", field="signature_secret")
    data = _utf8(text, "what is signed")
    key = _utf8(secret, "the signature secret")
    if algorithm is SignatureAlgorithm.MD5HASH:
        return hashlib.md5(data + key, usedforsecurity=False).hexdigest()  # the account decides
    return hmac.digest(key, data, algorithm.value).hex()


def _utf8(text: str, name: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # The text may be a secret, or hold one: the error must not carry it.
        raise Mendable(f"There is half a surrogate pair in {name}, which UTF-8 can't carry.") from None


def _equal(given: str, right: str) -> bool:
    # compare_digest wants ASCII in texts, and anybody may send anything.
    return hmac.compare_digest(given.lower().encode("utf-8", "replace"), right.encode())
