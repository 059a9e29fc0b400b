"""`smsctl profiles`: accounts by name, with their secrets in the keyring. Loaded by the group."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from sms_desktop.cli.output import print_json, print_text, say
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import JSON_TYPES, Authentication, ReceiptsBy, RequestFormat
from sms_desktop.services.accounts import WORDS
from sms_desktop.settings import profiles as kept
from sms_desktop.settings.paths import places
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringSecrets, KeyringUnavailable, SecretName

_Function = TypeVar("_Function", bound=Callable[..., Any])
_FIELDS = tuple(field.name for field in fields(Profile))


def _choice(words: Iterable[str]) -> click.Choice[str]:
    return click.Choice([str(word) for word in words])


def _field_options(function: _Function) -> _Function:
    """One option for each field of a profile but its id."""
    for option in reversed(
        (
            click.option("--name", metavar="TEXT", help="What people call it."),
            click.option("--provider", type=_choice(Provider), help="Whose gateway it is."),
            click.option("--api-key", metavar="KEY", help="The account's key; KPN has none."),
            click.option(
                "--sender", metavar="SENDER", help="The usual sender: a number, or letters and digits."
            ),
            click.option("--gateway-url", metavar="URL", help="Another address than the provider's own."),
            click.option("--relay-url", metavar="URL", help="The relay that keeps this account's webhooks."),
            click.option("--stream", metavar="NAME", help="The stream at the relay; main if not given."),
            click.option("--colour", metavar="NAME", help="The profile's colour in the window."),
            click.option(
                "--authentication", type=_choice(Authentication), help="How requests prove whose they are."
            ),
            click.option("--algorithm", type=_choice(SignatureAlgorithm), help="How requests are signed."),
            click.option("--wire", "format", type=_choice(RequestFormat), help="How requests are written."),
            click.option("--json-type", type=_choice(JSON_TYPES), help="What a JSON body is called."),
            click.option("--receipts", type=_choice(ReceiptsBy), help="Who tells where receipts go."),
            click.option("--client-id", metavar="ID", help="KPN: the application's id."),
            click.option("--test-application/--production", default=None, help="KPN: which kind it is."),
            click.option("--phone", metavar="NUMBER", help="KPN: the phone of a test application."),
            click.option("--inbound/--no-inbound", default=None, help="KPN: send the header inbound: yes."),
            click.option("--proxy", metavar="URL", help="An HTTP proxy on the way to gateway and relay."),
            click.option(
                "--ca-file", metavar="PATH", help="Certificate authorities (PEM) instead of the usual."
            ),
        )
    ):
        function = option(function)
    return function


@click.group()
def profiles() -> None:
    """Accounts by name: which gateway, which relay, how requests are proven and written.

    Secrets are kept in the keyring, never in a file. They are asked for, or taken from SMSCTL_API_SECRET,
    SMSCTL_SIGNATURE_SECRET, SMSCTL_CLIENT_SECRET, SMSCTL_RELAY_TOKEN and SMSCTL_INGEST_TOKEN; they are never
    arguments.
    """


@profiles.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_profiles(as_json: bool) -> None:
    """List the profiles."""
    found = kept.load(places().profiles)
    if as_json:
        print_json({"profiles": [{name: getattr(profile, name) for name in _FIELDS} for profile in found]})
        return
    for profile in found:
        print_text(f"{profile.id:<16}{profile.provider:<10}{profile.name}  from {profile.sender}")


@profiles.command()
@click.argument("profile_id", metavar="ID")
@_field_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def add(profile_id: str, as_json: bool, **given: Any) -> None:
    """Add a profile. `smsctl profiles secret ID NAME` keeps its secrets."""
    file = places().profiles
    known = kept.load(file)
    if any(profile.id == profile_id for profile in known):
        raise Mendable(f"id: there is a profile {profile_id} already.", field="id")
    values = {"name": profile_id, **_given(given), "id": profile_id}
    _save(file, (*known, kept.made(values)), profile_id, as_json)


@profiles.command("set")
@click.argument("profile_id", metavar="ID")
@_field_options
@click.option("--clear", multiple=True, type=_choice(_FIELDS), help="Give a field its usual value again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def set_fields(profile_id: str, clear: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Change fields of a profile."""
    file = places().profiles
    known = kept.load(file)
    old = _own(kept.find(known, profile_id))
    values = {**kept.fields_of(old), **_given(given)}
    for name in clear:
        values.pop(name, None)
    changed = kept.made(values)
    _save(file, [changed if profile is old else profile for profile in known], profile_id, as_json)


@profiles.command()
@click.argument("profile_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def remove(profile_id: str, as_json: bool) -> None:
    """Remove a profile and its secrets; its messages stay in the store."""
    file = places().profiles
    known = kept.load(file)
    old = _own(kept.find(known, profile_id))
    keyring = KeyringSecrets()
    left = []
    for name in SecretName:
        try:
            keyring.remove(old.id, name)
        except KeyringUnavailable as error:
            left.append(error.message)
            break
    if left:
        say(f"smsctl: {left[0]} Secrets of {old.id} may still be in it.")
    _save(file, [profile for profile in known if profile is not old], profile_id, as_json)


@profiles.command()
@click.argument("profile_id", metavar="ID")
@click.argument("secret_name", metavar="NAME", type=_choice(SecretName))
@click.option("--clear", is_flag=True, help="Keep it no longer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def secret(profile_id: str, secret_name: str, clear: bool, as_json: bool) -> None:
    """Keep a secret in the keyring.

    NAME is api_secret, signature_secret, client_secret, relay_token or ingest_token. The secret is taken from
    the environment (SMSCTL_API_SECRET and the like), else asked for on a terminal, else read as one line from
    standard input.
    """
    old = _own(kept.find(kept.load(places().profiles), profile_id))
    name = SecretName(secret_name)
    if clear:
        KeyringSecrets().remove(old.id, name)
    else:
        KeyringSecrets().set(old.id, name, _asked(name))
    if as_json:
        print_json({"profile": old.id, "secret": name, "kept": not clear})
    else:
        print_text(f"The {WORDS[name]} of {old.id} is {'gone from' if clear else 'in'} the keyring.")


def _asked(name: SecretName) -> str:
    value = os.environ.get(f"SMSCTL_{name.upper()}")
    if not value:
        if sys.stdin.isatty():
            value = str(click.prompt(f"{WORDS[name]}", hide_input=True, err=True))
        else:
            value = sys.stdin.readline(10_000).rstrip("\r\n")
    if not value or not value.isprintable():
        raise Mendable(f"{name}: it is empty, or holds what can't be printed.", field=name)
    return value


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _own(profile: Profile) -> Profile:
    if profile.is_sandbox:
        raise Mendable("The built-in sandbox can't be changed.", field="id")
    return profile


def _save(file: Path, known: Iterable[Profile], profile_id: str, as_json: bool) -> None:
    kept.save(file, known)
    found = next((profile for profile in kept.load(file) if profile.id == profile_id), None)
    if as_json:
        shown = None if found is None else {name: getattr(found, name) for name in _FIELDS}
        print_json({"profile": shown})
    else:
        print_text(f"{profile_id} is {'removed' if found is None else 'kept'}.")
