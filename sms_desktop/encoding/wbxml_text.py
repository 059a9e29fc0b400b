"""The tokens of a WBXML document that stand for text. Called by wbxml, whose parser builds on this."""

from __future__ import annotations

from sms_desktop.encoding import packed_dates
from sms_desktop.encoding.cursor import Cursor
from sms_desktop.encoding.tree import Annotator, Field, octets_follow, octets_in_words
from sms_desktop.encoding.wbxml_strings import Strings
from sms_desktop.encoding.wbxml_tables import ENTITY, OPAQUE, STR_I, STR_T, Vocabulary

_EXT_I, _EXT_T, _EXT = range(0x40, 0x43), range(0x80, 0x83), range(0xC0, 0xC3)

TEXT = frozenset({ENTITY, STR_I, STR_T, OPAQUE, *_EXT_I, *_EXT_T, *_EXT})
"""The tokens that `TextReader.text` reads."""


class TextReader(Cursor):
    """Reads strings, references to the string table, character entities, opaque data and extensions."""

    def __init__(self, annotator: Annotator, start: int, end: int, vocabulary: Vocabulary | None) -> None:
        super().__init__(annotator, start, end)
        self.vocabulary = vocabulary
        self.strings = Strings(annotator)

    def text(self, token: int, *, is_date: bool = False) -> tuple[Field, str]:
        """A token that stands for text, and the text."""
        start = self.position
        self.position += 1
        if token == OPAQUE:
            return self._opaque(start, is_date=is_date)
        if token == STR_I:
            text = self._inline(start)
            return self.field("Inline String", start, text), text
        if token in {STR_T, ENTITY}:
            number = self.read_number()
            name, look_up = (
                ("String Table Reference", self.strings.at_index)
                if token == STR_T
                else ("Character Entity", self.strings.character)
            )
            text = look_up(number, start) if number is not None else ""
            return self.field(name, start, text), text
        if self.vocabulary:
            self.problem(f"{self.vocabulary.title} has no extension tokens.", start)
        meaning = ""
        if token in _EXT_I:
            meaning = self._inline(start)
        elif token in _EXT_T:
            meaning = str(self.read_number() or 0)
        return self.field("Extension", start, meaning), ""

    def _inline(self, start: int) -> str:
        text, self.position, has_end = self.strings.read(self.position, self.end)
        if not has_end:
            self.stop("The string does not end: its NUL is missing.", start)
        return text

    def _opaque(self, start: int, *, is_date: bool) -> tuple[Field, str]:
        length = self.read_number() or 0
        begin, self.position = self.position, self.position + length
        if self.position > self.end:
            self.position = self.end
            self.stop(
                f"The opaque data has {octets_in_words(length)}, but {octets_follow(self.end - begin)}.",
                start,
            )
        text = packed_dates.unpack(self.data[begin : self.position]) if is_date else None
        if is_date and text is None:
            self.problem("A date is packed as YYYYMMDDhhmmss, two decimal digits an octet.", start)
        return self.field("Opaque Data", start, text or octets_in_words(self.position - begin)), text or ""

    def literal(self, at: int) -> str:
        """A name that stands in the string table (WAP-192 5.8.4.5)."""
        number = self.read_number()
        return (self.strings.at_index(number, at) if number is not None else "") or "?"
