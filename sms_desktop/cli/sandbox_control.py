"""`smsctl sandbox` on a sandbox that runs: write as a phone, settle messages, watch. Part of sandbox."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sms_desktop.cli.output import print_json, print_text, read_text_argument
from sms_desktop.messages.errors import Mendable

if TYPE_CHECKING:  # imported when a command runs
    from sms_desktop.gateway.sandbox_control import SandboxControl, SandboxState

TOKEN_VARIABLE = "SMSCTL_SANDBOX_TOKEN"  # noqa: S105 -- a name
_FOLLOW_SECONDS = 20.0

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _placed(function: _Function) -> _Function:
    """The options that say which sandbox is meant, and how to print."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON document."),
        click.option(
            "--certificate",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The certificate of a sandbox with --tls.",
        ),
        click.option("--url", metavar="URL", help=f"The sandbox there; its token is {TOKEN_VARIABLE}."),
        click.option(
            "--data",
            type=click.Path(file_okay=False, path_type=Path),
            help="The sandbox that runs with this folder.",
        ),
        click.option("--profile", default="sandbox", show_default=True, help="The app's sandbox profile."),
    ):
        function = option(function)
    return function


def _control(profile: str, data: Path | None, url: str | None, certificate: Path | None) -> SandboxControl:
    from sms_desktop.gateway.sandbox_control import SOCKET, SandboxControl

    if url is not None:
        token = os.environ.get(TOKEN_VARIABLE, "")
        if not token:
            raise Mendable(f"Set {TOKEN_VARIABLE} to the sandbox's control token.", field="token")
        return SandboxControl(url=url, token=token, ca_file=certificate)
    if data is None:
        from sms_desktop.cli.console import profile_named
        from sms_desktop.settings.paths import places

        where = places()
        data = where.profile(profile_named(profile, where).id)
    return SandboxControl(socket=data / SOCKET)


def _print_state(state: SandboxState, *, as_json: bool) -> None:
    import msgspec

    if as_json:
        print_json(msgspec.to_builtins(state))
        return
    rate = state.rate or "any number of"
    print_text(
        f"key {state.api_key}, {state.balance} EUR, account {state.standing}, {rate} requests a second, "
        f"clock {state.clock} at {state.speed:g}x"
        + (f", scenario {state.scenario}" if state.scenario else "")
    )
    print_text(f"{state.taken} messages came, {state.waiting} webhooks are on their way")


@click.command()
@_placed
def status(profile: str, data: Path | None, url: str | None, certificate: Path | None, as_json: bool) -> None:
    """Say how the sandbox stands."""
    _print_state(_control(profile, data, url, certificate).state(), as_json=as_json)


@click.command()
@_placed
def messages(
    profile: str, data: Path | None, url: str | None, certificate: Path | None, as_json: bool
) -> None:
    """List the parts that the sandbox took, the newest first; their ids are for deliver and fail."""
    import msgspec

    taken = _control(profile, data, url, certificate).messages()
    if as_json:
        print_json({"parts": msgspec.to_builtins(taken)})
        return
    for part in taken:
        print_text(f"{part.message_id}  {part.sender} to {part.phone}  {part.text!r}")


@click.command()
@click.argument("phone")
@click.argument("text", required=False)
@click.option("--to", "own", help="Our number or sender that it writes to; else who wrote to it last.")
@click.option("--body", default="", metavar="HEX", help="Octets instead of a text.")
@click.option("--udh", default="", metavar="HEX", help="The header of these octets.")
@click.option(
    "--order",
    type=click.Choice(["in_order", "reversed", "shuffled"]),
    default="in_order",
    help="How the parts of a long text come.",
)
@click.option("--missing", type=click.IntRange(1, 255), help="A part of it that does not come.")
@click.option("--no-concat", is_flag=True, help="Parts that don't say that they belong together.")
@_placed
def reply(
    phone: str,
    text: str | None,
    own: str | None,
    body: str,
    udh: str,
    order: str,
    missing: int | None,
    no_concat: bool,
    profile: str,
    data: Path | None,
    url: str | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Write TEXT as PHONE, a handset of the sandbox; - reads standard input."""
    from sms_desktop.gateway.sandbox_control import ReplyCommand

    fields = {
        "text": read_text_argument(text) if text else "",
        "data": body,
        "udh": udh,
        "order": order,
        "missing": missing,
        "concat": not no_concat,
    }
    command = _command(ReplyCommand, {"phone": phone.removeprefix("+"), "own": own, "reply": fields})
    ids = _control(profile, data, url, certificate).reply(command)
    if as_json:
        print_json({"message_ids": ids})
    elif ids:
        print_text("\n".join(ids))
    else:
        print_text("Nobody wants to hear of it: there is no callback for replies to that number.")


@click.command()
@click.argument("message_id")
@_placed
def deliver(
    message_id: str, profile: str, data: Path | None, url: str | None, certificate: Path | None, as_json: bool
) -> None:
    """Send the receipt that MESSAGE_ID was delivered, now."""
    _settle({"message_id": message_id}, _control(profile, data, url, certificate), as_json=as_json)


@click.command()
@click.argument("message_id")
@click.option("--err-code", default="1", show_default=True, help="Why (see the documents).")
@click.option(
    "--status",
    "word",
    default="failed",
    show_default=True,
    help="failed, rejected, expired, unknown, buffered, accepted, or any other word.",
)
@_placed
def fail(
    message_id: str,
    err_code: str,
    word: str,
    profile: str,
    data: Path | None,
    url: str | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Send the receipt that MESSAGE_ID failed, now."""
    fields = {"message_id": message_id, "status": word, "err_code": err_code}
    _settle(fields, _control(profile, data, url, certificate), as_json=as_json)


@click.command()
@click.option("--follow", is_flag=True, help="Go on with what happens, one JSON object a line.")
@_placed
def trace(
    follow: bool,
    profile: str,
    data: Path | None,
    url: str | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Print what the sandbox did, by message and time, one JSON object a line.

    Times are seconds of the sandbox's clock after the message came. The same messages in the same scenario
    leave the same trace, octet by octet.
    """
    control = _control(profile, data, url, certificate)
    if not follow:
        page = control.trace()
        if as_json:
            print_json({"entries": page.entries})
        else:
            for entry in page.entries:
                print_text(json.dumps(entry, ensure_ascii=False))
        return
    place = 0
    while True:
        page = control.trace(after=place, wait=_FOLLOW_SECONDS)
        place = page.next
        for entry in page.entries:
            print_text(json.dumps(entry, ensure_ascii=False))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--end", is_flag=True, help="End the scenario that is played.")
@_placed
def scenario(
    file: Path | None,
    end: bool,
    profile: str,
    data: Path | None,
    url: str | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Begin the scenario in FILE (TOML, or JSON), everything else set back."""
    from sms_desktop.servers.sandbox.script import read_file

    if (file is None) is not end:
        raise click.UsageError("Give a file, or --end.")
    document = None if file is None else read_file(file)
    _print_state(_control(profile, data, url, certificate).scenario(document), as_json=as_json)


@click.command()
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE ...")
@_placed
def account(
    changes: tuple[str, ...],
    profile: str,
    data: Path | None,
    url: str | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Change the account: standing, rate, most_connections, balance, auto_reload, sign_webhooks and others.

    A standing is good, suspended (status 8), smpp_only (11) or demo (29, but for numbers in approved). Lists
    are separated by commas, yes and no are true and false.
    """
    from sms_desktop.gateway.sandbox_control import AccountChanges

    pairs = (change.partition("=") for change in changes)
    fields = {name: _value(name, value) for name, _, value in pairs}
    command = _command(AccountChanges, fields)
    _print_state(_control(profile, data, url, certificate).account(command), as_json=as_json)


@click.command()
@click.argument("seconds", type=float)
@_placed
def advance(
    seconds: float, profile: str, data: Path | None, url: str | None, certificate: Path | None, as_json: bool
) -> None:
    """Move a scenario's clock that goes by hand, and wait until what was due has gone out."""
    from sms_desktop.gateway.sandbox_control import AdvanceCommand

    command = _command(AdvanceCommand, {"seconds": seconds})
    _print_state(_control(profile, data, url, certificate).advance(command), as_json=as_json)


@click.command()
@_placed
def reset(profile: str, data: Path | None, url: str | None, certificate: Path | None, as_json: bool) -> None:
    """Forget everything: what is on its way, who said STOP, the scenario, the money spent."""
    _print_state(_control(profile, data, url, certificate).reset(), as_json=as_json)


COMMANDS = (status, messages, reply, deliver, fail, trace, scenario, account, advance, reset)

_Struct = TypeVar("_Struct")


def _command(kind: type[_Struct], fields: Mapping[str, object]) -> _Struct:
    import msgspec

    try:
        return msgspec.convert(fields, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise Mendable(f"The command can't be sent. {error}") from None


def _settle(fields: Mapping[str, object], control: SandboxControl, *, as_json: bool) -> None:
    from sms_desktop.gateway.sandbox_control import ReceiptCommand

    control.receipt(_command(ReceiptCommand, fields))
    if as_json:
        print_json(dict(fields))
    else:
        print_text("The receipt is on its way.")


def _value(name: str, value: str) -> object:
    if name in ("approved", "facilities"):
        return [item for item in value.split(",") if item]
    return value
