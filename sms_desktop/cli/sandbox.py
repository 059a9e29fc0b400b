"""`smsctl sandbox`: run the sandbox gateway."""

from __future__ import annotations

import os
import secrets

import click

from sms_desktop.cli.output import say


@click.group()
def sandbox() -> None:
    """Run the sandbox gateway: a gateway on this computer that behaves as the API documents say."""


@sandbox.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on, on this computer."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0 takes any free one.")
@click.option("--dr-callback", metavar="URL", help="Where receipts go, unless a request has a callback.")
@click.option("--mo-callback", metavar="URL", help="Where replies go; without it there are none.")
@click.option(
    "--speed",
    type=click.FloatRange(0.001, 100_000),
    default=1.0,
    show_default=True,
    help="How many times faster carrier and webhooks go.",
)
@click.option("--json", "_as_json", is_flag=True, help="Failures as JSON; the ready line is JSON anyway.")
@click.option(
    "--supervised", is_flag=True, hidden=True, help="Settings and the order to stop on standard input."
)
def serve(
    host: str,
    port: int,
    dr_callback: str | None,
    mo_callback: str | None,
    speed: float,
    _as_json: bool,
    supervised: bool,
) -> None:
    """Take messages, send receipts and replies, until SIGTERM or SIGINT.

    When connections are accepted it prints one line, {"ready": true, "url": "...", "pid": ...}.

    The account's key is SMSCTL_API_KEY, or sandbox1; its secret is SMSCTL_API_SECRET. Without one, a new
    secret is made and told on standard error, this once. Any other key or secret is refused with status 4.
    """
    from sms_desktop.servers.sandbox import serve as server

    if supervised:
        server.serve_supervised()
        return
    api_key = os.environ.get("SMSCTL_API_KEY") or "sandbox1"
    api_secret = os.environ.get("SMSCTL_API_SECRET")
    if not api_secret:
        api_secret = secrets.token_urlsafe(12)
        say(f"SMSCTL_API_SECRET is not set. The key is {api_key}, and the secret of this run is {api_secret}")
    server.serve(
        server.Settings(
            api_key=api_key,
            api_secret=api_secret,
            host=host,
            port=port,
            dr_callback=dr_callback,
            mo_callback=mo_callback,
            speed=speed,
        )
    )
