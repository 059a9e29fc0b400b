"""What the sandbox did, for whoever wants to know: the last entries, without secrets. Kept by app.

An entry says which message it belongs to (by order of arrival) and how many seconds of the sandbox's clock
after it; times of day are not in it, so that the same rehearsal leaves the same trace.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any, Final, NamedTuple

from sms_desktop.gateway.request import MASK, mask_callback
from sms_desktop.gateway.sandbox_control import TracePage

_MOST = 20_000
_PAGE = 1000
_SECRET: Final = frozenset({"api_secret", "sig", "client_secret"})
_OF_THE_TIME: Final = ("message-timestamp", "scts", "timestamp", "nonce", "sig")


class _Entry(NamedTuple):
    message: int
    at: float
    fields: dict[str, Any]


class Trace:
    """The last 20,000 entries."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque(maxlen=_MOST)
        self._count = 0
        self._came: asyncio.Event | None = None

    def note(self, message: int, at: float, event: str, **fields: object) -> None:
        """Keep an entry: `at` seconds after the message came."""
        self._entries.append(_Entry(message, at, {"event": event, **fields}))
        self._count += 1
        if self._came is not None:
            self._came.set()
            self._came = None

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()

    def whole(self) -> TracePage:
        """Everything that is kept, by message and time."""
        entries = [_shown(entry) for entry in self._entries]
        entries.sort(
            key=lambda entry: (entry["message"], entry["at"], _RANK[entry["event"]], json.dumps(entry))
        )
        return TracePage(entries, self._count)

    async def since(self, place: int, seconds: float) -> TracePage:
        """What came after `place`, in the order that it came; waits for something for so many seconds."""
        if place >= self._count:
            self._came = self._came or asyncio.Event()
            try:
                async with asyncio.timeout(seconds):
                    await self._came.wait()
            except TimeoutError:
                pass
        first = self._count - len(self._entries)
        start = min(max(place, first), self._count)
        entries = [self._entries[index - first] for index in range(start, min(start + _PAGE, self._count))]
        return TracePage([_shown(entry) for entry in entries], start + len(entries))


_RANK: Final = {"request": 0, "receipt early": 1, "answer": 2, "receipt": 3, "inbound": 4, "given up": 5}


def _shown(entry: _Entry) -> dict[str, Any]:
    fields = dict(entry.fields)
    for name in ("parameters", "fields"):
        if name in fields:
            fields[name] = without_secrets(fields[name])
    return {"message": entry.message, "at": round(entry.at, 6), **fields}


def without_secrets(parameters: dict[str, str]) -> dict[str, str]:
    """Parameters or a webhook's fields, without secrets and times of day."""
    shown = {name: value for name, value in parameters.items() if name not in _OF_THE_TIME or name == "sig"}
    for name, value in shown.items():
        if name in _SECRET:
            shown[name] = MASK
        elif "/h/" in value:
            shown[name] = mask_callback(value)
    return dict(sorted(shown.items()))
