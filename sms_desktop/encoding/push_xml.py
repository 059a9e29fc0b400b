"""The XML of Service Indications and Loadings that no gateway made WBXML of. Called by push_reading.

The content types text/vnd.wap.si and text/vnd.wap.sl (WAP-167 7, WAP-168 7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from sms_desktop.encoding.charsets import CHARSETS
from sms_desktop.encoding.tree import Annotator
from sms_desktop.encoding.wbxml import MAX_DEPTH, Element

_KNOWN_TO_EXPAT = frozenset({"US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16"})

# Error codes of documents that are well-formed as far as they go.
_ENDS_EARLY = frozenset(
    expat.errors.codes[words]
    for words in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


class _RefusedError(Exception):
    """The document is well-formed, but more than a push has a use for, from octet `at` on."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True)
class _Open:
    """An element whose end was not seen yet."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)


def decode(annotator: Annotator, start: int, end: int, *, charset: int = 0) -> tuple[Element | None, bool]:
    """The root element of `annotator.data[start:end]` if there is one, and whether all of it was read.

    `charset` is what the transport says (a MIBenum, 0 for none); it outweighs what the document says (RFC
    7303 3). What breaks a rule is noted in the annotator. Nothing outside the octets is read, and a document
    that defines entities is refused. Never raises.
    """
    known = CHARSETS.get(charset)
    parser = expat.ParserCreate(known.name if known and known.name in _KNOWN_TO_EXPAT else None)
    parser.buffer_text = True
    stack = [_Open("")]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise _RefusedError(parser.CurrentByteIndex, f"Elements are nested more than {MAX_DEPTH} deep.")
        stack.append(_Open(name, tuple(attributes.items())))

    def finish(_: str) -> None:
        done = stack.pop()
        text = "".join(done.texts).strip()
        stack[-1].children.append(Element(done.name, done.attributes, text, tuple(done.children)))

    def refuse(*_: object) -> None:
        raise _RefusedError(parser.CurrentByteIndex, "The document defines entities, which no push needs.")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = lambda text: stack[-1].texts.append(text)
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(annotator.data[start:end], True)
    except _RefusedError as error:
        annotator.problem(start + error.at, str(error))
    except expat.ExpatError as error:
        at = max(start, min(start + parser.ErrorByteIndex, end))
        if error.code in _ENDS_EARLY:
            annotator.problem(end, "The document ends before its elements do.")
        else:
            annotator.problem(at, f"This is no XML from here on: {expat.ErrorString(error.code)}.")
    except (LookupError, ValueError):  # what the document itself says
        annotator.problem(start, "The character set of the document is not known here.")
    is_whole = len(stack) == 1
    while len(stack) > 1:  # what was cut off says what it can
        finish("")
    return stack[0].children[0] if stack[0].children else None, is_whole
