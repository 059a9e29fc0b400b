"""What a message holds that is not what it seems, as warnings: part of what `outbox.check` finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sms_desktop.encoding.suspicious import DOCUMENTS, Danger, Suspicion, suspicious
from sms_desktop.messages.findings import Finding, warning
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush

_WORDS = {"text": "Text"}
_LINKS = {
    "user": "leads to the host behind the @, not to the name before it",
    "punycode": "holds a name in Punycode (xn--), which may look like another name",
    "mixed": "mixes letters of several alphabets",
    "look-alike": "is written with letters that only look like Latin ones",
    "dots": "holds characters that only look like dots or slashes",
    "number": "hides its host behind a number",
}
_SHOWN = 60


def findings(message: Message) -> Iterator[Finding]:
    """A warning for each field and each way in which something in it is not what it seems."""
    for field, text in _texts(message):
        found = suspicious(text)
        for danger in Danger:
            some = [one for one in found if one.danger is danger]
            if some:
                yield warning(
                    field, f"{_WORDS.get(field, field)}: {_sentence(danger, some)}", DOCUMENTS[danger]
                )


def _texts(message: Message) -> tuple[tuple[str, str], ...]:
    match message:
        case Text(text) | Unicode(text):
            return (("text", text),)
        case WapPush():
            return (("title", message.title), ("url", message.url))
        case VCard(vcard):
            return (("vcard", vcard),)
        case VCal(vcal):
            return (("vcal", vcal),)
        case Binary():
            return ()
        case _:
            assert_never(message)


def _sentence(danger: Danger, some: list[Suspicion]) -> str:
    first, number = some[0], len(some)
    match danger:
        case Danger.HIDDEN:
            what = "a hidden character" if number == 1 else f"{number} hidden characters"
            return f"{what} that nobody sees ({first.names})."
        case Danger.DIRECTION:
            what = "a mark" if number == 1 else f"{number} marks"
            return f"{what} that can turn the order of the letters ({first.names})."
        case Danger.LOOK_ALIKE:
            what = "a letter that only looks" if number == 1 else f"{number} letters that only look"
            return f"{what} like {first.instead} ({first.names})."
        case Danger.LINK:
            shown = first.text if len(first.text) <= _SHOWN else first.text[: _SHOWN - 1] + "…"
            shown = "".join(each if each.isprintable() else "·" for each in shown)
            return f"the link {shown} {_LINKS[first.reason]}."
        case _:
            assert_never(danger)
