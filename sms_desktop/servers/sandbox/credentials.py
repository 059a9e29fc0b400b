"""Who asks: key and secret, a signature, an access token. Asked by judging and the account's calls."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping

from sms_desktop.gateway.signing import SIGNATURE, verify
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.servers.sandbox.account import Account
from sms_desktop.servers.sandbox.verdicts import Refusal, missing, refusal

TOKEN_SECONDS = 3599
"""The `expires_in` of KPN's token reply."""
_SIGNATURE_SECONDS = 300
"""How old or early a signature's time stamp may be: what the gateway's guide to signing allows."""
_MOST_TOKENS = 1000
_UNSAFE = str.maketrans("&=", "__")
_VONAGE_OPTIONS = (
    *("client-ref", "type", "ttl", "status-report-req", "callback", "message-class", "body", "udh"),
    *("protocol-id", "account-ref", "entity-id", "content-id", "trusted-number"),
)


def refused(parameters: Mapping[str, str], authorization: str | None, account: Account) -> Refusal | None:
    """Why a message's credentials are refused, or None. They are key and secret, or a signature."""
    if SIGNATURE in parameters:
        return _refused_signature(parameters, authorization, account)
    if authorization is not None:
        pair = basic(authorization)
        given_too = parameters.get("api_key", account.api_key), parameters.get("api_secret")
        if pair is None or not account.knows(*pair):
            return refusal("4")
        if not account.knows(given_too[0], given_too[1] or account.api_secret):
            return refusal("4")
        return None
    for name in ("api_key", "api_secret"):
        if not parameters.get(name):
            return missing(name)
    return None if account.knows(parameters["api_key"], parameters["api_secret"]) else refusal("4")


def _refused_signature(
    parameters: Mapping[str, str], authorization: str | None, account: Account
) -> Refusal | None:
    # SMS API 1.5.0, `sig`: no Authorization header with it; status 32: no api_secret with it.
    if "api_secret" in parameters or authorization is not None:
        return refusal("32")
    for name in ("api_key", "timestamp"):
        if not parameters.get(name):
            return missing(name)
    if not account.knows(parameters["api_key"], account.api_secret):
        return refusal("4")
    stamp = parameters["timestamp"]
    fresh = (
        stamp.isascii()
        and stamp.isdigit()
        and len(stamp) < 12
        and abs(time.time() - int(stamp)) <= _SIGNATURE_SECONDS
    )
    if not fresh or not account.signature_secret:
        return refusal("14")
    algorithms = [account.signature_algorithm] if account.signature_algorithm else list(SignatureAlgorithm)
    right = any(
        verify(parameters, secret=account.signature_secret, algorithm=algorithm)
        or _signed_by_vonage(parameters, account.signature_secret, algorithm)
        for algorithm in algorithms
    )
    return None if right else refusal("14")


def _signed_by_vonage(parameters: Mapping[str, str], secret: str, algorithm: SignatureAlgorithm) -> bool:
    """Whether the signature is the official Python library's (vonage 4.9.1).

    It signs every option that it does not send as `None`, among them `sig` itself. Whether the gateway takes
    that is not documented; only who has the secret can make one, so the sandbox does.
    """
    if algorithm is SignatureAlgorithm.MD5HASH:  # which that library can't do
        return False
    signed = dict.fromkeys(_VONAGE_OPTIONS, "None") | dict(parameters) | {SIGNATURE: "None"}
    text = "".join(f"&{name}={signed[name].translate(_UNSAFE)}" for name in sorted(signed))
    right = hmac.digest(secret.encode(), text.encode("utf-8", "replace"), algorithm.value).hex()
    return hmac.compare_digest(parameters[SIGNATURE].lower().encode("utf-8", "replace"), right.encode())


def basic(authorization: str) -> tuple[str, str] | None:
    """User and password of a Basic header (RFC 7617), or None for another or an unreadable one."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon else None


class AccessTokens:
    """The access tokens that were given out, each for an hour (RFC 6749 4.4)."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def give(self) -> str:
        """A new one."""
        token = secrets.token_urlsafe(21)
        self._until[token] = time.monotonic() + TOKEN_SECONDS
        while len(self._until) > _MOST_TOKENS:
            self._until.popitem(last=False)
        return token

    def admit(self, authorization: str | None) -> bool:
        """Whether an Authorization header holds one that is still good."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self._until.get(token.strip(), 0.0) > time.monotonic()

    def revoke(self) -> None:
        """End all of them."""
        self._until.clear()
