"""Answers in the gateways' formats: Nexmo's JSON and XML, KPN's JSON. Used by sending and account_calls."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from xml.sax.saxutils import escape

import msgspec

Format = Literal["json", "xml", "kpn"]

JSON_TYPE = "application/json"
XML_TYPE = "text/xml; charset=utf-8"
"""SMS API 1.5.0, the content of the 200 answer."""

# The XML names and their order are those of the answers' documented template.
_XML_NAMES = {
    "message-id": "messageId",
    "to": "to",
    "client-ref": "clientRef",
    "account-ref": "accountRef",
    "status": "status",
    "error-text": "errorText",
    "remaining-balance": "remainingBalance",
    "message-price": "messagePrice",
    "network": "network",
}
_MASKED = "*****"
"""What KPN shows instead of money."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


def messages(parts: Sequence[Mapping[str, str]], form: Format) -> Answer:
    """One status for each part."""
    if form == "xml":
        return Answer(200, _xml(parts), XML_TYPE)
    if form == "kpn":
        parts = [
            {
                name: _MASKED if name in ("remaining-balance", "message-price") else value
                for name, value in part.items()
            }
            for part in parts
        ]
    document = {"message-count": str(len(parts)), "messages": parts}
    return Answer(200, msgspec.json.encode(document), JSON_TYPE)


def problem(status: int, sentence: str, form: Format) -> Answer:
    """An HTTP error with a sentence; KPN's in the shape of its gateway."""
    headers: tuple[tuple[str, str], ...] = ()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        headers = (("connection", "close"),)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers = (("retry-after", "1"),)
    if 300 <= status < 400:
        headers = (("location", "/elsewhere"),)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = (("allow", "POST" if form == "kpn" else "GET, POST"),)
    document: dict[str, str] = {"error": sentence}
    if form == "kpn":
        document = {
            "transactionId": str(uuid.uuid4()),
            "status": str(status),
            "name": _name(status),
            "message": sentence,
            "info": "https://developer.kpn.com/",
        }
    return Answer(status, msgspec.json.encode(document), JSON_TYPE, headers)


def nowhere(form: Format) -> Answer:
    """The answer at an address that is none of the API."""
    return problem(404, "Nothing is here. Messages go to /sms/json or /sms/xml, KPN's to /send.", form)


def malformed(answer: Answer) -> Answer:
    """The first half of an answer."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)


def empty(answer: Answer) -> Answer:
    """An answer without its body."""
    return Answer(answer.status, b"", answer.content_type)


def _xml(parts: Sequence[Mapping[str, str]]) -> bytes:
    lines = [
        "<?xml version='1.0' encoding='UTF-8' ?>",
        "<mt-submission-response>",
        f"  <messages count='{len(parts)}'>",
    ]
    for part in parts:
        lines.append("    <message>")
        lines += [
            f"      <{element}>{escape(_NO_XML.sub('�', part[name]))}</{element}>"
            for name, element in _XML_NAMES.items()
            if name in part
        ]
        lines.append("    </message>")
    lines += ["  </messages>", "</mt-submission-response>", ""]
    return "\n".join(lines).encode()


def _name(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "ApplicationNotFound"  # what KPN's gateway says of a path that it does not know
    try:
        return HTTPStatus(status).phrase.replace(" ", "")
    except ValueError:
        return "Error"
