"""WBXML documents as annotated octets and as elements; every input has an answer. Called by wap_push.

WBXML 1.1 to 1.3 (WAP-135, WAP-154, WAP-192), and 1.0, which does not name its character set.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.encoding.charsets import CHARSETS
from sms_desktop.encoding.tree import Annotator, Field, octets_follow, octets_in_words
from sms_desktop.encoding.wbxml_tables import (
    END,
    HAS_ATTRIBUTES,
    HAS_CONTENT,
    LITERAL,
    PI,
    PUBLIC_IDENTIFIERS,
    SWITCH_PAGE,
    VOCABULARIES,
    Vocabulary,
)
from sms_desktop.encoding.wbxml_text import TEXT, TextReader

MAX_DEPTH = 16
"""Elements inside each other; deeper ones stay octets."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element: attributes in the order of the document, its own text joined, the elements inside it."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str
    children: tuple[Element, ...]

    def attribute(self, name: str) -> str | None:
        """The value of the first attribute of that name, or None."""
        return next((value for known, value in self.attributes if known == name), None)


def decode(
    annotator: Annotator, start: int, end: int, *, vocabulary: Vocabulary | None = None, charset: int = 0
) -> tuple[tuple[Field, ...], Element | None]:
    """The fields that cover `annotator.data[start:end]` exactly, and the root element if there is one.

    `vocabulary` and `charset` (a MIBenum, 0 for none) are what the transport says: they count where the
    document itself says nothing. What breaks a rule is noted in the annotator; what can't be read stays
    octets. Never raises.
    """
    parser = _Parser(annotator, start, end, vocabulary, charset)
    return parser.document()


class _Parser(TextReader):
    def __init__(
        self, annotator: Annotator, start: int, end: int, vocabulary: Vocabulary | None, charset: int
    ) -> None:
        super().__init__(annotator, start, end, vocabulary)
        self.charset_of_transport = charset
        self.tag_page = self.attribute_page = 0

    # ---------------------------------------------------------------------------------------------- the frame

    def document(self) -> tuple[tuple[Field, ...], Element | None]:
        fields = self.prologue()
        root = None
        while not self.stopped and self.position < self.end:
            token = self.data[self.position]
            if token == PI:
                fields.append(self.processing_instruction())
            elif root is not None:
                break
            elif token == SWITCH_PAGE:
                fields.append(self.switch_page(tags=True))
            elif token & 0x3F >= LITERAL:
                field, root = self.element(1)
                fields.append(field)
            else:
                self.stop(f"An element was expected, not the token {token:02X}.")
        if not self.stopped and root is None:
            self.problem("The document ends before its first element.")
        if self.position < self.end:
            if not self.stopped:
                self.problem(f"The document has ended, but {octets_follow(self.end - self.position)}.")
            fields += self.take_rest("Other Octets")
        return tuple(fields), root

    def prologue(self) -> list[Field]:
        """Version, document type, character set and string table (WAP-192 5.2)."""
        if self.position >= self.end:
            self.stop("There is no WBXML document.")
            return []
        version = self.data[self.position]
        if version > 0x03:
            self.problem("WBXML has the versions 1.0 to 1.3; this is read as 1.3.")
        fields = [self.take("Version", 1, f"WBXML {(version >> 4) + 1}.{version & 15}")]
        identifier_at = self.position
        identifier = self.number(fields, "Public Identifier", _document_type)
        name_index = self.number(fields, "Public Identifier Index", str) if identifier == 0 else None
        charset_at = self.position
        charset = self.number(fields, "Character Set", _charset_name) if version > 0x00 else 0
        if not self.stopped:
            self.strings.choose_charset(charset or self.charset_of_transport, charset_at)
            self.string_table(fields)
            self.choose_vocabulary(identifier, name_index, identifier_at)
        return fields

    def choose_vocabulary(self, identifier: int | None, name_index: int | None, at: int) -> None:
        if name_index is not None:
            name = self.strings.at_index(name_index, at)
            self.vocabulary = next((one for one in VOCABULARIES if one.formal_identifier == name), None)
        elif identifier != 0x01:
            self.vocabulary = next((one for one in VOCABULARIES if one.public_identifier == identifier), None)

    def string_table(self, fields: list[Field]) -> None:
        length_at = self.position
        length = self.number(fields, "String Table Length", octets_in_words) or 0
        start, stop = self.position, self.position + length
        if stop > self.end:
            self.problem(
                f"The string table has {octets_in_words(length)}, but {octets_follow(self.end - start)}.",
                length_at,
            )
            stop = self.end
        self.strings.use_table(start, stop)
        strings = []
        while self.position < stop:
            text, behind, _ = self.strings.read(self.position, stop)
            strings.append(self.take("String", behind - self.position, text))
        if strings:
            fields.append(self.parent("String Table", start, strings))

    # ----------------------------------------------------------------------------------------------- elements

    def element(self, depth: int) -> tuple[Field, Element]:
        start = self.position
        token = self.data[start]
        self.position += 1
        name = self.tag_name(token & 0x3F, start)
        parts = ((HAS_ATTRIBUTES, "attributes"), (HAS_CONTENT, "content"))
        holds = " and ".join(words for bit, words in parts if token & bit)
        fields = [self.field("Tag", start, f"{name}, {f'with {holds}' if holds else 'empty'}")]
        attributes: list[tuple[str, str]] = []
        pieces: list[str] = []
        children: list[Element] = []
        if token & HAS_ATTRIBUTES:
            self.attributes(fields, attributes)
        if token & HAS_CONTENT:
            self.content(name, depth, fields, pieces, children)
        text = "".join(pieces)
        element = Element(name, tuple(attributes), text, tuple(children))
        return self.parent(name, start, fields, text), element

    def tag_name(self, identity: int, at: int) -> str:
        if identity == LITERAL:
            return self.literal(at)
        known = self.vocabulary.tags.get(identity) if self.vocabulary and self.tag_page == 0 else None
        if known is None:
            self.not_in_vocabulary("tag", identity, self.tag_page, at)
        return known or f"tag {identity:02X}"

    def content(
        self, name: str, depth: int, fields: list[Field], pieces: list[str], children: list[Element]
    ) -> None:
        while not self.stopped:
            token = self.peek()
            if token is None:
                self.stop(f"The element {name} does not end: its END (01) is missing.")
            elif token == END:
                fields.append(self.take("End", 1, name))
                return
            elif token == SWITCH_PAGE:
                fields.append(self.switch_page(tags=True))
            elif token == PI:
                fields.append(self.processing_instruction())
            elif token in TEXT:
                field, text = self.text(token)
                fields.append(field)
                pieces.append(text)
            elif depth == MAX_DEPTH:
                self.stop(f"Elements are nested more than {MAX_DEPTH} deep.")
            else:
                field, child = self.element(depth + 1)
                fields.append(field)
                children.append(child)

    def attributes(self, fields: list[Field], found: list[tuple[str, str]]) -> None:
        names: set[str] = set()
        while not self.stopped:
            token = self.peek()
            if token is None:
                self.stop("The attributes do not end: their END (01) is missing.")
            elif token == END:
                fields.append(self.take("End", 1, "attributes"))
                return
            elif token == SWITCH_PAGE:
                fields.append(self.switch_page(tags=False))
            elif token in TEXT or token >= 0x80:
                self.problem("A value stands before any attribute.")
                fields.append(self.attribute_value()[0])
            else:
                start = self.position
                field, value = self.attribute()
                fields.append(field)
                if field.name in names:
                    self.problem(
                        f"The attribute {field.name} occurs more than once; the first counts.", start
                    )
                names.add(field.name)
                found.append((field.name, value))

    def attribute(self) -> tuple[Field, str]:
        """An attribute start with the values behind it, and the value that they make."""
        start = self.position
        token = self.data[start]
        self.position += 1
        beginning = ""
        if token == LITERAL:
            name = self.literal(start)
        else:
            known = (
                self.vocabulary.attributes.get(token) if self.vocabulary and not self.attribute_page else None
            )
            if known is None:
                self.not_in_vocabulary("attribute", token, self.attribute_page, start)
            name, beginning = known or (f"attribute {token:02X}", "")
        fields = [self.field("Attribute Start", start, f"{name} {beginning}".rstrip())]
        is_date = self.vocabulary is not None and name in self.vocabulary.dates
        pieces = [beginning]
        while not self.stopped and self.position < self.end:
            token = self.data[self.position]
            if token == SWITCH_PAGE:
                fields.append(self.switch_page(tags=False))
            elif token in TEXT or token >= 0x80:
                field, text = self.attribute_value(is_date=is_date)
                fields.append(field)
                pieces.append(text)
            else:
                break
        value = "".join(pieces)
        return self.parent(name, start, fields, value), value

    def attribute_value(self, *, is_date: bool = False) -> tuple[Field, str]:
        token = self.data[self.position]
        if token in TEXT:
            return self.text(token, is_date=is_date)
        known = self.vocabulary.values.get(token) if self.vocabulary and not self.attribute_page else None
        if known is None:
            self.not_in_vocabulary("attribute value", token, self.attribute_page, self.position)
        return self.take("Attribute Value", 1, known or ""), known or ""

    # -------------------------------------------------------------------------------------------------- rest

    def switch_page(self, *, tags: bool) -> Field:
        if self.position + 2 > self.end:
            self.stop("The number of the code page is missing.")
            return self.take("Switch Page", 1)
        page = self.data[self.position + 1]
        if tags:
            self.tag_page = page
        else:
            self.attribute_page = page
        return self.take("Switch Page", 2, f"{'tags' if tags else 'attributes'} of page {page}")

    def processing_instruction(self) -> Field:
        start = self.position
        fields = [self.take("Processing Instruction Token", 1)]
        self.attributes(fields, [])
        return self.parent("Processing Instruction", start, fields)

    def not_in_vocabulary(self, what: str, token: int, page: int, at: int) -> None:
        if self.vocabulary and not self.stopped:
            self.problem(f"{self.vocabulary.title} has no {what} {token:02X} on page {page}.", at)


def _document_type(number: int) -> str:
    return (
        "named in the string table"
        if number == 0
        else PUBLIC_IDENTIFIERS.get(number, f"document type {number}")
    )


def _charset_name(number: int) -> str:
    known = CHARSETS.get(number)
    return known.name if known else f"character set {number}" if number else "none named"
