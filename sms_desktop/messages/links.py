"""`sms:` links: to whom, and with which text, a draft begins (RFC 5724). Called by app and ui.

A link comes from a stranger's web page. It fills drafts and does nothing else: it is bounded, its numbers are
checked as if they were typed, and nothing is ever sent because of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from sms_desktop.messages.addresses import recipient
from sms_desktop.messages.errors import Mendable

LONGEST_LINK = 20_000
"""Characters."""
LONGEST_BODY = 3_200
"""Characters: what one message may hold at most."""
MOST_RECIPIENTS = 20

_SCHEME = re.compile(r"(?:sms|smsto):", re.IGNORECASE)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A line ends with CR LF in a link (RFC 5724 2.2). What else controls a terminal or a printer is no text.
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Link:
    """Drafts to begin: one for each of `recipients` (MSISDNs), all with the text `body`.

    Without recipients it is a message to nobody yet.
    """

    recipients: tuple[str, ...] = ()
    body: str = ""

    def as_uri(self) -> str:
        """The link in its plainest form: printable ASCII without a space."""
        numbers = ",".join(f"+{number}" for number in self.recipients)
        body = quote(self.body.replace("\n", "\r\n"), safe="", encoding="utf-8")
        return f"sms:{numbers}?body={body}" if body else f"sms:{numbers}"


def is_link(text: str) -> bool:
    """Whether `text` begins like an `sms:` or `smsto:` link."""
    return _SCHEME.match(text) is not None


def parse(uri: str) -> Link:
    """Read a link. Fields other than `body` mean nothing and are passed over, as RFC 5724 2.2 asks.

    `sms://+31...`, which some programs write, is read as `sms:+31...`. Its parameters (RFC 3966) are
    passed over too, but for `phone-context`, which completes a local number. Equal recipients are one. Raises
    Mendable (field `link`).
    """
    if len(uri) > LONGEST_LINK:
        raise _mendable(f"This link has {len(uri):,} characters. At most {LONGEST_LINK:,} are read.")
    scheme = _SCHEME.match(uri)
    if scheme is None:
        raise _mendable("This is no sms: link. It begins with sms: and a number, as in sms:+31612345678.")
    rest = uri[scheme.end() :].removeprefix("//").partition("#")[0]
    path, _, query = rest.partition("?")
    numbers = [part for part in path.rstrip("/").split(",") if part]
    if len(numbers) > MOST_RECIPIENTS:
        raise _mendable(f"This link names {len(numbers)} numbers. At most {MOST_RECIPIENTS} are taken.")
    return Link(tuple(dict.fromkeys(_number(part) for part in numbers)), _body(query))


def _number(part: str) -> str:
    number, *parameters = part.split(";")
    typed = _decoded(number)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        context = _decoded(value)
        if name.lower() == "phone-context" and context.startswith("+") and not typed.startswith("+"):
            typed = context + typed
    try:
        return recipient(typed)
    except Mendable as error:
        raise _mendable(f"This link names no number that works. {error.message}") from error


def _body(query: str) -> str:
    bodies = [
        value
        for name, _, value in (field.partition("=") for field in query.split("&"))
        if name.lower() == "body"
    ]
    if not bodies:
        return ""
    if len(bodies) > 1:
        raise _mendable("This link holds more than one text, and so none that can be trusted.")
    body = _CONTROL.sub("", _LINE_END.sub("\n", _decoded(bodies[0])))
    if len(body) > LONGEST_BODY:
        raise _mendable(
            f"The text in this link has {len(body):,} characters. A message holds at most {LONGEST_BODY:,}."
        )
    return body


def _decoded(escaped: str) -> str:
    """Percent escapes as the UTF-8 that they stand for. A `+` is a plus sign."""
    if _BAD_ESCAPE.search(escaped):
        raise _mendable("This link is damaged: a % in it is not followed by two hexadecimal digits.")
    try:
        return unquote_to_bytes(escaped).decode("utf-8")
    except UnicodeError as error:
        raise _mendable("This link is damaged: its text is not UTF-8.") from error


def _mendable(sentence: str) -> Mendable:
    return Mendable(sentence, field="link")
