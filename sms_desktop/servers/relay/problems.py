"""Refusals as readers get them: problem details (RFC 9457). Called by the readers' doors."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

RETRY_AFTER_SECONDS = 5
"""So long one who can't be served now is asked to stay away."""

_TITLES = {
    "bad-request": "The request can't be read",
    "unauthorized": "No valid relay token",
    "forbidden": "The relay token may not do this",
    "stream-reset": "The log was made anew",
    "cursor-ahead": "The log ends before the cursor",
    "cursor-gone": "Events after the cursor were deleted",
    "not-found": "There is no such event",
    "too-many-failures": "Too many wrong tokens",
    "too-many-waits": "Too many requests of this token wait",
    "unavailable": "The log can't be read now",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    retry_after: int | None = None,
    facts: Mapping[str, object] | None = None,
) -> Response:
    """A refusal. `code` is the last part of `type` and stands alone too; `facts` are further members."""
    document = {
        "type": f"/problems/{code}",
        "code": code,
        "title": _TITLES[code],
        "status": status,
        "detail": detail,
        **(facts or {}),
    }
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(
        msgspec.json.encode(document), status, headers=headers, media_type="application/problem+json"
    )


def unavailable(*, retry_after: int = RETRY_AFTER_SECONDS) -> Response:
    """The log can't answer now."""
    return problem(503, "unavailable", "Ask again later.", retry_after=retry_after)
