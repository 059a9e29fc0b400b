"""The parameters of a request, however a client sends them. Used by sending and the account's calls.

Clients in the field send a form, a JSON object, or a POST with everything in the query string.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from sms_desktop.gateway.webhooks import MOST_FIELDS, fields_from

_MOST_OCTETS = 128 * 1024
"""The longest card of 32,000 octets has thrice as many when each is percent-encoded."""
_BODY_SECONDS = 10
_FORM_TYPES = frozenset({"", "application/x-www-form-urlencoded"})
# The older SMS API reference, "Encoding".
_JSON_TYPES = frozenset(
    {
        "application/json",
        "application/jsonrequest",
        "application/x-javascript",
        "text/json",
        "text/javascript",
        "text/x-javascript",
        "text/x-json",
    }
)


class NotReadable(Exception):
    """No parameters can be read from a request; answered with an HTTP status of its own."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


async def read_parameters(request: Request, *, get_needs_length: bool = True) -> dict[str, str]:
    """The parameters of body and query string; the body wins where both name one. Raises NotReadable."""
    body = await read_body(request, most=_MOST_OCTETS)
    if get_needs_length and request.method == "GET" and "content-length" not in request.headers:
        # The older SMS API reference: "If you are using GET, you must set Content-Length".
        raise NotReadable(HTTPStatus.LENGTH_REQUIRED, "A GET request needs a Content-Length header.")
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and declared not in _FORM_TYPES | _JSON_TYPES:
        raise NotReadable(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send a form or a JSON object.")
    query = request.scope["query_string"].decode("latin-1")
    fields = fields_from("POST", declared, query, body)
    if body.strip() and not fields:
        raise NotReadable(
            HTTPStatus.BAD_REQUEST,
            f"No parameters could be read from the body; there may be {MOST_FIELDS} at most.",
        )
    return fields


async def read_body(request: Request, *, most: int) -> bytes:
    """The body, of at most so many octets. Raises NotReadable for more, a slow one, and one cut short."""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise NotReadable(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                        f"The body may hold {most} octets at most.",
                    )
    except TimeoutError:
        raise NotReadable(HTTPStatus.REQUEST_TIMEOUT, "The body did not come in time.") from None
    except ClientDisconnect:
        raise NotReadable(HTTPStatus.BAD_REQUEST, "The body did not come to its end.") from None
    return bytes(body)
