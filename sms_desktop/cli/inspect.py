"""`smsctl inspect`: octets as a tree of fields, with text, content and problems. Loaded by the group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import cast

import click

from sms_desktop.cli.inspect_table import joined_lines, lines_of
from sms_desktop.cli.output import print_json, print_text, read_text_argument
from sms_desktop.encoding import hexadecimal, reassembly
from sms_desktop.encoding.dcs import EIGHT_BIT
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import Inspection, inspect_pdu, inspect_user_data
from sms_desktop.encoding.reassembly import Joined, PartOctets
from sms_desktop.encoding.tpdu import Direction
from sms_desktop.encoding.tree import Field, Problem
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary

MAX_OCTETS = 1 << 16
"""More than 255 parts hold; a tree of more would fill the memory."""


def _number(_: click.Context, parameter: click.Parameter, given: str | None) -> int | None:
    """What fits an octet, decimal, or hexadecimal behind 0x."""
    if given is None:
        return None
    try:
        number = int(given, 16 if given.lower().startswith("0x") else 10)
    except ValueError:
        number = -1
    if not 0 <= number <= 255:
        raise click.BadParameter(f"{given} is not a number from 0 to 255.", param=parameter)
    return number


_EXAMPLES = """\b
Examples:
  smsctl inspect --pdu 07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07
  smsctl inspect --udh 0605040B8423F0 --body 01060403AE81EA02056A0045C60C036578616D706C65008501034869000101
  smsctl inspect --udh 050003CC0201 --body 906536FB0DDA9401 --data-coding 0 --characters
"""


@click.command("inspect", epilog=_EXAMPLES)
@click.option(
    "--udh", "udhs", metavar="HEX", multiple=True, help="A user data header, its length octet first."
)
@click.option("--body", "bodies", metavar="HEX", multiple=True, help="What follows the header.")
@click.option(
    "--preset", metavar="NAME", help="A sample payload in place of both; smsctl payloads lists them."
)
@click.option(
    "--data-coding",
    metavar="N",
    callback=_number,
    help="TP-DCS of the body. Without it, the body is 8-bit data.",
)
@click.option("--protocol-id", metavar="N", callback=_number, default="0", show_default=True, help="TP-PID.")
@click.option(
    "--udl",
    metavar="N",
    callback=_number,
    help="TP-UDL: septets or octets, header included. Without it, as many as there are.",
)
@click.option(
    "--pdu", "pdus", metavar="HEX", multiple=True, help="A PDU: the service centre's address, a TPDU."
)
@click.option("--tpdu", "tpdus", metavar="HEX", multiple=True, help="A TPDU, without that address.")
@click.option(
    "--direction",
    type=click.Choice(["mo", "mt"]),
    help="From the phone (mo) or to it (mt). Without it: DELIVER, SUBMIT or STATUS-REPORT.",
)
@click.option("--characters", is_flag=True, help="Show a row for each character of a text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def inspect(
    *,
    udhs: tuple[str, ...],
    bodies: tuple[str, ...],
    preset: str | None,
    data_coding: int | None,
    protocol_id: int,
    udl: int | None,
    pdus: tuple[str, ...],
    tpdus: tuple[str, ...],
    direction: str | None,
    characters: bool,
    as_json: bool,
) -> None:
    r"""Read octets: a PDU from a modem or a trace, or the header and body of a message.

    HEX may have spaces, colons, commas, line ends and 0x between octets, or be as in a program:
    {0x05, 0x00} or "\x05\x00", or base64 behind `base64:`; - reads standard input. Whatever the octets are,

    Offset and bits count from the first octet, and inside an octet from its least significant bit. Give
    --pdu, --tpdu or pairs of --udh and --body several times to join the parts of one message.
    """
    if preset is not None:
        if udhs or bodies:
            raise click.UsageError("--preset stands for --udh and --body: give it without them.")
        udhs, bodies, data_coding, protocol_id = _preset(preset, data_coding, protocol_id)
    half = "--udh" if udhs else "--body"
    given = [kind for kind, values in (("--pdu", pdus), ("--tpdu", tpdus), (half, udhs + bodies)) if values]
    if not given:
        raise click.UsageError("Give --pdu, --tpdu, --udh, --body or --preset.")
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} exclude each other.")
    if (pdus + tpdus + udhs + bodies).count("-") > 1:
        raise click.UsageError("Only one HEX can come from standard input.")
    parts: list[PartOctets | None]
    if pdus or tpdus:
        if data_coding is not None or udl is not None or protocol_id:
            raise click.UsageError("A PDU says its own data coding, protocol identifier and length.")
        way = cast("Direction | None", direction)
        octets = [_octets(text, "pdu" if pdus else "tpdu") for text in pdus or tpdus]
        found = [inspect_pdu(each, has_smsc=bool(pdus), direction=way) for each in octets]
        parts = [reassembly.part_of_pdu(each, has_smsc=bool(pdus), direction=way) for each in octets]
    else:
        if direction is not None:
            raise click.UsageError("--direction says how to read a PDU; give --pdu or --tpdu with it.")
        found, parts = _user_data(udhs, bodies, data_coding, protocol_id, udl)
    joined = reassembly.join(parts) if len(found) > 1 else None
    if as_json:
        print_json(_document(found[0]) if joined is None else _joined_document(joined, found))
    else:
        print_text("\n".join(_lines(found, joined, characters=characters)))


def _user_data(
    udhs: Sequence[str], bodies: Sequence[str], data_coding: int | None, protocol_id: int, udl: int | None
) -> tuple[list[Inspection], list[PartOctets | None]]:
    if len(udhs) > 1 < len(bodies) != len(udhs) or (len(bodies) > 1 and len(udhs) != len(bodies)):
        raise click.UsageError("Several parts need as many --udh as --body.")
    found = []
    parts: list[PartOctets | None] = []
    for udh_text, body_text in zip_longest(udhs, bodies):
        udh = None if udh_text is None else _octets(udh_text, "udh")
        body = None if body_text is None else _octets(body_text, "body")
        found.append(
            inspect_user_data(udh=udh, body=body, data_coding=data_coding, protocol_id=protocol_id, udl=udl)
        )
        parts.append(
            PartOctets(udh or b"", body or b"", EIGHT_BIT if data_coding is None else data_coding, udl)
        )
    return found, parts


def _preset(
    name: str, data_coding: int | None, protocol_id: int
) -> tuple[tuple[str, ...], tuple[str, ...], int | None, int]:
    """The header, body, data coding and protocol identifier of a sample payload; what was given holds."""
    from sms_desktop.services import payloads

    payload = payloads.named(name)
    message = Binary(payload.udh, payload.body, payload.protocol_id)
    [part] = encode(message, message_class=payload.message_class)
    udhs, bodies = ((hexadecimal.show(octets),) if octets else () for octets in (payload.udh, payload.body))
    coding = part.data_coding if data_coding is None else data_coding
    return udhs, bodies, coding, protocol_id or part.protocol_id


def _octets(text: str, field: str) -> bytes:
    octets = hexadecimal.parse(read_text_argument(text, field=field), field=field)
    if len(octets) > MAX_OCTETS:
        raise Mendable(f"{field}: {len(octets)} octets are given; {MAX_OCTETS} at most.", field=field)
    return octets


def _lines(found: Sequence[Inspection], joined: Joined | None, *, characters: bool) -> list[str]:
    if joined is None:
        return lines_of(found[0], characters=characters)
    lines = []
    for place, inspection in enumerate(found, start=1):
        lines += [f"Given {place} of {len(found)}", "", *lines_of(inspection, characters=characters), ""]
    return [*lines, *joined_lines(joined, characters=characters)]


def _document(found: Inspection) -> dict[str, object]:
    return {
        "fields": [_field(field) for field in found.fields],
        "text": found.text,
        "content": found.content.as_dict() if found.content else None,
        "problems": [_problem(problem) for problem in found.problems],
    }


def _joined_document(joined: Joined, found: Sequence[Inspection]) -> dict[str, object]:
    inspection = joined.inspection
    problems: list[dict[str, object]] = [_problem(each) for each in inspection.problems] if inspection else []
    return {
        "fields": [_field(field) for field in inspection.fields] if inspection else [],
        "text": joined.text,
        "content": joined.content.as_dict() if joined.content else None,
        "problems": [*problems, *({"bit_offset": None, "message": each} for each in joined.problems)],
        "total": joined.total,
        "reference": joined.reference,
        "missing": joined.missing,
        "duplicates": joined.duplicates,
        "parts": [_document(each) for each in found],
    }


def _field(field: Field) -> dict[str, object]:
    return {
        "name": field.name,
        "bit_offset": field.bit_offset,
        "bit_length": field.bit_length,
        "value": field.value,
        "meaning": field.meaning,
        "children": [_field(child) for child in field.children],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {"bit_offset": problem.bit_offset, "message": problem.message}
