"""Reads the elements of the Enhanced Messaging Service: styles, sounds, pictures. Called by element_reading.

Each function takes where an element's data begins and ends; its length was found right.
"""

from __future__ import annotations

from typing import Final

from sms_desktop.encoding.element_words import ALIGNMENTS, COLOURS, SIZES, colour_words
from sms_desktop.encoding.elements import (
    Element,
    MediaObject,
    PredefinedObject,
    TextFormatting,
    UserPrompt,
    VariablePicture,
)
from sms_desktop.encoding.tree import Annotator, Field, octets_in_words


def formatting(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    """How a run of the text looks (TS 23.040 9.2.3.24.10.1.1)."""
    first, position = annotator.number("Start Position", start, start + 1)
    length, count = annotator.number("Length", start + 1, start + 2)
    at = start + 2
    octet = annotator.data[at]
    mode = (
        annotator.bits("Alignment", at, 0, 2, ALIGNMENTS[octet & 3]),
        annotator.bits("Size", at, 2, 2, SIZES[octet >> 2 & 3]),
        *(
            annotator.bits(name, at, place, 1, "yes" if octet >> place & 1 else "no")
            for place, name in enumerate(("Bold", "Italic", "Underlined", "Struck Through"), start=4)
        ),
    )
    fields = [position, count, annotator.octets("Formatting Mode", at, at + 1, "", mode)]
    colour = None
    if end - at == 2:
        colour = annotator.data[at + 1]
        inks = (
            annotator.bits("Foreground", at + 1, 0, 4, COLOURS[colour & 15]),
            annotator.bits("Background", at + 1, 4, 4, COLOURS[colour >> 4]),
        )
        fields.append(annotator.octets("Colour", at + 1, end, colour_words(colour), inks))
    element = TextFormatting(
        start=first,
        length=length,
        alignment=octet & 3,
        size=octet >> 2 & 3,
        bold=bool(octet & 0x10),
        italic=bool(octet & 0x20),
        underlined=bool(octet & 0x40),
        struck_through=bool(octet & 0x80),
        colour=colour,
    )
    return element, tuple(fields)


_SOUNDS: Final = (
    *("chimes high", "chimes low", "ding", "tada", "notify", "drum", "claps", "fanfare"),
    *("chord high", "chord low"),
)
_ANIMATIONS: Final = ("ironic", "glad", "sceptical", "sad", "wow", "crying")


def predefined(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    """A sound or an animation that the phone has (TS 23.040 9.2.3.24.10.1.2 and .4)."""
    identifier = annotator.data[start - 2]
    kind, names = ("Sound", _SOUNDS) if identifier == 0x0B else ("Animation", _ANIMATIONS)
    at, position = annotator.number("Position", start, start + 1)
    value = annotator.data[start + 1]
    words = names[value] if value < len(names) else "reserved"
    number, leaf = annotator.number(f"{kind} Number", start + 1, end, words)
    return PredefinedObject(identifier, at, number), (position, leaf)


_MEDIA: Final = {
    0x0C: "Melody (iMelody)",
    0x0E: "Animation of 4 Bitmaps, 16 by 16",
    0x0F: "Animation of 4 Bitmaps, 8 by 8",
    0x10: "Bitmap, 32 by 32",
    0x11: "Bitmap, 16 by 16",
}


def media(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    """A melody, animation or picture in the message (TS 23.040 9.2.3.24.10.1.3 and .5 to .8)."""
    identifier = annotator.data[start - 2]
    at, position = annotator.number("Position", start, start + 1)
    fields = [position]
    if end > start + 1:
        size = octets_in_words(end - start - 1)
        fields.append(annotator.octets(_MEDIA[identifier], start + 1, end, size))
    return MediaObject(identifier, at, annotator.data[start + 1 : end]), tuple(fields)


def variable_picture(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    """A picture of any size (TS 23.040 9.2.3.24.10.1.9)."""
    at, position = annotator.number("Position", start, start + 1)
    width = 8 * annotator.data[start + 1]
    across = annotator.octets("Width in Eights", start + 1, start + 2, f"{width} points")
    height = annotator.data[start + 2]
    down = annotator.octets("Height", start + 2, start + 3, f"{height} points")
    fields = [position, across, down]
    bitmap = annotator.data[start + 3 : end]
    if bitmap:
        fields.append(annotator.octets("Bitmap", start + 3, end, octets_in_words(len(bitmap))))
    if 8 * len(bitmap) != width * height:
        expected = octets_in_words(width * height // 8)
        annotator.problem(start + 1, f"{width} by {height} points take {expected}, not {len(bitmap)}.")
    return VariablePicture(at, width, height, bitmap), tuple(fields)


def user_prompt(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    """How many of the objects that follow belong together (TS 23.040 9.2.3.24.10.1.10)."""
    number, leaf = annotator.number("Number of Objects", start, end)
    return UserPrompt(number), (leaf,)
