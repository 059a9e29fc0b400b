"""What `smsctl sign` and `smsctl verify` are given: parameters and a secret. Used by these two."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from sms_desktop.cli.output import read_text_argument
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.settings import profiles
from sms_desktop.settings.paths import places
from sms_desktop.settings.secrets import EnvironmentSecrets, KeyringSecrets, MemorySecrets, SecretName

_Function = TypeVar("_Function", bound=Callable[..., Any])


def signature_options(function: _Function) -> _Function:
    """The arguments and options that both commands have."""
    for option in (
        click.argument("parameters", nargs=-1, required=True, metavar="NAME=VALUE..."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
        click.option(
            "--profile",
            "profile_name",
            default="sandbox",
            show_default=True,
            metavar="NAME",
            help="Whose signature secret, where the environment has none.",
        ),
        click.option(
            "--algorithm",
            type=click.Choice([algorithm.value for algorithm in SignatureAlgorithm]),
            default=SignatureAlgorithm.MD5HASH.value,
            show_default=True,
            help="md5hash is MD5 with the secret behind the text; the others are HMACs.",
        ),
    ):
        function = option(function)
    return function


def read_parameters(arguments: Sequence[str]) -> dict[str, str]:
    """The parameters of `NAME=VALUE` arguments, as they are: nothing is percent-decoded.

    Raises UsageError for one without `=` or without a name, Mendable for a name that comes twice.
    """
    found: dict[str, str] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not (name and equals):
            raise click.UsageError(f"{argument!r} is not of the form NAME=VALUE.")
        name, value = (_text(part, name) for part in (name, value))
        if name in found:
            raise Mendable(f"{name}: it is given twice. A signature covers each parameter once.", field=name)
        found[name] = value
    return found


def signature_secret(profile_name: str) -> str:
    """The signature secret, from SMSCTL_SIGNATURE_SECRET or of the profile.

    Raises Mendable when there is none, KeyringUnavailable.
    """
    profile = profiles.find(profiles.load(places().profiles), profile_name)
    otherwise = MemorySecrets() if profile.is_sandbox else KeyringSecrets()
    secret = EnvironmentSecrets(os.environ, otherwise=otherwise).get(profile.id, SecretName.SIGNATURE_SECRET)
    if secret is None:
        raise Mendable(
            f"signature_secret: none is kept for the profile {profile.id}.",
            field="signature_secret",
            hint="Name another profile with --profile, or give the secret in SMSCTL_SIGNATURE_SECRET. "
            "It is not the API secret.",
        )
    return secret


def _text(argument: str, name: str) -> str:
    # A lone dash is a value here; standard input is not read.
    return argument if argument == "-" else read_text_argument(argument, field=name)
