"""The texts of a WBXML document: character set, string table, character entities. Called by wbxml."""

from __future__ import annotations

import codecs

from sms_desktop.encoding.charsets import CHARSETS, Charset
from sms_desktop.encoding.tree import Annotator

MAX_TEXT = 65_536
"""Characters of text in all; two octets may refer to the same long string again and again."""

_LATIN_1 = CHARSETS[4]
_UTF_16 = CHARSETS[1015]
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)


class Strings:
    """Reads the strings of one document, and notes in the annotator what is wrong with them."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator
        self._charset: Charset = _LATIN_1
        self._table = (0, 0)
        self._room = MAX_TEXT
        self._is_full = False

    def choose_charset(self, number: int, at: int) -> None:
        """Read by the character set of a MIBenum from now on; 0 means that none is named."""
        known = CHARSETS.get(number)
        if known is None:
            said = f"Character set {number} is not known here" if number else "No character set is named"
            self._annotator.problem(at, f"{said}; the text is read as ISO-8859-1.")
        self._charset = known or _LATIN_1

    def use_table(self, start: int, end: int) -> None:
        """Say where the string table lies in the annotator's data."""
        self._table = (start, end)

    def read(self, start: int, limit: int) -> tuple[str, int, bool]:
        """The string at `start`, the offset behind its NUL, and whether it has one before `limit`."""
        data = self._annotator.data
        if self._charset.wide:
            stop = start
            while stop + 2 <= limit and (data[stop] or data[stop + 1]):
                stop += 2
            behind = stop + 2
        else:
            found = data.find(b"\0", start, limit)
            stop = found if found >= 0 else limit
            behind = stop + 1
        if behind > limit:
            return self._decoded(start, limit), limit, False
        return self._decoded(start, stop), behind, True

    def at_index(self, index: int, at: int) -> str:
        """The string at an index of the string table (WAP-192 5.7), which may be the end of a longer one."""
        start, end = self._table
        if index >= end - start:
            size = end - start
            self._annotator.problem(
                at, f"Index {index} lies outside the string table, which has {size} octets."
            )
            return ""
        if not self._room:
            self._note_full(at)
            return ""
        return self.read(start + index, end)[0]

    def character(self, number: int, at: int) -> str:
        """The character with that number in ISO 10646, or U+FFFD."""
        if not self._room:
            self._note_full(at)
            return ""
        self._room -= 1
        if not 0 < number < 0x110000 or 0xD800 <= number < 0xE000:
            self._annotator.problem(at, f"No character has the number {number}.")
            return "\ufffd"
        return chr(number)

    def _decoded(self, start: int, stop: int) -> str:
        octets = self._annotator.data[start : min(stop, start + 4 * self._room)]
        codec = self._charset.codec
        if self._charset is _UTF_16 and octets.startswith(_BYTE_ORDER_MARKS):
            codec = "utf-16"
        try:
            text = octets.decode(codec)
        except UnicodeDecodeError:
            name = self._charset.name
            self._annotator.problem(start, f"The text is not {name}; what cannot be read is shown as U+FFFD.")
            text = octets.decode(codec, "replace")
        if len(text) > self._room or start + len(octets) < stop:
            text = text[: self._room]
            self._note_full(start)
        self._room -= len(text)
        return text

    def _note_full(self, at: int) -> None:
        if not self._is_full:
            self._annotator.problem(
                at, f"The texts have more than {MAX_TEXT} characters; the rest is left out."
            )
        self._is_full = True
