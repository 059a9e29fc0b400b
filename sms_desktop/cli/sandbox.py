"""`smsctl sandbox`: run the sandbox gateway, and act as everything behind it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from sms_desktop.cli import sandbox_control
from sms_desktop.cli.output import print_json, print_text, say

_FREE = """\
Every other number is a handset that receives, and answers a text that begins with "echo ". A handset that
wrote STOP gets nothing more from that sender until it writes START."""


@click.group()
def sandbox() -> None:
    """A gateway on this computer that behaves as the API documents say, with faults on demand.

    The commands act on the sandbox of the app, on one that runs with --data FOLDER, or on one at --url URL,
    whose token is then SMSCTL_SANDBOX_TOKEN.
    """


@sandbox.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on, on this computer."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0 takes any free one.")
@click.option(
    "--tls", is_flag=True, help="HTTPS, by a certificate made now; the ready line says where it is."
)
@click.option("--dr-callback", metavar="URL", help="Where receipts go, unless a request has a callback.")
@click.option("--mo-callback", metavar="URL", help="Where replies go; without it there are none.")
@click.option(
    "--allow-callback",
    "allowed",
    multiple=True,
    metavar="HOST",
    help="Let webhooks go to this host, besides this computer. May be repeated.",
)
@click.option(
    "--webhook-format",
    type=click.Choice(["json", "form", "get"]),
    default="json",
    show_default=True,
    help="How receipts and replies are sent.",
)
@click.option("--sign-webhooks", is_flag=True, help="Sign receipts and replies.")
@click.option(
    "--signature-algorithm",
    type=click.Choice(["md5hash", "md5", "sha1", "sha256", "sha512"]),
    help="The only one that is taken; without it any is, and webhooks have md5hash.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.001, 100_000),
    default=1.0,
    show_default=True,
    help="How many times faster carrier and webhooks go.",
)
@click.option(
    "--rate",
    type=click.IntRange(0, 1_000_000),
    default=30,
    show_default=True,
    help="Requests a second, more are throttled; 0 for no limit.",
)
@click.option(
    "--balance", default="100", show_default=True, metavar="EUR", help="What the account begins with."
)
@click.option("--no-auto-reload", is_flag=True, help="Let the account run dry (status 9).")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of its own: what is on its way goes on there after a restart.",
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Begin with this scenario, a TOML or JSON file.",
)
@click.option("--json", "_as_json", is_flag=True, help="Failures as JSON; the ready line is JSON anyway.")
@click.option(
    "--supervised", is_flag=True, hidden=True, help="Settings and the order to stop on standard input."
)
def serve(
    host: str,
    port: int,
    tls: bool,
    dr_callback: str | None,
    mo_callback: str | None,
    allowed: tuple[str, ...],
    webhook_format: str,
    sign_webhooks: bool,
    signature_algorithm: str | None,
    speed: float,
    rate: int,
    balance: str,
    no_auto_reload: bool,
    data: Path | None,
    scenario: Path | None,
    _as_json: bool,
    supervised: bool,
) -> None:
    """Take messages, send receipts and replies, until SIGTERM or SIGINT.

    When connections are accepted it prints one line, {"ready": true, "url": "...", "pid": ...}.

    The account's key is SMSCTL_API_KEY, or sandbox1; its secret is SMSCTL_API_SECRET. Without one, a new
    secret is made and told on standard error, this once. Any other key or secret is refused with status 4.
    SMSCTL_SIGNATURE_SECRET is for signatures, SMSCTL_CLIENT_ID and SMSCTL_CLIENT_SECRET are for access tokens
    (else key and secret are). The token of the control API is SMSCTL_SANDBOX_TOKEN, or a new one.
    """
    from sms_desktop.servers.sandbox import serve as server
    from sms_desktop.servers.sandbox.script import read_file

    if supervised:
        server.serve_supervised()
        return
    api_key = os.environ.get("SMSCTL_API_KEY") or "sandbox1"
    api_secret = os.environ.get("SMSCTL_API_SECRET")
    control_token = os.environ.get(sandbox_control.TOKEN_VARIABLE)
    if not api_secret:
        api_secret = secrets.token_urlsafe(12)
        say(f"SMSCTL_API_SECRET is not set. The key is {api_key}, and the secret of this run is {api_secret}")
    new_token = None if control_token else secrets.token_urlsafe(16)

    def tell_token() -> None:
        if new_token is not None:
            say(f"{sandbox_control.TOKEN_VARIABLE} is not set. The control token of this run is {new_token}")

    server.serve(
        server.settings_from(
            {
                "api_key": api_key,
                "api_secret": api_secret,
                "host": host,
                "port": port,
                "tls": tls,
                "dr_callback": dr_callback,
                "mo_callback": mo_callback,
                "allowed": list(allowed),
                "webhook_format": webhook_format,
                "sign_webhooks": sign_webhooks,
                "signature_secret": os.environ.get("SMSCTL_SIGNATURE_SECRET", ""),
                "signature_algorithm": signature_algorithm,
                "client_id": os.environ.get("SMSCTL_CLIENT_ID", ""),
                "client_secret": os.environ.get("SMSCTL_CLIENT_SECRET", ""),
                "speed": speed,
                "rate": rate,
                "balance": balance,
                "auto_reload": not no_auto_reload,
                "folder": str(data) if data else None,
                "scenario": read_file(scenario) if scenario else None,
                "control_token": control_token or new_token,
            }
        ),
        when_ready=tell_token,
    )


@sandbox.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def numbers(as_json: bool) -> None:
    """List the magic recipients: numbers that always behave in one way."""
    from sms_desktop.gateway.magic_recipients import MAGIC_RECIPIENTS

    if as_json:
        rows = [
            {
                "number": magic.number,
                "name": magic.name,
                "note": magic.note,
                "behaviour": str(magic.behaviour),
                "code": magic.code or None,
            }
            for magic in MAGIC_RECIPIENTS
        ]
        print_json({"numbers": rows})
        return
    width = max(len(magic.name) for magic in MAGIC_RECIPIENTS)
    for magic in MAGIC_RECIPIENTS:
        print_text(f"{magic.number}  {magic.name:<{width}}  {magic.note}")
    print_text(_FREE)


for command in sandbox_control.COMMANDS:
    sandbox.add_command(command)
