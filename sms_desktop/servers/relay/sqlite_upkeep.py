"""What is deleted from the relay's SQLite file, and copied. Called by sqlite_log, inside its transactions."""

from __future__ import annotations

from pathlib import Path

import apsw
import msgspec

from sms_desktop.relay.events import ERASED, UNREADABLE
from sms_desktop.servers.relay.ages import is_over_age
from sms_desktop.servers.relay.erasure import NumberFinder
from sms_desktop.servers.relay.log import LogUnusable, Purged, Retention

_PURGED_AT_ONCE = 1000
_KEYS_AT_ONCE = 5000
_ERASED_AT_ONCE = 2000
_BACKUP_PAGES = 500

# What every good reader token of a stream has read; nobody's word is nobody's wait.
_SLOWEST = """
    SELECT min(coalesce(consumer.acked, 0)) FROM reader JOIN reader_stream ON reader_id = reader.id
    LEFT JOIN consumer ON consumer.stream_id = reader_stream.stream_id AND consumer.name = reader.consumer
    WHERE reader_stream.stream_id = ?1 AND revoked_us IS NULL AND (expires_us IS NULL OR expires_us > ?2)"""

_read_payload = msgspec.json.Decoder(dict[str, str]).decode


def purge(db: apsw.Connection, stream_id: int, retention: Retention, now_us: int) -> Purged:
    """Delete the longest run of the oldest events that need not be kept, up to a batch."""
    row = db.execute("SELECT head, octets FROM stream WHERE id = ?", (stream_id,)).fetchone()
    if row is None:
        return Purged(0, more=False)
    head, octets = row
    slowest = db.execute(_SLOWEST, (stream_id, now_us)).get
    read_through = head if slowest is None else slowest
    gone = freed = last = 0
    for seq, received_us, size in db.execute(
        "SELECT seq, received_us, length(payload) + length(query) + length(body) FROM event "
        "WHERE stream_id = ? ORDER BY seq LIMIT ?",
        (stream_id, _PURGED_AT_ONCE),
    ):
        if not (
            is_over_age(received_us, retention, now_us, is_read=seq <= read_through)
            or octets - freed > retention.most_octets
            or head - seq + 1 > retention.most_events
        ):
            break
        last = seq
        gone += 1
        freed += size
    if gone:
        db.execute("DELETE FROM event WHERE stream_id = ? AND seq <= ?", (stream_id, last))
        db.execute("UPDATE stream SET octets = max(octets - ?, 0) WHERE id = ?", (freed, stream_id))
    return Purged(gone, more=gone == _PURGED_AT_ONCE)


def purge_keys(
    db: apsw.Connection, stream_id: int, retention: Retention, now_us: int, after: bytes
) -> bytes | None:
    """Delete old keys among the next ones after `after`."""
    rows = list(
        db.execute(
            "SELECT key, last_us, seq FROM dedupe WHERE stream_id = ? AND key > ? ORDER BY key LIMIT ?",
            (stream_id, after, _KEYS_AT_ONCE),
        )
    )
    oldest = db.execute("SELECT min(seq) FROM event WHERE stream_id = ?", (stream_id,)).get
    old = [
        (stream_id, key)
        for key, last_us, seq in rows
        if now_us - last_us > retention.key_age_us and (oldest is None or seq < oldest)
    ]
    db.executemany("DELETE FROM dedupe WHERE stream_id = ? AND key = ?", old)
    return bytes(rows[-1][0]) if len(rows) == _KEYS_AT_ONCE else None


def erase(db: apsw.Connection, stream_id: int, number: str, after: int) -> tuple[int, int | None]:
    """Blank what holds a number among the next events after `after`: how many, and where to go on."""
    finder = NumberFinder(number)
    rows = list(
        db.execute(
            "SELECT seq, kind, payload, query, body FROM event WHERE stream_id = ? AND seq > ? "
            "ORDER BY seq LIMIT ?",
            (stream_id, after, _ERASED_AT_ONCE),
        )
    )
    found = [
        (seq, len(payload) + len(query) + len(body))
        for seq, kind, payload, query, body in rows
        if finder.is_in(_read_payload(payload), query, body, readable=kind != UNREADABLE)
    ]
    db.executemany(  # S608: only a word of our own is put in
        f"UPDATE event SET kind = '{ERASED}', payload = '{{}}', query = x'', body = x'', headers = '{{}}', "  # noqa: S608
        "content_type = '', peer = '', flags = '' WHERE stream_id = ? AND seq = ?",
        [(stream_id, seq) for seq, _ in found],
    )
    freed = sum(size - 2 for _, size in found)
    db.execute("UPDATE stream SET octets = max(octets - ?, 0) WHERE id = ?", (freed, stream_id))
    return len(found), rows[-1][0] if len(rows) == _ERASED_AT_ONCE else None


def copy_to(source: apsw.Connection, target: Path) -> None:
    """Copy a log into a new file that knows itself to be a copy: served, it begins another life.

    Raises LogUnusable when there is a file of this name.
    """
    from sms_desktop.servers.relay.sqlite_schema import make_private

    if target.exists():
        raise LogUnusable(f"target: {target} is there already. Name a new file.")
    make_private(target)
    copy = apsw.Connection(str(target))
    try:
        with copy.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(_BACKUP_PAGES)
        copy.pragma("journal_mode", "delete")
        copy.execute("INSERT OR REPLACE INTO meta VALUES ('copy', 'yes')")
        copy.execute("INSERT OR REPLACE INTO meta VALUES ('serving', 'no')")
    except BaseException:
        copy.close()
        target.unlink(missing_ok=True)
        raise
    copy.close()
