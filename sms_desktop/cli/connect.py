"""`smsctl connect`: lead an account's replies and receipts to its relay, and prove that they arrive."""

from __future__ import annotations

from dataclasses import asdict

import click

from sms_desktop.cli.console import profile_named, secrets_for
from sms_desktop.cli.output import print_json, print_text
from sms_desktop.services.connection import Change, Changed
from sms_desktop.services.connection import connect as connect_account
from sms_desktop.services.proof import prove
from sms_desktop.services.proof_steps import Proof, ProofStatus
from sms_desktop.settings.paths import places

_MARKS = {ProofStatus.PASSED: "ok", ProofStatus.FAILED: "FAILED", ProofStatus.UNAVAILABLE: "-"}


@click.command()
@click.option("--profile", "profile_name", required=True, metavar="NAME", help="Whose account.")
@click.option(
    "--number", "only", multiple=True, metavar="NUMBER", help="Change this number only; may be repeated."
)
@click.option(
    "--replace", is_flag=True, help="Change what leads elsewhere, too: whoever listens there, hears no more."
)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; prove each step.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def connect(profile_name: str, only: tuple[str, ...], replace: bool, only_check: bool, as_json: bool) -> int:
    """Connect an account to the profile's relay, then prove each step, from the keyring to the loop.

    What changes depends on the provider: the account's settings and its numbers (Vonage), the registration of
    the profile's phone (a test application of KPN), or each number (a production one). No message is sent.
    """
    profile = profile_named(profile_name, places())
    secrets = secrets_for(profile)
    changes: tuple[Change, ...] = ()
    if not only_check:
        changes = connect_account(profile, secrets, only=only or None, replace=replace)
    for change in changes:
        if not as_json:
            print_text(_changed(change))
    proofs = []
    for proof in prove(profile, secrets):
        proofs.append(proof)
        if not as_json:
            print_text(_proven(proof))
    if as_json:
        print_json(
            {
                "profile": profile.id,
                "changes": [asdict(change) for change in changes],
                "steps": [asdict(proof) for proof in proofs],
            }
        )
    return 1 if any(proof.status is ProofStatus.FAILED for proof in proofs) else 0


def _changed(change: Change) -> str:
    was = f" (before: {change.before})" if change.before and change.before != change.address else ""
    match change.what:
        case Changed.RECEIPTS:
            return f"Receipts of the account go to {change.address}{was}"
        case Changed.REPLIES:
            return f"Replies of the account go to {change.address}{was}"
        case Changed.NUMBER:
            return f"Replies to {change.subject} go to {change.address}{was}"
        case Changed.REGISTRATION:
            return f"What {change.subject} answers goes to {change.address}{was}"


def _proven(proof: Proof) -> str:
    line = f"{proof.step:<12}{_MARKS[proof.status]:<8}{proof.detail}"
    return f"{line}\n{'':<20}{proof.advice}" if proof.advice else line
