"""`smsctl encode`: the octets of a message of any kind, part by part. Loaded by the group."""

from __future__ import annotations

from typing import Any, cast

import click

from sms_desktop.cli.message_fields import message_of, values_of, with_preset
from sms_desktop.cli.output import print_json, print_text, say
from sms_desktop.cli.words import plural
from sms_desktop.encoding import dcs, gsm7, hexadecimal, pid
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.encode import Part
from sms_desktop.encoding.encode import encode as parts_of
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Text

_WORDS = {
    Kind.TEXT: "Text",
    Kind.UNICODE: "Unicode",
    Kind.BINARY: "Binary",
    Kind.WAPPUSH: "WAP Push",
    Kind.VCARD: "vCard",
    Kind.VCAL: "vCalendar",
}


@click.command("encode")
@click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in Kind]))
@click.option("--text", metavar="TEXT", help="text, unicode: the text.")
@click.option(
    "--national",
    is_flag=True,
    default=None,
    help="text: take the national tables that hold it most cheaply. Only to show: the API can't send them.",
)
@click.option("--udh", metavar="HEX", help="binary: the user data header with its length octet.")
@click.option("--body", metavar="HEX", help="binary: what follows the header.")
@click.option("--protocol-id", type=int, metavar="N", help="binary: the protocol identifier, 0 to 255.")
@click.option("--preset", metavar="NAME", help="binary: a sample payload; smsctl payloads lists them.")
@click.option("--title", metavar="TEXT", help="wappush: what the phone shows.")
@click.option("--url", metavar="URL", help="wappush: what it opens.")
@click.option("--validity", type=int, metavar="MS", help="wappush: the API's own, no part of the octets.")
@click.option(
    "--created", metavar="DATE", help="wappush: as 2026-11-21T18:30:00Z; UTC where no zone is given."
)
@click.option("--expires", metavar="DATE", help="wappush: when the phone forgets it.")
@click.option("--action", metavar="WORD", help="wappush: signal-none, -low, -medium, -high, or delete.")
@click.option(
    "--id", metavar="TEXT", help="wappush: its si-id, by which a later push replaces or deletes it."
)
@click.option("--vcard", metavar="TEXT", help="vcard: the card, from BEGIN to END.")
@click.option("--vcal", metavar="TEXT", help="vcal: the event, from BEGIN to END.")
@click.option("--message-class", type=int, metavar="N", help="0 flash, 1 phone, 2 SIM, 3 terminal.")
@click.option(
    "--reference",
    type=click.Choice(["8", "16"]),
    default="8",
    show_default=True,
    help="Bits of the reference number that joins the parts.",
)
@click.option(
    "--reference-number", type=int, default=0, show_default=True, metavar="N", help="The number itself."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--to", hidden=True, help="Taken, so that a `send` command can become an `encode` command.")
@click.option("--from", "sender", hidden=True, help="As --to.")
def encode(
    kind: str,
    preset: str | None,
    message_class: int | None,
    reference: str,
    reference_number: int,
    as_json: bool,
    to: str | None,  # noqa: ARG001 - the octets hold no addresses
    sender: str | None,  # noqa: ARG001 - the octets hold no addresses
    **given: Any,
) -> None:
    """Show the octets of a message of KIND exactly as they would go over the air, part by part.

    KIND is text, unicode, binary, wappush, vcard or vcal.

    Nothing is sent. A value of - reads standard input. Hexadecimal digits may have spaces or colons between
    octets. With a class, the data coding is one of the general group (10 and up); what the gateway makes of a
    class is not documented.

    \b
    Examples:
      smsctl encode text --text 'Grüße aus Köln, 10 €'
      smsctl encode text --national --text 'Şişli güzel, hoş geldiniz'
      smsctl encode wappush --title 'New mail' --url http://example.com/ --json
      smsctl encode vcard --vcard - < jane.vcf
      smsctl encode binary --udh '06 05 04 15 81 15 81' --body 024A3A

    Look at what comes out with `smsctl inspect --udh HEX --body HEX --data-coding N`.
    """  # noqa: D301 - click's own mark for lines to keep
    chosen = Kind(kind)
    given, message_class = with_preset(chosen, given, preset, message_class)
    message = message_of(chosen, values_of(chosen, given))
    national = bool(given["national"])
    parts = parts_of(
        message,
        reference_number=reference_number,
        reference_bits=cast("ReferenceBits", int(reference)),
        message_class=message_class,
        national=national,
    )
    if isinstance(message, Text) and not national:
        lost = sum(end - start for start, end in gsm7.unsupported_spans(message.text))
        if lost:
            say(f"smsctl: {plural(lost, 'character')} outside GSM-7 became ?.")
    if as_json:
        print_json(_document(chosen, parts))
    else:
        print_text(_lines(chosen, parts))


def _document(kind: Kind, parts: tuple[Part, ...]) -> dict[str, object]:
    return {
        "kind": kind.value,
        "data_coding": parts[0].data_coding,
        "protocol_id": parts[0].protocol_id,
        "parts": [
            {
                "index": part.index,
                "udh": hexadecimal.show(part.udh),
                "user_data": hexadecimal.show(part.user_data),
                "octets": part.octets,
                "user_data_length": part.user_data_length,
            }
            for part in parts
        ],
    }


def _lines(kind: Kind, parts: tuple[Part, ...]) -> str:
    coding, protocol = parts[0].data_coding, parts[0].protocol_id
    lines = [
        f"{_WORDS[kind]} · {plural(len(parts), 'part')}",
        f"Data coding          {coding:02X}  {dcs.parse(coding).words}",
        f"Protocol identifier  {protocol:02X}  {pid.parse(protocol).words}",
    ]
    unit = "septet" if dcs.parse(coding).alphabet == "gsm7" else "octet"
    for part in parts:
        length = plural(part.user_data_length, unit)
        lines += ["", f"Part {part.index}: {len(part.udh) + part.octets} of 140 octets, TP-UDL {length}"]
        if part.udh:
            lines.append(f"  Header  {hexadecimal.show(part.udh)}")
        lines.append(f"  Data    {hexadecimal.show(part.user_data)}")
    return "\n".join(lines)
