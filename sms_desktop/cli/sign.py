"""`smsctl sign`: the signature of parameters, and the text that it covers. Loaded by the group."""

from __future__ import annotations

import re
import time

import click

from sms_desktop.cli.output import print_json, print_text, say
from sms_desktop.cli.signed_parameters import read_parameters, signature_options, signature_secret
from sms_desktop.cli.words import visible
from sms_desktop.gateway import signing
from sms_desktop.messages.signatures import SignatureAlgorithm


@click.command("sign")
@signature_options
@click.option(
    "--timestamp",
    metavar="now|SECONDS",
    help="Add the parameter timestamp: this moment, or seconds since 1970 UTC.",
)
def sign(
    parameters: tuple[str, ...], *, algorithm: str, profile_name: str, timestamp: str | None, as_json: bool
) -> None:
    """Sign parameters as the gateway does, and show the text that is signed.

    What is signed is exactly what is given: a request also needs its timestamp. The text is in the order of
    the names, with _ for & and = in values, and is not percent-encoded. With md5hash the secret comes behind
    it; that is never printed.

    The secret is the account's signature secret, which is not the API secret. It comes from
    SMSCTL_SIGNATURE_SECRET, or from the keyring entry of the profile.

    \b
    Examples:
      smsctl sign api_key=abcd1234 to=447700900000 text='Fish & chips' --timestamp now
      smsctl sign --algorithm sha256 --profile helpdesk a=1 b=2 --json
    """  # noqa: D301 - click's own mark for lines to keep
    given = read_parameters(parameters)
    if given.pop(signing.SIGNATURE, None) is not None:
        say("smsctl: sig is left out: it is not signed.")
    if timestamp is not None:
        if "timestamp" in given:
            raise click.UsageError("--timestamp adds the parameter timestamp, which is given already.")
        given["timestamp"] = _seconds(timestamp)
    text = signing.string_to_sign(given)
    signature = signing.sign(
        given, secret=signature_secret(profile_name), algorithm=SignatureAlgorithm(algorithm)
    )
    if as_json:
        print_json({"string_to_sign": text, "sig": signature})
    else:
        print_text(f"string to sign  {visible(text)}\nsig             {signature}")


def _seconds(timestamp: str) -> str:
    if timestamp == "now":
        return str(int(time.time()))
    if re.fullmatch("[0-9]{1,12}", timestamp) is None:
        raise click.UsageError("--timestamp is now, or seconds since 1970 UTC.")
    return timestamp
