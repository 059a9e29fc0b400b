"""`smsctl balance`, `numbers`, `pricing`: what an account has and what it costs. Loaded by the group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from sms_desktop.cli.console import profile_named, secrets_for
from sms_desktop.cli.output import print_json, print_text
from sms_desktop.gateway.account_calls import CURRENCY, Access
from sms_desktop.gateway.request import mask_callback
from sms_desktop.messages.errors import Mendable
from sms_desktop.services import connection
from sms_desktop.settings.paths import places

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _profile_options(function: _Function) -> _Function:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
        click.option("--profile", "profile_name", required=True, metavar="NAME", help="Whose account."),
    ):
        function = option(function)
    return function


@click.command()
@_profile_options
def balance(profile_name: str, as_json: bool) -> None:
    """Show what is left on an account."""
    with _reached(profile_name) as reach:
        found = connection.balance(reach)
    if as_json:
        print_json(
            {
                "profile": profile_name,
                "balance": found.text,
                "currency": CURRENCY,
                "auto_reload": found.auto_reload,
            }
        )
    else:
        print_text(f"{found.text} {CURRENCY}")


@click.command()
@_profile_options
def numbers(profile_name: str, as_json: bool) -> None:
    """List the account's own numbers, and where messages to them go."""
    with _reached(profile_name) as reach:
        found = connection.numbers(reach)
    if as_json:
        print_json(
            {
                "profile": profile_name,
                "numbers": [
                    {
                        "number": number.msisdn,
                        "country": number.country,
                        "type": number.type,
                        "features": list(number.features),
                        "inbound_url": number.inbound_url and mask_callback(number.inbound_url),
                    }
                    for number in found
                ],
            }
        )
        return
    if not found:
        print_text("This account has no numbers.")
    for number in found:
        where = mask_callback(number.inbound_url) if number.inbound_url else "the account's address"
        print_text(
            f"{number.msisdn}  {number.country}  {', '.join(number.features) or '-'}  replies to {where}"
        )


@click.command()
@click.argument("country", metavar="COUNTRY")
@_profile_options
def pricing(country: str, profile_name: str, as_json: bool) -> None:
    """Show what a message to COUNTRY (two letters, as NL) costs."""
    with _reached(profile_name) as reach:
        found = connection.pricing(reach, country.upper())
    if as_json:
        print_json(
            {
                "profile": profile_name,
                "country": found.country,
                "price": None if found.price is None else str(found.price),
                "currency": found.currency,
                "networks": [
                    {
                        "network": network.code,
                        "name": network.name,
                        "price": None if network.price is None else str(network.price),
                    }
                    for network in found.networks
                ],
            }
        )
        return
    print_text(f"{found.country}  {'-' if found.price is None else found.price} {found.currency} a part")
    for network in found.networks:
        print_text(f"  {network.code}  {network.name}  {'-' if network.price is None else network.price}")


@contextmanager
def _reached(profile_name: str) -> Iterator[Access]:
    profile = profile_named(profile_name, places())
    if profile.is_sandbox:
        raise Mendable(
            "The built-in sandbox has no account to ask.", field="profile", hint="Name a profile of yours."
        )
    reach = connection.access(profile, secrets_for(profile))
    try:
        yield reach
    finally:
        reach.client.close()
