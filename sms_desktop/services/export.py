"""Messages on their way out: CSV, JSON lines and HTML, streamed in pages. Called by ui and cli.

Memory stays flat whatever is exported. A file is written beside its place and moved there when it is whole.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import assert_never

from sms_desktop.messages.errors import Mendable, TryLater
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.services.tables import neutral
from sms_desktop.store import contacts, search
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow
from sms_desktop.store.search import Query

_PAGE = 500
_COLUMNS = (
    *("created", "direction", "number", "name", "own", "kind"),
    *("state", "text", "parts", "price", "reason", "id"),
)
# Nothing is loaded and nothing runs, whatever a text holds.
_HTML_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>Messages</title>
<style>body{font:14px sans-serif;max-width:60em;margin:2em auto}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}
td.text{white-space:pre-wrap;overflow-wrap:anywhere}</style></head><body><h1>Messages</h1><table>
"""
_HTML_TAIL = "</table></body></html>\n"


class ExportFormat(StrEnum):
    """How messages are written."""

    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"


class ExportCancelled(TryLater):
    """The person stopped it; nothing was left behind."""


def export(
    store: Store,
    query: Query,
    style: ExportFormat,
    file: Path,
    *,
    progress: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Clock = now_us,
    actor: Actor | None = None,
) -> int:
    """Write the messages that a query finds into a private file, the newest first; returns how many.

    `progress` is told how many are written so far; when `cancelled` says so, ExportCancelled is raised and
    the file is as it was before. Raises Mendable for a place that can't be written.
    """
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.part")
    counted = 0
    try:
        with open(unfinished, "w", encoding="utf-8", newline="", opener=_private) as out:
            for text, number in chunks(store, query, style):
                if cancelled():
                    raise ExportCancelled("The export was stopped. Nothing was written.")
                out.write(text)
                counted += number
                progress(counted)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Mendable(f"{file} can't be written: {error.strerror}.", field="file") from error
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _note(store, counted, clock, actor)
    return counted


def stream(
    store: Store,
    query: Query,
    style: ExportFormat,
    take: Callable[[str], None],
    *,
    clock: Clock = now_us,
    actor: Actor | None = None,
) -> int:
    """Give the messages that a query finds to `take`, piece by piece, the newest first; returns how many."""
    counted = 0
    for text, number in chunks(store, query, style):
        take(text)
        counted += number
    _note(store, counted, clock, actor)
    return counted


def _note(store: Store, counted: int, clock: Clock, actor: Actor | None) -> None:
    if store.notice is None:  # one that can only be read can be exported too
        with store.write() as writing:
            (actor or Actor()).note(writing, clock(), "export", f"{counted} messages")


def chunks(store: Store, query: Query, style: ExportFormat) -> Iterator[tuple[str, int]]:
    """The export in pieces, each with the number of messages in it: a head, pages, a tail."""
    match style:
        case ExportFormat.CSV:
            head, write, tail = _csv([_COLUMNS]), _csv_rows, ""
        case ExportFormat.JSONL:
            head, write, tail = "", _json_rows, ""
        case ExportFormat.HTML:
            names = "".join(f"<th>{escape(name)}</th>" for name in _COLUMNS)
            head, write, tail = f"{_HTML_HEAD}<tr>{names}</tr>\n", _html_rows, _HTML_TAIL
        case _:
            assert_never(style)
    yield head, 0
    for rows in _pages(store, query):
        yield write(rows), len(rows)
    yield tail, 0


_Cells = tuple[str, ...]


def _pages(store: Store, query: Query) -> Iterator[list[_Cells]]:
    """Pages of cells; each is a read of its own, so that no long read keeps the log from being emptied."""
    before: int | None = None
    while True:
        with store.read() as db:
            rows = search.found(db, query, limit=_PAGE, before=before)
            names = contacts.names(db, {row.party for row in rows})
        if not rows:
            return
        yield [_cells(row, names.get(row.party, "")) for row in rows]
        before = rows[-1].seq


def _cells(row: MessageRow, name: str) -> _Cells:
    return (
        datetime.fromtimestamp(row.created_us / 1e6, UTC).isoformat(),
        "in" if row.inbound else "out",
        row.party,
        name,
        row.own,
        row.kind,
        row.state,
        row.text,
        str(row.parts_total),
        " ".join(part.price for part in row.parts if part.price),
        row.reason or "",
        row.id,
    )


def _csv(rows: list[_Cells]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[neutral(cell) for cell in row] for row in rows])
    return out.getvalue()


def _csv_rows(rows: list[_Cells]) -> str:
    return _csv(rows)


def _json_rows(rows: list[_Cells]) -> str:
    return "".join(
        json.dumps(dict(zip(_COLUMNS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )


def _html_rows(rows: list[_Cells]) -> str:
    text = _COLUMNS.index("text")
    return "".join(
        "<tr>"
        + "".join(
            f'<td dir="auto"{" class=text" if at == text else ""}>{escape(cell)}</td>'
            for at, cell in enumerate(row)
        )
        + "</tr>\n"
        for row in rows
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
