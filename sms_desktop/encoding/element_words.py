"""What an information element says, in the few words that stand beside its name. For element_reading."""

from __future__ import annotations

from typing import Final

from sms_desktop.encoding import ports
from sms_desktop.encoding.elements import (
    Concatenation,
    Element,
    MediaObject,
    NationalShift,
    Ports,
    PredefinedObject,
    ReplyAddress,
    SpecialIndication,
    TextFormatting,
    VariablePicture,
)

WAITING: Final = {0: "voice", 1: "fax", 2: "e-mail", 3: "other", 7: "video"}
"""What waits, by the five bits of a special SMS message indication."""

ALIGNMENTS: Final = ("left", "centre", "right", "by language")
SIZES: Final = ("normal", "large", "small", "reserved")
COLOURS: Final = (
    *("black", "dark grey", "dark red", "dark yellow", "dark green", "dark cyan", "dark blue"),
    *("dark magenta", "grey", "white", "bright red", "bright yellow", "bright green", "bright cyan"),
    *("bright blue", "bright magenta"),
)


def words_of(element: Element) -> str:
    """What an element says, in the few words that stand beside its name."""
    match element:
        case Concatenation(reference, total, part):
            return f"part {part} of {total}, reference {reference}"
        case Ports(destination, origin, bits):
            return f"to {ports.describe(destination, bits=bits)}, from {ports.describe(origin, bits=bits)}"
        case NationalShift(language):
            return language_name(language)
        case ReplyAddress(address):
            return address.text
        case SpecialIndication(kind, count):
            return f"{count} {WAITING.get(kind, f'reserved ({kind})')}"
        case TextFormatting():
            return _formatting_words(element)
        case PredefinedObject() | MediaObject() | VariablePicture():
            return f"at character {element.position}"
        case _:
            return ""


def _formatting_words(element: TextFormatting) -> str:
    """What is unlike plain text, and where."""
    styles = {
        "bold": element.bold,
        "italic": element.italic,
        "underlined": element.underlined,
        "struck through": element.struck_through,
    }
    looks = [name for name, there in styles.items() if there]
    if element.size:
        looks.append(SIZES[element.size])
    if element.alignment != 3:
        looks.append(ALIGNMENTS[element.alignment])
    if element.colour is not None:
        looks.append(colour_words(element.colour))
    length = f"{element.length} characters" if element.length else "all that follow"
    return f"{length} from {element.start}: {', '.join(looks) or 'plain'}"


def colour_words(octet: int) -> str:
    """A colour octet as `red on white`."""
    return f"{COLOURS[octet & 15]} on {COLOURS[octet >> 4]}"


def language_name(number: int) -> str:
    """A national language by its number; `reserved` for one that does not exist (TS 23.038 6.2.1.2.4)."""
    from sms_desktop.encoding.national_tables import LANGUAGES  # for the few messages that need them

    return LANGUAGES.get(number, "reserved")
