"""`smsctl segments`: how many parts a text takes, and what keeps it out of GSM-7. Loaded by the group."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, cast

import click

from sms_desktop.cli.output import error_document, print_json, print_text, read_text_argument, say, write
from sms_desktop.cli.words import plural, visible
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.segmentation import Segmentation, segment
from sms_desktop.encoding.segments import EncodingChoice
from sms_desktop.encoding.suspicious import Suspicion, suspicious
from sms_desktop.encoding.transliteration import Unsupported
from sms_desktop.messages.errors import Mendable, SmsDesktopError

MAX_LINE_OCTETS = 1 << 20
"""A longer line is refused unread: 255 parts hold at most 39,015 characters of 4 octets each."""

_SHOWN_UNSUPPORTED = 20

# JSON leaves these as they are, but many programs take them for the end of a line.
_LINE_ENDS_IN_JSON = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@click.command("segments")
@click.option(
    "--encoding",
    type=click.Choice(["auto", "gsm7", "ucs2"]),
    default="auto",
    show_default=True,
    help="auto is GSM-7 where every character is in it, else UCS-2. With gsm7 the others count as ?.",
)
@click.option(
    "--reference",
    type=click.Choice(["8", "16"]),
    default="8",
    show_default=True,
    help="Bits of the reference number that joins the parts: 153 or 152 septets a part, 67 or 66 code units.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--lines",
    is_flag=True,
    help="Read one text a line (split at LF only) from standard input, and print one JSON document a line.",
)
@click.argument("text", required=False)
@click.pass_context
def segments(
    context: click.Context, *, encoding: str, reference: str, as_json: bool, lines: bool, text: str | None
) -> None:
    """Count the parts of TEXT, and say what each costs. `-` reads standard input.

    CR LF counts as LF. A text that begins with a dash follows `--`.
    """
    chosen = cast("EncodingChoice", encoding)
    bits = cast("ReferenceBits", int(reference))
    if lines:
        if text not in {None, "-"}:
            raise click.UsageError("--lines reads standard input and takes no TEXT.")
        refused = _answer_lines(sys.stdin.buffer, encoding=chosen, reference_bits=bits)
        if refused:
            say(f"smsctl: {refused} {'line was' if refused == 1 else 'lines were'} refused.")
            context.exit(1)
        return
    if text is None:
        raise click.UsageError("Give a TEXT, or - to read standard input.")
    found = segment(read_text_argument(text), encoding=chosen, reference_bits=bits)
    if as_json:
        print_json(_document(found))
    else:
        print_text(_table(found))


def _document(found: Segmentation) -> dict[str, object]:
    return {
        "encoding": found.encoding,
        "unit_bits": found.unit_bits,
        "characters": found.characters,
        "units": found.units,
        "segment_count": found.segment_count,
        "units_per_segment": found.units_per_segment,
        "units_remaining": found.units_remaining,
        "segments": [
            {"index": part.index, "text": part.text, "units": part.units, "octets": part.octets}
            for part in found.segments
        ],
        "unsupported": [
            {
                "position": entry.position,
                "character": entry.character,
                "code_point": entry.code_point,
                "suggestion": entry.suggestion,
            }
            for entry in found.unsupported
        ],
        "suspicious": [
            {
                "position": entry.position,
                "length": entry.length,
                "danger": entry.danger.value,
                "text": entry.text,
                "code_point": f"U+{ord(entry.text[0]):04X}",
                "instead": entry.instead,
                "reason": entry.reason or None,
            }
            for entry in suspicious(found.text)
        ],
    }


def _answer_lines(source: BinaryIO, *, encoding: EncodingChoice, reference_bits: ReferenceBits) -> int:
    """Answer each line as soon as it is read, holding one line at a time; return how many were refused."""
    refused = 0
    for line in _lines(source):
        document: dict[str, object]
        try:
            document = _document(segment(_decoded(line), encoding=encoding, reference_bits=reference_bits))
        except SmsDesktopError as error:
            document = {"error": error_document(error)}
            refused += 1
        write(json.dumps(document, ensure_ascii=False).translate(_LINE_ENDS_IN_JSON).encode() + b"\n")
    return refused


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines of `source` without their line feeds; None for one that is too long to keep."""
    while line := _next_line(source):
        if line.endswith(b"\n"):
            yield line[:-1]
        elif len(line) <= MAX_LINE_OCTETS:
            yield line
        else:
            while line and not line.endswith(b"\n"):
                line = source.readline(MAX_LINE_OCTETS)
            yield None


def _next_line(source: BinaryIO) -> bytes:
    try:
        return source.readline(MAX_LINE_OCTETS + 1)
    except OSError as error:
        raise Mendable(f"text: standard input can't be read: {error.strerror}.", field="text") from error


def _decoded(line: bytes | None) -> str:
    if line is None:
        raise Mendable(
            f"The line is longer than {MAX_LINE_OCTETS} octets.",
            field="text",
            hint="One message has 255 parts at most: split the text into several messages.",
        )
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise Mendable(
            f"text: octet {error.start + 1} is not UTF-8. Give the text as UTF-8.", field="text"
        ) from error


def _table(found: Segmentation) -> str:
    name, unit = ("GSM-7", "septet") if found.encoding == "gsm7" else ("UCS-2", "code unit")
    last = " in the last" if found.segment_count > 1 else ""
    figures = (
        name,
        plural(found.characters, "character"),
        plural(found.units, unit),
        f"{plural(found.segment_count, 'part')} of {found.units_per_segment}",
        f"{found.units_remaining} left{last}",
    )
    lines = [" · ".join(figures), "", "Part  Units  Octets  Text"]
    lines += [
        f"{part.index:4}  {part.units:5}  {part.octets:6}  {visible(part.text)}" for part in found.segments
    ]
    if found.unsupported:
        lines += ["", "Not in GSM-7:", *_unsupported_rows(found.unsupported)]
    doubtful = suspicious(found.text)
    if doubtful:
        lines += ["", "Not what it seems:", *_suspicious_rows(doubtful)]
    return "\n".join(lines)


def _suspicious_rows(entries: tuple[Suspicion, ...]) -> list[str]:
    rows = [
        f"  at {entry.position}: {entry.danger.value}, "
        + (visible(entry.text) if entry.reason else entry.names)
        + (f" ({entry.reason})" if entry.reason else "")
        for entry in entries[:_SHOWN_UNSUPPORTED]
    ]
    more = len(entries) - _SHOWN_UNSUPPORTED
    return [*rows, f"and {more} more"] if more > 0 else rows


def _unsupported_rows(entries: tuple[Unsupported, ...]) -> list[str]:
    times = Counter(entry.character for entry in entries)
    first = {entry.character: entry for entry in reversed(entries)}
    rows = ["Times  First at  Code point  Character  Could be"]
    for character, number in list(times.items())[:_SHOWN_UNSUPPORTED]:
        entry = first[character]
        advice = "nothing like it" if entry.suggestion is None else visible(entry.suggestion)
        advice = {"": "left out", " ": "a space"}.get(advice, advice)
        rows.append(
            f"{number:5}  {entry.position:8}  {entry.code_point:10}  {visible(character):9}  {advice}"
        )
    more = len(times) - _SHOWN_UNSUPPORTED
    return [*rows, f"and {more} more"] if more > 0 else rows
