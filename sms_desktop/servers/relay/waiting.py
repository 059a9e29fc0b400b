"""Wakes readers when events were committed. Called by read_api to wait, by writer to announce."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping


class Announcements:
    """The newest number of each stream, and who waits for a newer one. Belongs to one event loop."""

    def __init__(self) -> None:
        self._heads: dict[int, int] = {}
        self._waiting: dict[int, set[asyncio.Future[None]]] = {}
        self._ended = False

    @property
    def ended(self) -> bool:
        """True once the server stops: nobody waits any more."""
        return self._ended

    def announce(self, heads: Mapping[int, int]) -> None:
        """Say that streams have events up to these numbers."""
        for stream_id, head in heads.items():
            self._heads[stream_id] = max(head, self._heads.get(stream_id, 0))
            for waiter in self._waiting.pop(stream_id, ()):
                if not waiter.done():
                    waiter.set_result(None)

    def end(self) -> None:
        """Wake everybody, and let nobody wait any more."""
        self._ended = True
        self.announce(dict.fromkeys(list(self._waiting), 0))

    async def beyond(self, stream_id: int, seq: int, seconds: float) -> None:
        """Wait until the stream has a number above `seq`, at most so long."""
        if self._ended or self._heads.get(stream_id, 0) > seq:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(stream_id, set()).add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return
        finally:
            others = self._waiting.get(stream_id)
            if others is not None:
                others.discard(waiter)
                if not others:
                    del self._waiting[stream_id]
