"""The connectionless WSP push PDU in front of a WAP Push: any is read, ours built. Called by wap_push."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sms_desktop.encoding.charsets import CHARSETS, UTF_8
from sms_desktop.encoding.cursor import Cursor
from sms_desktop.encoding.packed_dates import text_of
from sms_desktop.encoding.tree import Annotator, Field, octets_follow, octets_in_words
from sms_desktop.encoding.wsp_tables import (
    APPLICATIONS,
    CONTENT_TYPES,
    DATES,
    HEADERS,
    NUMBERS,
    PARAMETERS,
    PDU_TYPES,
    PUSH_FLAGS,
)

PUSH = 0x06
"""The PDU type Push (WAP-230 table 34)."""

_CHARSET_PARAMETER = 0x01
_LENGTH_QUOTE = 0x1F
_SHIFT_DELIMITER = 0x7F

Value = int | str
"""What a header says: a number, or text; octets that are neither are hexadecimal text."""


@dataclass(frozen=True, slots=True)
class PushPdu:
    """What a push PDU says, as far as it could be read.

    `content_type` is "" when there is none; `charset` is a MIBenum, 0 when none is named. `headers` are in
    order, the content type not among them. `body` is the offset of the body in the annotator's data.
    """

    transaction_id: int | None
    pdu_type: int | None
    headers_length: int | None
    content_type: str
    charset: int
    headers: tuple[tuple[str, Value], ...]
    body: int


def push_header(transaction_id: int, content_type: int) -> bytes:
    """The PDU in front of a UTF-8 body of a well-known content type, without headers (WAP-230 8.2.4.1).

    Raises ValueError when a number does not fit.
    """
    if not 0 <= transaction_id <= 0xFF or not 0 <= content_type <= 0x7F:
        raise ValueError(f"transaction {transaction_id} or content type {content_type} is out of range")
    media = bytes((content_type | 0x80, _CHARSET_PARAMETER | 0x80, UTF_8 | 0x80))
    return bytes((transaction_id, PUSH, len(media) + 1, len(media))) + media


def parse(annotator: Annotator, start: int, end: int) -> tuple[tuple[Field, ...], PushPdu]:
    """The fields up to the body, and what they say. Never raises.

    They cover everything when the octets are not a push PDU: `body` is then `end`.
    """
    return _Parser(annotator, start, end).push()


class _Parser(Cursor):
    def push(self) -> tuple[tuple[Field, ...], PushPdu]:
        transaction, pdu_type = self.peek(), None
        fields: list[Field] = []
        if transaction is None:
            self.stop("There is no WSP PDU.")
        else:
            fields.append(self.take("Transaction Identifier", 1, str(transaction)))
            pdu_type = self.peek()
        if pdu_type is None:
            if not self.stopped:
                self.stop("The PDU type is missing.")
        else:
            if pdu_type != PUSH:
                self.stop("This is not a push: its PDU type is not 06.")
            fields.append(self.take("PDU Type", 1, PDU_TYPES.get(pdu_type, "unknown")))
        length_at = self.position
        length = self.number(fields, "Headers Length", octets_in_words)
        if length is None:
            fields += self.take_rest("Other Octets")
            return tuple(fields), PushPdu(transaction, pdu_type, None, "", 0, (), self.end)
        body = self.position + length
        if body > self.end:
            self.problem(
                f"The headers have {octets_in_words(length)}, but {octets_follow(self.end - self.position)}.",
                length_at,
            )
            body = self.end
        self.end = body
        content_type, charset = self.content_type(fields)
        headers = self.headers(fields)
        return tuple(fields), PushPdu(transaction, pdu_type, length, content_type, charset, headers, body)

    # ------------------------------------------------------------------------------------------- content type

    def content_type(self, fields: list[Field]) -> tuple[str, int]:
        """Content-type-value (WAP-230 8.4.2.24): constrained media, or a length with media and parameters."""
        start = self.position
        first = self.peek()
        if first is None:
            self.problem("The content type is missing.")
            return "", 0
        if first > _LENGTH_QUOTE:
            name = self.media()
            fields.append(self.field("Content Type", start, name))
            return name, 0
        children: list[Field] = []
        stop = self.value_length(children)
        behind, self.end = self.end, stop
        media_at = self.position
        name, charset = "", 0
        if self.position < stop:
            name = self.media()
            children.append(self.field("Media Type", media_at, name))
        else:
            self.problem("The media type is missing.", start)
        while self.position < stop:
            charset = self.parameter(children) or charset
        self.end = behind
        said = f"{name}; charset={_charset_name(charset)}" if charset else name
        fields.append(self.parent("Content Type", start, children, said))
        return name, charset

    def media(self) -> str:
        value = self.value(is_number=True)
        if isinstance(value, str):
            return value
        return CONTENT_TYPES[value] if value < len(CONTENT_TYPES) else f"content type {value}"

    def parameter(self, fields: list[Field]) -> int:
        """One parameter (WAP-230 8.4.2.4); its charset, or 0."""
        start = self.position
        key = self.value()
        name = PARAMETERS.get(key, f"parameter {key}") if isinstance(key, int) else key or "parameter"
        parts = [self.field("Parameter", start, name)]
        value: Value = ""
        if self.position < self.end:
            value_at = self.position
            value = self.value(is_number=True)
            is_charset = name == "charset" and isinstance(value, int)
            meaning = _charset_name(int(value)) if is_charset else str(value)
            parts.append(self.field("Value", value_at, meaning))
        fields.append(self.parent(name, start, parts, parts[-1].meaning if len(parts) > 1 else ""))
        return value if name == "charset" and isinstance(value, int) else 0

    # ------------------------------------------------------------------------------------------------ headers

    def headers(self, fields: list[Field]) -> tuple[tuple[str, Value], ...]:
        found: list[tuple[str, Value]] = []
        page = 1
        while (first := self.peek()) is not None:
            start = self.position
            if first < 0x20 or first == _SHIFT_DELIMITER:
                # Short-cut-shift-delimiter, or shift delimiter and page identity (WAP-230 8.4.2.6).
                count = 1 if first < 0x20 else min(2, self.end - start)
                page = self.data[start + count - 1]
                fields.append(self.take("Header Page", count, f"page {page}"))
                continue
            key = self.value()
            is_known = isinstance(key, int) and page == 1 and key < len(HEADERS)
            if isinstance(key, str):
                name = key
            else:
                name = HEADERS[key] if is_known else f"header {key:02X} of page {page}"
                if not is_known:
                    self.problem(f"Header {key:02X} of page {page} is not known here.", start)
            parts = [self.field("Header Name", start, name)]
            if self.position < self.end:
                value_at = self.position
                value = self.value(is_number=name in NUMBERS)
                parts.append(self.field("Value", value_at, _meaning(name, value)))
                found.append((name, value))
            else:
                self.problem(f"The header {name} has no value.", start)
            fields.append(self.parent(name, start, parts, parts[-1].meaning if len(parts) > 1 else ""))
        return tuple(found)

    # ------------------------------------------------------------------------------------------------- values

    def value(self, *, is_number: bool = False) -> Value:
        """Any field value, by its first octet (WAP-230 8.4.1.2); `is_number` reads a long integer as such."""
        first = self.data[self.position]
        if first >= 0x80:
            self.position += 1
            return first & 0x7F
        if first > _LENGTH_QUOTE:
            return self.string()
        stop = self.value_length(None)
        data = self.data[self.position : stop]
        self.position = stop
        return int.from_bytes(data, "big") if is_number and data else data.hex().upper()

    def value_length(self, fields: list[Field] | None) -> int:
        """Read a value length; the offset where the value ends."""
        start = self.position
        self.position += 1
        length: int | None = self.data[start]
        if length == _LENGTH_QUOTE:
            length = self.read_number()
        if length is None:
            length = self.end - self.position
        if fields is not None:
            fields.append(self.field("Value Length", start, octets_in_words(length)))
        if self.position + length > self.end:
            self.problem(
                f"A value has {octets_in_words(length)}, but {octets_follow(self.end - self.position)}.",
                start,
            )
            return self.end
        return self.position + length

    def string(self) -> str:
        """Text-string or Token-text (WAP-230 8.4.2.1); 7F in front quotes a first octet from 80 on."""
        start = self.position
        found = self.data.find(b"\0", start, self.end)
        stop = found if found >= 0 else self.end
        if found < 0:
            self.problem("The string does not end: its NUL is missing.", start)
        self.position = stop + 1 if found >= 0 else stop
        return self.data[start:stop].removeprefix(b"\x7f").decode("utf-8", "replace")


def _charset_name(number: int) -> str:
    known = CHARSETS.get(number)
    return known.name if known else f"character set {number}" if number else "any character set"


def _meaning(name: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    if name == "X-Wap-Application-Id":
        return APPLICATIONS.get(value, str(value))
    if name == "Push-Flag":
        return ", ".join(words for bit, words in PUSH_FLAGS if value & bit) or "none"
    if name == "Encoding-Version":
        # Version-value (WAP-230 8.4.2.3): major in bits 4 to 6, minor in bits 0 to 3, 15 for none.
        major, minor = value >> 4 & 7, value & 15
        return str(major) if minor == 15 else f"{major}.{minor}"
    if name in DATES:
        try:
            return text_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value))
        except OverflowError:
            return "no date"
    return str(value)
