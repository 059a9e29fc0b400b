"""Stores of any size for measurements: conversations of every length, messages of every state, with evidence.

`python -m tests.bench.large_store FILE [MESSAGES] [CONVERSATIONS]` makes one to look at.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store

MESSAGES, CONVERSATIONS = 1_000_000, 20_000
_BATCH = 50_000
_WORDS = (
    *("parcel", "ready", "desk", "laptop", "invoice", "friday", "meeting", "thanks", "crème", "brûlée"),
    *("appointment", "code", "confirm", "delivery", "service", "tomorrow", "morning", "question", "repair"),
    *("support", "number", "arrived", "collect", "please", "return", "window", "screen", "battery", "number"),
)
# Every third message is received; the others have a request, an attempt, a part and a receipt.
_SERIES = "WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
_STATEMENTS = (
    f"""
    {_SERIES} INSERT INTO message (seq, id, conversation_id, profile, direction, kind, body, own, options,
                                   state, created_us, parts_total)
    SELECT i, 'M' || i, 1 + i % ?3, 'sandbox', iif(i % 3, 'out', 'in'), 'text',
           'Your ' || (SELECT w FROM word WHERE k = i % 29) || ' ' ||
           (SELECT w FROM word WHERE k = i / 29 % 29) || ' ' || (SELECT w FROM word WHERE k = i / 841 % 29)
           || ' no ' || (i * 7919 % 1000003), 'Helpdesk', '{{}}',
           iif(i % 3, iif(i % 97, 'delivered', 'failed'), 'received'), 1700000000000000 + i * 1000000, 1
    FROM n
    """,
    f"""
    {_SERIES} INSERT INTO inbound_part (message_id, gateway_id, no, text, received_us)
    SELECT 'M' || i, 'I' || i, 1, (SELECT body FROM message WHERE seq = i), i FROM n WHERE i % 3 = 0
    """,
    f"{_SERIES} INSERT INTO request (id, message_id, no) SELECT i, 'M' || i, 1 FROM n WHERE i % 3",
    f"""
    {_SERIES} INSERT INTO attempt (id, request_id, no, client_ref, outcome, started_us, request)
    SELECT i, i, 1, 'ref' || i, 'answered', i, '{{}}' FROM n WHERE i % 3
    """,
    f"""
    {_SERIES} INSERT INTO part (attempt_id, idx, gateway_id, status, price)
    SELECT i, 1, 'G' || i, '0', '0.0333' FROM n WHERE i % 3
    """,
    f"""
    {_SERIES} INSERT INTO receipt (profile, gateway_id, party, word, err_code, scts, received_us,
                                   foreign_account)
    SELECT 'sandbox', 'G' || i, '316' || (10000000 + i % ?3), iif(i % 97, 'delivered', 'failed'), '0',
           '2601011200', i, 0 FROM n WHERE i % 3
    """,
)


def make(file: Path, *, messages: int = MESSAGES, conversations: int = CONVERSATIONS) -> Store:
    """Make a store with so many messages, in so many conversations, and leave it open."""
    store = Store(file)
    with store.write() as writing:
        db = writing.db
        db.execute("CREATE TEMP TABLE word (k INTEGER PRIMARY KEY, w TEXT)")
        db.executemany("INSERT INTO word VALUES (?, ?)", enumerate(_WORDS))
        db.execute(
            f"""
            {_SERIES} INSERT INTO conversation (id, profile, party, last_us, last_seq, unread)
            SELECT i, ?3, '316' || (10000000 + i - 1), 0, NULL, i % 50 = 0 FROM n
            """,
            (1, conversations, SANDBOX.id),
        )
    for first in range(1, messages + 1, _BATCH):
        span = (first, min(first + _BATCH - 1, messages), conversations)
        with store.write() as writing:
            for statement in _STATEMENTS:
                marks = 3 if "?3" in statement else 2
                writing.db.execute(statement, span[:marks])
    with store.write() as writing:
        writing.db.execute(
            """
            UPDATE conversation SET
                last_seq = (SELECT max(seq) FROM message m WHERE m.conversation_id = conversation.id),
                last_us = 1700000000000000 + 1000000 *
                    (SELECT max(seq) FROM message m WHERE m.conversation_id = conversation.id)
            """
        )
    return store


def main(arguments: list[str]) -> None:
    """Make a store and say how long it took."""
    sizes = [int(each) for each in arguments[1:]]
    began = time.perf_counter()
    file = Path(arguments[0])
    make(file, **dict(zip(("messages", "conversations"), sizes, strict=False))).close()
    print(f"{file}: {file.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
