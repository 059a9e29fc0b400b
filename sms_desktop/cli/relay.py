"""`smsctl relay`: run a relay, make tokens for it, look after its log."""

from __future__ import annotations

from pathlib import Path

import click

from sms_desktop.cli import relay_operations
from sms_desktop.cli.relay_tokens import tokens

_LOG_HELP = "Where the events are kept; without it SMSCTL_RELAY_LOG or SMSCTL_RELAY_DSN."


@click.group()
def relay() -> None:
    """Run a relay that keeps webhooks for consoles, make tokens for it, look after its log."""


@relay.command()
@click.option("--log", metavar="sqlite:PATH|postgresql://...", help=_LOG_HELP)
@click.option("--config", type=click.Path(path_type=Path), help="A TOML file with settings.")
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any free one.  [default: 0]")
@click.option(
    "--behind-tls-proxy",
    is_flag=True,
    default=None,
    help="Listen on any address: a proxy that speaks TLS stands before it.",
)
@click.option("--public-url", metavar="URL", help="The address of that proxy, checked for its length.")
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    metavar="ADDRESS",
    multiple=True,
    help="Believe the X-Forwarded-For of this address or network. May be repeated.",
)
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Answer /metrics there; 0 is nowhere.")
@click.option("--metrics-host", help="The address for /metrics.  [default: 127.0.0.1]")
@click.option(
    "--secrets-folder", metavar="PATH", help="Signature secrets, one in a file named as it is named."
)
@click.option(
    "--webhooks-per-second",
    type=click.FloatRange(0),
    metavar="NUMBER",
    help="Answer 429 to more of one token, after twice as many at once; 0 is no limit.",
)
@click.option("--least-free-mib", type=click.IntRange(0), help="Accept nothing with less room on the disk.")
@click.option("--keep-days", type=click.FloatRange(0), help="Keep what everybody has read.  [default: 14]")
@click.option(
    "--keep-days-at-most", type=click.FloatRange(0), help="Keep for a reader that is late.  [default: 30]"
)
@click.option("--keep-mib-at-most", type=click.IntRange(0), help="So much a stream.  [default: 5120]")
@click.option("--keep-events-at-most", type=click.IntRange(0), help="So many a stream.  [default: 10000000]")
@click.option("--json", "_as_json", is_flag=True, help="Failures as JSON; the ready line is JSON anyway.")
@click.option(
    "--supervised", is_flag=True, hidden=True, help="Settings and the order to stop on standard input."
)
def serve(config: Path | None, supervised: bool, _as_json: bool, **options: object) -> None:
    """Receive webhooks and let consoles pull them, until SIGTERM or SIGINT.

    When connections are accepted it prints one line, {"ready": true, "url": "...", "pid": ...}. Every option
    can stand in the file (TOML, with underscores) or in the environment as SMSCTL_RELAY_HOST and the like.
    """
    from sms_desktop.servers.relay import serve as server
    from sms_desktop.servers.relay.configuration import gather, place_of

    if supervised:
        server.serve_supervised()
        return
    given = {name: value for name, value in options.items() if value not in {None, ()}}
    settings = gather(given, file=config)
    place_of(settings.log)
    server.serve(settings)


relay.add_command(tokens)
relay.add_command(relay_operations.status)
relay.add_command(relay_operations.backup)
relay.add_command(relay_operations.prune)
relay.add_command(relay_operations.erase)
relay.add_command(relay_operations.epoch)
