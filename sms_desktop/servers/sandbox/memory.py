"""What the sandbox keeps over a restart: webhooks on their way, the account, who said STOP. Used by app.

A small SQLite file in the profile's folder, written behind the answers, a few times a second: after a crash
the last moments may be missing. No secret is in it: an address of the relay beside us is kept without its
token, and meets the relay's new address and token at the next start; one of another relay is not kept.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.courier import Planned, Webhook

FILE = "sandbox.db"
_PAUSE_SECONDS = 0.25
_VERSION = 1
_BESIDE_US = "relay:"
_TOKEN_PATH = re.compile(r"/h/[A-Za-z0-9_-]{22}")

_SCHEMA = """
CREATE TABLE webhook (
    number INTEGER PRIMARY KEY, due REAL NOT NULL, given_up REAL NOT NULL, pause REAL NOT NULL,
    tries INTEGER NOT NULL, kind TEXT NOT NULL, message INTEGER NOT NULL, age REAL NOT NULL,
    badly_signed INTEGER NOT NULL, callback TEXT NOT NULL, fields TEXT NOT NULL
) STRICT;
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL) STRICT;
"""


class Memory:
    """Keeps webhooks as a Keeper, and one document of everything else.

    `relay` is the address of the relay beside us, up to and with its token, or None. Raises Mendable if the
    file can't be used.
    """

    def __init__(self, folder: Path, *, clock: Clock, relay: str | None) -> None:
        self._clock = clock
        self._relay = relay
        self._changes: dict[int, Planned | None] = {}
        self._document: Callable[[], dict[str, Any]] | None = None
        self._touched = False
        path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = apsw.Connection(str(path))
            self._db.set_busy_timeout(2000)
            self._prepare()
        except (OSError, apsw.Error) as error:
            raise Mendable(
                f"The sandbox's data in {path} can't be used: {error}. Remove the file to begin anew.",
                field="data",
            ) from error

    def keep(self, planned: Planned) -> None:
        """Keep a webhook; nothing is kept of a clock that goes by hand."""
        if not self._clock.by_hand:
            self._changes[planned.number] = planned

    def drop(self, number: int) -> None:
        """Forget a webhook."""
        self._changes[number] = None

    def touch(self) -> None:
        """The document has changed."""
        self._touched = True

    def document(self) -> dict[str, Any]:
        """What was kept besides webhooks; empty at first."""
        row = next(self._db.execute("SELECT document FROM state"), None)
        if row is None:
            return {}
        with suppress(ValueError):
            found = json.loads(row[0])
            if isinstance(found, dict):
                return found
        return {}

    def webhooks(self) -> list[Planned]:
        """What was on its way, with times of this run's clock and addresses of today's relay."""
        return list(self._webhooks())

    def write_down(self, document: Callable[[], dict[str, Any]]) -> None:
        """Write `document()` whenever it has changed."""
        self._document = document

    async def run(self) -> None:
        """Write what has changed, until cancelled; then the rest."""
        try:
            while True:
                await asyncio.sleep(_PAUSE_SECONDS)
                work = self._work()
                if work is not None:
                    await asyncio.shield(asyncio.to_thread(self._write, *work))
        finally:
            work = self._work()
            if work is not None:
                self._write(*work)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def portable(self, callback: str) -> str | None:
        """An address as it may be kept: without a relay's token, or None."""
        if self._relay is not None and callback.startswith(f"{self._relay}/"):
            return _BESIDE_US + callback[len(self._relay) :]
        return None if _TOKEN_PATH.search(callback) else callback

    def reachable(self, kept: str) -> str | None:
        """The address that was kept, as it is now."""
        if not kept.startswith(_BESIDE_US):
            return kept
        return None if self._relay is None else self._relay + kept.removeprefix(_BESIDE_US)

    def _prepare(self) -> None:
        db = self._db
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        (version,) = next(db.execute("PRAGMA user_version"))
        if version not in (0, _VERSION):
            raise apsw.Error("it is of another version")
        if not version:
            with db:
                db.execute(_SCHEMA)
                db.execute(f"PRAGMA user_version = {_VERSION}")

    def _webhooks(self) -> Iterator[Planned]:
        now, wall = self._clock.now(), time.time()
        rows = self._db.execute(
            "SELECT number, due, given_up, pause, tries, kind, message, age, badly_signed, callback, fields "
            "FROM webhook ORDER BY due LIMIT 50000"
        )
        for number, due, given_up, pause, tries, kind, message, age, badly_signed, kept, fields in rows:
            callback = self.reachable(kept)
            if callback is None:
                continue
            due_now = now + (due - wall) * self._clock.speed
            webhook = Webhook(
                callback,
                json.loads(fields),
                0.0,
                kind=kind,
                message=message,
                origin=due_now - age,
                badly_signed=bool(badly_signed),
            )
            lasts = now + (given_up - wall) * self._clock.speed
            yield Planned(max(due_now, now), number, webhook, pause, lasts, tries)

    def _work(self) -> tuple[list[tuple[Any, ...]], list[tuple[int]], str | None] | None:
        if not self._changes and not self._touched:
            return None
        changes, self._changes = self._changes, {}
        now, wall = self._clock.now(), time.time()
        kept, dropped = [], []
        for number, planned in changes.items():
            row = None if planned is None else self._row(planned, now, wall)
            if row is None:
                dropped.append((number,))
            else:
                kept.append(row)
        text = None
        if self._touched and self._document is not None:
            text = json.dumps(self._document())
        self._touched = False
        return kept, dropped, text

    def _row(self, planned: Planned, now: float, wall: float) -> tuple[Any, ...] | None:
        webhook = planned.webhook
        callback = self.portable(webhook.callback)
        if callback is None:
            return None
        speed = self._clock.speed
        return (
            planned.number,
            wall + (planned.due - now) / speed,
            wall + (planned.given_up - now) / speed,
            planned.pause,
            planned.tries,
            webhook.kind,
            webhook.message,
            planned.due - (webhook.origin or 0.0),
            int(webhook.badly_signed),
            callback,
            json.dumps(dict(webhook.fields)),
        )

    def _write(self, kept: list[tuple[Any, ...]], dropped: list[tuple[int]], text: str | None) -> None:
        db = self._db
        with db:
            db.executemany("DELETE FROM webhook WHERE number = ?", dropped)
            db.executemany("INSERT OR REPLACE INTO webhook VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)
            if text is not None:
                db.execute("INSERT OR REPLACE INTO state VALUES (1, ?)", (text,))
