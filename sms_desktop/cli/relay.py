"""`smsctl relay`: run a relay, make tokens for it."""

from __future__ import annotations

import click

from sms_desktop.cli.output import print_json, print_text

_LOG_HELP = "Where the events are kept: sqlite:PATH."


@click.group()
def relay() -> None:
    """Run a relay that keeps webhooks for consoles, and make tokens for it."""


@relay.command()
@click.option("--log", "place", metavar="sqlite:PATH", help=_LOG_HELP)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0 takes any free one.")
@click.option(
    "--behind-tls-proxy",
    is_flag=True,
    help="Listen on any address: a proxy that speaks TLS stands before it.",
)
@click.option("--json", "_as_json", is_flag=True, help="Failures as JSON; the ready line is JSON anyway.")
@click.option(
    "--supervised", is_flag=True, hidden=True, help="Settings and the order to stop on standard input."
)
def serve(
    place: str | None, host: str, port: int, behind_tls_proxy: bool, _as_json: bool, supervised: bool
) -> None:
    """Receive webhooks and let consoles pull them, until SIGTERM or SIGINT.

    When connections are accepted it prints one line, {"ready": true, "url": "...", "pid": ...}.
    """
    from sms_desktop.servers.relay import serve as server

    if supervised:
        server.serve_supervised()
        return
    if place is None:
        raise click.MissingParameter(param_hint="'--log'", param_type="option")
    server.serve(server.Settings(log=place, host=host, port=port), behind_tls_proxy=behind_tls_proxy)


@relay.group()
def tokens() -> None:
    """Tokens: ingest tokens let the gateway write into a stream, reader tokens let consoles read it."""


@tokens.command()
@click.option("--log", "place", metavar="sqlite:PATH", required=True, help=_LOG_HELP)
@click.option("--stream", required=True, metavar="NAME", help="The stream; it is made if it is new.")
@click.option("--kind", type=click.Choice(["ingest", "reader"]), required=True, help="What the token is for.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def create(place: str, stream: str, kind: str, as_json: bool) -> None:
    """Make a token and print it, this once. A relay that runs on the same log knows it at once."""
    from sms_desktop.servers.relay.place import open_event_log
    from sms_desktop.servers.relay.tokens import TokenKind, create_token

    log = open_event_log(place, serving=False)
    try:
        made = create_token(log, stream=stream, kind=TokenKind(kind))
    finally:
        log.close()
    if as_json:
        print_json({"id": made.id, "kind": made.kind.value, "stream": made.stream, "token": made.token})
    else:
        print_text(made.token)
