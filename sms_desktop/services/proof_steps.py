"""The steps of proving a profile, and what each found. Made by proof, shown by cli and ui."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sms_desktop.messages.errors import SmsDesktopError


class ProofStep(StrEnum):
    """What is proven, in this order."""

    KEYRING = "keyring"
    CREDENTIALS = "credentials"
    BALANCE = "balance"
    RELAY = "relay"
    CALLBACK = "callback"
    LOOP = "loop"


class ProofStatus(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    """Not tried: its ground is missing, or this provider has nothing to try."""


class Cure(StrEnum):
    """What may be done at once about a failed step."""

    TRY_AGAIN = "try_again"
    FIELD = "field"
    """Mend the setting that `Proof.field` names."""
    IN_MEMORY = "in_memory"
    """Keep the secrets in memory until this program ends."""
    INSTALL_KEYRING = "install_keyring"
    CONNECT = "connect"
    """Have the gateway lead this account to its relay."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One step: what was found, in a sentence without secrets, and what to do about it.

    `value` is what was measured beside the time, in a few words (`14.25 EUR`, the name of the keyring);
    `milliseconds` is what the step took, None for one that was not tried. `cures` are for a failed step, the
    likeliest first, and `field` is the setting at fault, where one is known.
    """

    step: ProofStep
    status: ProofStatus
    detail: str
    advice: str | None = None
    value: str | None = None
    milliseconds: int | None = None
    cures: tuple[Cure, ...] = ()
    field: str | None = None


class Watch:
    """Measures steps one after another."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def lap(self) -> int:
        """Milliseconds since the last step ended."""
        now = time.monotonic()
        took, self._began = now - self._began, now
        return round(took * 1000)

    def passed(self, step: ProofStep, detail: str, value: str | None = None) -> Proof:
        """A step that went well."""
        return Proof(step, ProofStatus.PASSED, detail, value=value, milliseconds=self.lap())

    def failed(self, step: ProofStep, error: SmsDesktopError, advice: str, *cures: Cure) -> Proof:
        """A step that did not; the error's own hint comes before `advice`."""
        return Proof(
            step,
            ProofStatus.FAILED,
            error.message,
            error.hint or advice,
            milliseconds=self.lap(),
            cures=cures,
            field=error.field,
        )


def untried(step: ProofStep, why: str) -> Proof:
    """A step that was not tried."""
    return Proof(step, ProofStatus.UNAVAILABLE, why)


def all_untried(why: str, *, after: ProofStep) -> Iterator[Proof]:
    """The steps behind `after`, none of them tried."""
    steps = list(ProofStep)
    return (untried(step, why) for step in steps[steps.index(after) + 1 :])
