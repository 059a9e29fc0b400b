"""The store's schema as numbered, forward-only migrations. Applied by `database` when it opens the file."""

from __future__ import annotations

APPLICATION_ID = 0x534D5344
"""`SMSD`, SQLite's application id of our file."""

MIGRATIONS: tuple[str, ...] = (
    # 1
    """
    CREATE TABLE conversation (
        id INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        party TEXT NOT NULL,                -- the other side: MSISDN, or word sender
        last_us INTEGER NOT NULL,           -- UTC, microseconds
        last_seq INTEGER REFERENCES message (seq),
        unread INTEGER NOT NULL,
        UNIQUE (profile, party)
    ) STRICT;
    CREATE INDEX conversation_recent ON conversation (profile, last_us DESC, id DESC);
    CREATE INDEX conversation_unread ON conversation (profile, last_us DESC, id DESC) WHERE unread > 0;

    CREATE TABLE message (
        seq INTEGER PRIMARY KEY,            -- order inside a conversation
        id TEXT NOT NULL UNIQUE,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id),
        profile TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        own TEXT NOT NULL,                  -- our sender or number
        options TEXT NOT NULL,              -- JSON
        state TEXT NOT NULL,                -- a projection: follows from attempts, parts and receipts
        created_us INTEGER NOT NULL,
        compose_id TEXT UNIQUE,             -- one press of Send
        parts_total INTEGER NOT NULL,
        next_try_us INTEGER,                -- when the sender may take it; NULL: never by itself
        deadline_us INTEGER,                -- after it the person decides
        cancelled INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX message_conversation ON message (conversation_id, seq);
    CREATE INDEX message_waiting ON message (profile, seq)
        WHERE state IN ('queued', 'not_sent', 'throttled') AND next_try_us IS NOT NULL;
    CREATE INDEX message_waiting_in_conversation ON message (conversation_id, seq)
        WHERE state IN ('queued', 'not_sent', 'throttled') AND next_try_us IS NOT NULL;

    CREATE TABLE request (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL REFERENCES message (id),
        no INTEGER NOT NULL,
        UNIQUE (message_id, no)
    ) STRICT;

    CREATE TABLE attempt (
        id INTEGER PRIMARY KEY,
        request_id INTEGER NOT NULL REFERENCES request (id),
        no INTEGER NOT NULL,
        client_ref TEXT NOT NULL,
        outcome TEXT NOT NULL,
        phase TEXT,                         -- how far the exchange came
        started_us INTEGER NOT NULL,
        ended_us INTEGER,
        request TEXT NOT NULL,              -- JSON, secrets left out
        http_status INTEGER,
        response TEXT,
        reason TEXT,
        UNIQUE (request_id, no)
    ) STRICT;
    CREATE INDEX attempt_open ON attempt (id) WHERE outcome = 'open';
    CREATE INDEX attempt_unsettled ON attempt (client_ref) WHERE outcome IN ('open', 'uncertain');

    CREATE TABLE part (
        id INTEGER PRIMARY KEY,
        attempt_id INTEGER NOT NULL REFERENCES attempt (id),
        idx INTEGER NOT NULL,               -- from 1
        gateway_id TEXT,
        status TEXT,                        -- NULL: known from a receipt alone
        error_text TEXT,
        price TEXT,
        balance TEXT,
        network TEXT,
        UNIQUE (attempt_id, idx)
    ) STRICT;
    CREATE INDEX part_gateway ON part (gateway_id) WHERE gateway_id IS NOT NULL;

    CREATE TABLE event (                    -- what the relay gave us, unchanged
        profile TEXT NOT NULL,
        stream TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        received_at TEXT NOT NULL,
        signature TEXT NOT NULL,
        payload TEXT NOT NULL,              -- JSON
        PRIMARY KEY (profile, stream, epoch, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE relay_cursor (
        profile TEXT NOT NULL,
        stream TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        last_event_us INTEGER,
        PRIMARY KEY (profile, stream)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE receipt (                  -- no foreign key to part: it may come first
        id INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        gateway_id TEXT NOT NULL,
        party TEXT NOT NULL,
        word TEXT NOT NULL,
        err_code TEXT NOT NULL,
        scts TEXT NOT NULL,
        price TEXT,
        network TEXT,
        client_ref TEXT,
        received_us INTEGER NOT NULL,
        foreign_account INTEGER NOT NULL,   -- 1: another account's api-key; kept, changes nothing
        UNIQUE (profile, gateway_id, party, word, err_code, scts, foreign_account)
    ) STRICT;
    CREATE INDEX receipt_client_ref ON receipt (profile, client_ref) WHERE client_ref IS NOT NULL;

    CREATE TABLE inbound_part (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL REFERENCES message (id),
        gateway_id TEXT,
        no INTEGER NOT NULL,                -- from 1
        text TEXT NOT NULL,
        received_us INTEGER NOT NULL,
        UNIQUE (message_id, no)
    ) STRICT;
    CREATE INDEX inbound_part_gateway ON inbound_part (gateway_id) WHERE gateway_id IS NOT NULL;

    CREATE TABLE reassembly (               -- inbound messages that still miss parts
        message_id TEXT PRIMARY KEY REFERENCES message (id),
        profile TEXT NOT NULL,
        party TEXT NOT NULL,
        own TEXT NOT NULL,
        ref TEXT NOT NULL,
        total INTEGER NOT NULL,
        started_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reassembly_open ON reassembly (profile, party, own, ref, total);

    CREATE TABLE draft (
        profile TEXT NOT NULL,
        party TEXT NOT NULL,                -- '': a message to nobody yet
        kind TEXT NOT NULL,
        body BLOB NOT NULL,                 -- UTF-8, lone surrogates let through: nothing typed is lost
        updated_us INTEGER NOT NULL,
        PRIMARY KEY (profile, party, kind)
    ) STRICT, WITHOUT ROWID;
    """,
    # 2
    """
    ALTER TABLE message ADD COLUMN content TEXT; -- JSON; NULL: the body is the content
    """,
    # 3: what the outbox enforces and the person decides. The first lines mend the earliest version 1.
    """
    DROP INDEX IF EXISTS attempt_uncertain;
    DROP INDEX IF EXISTS conversation_unread;
    CREATE INDEX conversation_unread ON conversation (profile, last_us DESC, id DESC) WHERE unread > 0;
    CREATE INDEX IF NOT EXISTS message_waiting_in_conversation ON message (conversation_id, seq)
        WHERE state IN ('queued', 'not_sent', 'throttled') AND next_try_us IS NOT NULL;
    CREATE INDEX IF NOT EXISTS attempt_unsettled ON attempt (client_ref)
        WHERE outcome IN ('open', 'uncertain');

    CREATE INDEX conversation_party ON conversation (party);
    ALTER TABLE message ADD COLUMN not_before_us INTEGER;   -- until then the person may undo
    ALTER TABLE message ADD COLUMN blocked TEXT;            -- the sentence that says why it was taken back
    ALTER TABLE message ADD COLUMN resent_as TEXT;          -- the message that a person sent instead
    ALTER TABLE attempt ADD COLUMN arrived_us INTEGER;      -- when a person said that it arrived

    CREATE TABLE queue_pause (              -- profiles whose queue a person has stopped
        profile TEXT PRIMARY KEY,
        since_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE opt_out (                  -- do not contact
        number TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        source TEXT NOT NULL,               -- person, reply, import
        at_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE opt_out_suggestion (       -- replies that ask for it, until a person decides
        number TEXT PRIMARY KEY,
        message_id TEXT NOT NULL,
        word TEXT NOT NULL,
        at_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (                    -- what people did: ids only, so that forgetting stays possible
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
    """,
)
"""Migration N brings `user_version` from N - 1 to N; each runs in one transaction."""
