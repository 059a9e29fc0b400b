"""Files of contacts and events, one text for each. Called by ui on a worker, and by nobody on its thread."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from sms_desktop.encoding.content_lines import from_octets
from sms_desktop.encoding.property_text import PropertyText
from sms_desktop.encoding.vcal import read_events
from sms_desktop.encoding.vcard import read_contacts
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind

MAX_OCTETS = 2_000_000
"""More than an address book of a thousand contacts without pictures."""
MAX_CARDS = 5_000
_LINE_END = re.compile("\r\n|\r|\n")
_PICTURES = ("PHOTO", "LOGO", "SOUND", "KEY", "ATTACH")
_LONGEST_PICTURE = 300  # characters of such a property that are left in: a link to it


@dataclass(frozen=True, slots=True)
class CardText:
    """One card or calendar of a file: how to call it, its text, and the names of pictures left out of it."""

    name: str
    text: str
    left_out: tuple[str, ...] = ()


def read_card_file(path: Path, kind: Kind) -> tuple[CardText, ...]:
    """The contacts (`Kind.VCARD`) or calendars (`Kind.VCAL`) of a file, in order; at least one.

    Pictures and sounds inside are left out: no message could carry them. Raises Mendable for a file that
    can't be read, is too long or holds none.
    """
    return cards_of(path.name, _octets(path), kind)


def cards_of(name: str, octets: bytes, kind: Kind) -> tuple[CardText, ...]:
    """The cards in the octets of a file called `name`. Raises Mendable as `read_card_file`."""
    begin = "VCARD" if kind is Kind.VCARD else "VCALENDAR"
    none = f"{name} is no {'vCard' if kind is Kind.VCARD else 'calendar'}: BEGIN:{begin} is missing."
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = octets.decode("utf-16", "replace")
    else:
        text = from_octets(octets)
    blocks = _blocks(text, begin)
    if not blocks:
        raise Mendable(none, field=kind.value)
    if len(blocks) > MAX_CARDS:
        raise Mendable(f"{name} holds {len(blocks):,} cards; at most {MAX_CARDS:,} are read.")
    return tuple(_card(block, kind, number) for number, block in enumerate(blocks, start=1))


def _octets(path: Path) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Mendable(f"{path.name} is no file that can be read.")
        if about.st_size > MAX_OCTETS:
            raise Mendable(
                f"{path.name} has {about.st_size / 1e6:.1f} MB; at most {MAX_OCTETS // 1_000_000} MB are "
                "read. Nothing was changed."
            )
        with path.open("rb") as opened:
            return opened.read(MAX_OCTETS)
    except OSError as error:
        raise Mendable(f"{path.name} can't be read: {error.strerror}.") from error


def _blocks(text: str, begin: str) -> list[str]:
    """The texts from BEGIN to END; cards inside cards stay in them."""
    blocks: list[str] = []
    lines: list[str] = []
    depth = 0
    for line in _LINE_END.split(text.removeprefix("\ufeff")):
        said = line.strip().upper().replace(" ", "")
        if said == f"BEGIN:{begin}":
            depth += 1
        if depth:
            lines.append(line)
        if said == f"END:{begin}" and depth:
            depth -= 1
            if not depth:
                blocks.append("\n".join(lines) + "\n")
                lines = []
    if depth and lines:  # no END: the text says so itself when it is read
        blocks.append("\n".join(lines) + "\n")
    return blocks


def _card(block: str, kind: Kind, number: int) -> CardText:
    component = "VCARD" if kind is Kind.VCARD else "VEVENT"
    left_out: list[str] = []
    name = ""
    try:
        for _ in range(50):
            card = PropertyText(block, component=component, source=kind.value)
            picture = next(
                (
                    one
                    for one in card.properties
                    if one.line.name in _PICTURES and len(one.line.value) > _LONGEST_PICTURE
                ),
                None,
            )
            if picture is None:
                break
            left_out.append(picture.line.name)
            block = card.put(picture, [])
        if kind is Kind.VCARD:
            name = read_contacts(block)[0].display_name
        else:
            name = read_events(block)[0].summary
    except Mendable:
        pass  # shown as it stands: the sheet says what can't be read
    return CardText(name or str(number), block, tuple(dict.fromkeys(left_out)))
