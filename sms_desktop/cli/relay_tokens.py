"""`smsctl relay tokens`: who may bring webhooks into a stream, and who may read it."""

from __future__ import annotations

import time

import click

from sms_desktop.cli.output import print_json, print_text
from sms_desktop.cli.relay_log import log_option, opened_log, time_text
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm

_DAY_US = 24 * 3600 * 1_000_000


@click.group()
def tokens() -> None:
    """Tokens: ingest tokens let the gateway write into a stream, reader tokens let consoles read it."""


@tokens.command()
@log_option
@click.option(
    "--stream",
    "streams",
    required=True,
    multiple=True,
    metavar="NAME",
    help="The stream; it is made if it is new. A reader may have several.",
)
@click.option("--kind", type=click.Choice(["ingest", "reader"]), required=True, help="What the token is for.")
@click.option("--expires-in", type=click.FloatRange(0, min_open=True), metavar="DAYS", help="Good so long.")
@click.option("--scope", type=click.Choice(["read", "admin"]), help="Reader: admin may also erase.")
@click.option(
    "--signature", type=click.Choice(["off", "prefer", "require"]), help="Ingest: what signatures are for."
)
@click.option(
    "--algorithm",
    "algorithms",
    type=click.Choice([algorithm.value for algorithm in SignatureAlgorithm]),
    multiple=True,
    help="Ingest: an algorithm that counts; may be repeated.  [default: sha256 and sha512]",
)
@click.option(
    "--secret",
    "secrets",
    metavar="NAME",
    multiple=True,
    help="Ingest: the name of a signature secret; twice.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def create(
    place: str | None,
    streams: tuple[str, ...],
    kind: str,
    expires_in: float | None,
    scope: str | None,
    signature: str | None,
    algorithms: tuple[str, ...],
    secrets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a token and print it, this once. A relay that runs on the same log knows it at once."""
    from sms_desktop.servers.relay.signatures import signing_rule
    from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token

    expires_us = None if expires_in is None else time.time_ns() // 1000 + int(expires_in * _DAY_US)
    if kind == "ingest":
        if len(streams) > 1 or scope is not None:
            raise Mendable(
                "stream: an ingest token writes into one stream, and has no scope.", field="stream"
            )
        rule = signing_rule(mode=signature or "off", algorithms=algorithms, secrets=secrets)
        with opened_log(place, create=True) as log:
            made = create_ingest_token(log, stream=streams[0], signing=rule, expires_us=expires_us)
    else:
        if signature is not None or algorithms or secrets:
            raise Mendable("signature: webhooks are signed, so this belongs to ingest tokens.", field="kind")
        with opened_log(place, create=True) as log:
            made = create_reader_token(log, streams=streams, scope=scope or "read", expires_us=expires_us)
    if as_json:
        document: dict[str, object] = {
            "id": made.id,
            "kind": made.kind.value,
            "stream": made.streams[0],
            "token": made.token,
        }
        if len(made.streams) > 1:
            document["streams"] = list(made.streams)
        if expires_us is not None:
            document["expires_at"] = time_text(expires_us)
        print_json(document)
    else:
        print_text(made.token)


@tokens.command(name="list")
@log_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_tokens(place: str | None, as_json: bool) -> None:
    """All tokens: id, kind, streams, state, last use. What a token is was shown once, and is not kept."""
    with opened_log(place) as log:
        found = log.tokens()
    now_us = time.time_ns() // 1000
    rows = [
        {
            "id": token.id,
            "kind": token.kind,
            "streams": token.streams,
            "state": "revoked"
            if token.revoked_us is not None
            else "expired"
            if token.expires_us is not None and token.expires_us <= now_us
            else "good",
            "scope": token.scope or None,
            "signature": None if token.signing is None else token.signing.mode.value,
            "algorithms": [] if token.signing is None else [name.value for name in token.signing.algorithms],
            "secrets": [] if token.signing is None else list(token.signing.secrets),
            "created_at": time_text(token.created_us),
            "expires_at": time_text(token.expires_us),
            "last_used_at": time_text(token.last_used_us),
            "last_address": token.last_peer or None,
        }
        for token in found
    ]
    if as_json:
        print_json({"tokens": rows})
        return
    for token, row in zip(found, rows, strict=True):
        used = f", last used {row['last_used_at']}" if row["last_used_at"] else ""
        print_text(f"{token.id}  {token.kind:6}  {row['state']:7}  {' '.join(token.streams)}{used}")


@tokens.command()
@log_option
@click.argument("token_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def revoke(place: str | None, token_id: str, as_json: bool) -> None:
    """End a token, by its id (not by the token itself). A running relay knows within a second."""
    if token_id.startswith("smsr_") or len(token_id) == 22:
        raise Mendable("ID: this looks like a token. Give its id: smsctl relay tokens list.", field="ID")
    with opened_log(place) as log:
        if not log.revoke(token_id):
            raise Mendable("ID: there is no good token of this id.", field="ID")
    if as_json:
        print_json({"id": token_id, "revoked": True})
