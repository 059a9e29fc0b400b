"""Messages that wait to be sent: which is due, when the next one is, and what lets one wait or wait no more.

Called by services.
"""

from __future__ import annotations

import apsw

from sms_desktop.messages.ids import AttemptId, ConversationId, MessageId, ProfileId, RequestId
from sms_desktop.messages.states import MAY_BEGIN
from sms_desktop.store import attempts

_WAITS = "m.state IN ('queued', 'not_sent', 'throttled') AND m.next_try_us IS NOT NULL"
_IS_FIRST_TO_ITS_NUMBER = """
    NOT EXISTS (SELECT 1 FROM message e WHERE e.conversation_id = m.conversation_id AND e.seq < m.seq
                AND e.state IN ('queued', 'not_sent', 'throttled') AND e.next_try_us IS NOT NULL)
"""
_COUNT_WAITING = f"SELECT count(*) FROM message m WHERE m.profile = ? AND {_WAITS}"
_DUE = f"""
    SELECT m.id FROM message m
    WHERE m.profile = ? AND {_WAITS} AND m.next_try_us <= ? AND {_IS_FIRST_TO_ITS_NUMBER}
    ORDER BY m.seq LIMIT 1
"""
_NEXT_DUE = f"""
    SELECT min(m.next_try_us) FROM message m
    WHERE m.profile = ? AND {_WAITS} AND {_IS_FIRST_TO_ITS_NUMBER}
"""


def count(db: apsw.Connection, profile: ProfileId) -> int:
    """How many messages of a profile the sender still has before it."""
    return int(next(db.execute(_COUNT_WAITING, (profile,)))[0])


def listed(db: apsw.Connection, profile: ProfileId, *, limit: int) -> tuple[MessageId, ...]:
    """The messages of a profile that the sender still has before it, the oldest first."""
    rows = db.execute(
        f"SELECT m.id FROM message m WHERE m.profile = ? AND {_WAITS} ORDER BY m.seq LIMIT ?",
        (profile, limit),
    )
    return tuple(MessageId(str(row[0])) for row in rows)


def cancel(db: apsw.Connection, message: MessageId) -> bool:
    """Take back a message that waits; False if it is not waiting any more."""
    db.execute(
        """
        UPDATE message SET cancelled = 1, next_try_us = NULL
        WHERE id = ? AND direction = 'out' AND state IN ('queued', 'not_sent', 'throttled')
        """,
        (message,),
    )
    return db.changes() > 0


def block(db: apsw.Connection, message: MessageId, reason: str) -> None:
    """Take back a message that waits because a rule forbids it; `reason` is the sentence that says so."""
    db.execute(
        "UPDATE message SET cancelled = 1, next_try_us = NULL, blocked = ? WHERE id = ?", (reason, message)
    )


def hold_everything(db: apsw.Connection, why: str) -> int:
    """Let nothing go out by itself any more: of what waits, some may have been sent. Returns how much waited.

    `why` is the sentence that each message then bears. The schema may be of any version.
    """
    columns = {str(row[1]) for row in db.execute("PRAGMA table_info(message)")}
    reason = ", blocked = ?1" if "blocked" in columns else ""
    db.execute(
        f"UPDATE message SET next_try_us = NULL{reason} WHERE direction = 'out' AND next_try_us IS NOT NULL",
        (why,) if reason else (),
    )
    return db.changes()


def waiting_for(db: apsw.Connection, number: str) -> tuple[MessageId, ...]:
    """The messages to a number that the sender still has before it, in all profiles."""
    rows = db.execute(
        f"""
        SELECT m.id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id
        WHERE c.party = ? AND {_WAITS} ORDER BY m.seq
        """,
        (number,),
    )
    return tuple(MessageId(str(row[0])) for row in rows)


def pause(db: apsw.Connection, profile: ProfileId, *, now_us: int) -> bool:
    """Stop a profile's queue until `resume`; False if it is stopped already."""
    db.execute("INSERT INTO queue_pause VALUES (?, ?) ON CONFLICT DO NOTHING", (profile, now_us))
    return db.changes() > 0


def resume(db: apsw.Connection, profile: ProfileId) -> bool:
    """Let a profile's queue go on; False if it was not stopped."""
    db.execute("DELETE FROM queue_pause WHERE profile = ?", (profile,))
    return db.changes() > 0


def paused_since(db: apsw.Connection, profile: ProfileId) -> int | None:
    """When a person stopped a profile's queue (UTC, microseconds), or None if it runs."""
    row = next(db.execute("SELECT since_us FROM queue_pause WHERE profile = ?", (profile,)), None)
    return None if row is None else int(str(row[0]))


def from_the_future(db: apsw.Connection, profile: ProfileId, *, now_us: int) -> int:
    """Bring messages that were written later than `now_us` to it: the clock was set back while nobody looked.

    Their undo window is over, and they keep the patience that they had. Returns how many there were.
    """
    db.execute(
        f"""
        UPDATE message AS m SET next_try_us = ?1, deadline_us = ?1 + (deadline_us - created_us),
               not_before_us = NULL
        WHERE m.profile = ?2 AND {_WAITS} AND m.created_us > ?1
        """,
        (now_us, profile),
    )
    return db.changes()


def hasten(
    db: apsw.Connection, profile: ProfileId, *, now_us: int
) -> tuple[tuple[ConversationId, MessageId], ...]:
    """Make every message that waits for its next try due at `now_us`; returns those that were not.

    A message that may still be undone keeps its time.
    """
    rows = db.execute(
        """
        UPDATE message SET next_try_us = ?1
        WHERE profile = ?2 AND state IN ('queued', 'not_sent', 'throttled') AND next_try_us IS NOT NULL
          AND next_try_us > ?1 AND (not_before_us IS NULL OR not_before_us <= ?1)
        RETURNING conversation_id, id
        """,
        (now_us, profile),
    )
    return tuple((ConversationId(conversation), MessageId(message)) for conversation, message in rows)


def next_waiting(
    db: apsw.Connection, profile: ProfileId, *, now_us: int
) -> tuple[MessageId, RequestId] | int | None:
    """The first message that is due and that no earlier one to its number keeps waiting; its next request.

    Else when (UTC, microseconds) the next one becomes due, or None if none waits or the queue is stopped.
    """
    if paused_since(db, profile) is not None:
        return None
    row = next(db.execute(_DUE, (profile, now_us)), None)
    if row is not None:
        message = MessageId(str(row[0]))
        return message, _open_request(db, message)
    row = next(db.execute(_NEXT_DUE, (profile,)))
    return None if row[0] is None else int(str(row[0]))


def go_on(db: apsw.Connection, message: MessageId, *, now_us: int) -> None:
    """Let a message go on whose doubt was settled while requests of it are left, unless its time is over."""
    db.execute(
        """
        UPDATE message SET next_try_us = ?1
        WHERE id = ?2 AND state = 'queued' AND next_try_us IS NULL AND deadline_us >= ?1
        """,
        (now_us, message),
    )


def schedule(db: apsw.Connection, message: MessageId, at_us: int | None) -> None:
    """Set when the sender may take a message; None, or a time after its deadline: never by itself."""
    db.execute(
        "UPDATE message SET next_try_us = CASE WHEN ?1 <= deadline_us THEN ?1 END WHERE id = ?2",
        (at_us, message),
    )


def revive(db: apsw.Connection, message: MessageId, *, now_us: int, deadline_us: int) -> None:
    """Let a message that was given up wait again, until a new deadline."""
    db.execute(
        "UPDATE message SET next_try_us = ?, deadline_us = ?, blocked = NULL WHERE id = ?",
        (now_us, deadline_us, message),
    )


def tries(db: apsw.Connection, attempt: AttemptId) -> int:
    """How many attempts the request of `attempt` has had."""
    row = next(
        db.execute(
            "SELECT count(*) FROM attempt WHERE request_id = (SELECT request_id FROM attempt WHERE id = ?)",
            (attempt,),
        )
    )
    return int(row[0])


def number(db: apsw.Connection, request: RequestId) -> int:
    """Which of its message's requests this is, from 1."""
    return int(next(db.execute("SELECT no FROM request WHERE id = ?", (request,)))[0])


def _open_request(db: apsw.Connection, message: MessageId) -> RequestId:
    """The first request of a waiting message that is not settled."""
    ids = [
        RequestId(int(str(row[0])))
        for row in db.execute("SELECT id FROM request WHERE message_id = ? ORDER BY no", (message,))
    ]
    if len(ids) > 1:
        for request, tried in zip(ids, attempts.of_messages(db, [message])[message], strict=True):
            if not tried or tried[-1].attempt.state in MAY_BEGIN:
                return request
    return ids[0]
