"""`smsctl payloads`: the sample payloads that send, encode and inspect take with --preset."""

from __future__ import annotations

import click

from sms_desktop.cli.output import print_json, print_text
from sms_desktop.encoding import hexadecimal
from sms_desktop.services import payloads as library
from sms_desktop.services.payloads import Payload


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def payloads(*, as_json: bool) -> None:
    """List the sample payloads of binary messages, each with the clause that it follows.

    \b
    Examples:
      smsctl inspect --preset wap-push-si
      smsctl send binary --to 31600000001 --preset ring-tone --wait 10
    """  # noqa: D301 - click's own mark for lines to keep
    found = library.every()
    if as_json:
        print_json({"payloads": [_document(each) for each in found]})
        return
    for each in found:
        print_text(f"{each.id:<20}{each.name}\n{'':<20}{each.sentence}\n{'':<20}{each.source}")


def _document(payload: Payload) -> dict[str, object]:
    return {
        "id": payload.id,
        "name": payload.name,
        "sentence": payload.sentence,
        "udh": hexadecimal.show(payload.udh),
        "body": hexadecimal.show(payload.body),
        "protocol_id": payload.protocol_id,
        "message_class": payload.message_class,
        "source": payload.source,
    }
