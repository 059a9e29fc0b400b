"""Whether a webhook was signed by who holds the secret. Called by ingest; the logs keep the rules.

The gateway's guide to signing messages: `sig` signs every other parameter; the algorithm is the account's.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from sms_desktop.gateway.signing import SIGNATURE, verify
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm

FLAGGED_AGE_SECONDS = 5 * 60
"""An older signature is flagged: the gateway's samples allow so much, but it may not sign retries anew."""
REFUSED_AGE_SECONDS = 96 * 3600
"""An older signature is none: receipts are retried for 72 hours, inbound messages for 24."""
MOST_SECRETS = 2
DEFAULT_ALGORITHMS = (SignatureAlgorithm.SHA256, SignatureAlgorithm.SHA512)

_SECRET_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LONGEST_SECRET = 4096
_READ_AGAIN_SECONDS = 1.0


class SignatureMode(StrEnum):
    """What an ingest token does with signatures: nothing, tell, or refuse what is not signed."""

    OFF = "off"
    PREFER = "prefer"
    REQUIRE = "require"


class Verdict(StrEnum):
    """What was found; stands in every event as `signature`."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"
    UNCONFIGURED = "unconfigured"


class SigningRule(msgspec.Struct, frozen=True):
    """How webhooks to one ingest token are signed.

    `secrets` are names of at most two secrets, the present one and one that comes or goes; never secrets
    themselves. An algorithm that is not among `algorithms` is as good as no signature.
    """

    mode: SignatureMode = SignatureMode.OFF
    algorithms: tuple[SignatureAlgorithm, ...] = DEFAULT_ALGORITHMS
    secrets: tuple[str, ...] = ()


NO_SIGNATURES = SigningRule()
_decoder = msgspec.json.Decoder(SigningRule)


def encode_rule(rule: SigningRule) -> str:
    """A rule as a log keeps it."""
    return msgspec.json.encode(rule).decode()


def decode_rule(text: str) -> SigningRule:
    """What `encode_rule` wrote; the empty text is a rule of before there were any."""
    return _decoder.decode(text) if text else NO_SIGNATURES


def signing_rule(*, mode: str, algorithms: Sequence[str], secrets: Sequence[str]) -> SigningRule:
    """A rule from what a person gave. Raises Mendable."""
    for name in secrets:
        if not _SECRET_NAME.fullmatch(name):
            # It is not repeated: who misreads the option gives the secret itself.
            raise Mendable(
                "secret: expected the name of a secret, in small letters, digits, dots, hyphens and "
                "underscores. The secret itself is never given as an argument.",
                field="secret",
            )
    if len(secrets) > MOST_SECRETS:
        raise Mendable("secret: name two secrets at most, the present one and its successor.", field="secret")
    rule = SigningRule(
        SignatureMode(mode),
        tuple(SignatureAlgorithm(name) for name in dict.fromkeys(algorithms)) or DEFAULT_ALGORITHMS,
        tuple(dict.fromkeys(secrets)),
    )
    if rule.mode is not SignatureMode.OFF and not rule.secrets:
        raise Mendable("secret: name the secret that signatures are checked with.", field="secret")
    return rule


class SecretsMissing(Exception):
    """A rule names a secret that this relay was not given."""


class SecretShelf:
    """The signature secrets by name: a file of that name in a folder, or an environment variable.

    For the name `acme` the file `acme`, then `SMSCTL_RELAY_SECRET_ACME` (hyphens and dots as underscores). A
    file is read again every second, so that a secret is exchanged without a restart.
    """

    def __init__(self, folder: Path | None, environment: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = os.environ if environment is None else environment
        self._read: dict[str, tuple[float, str | None]] = {}

    def of(self, rule: SigningRule) -> list[str]:
        """The secrets that a rule names; those that are not there are left out. Never raises."""
        found = [self._one(name) for name in rule.secrets]
        return [secret for secret in found if secret]

    def _one(self, name: str) -> str | None:
        now = time.monotonic()
        known = self._read.get(name)
        if known is None or now - known[0] > _READ_AGAIN_SECONDS:
            known = self._read[name] = (now, self._look_up(name))
        return known[1]

    def _look_up(self, name: str) -> str | None:
        if self._folder is not None and _SECRET_NAME.fullmatch(name):
            try:
                with (self._folder / name).open(encoding="utf-8") as file:
                    return file.read(_LONGEST_SECRET).strip("\r\n")
            except (OSError, UnicodeDecodeError):
                pass  # The environment may have it.
        variable = "SMSCTL_RELAY_SECRET_" + re.sub("[.-]", "_", name).upper()
        return self._environment.get(variable)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and flags: `old` (more than five minutes), `expired` (more than 96 hours), `undated`."""

    verdict: Verdict
    flags: tuple[str, ...] = ()


def judge(
    parameters: Mapping[str, str], rule: SigningRule, secrets: Sequence[str], *, now: float
) -> Judgement:
    """Judge the parameters as they are stored, by a rule and its secrets; `now` in seconds since 1970 UTC.

    Pure. Raises SecretsMissing when the rule requires a signature and there is no secret to check it with.
    """
    if rule.mode is SignatureMode.OFF:
        return Judgement(Verdict.UNCONFIGURED)
    if not secrets:
        if rule.mode is SignatureMode.REQUIRE:
            raise SecretsMissing
        return Judgement(Verdict.UNCONFIGURED)
    if not parameters.get(SIGNATURE):
        return Judgement(Verdict.ABSENT)
    if any("&" in name or "=" in name for name in parameters):
        # Names are signed as they are: one of `a=1&b` would stand for two.
        return Judgement(Verdict.INVALID)
    # All are tried whatever the first one gave: how long it takes says nothing about which one it was.
    right = [
        verify(parameters, secret=secret, algorithm=algorithm)
        for secret in secrets
        for algorithm in rule.algorithms
    ]
    if not any(right):
        return Judgement(Verdict.INVALID)
    stamp = parameters.get("timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", stamp, re.ASCII):
        return Judgement(Verdict.VALID, ("undated",))
    age = abs(now - int(stamp))
    if age > REFUSED_AGE_SECONDS:
        return Judgement(Verdict.INVALID, ("expired",))
    return Judgement(Verdict.VALID, ("old",) if age > FLAGGED_AGE_SECONDS else ())
