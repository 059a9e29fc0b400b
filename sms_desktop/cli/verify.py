"""`smsctl verify`: whether a signature is right, and if not, which usual mistake it is.

Loaded by the group.
"""

from __future__ import annotations

import click

from sms_desktop.cli.output import print_json, print_text
from sms_desktop.cli.signed_parameters import read_parameters, signature_options, signature_secret
from sms_desktop.gateway import signing
from sms_desktop.messages.signatures import SignatureAlgorithm


@click.command("verify")
@signature_options
@click.pass_context
def verify(
    context: click.Context, parameters: tuple[str, ...], *, algorithm: str, profile_name: str, as_json: bool
) -> None:
    """Check the signature of a webhook or request: all its parameters, sig=HEX among them.

    Values are as they were before percent-encoding. If the signature is not right, usual mistakes are tried,
    and the one that explains it is named. The age of the time stamp is not looked at. The exit status is 1
    when the signature is not right.

    The secret is the account's signature secret, which is not the API secret. It comes from
    SMSCTL_SIGNATURE_SECRET, or from the keyring entry of the profile.

    \b
    Example:
      smsctl verify --algorithm sha256 msisdn=447700900001 text=Hello timestamp=1385047698 sig=DDB8397C...
    """  # noqa: D301 - click's own mark for lines to keep
    given = read_parameters(parameters)
    if signing.SIGNATURE not in given:
        raise click.UsageError("Give the signature as sig=HEX.")
    secret = signature_secret(profile_name)
    chosen = SignatureAlgorithm(algorithm)
    valid = signing.verify(given, secret=secret, algorithm=chosen)
    hint = None if valid else signing.explain_mismatch(given, secret=secret, algorithm=chosen)
    if as_json:
        print_json({"valid": valid, "hint": hint})
    elif valid:
        print_text("The signature is right.")
    else:
        print_text(
            f"The signature is not right. {hint or 'No usual mistake explains it: is the secret right?'}"
        )
    context.exit(0 if valid else 1)
