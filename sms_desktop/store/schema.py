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
    # 4: what came in and does not fit, and what did not come
    """
    CREATE TABLE gap (                      -- events that the relay can't give, or not yet
        id INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        stream TEXT NOT NULL,
        kind TEXT NOT NULL,                 -- hole, reset, ahead, gone
        epoch TEXT NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER,                   -- NULL: nobody knows how many
        found_us INTEGER NOT NULL,
        closed_us INTEGER,                  -- when they came after all
        UNIQUE (profile, stream, kind, epoch, first_seq)
    ) STRICT;
    CREATE INDEX gap_open ON gap (profile, stream, epoch) WHERE closed_us IS NULL;

    ALTER TABLE event ADD COLUMN event_id TEXT;     -- the relay's, which outlives its log
    CREATE INDEX event_identity ON event (profile, stream, event_id) WHERE event_id IS NOT NULL;

    ALTER TABLE receipt ADD COLUMN is_orphan INTEGER NOT NULL DEFAULT 0; -- 1: no part here has its id
    UPDATE receipt SET is_orphan = 1 WHERE NOT EXISTS
        (SELECT 1 FROM part p JOIN attempt a ON a.id = p.attempt_id JOIN request r ON r.id = a.request_id
         JOIN message m ON m.id = r.message_id
         WHERE p.gateway_id = receipt.gateway_id AND m.profile = receipt.profile);
    CREATE INDEX receipt_orphan ON receipt (profile, id) WHERE is_orphan = 1;

    ALTER TABLE message ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0; -- 1: missing parts are given up
    ALTER TABLE inbound_part ADD COLUMN udh TEXT;   -- of a binary part, as it came: hexadecimal as a rule
    ALTER TABLE inbound_part ADD COLUMN data TEXT;
    """,
    # 5: finding things, and what people keep beside their messages
    """
    CREATE VIRTUAL TABLE message_text USING fts5 (
        body, content = 'message', content_rowid = 'seq', prefix = '2 3',
        tokenize = "unicode61 remove_diacritics 2"
    );
    INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 1);
    INSERT INTO message_text (message_text) VALUES ('rebuild');
    CREATE TRIGGER message_text_insert AFTER INSERT ON message WHEN new.body != '' BEGIN
        INSERT INTO message_text (rowid, body) VALUES (new.seq, new.body);
    END;
    CREATE TRIGGER message_text_update AFTER UPDATE OF body ON message WHEN old.body != new.body BEGIN
        INSERT INTO message_text (message_text, rowid, body)
            SELECT 'delete', old.seq, old.body WHERE old.body != '';
        INSERT INTO message_text (rowid, body) SELECT new.seq, new.body WHERE new.body != '';
    END;
    CREATE TRIGGER message_text_delete AFTER DELETE ON message WHEN old.body != '' BEGIN
        INSERT INTO message_text (message_text, rowid, body) VALUES ('delete', old.seq, old.body);
    END;

    CREATE VIRTUAL TABLE conversation_text USING fts5 (
        party, content = 'conversation', content_rowid = 'id', tokenize = "trigram"
    );
    INSERT INTO conversation_text (conversation_text, rank) VALUES ('secure-delete', 1);
    INSERT INTO conversation_text (conversation_text) VALUES ('rebuild');
    CREATE TRIGGER conversation_text_insert AFTER INSERT ON conversation BEGIN
        INSERT INTO conversation_text (rowid, party) VALUES (new.id, new.party);
    END;
    CREATE TRIGGER conversation_text_delete AFTER DELETE ON conversation BEGIN
        INSERT INTO conversation_text (conversation_text, rowid, party) VALUES ('delete', old.id, old.party);
    END;
    CREATE INDEX attempt_client_ref ON attempt (client_ref);

    CREATE TABLE contact (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        note TEXT NOT NULL,
        tags TEXT NOT NULL,                 -- JSON
        updated_us INTEGER NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE contact_text USING fts5 (
        name, note, tags, content = 'contact', content_rowid = 'id', prefix = '2 3',
        tokenize = "unicode61 remove_diacritics 2"
    );
    INSERT INTO contact_text (contact_text, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER contact_text_insert AFTER INSERT ON contact BEGIN
        INSERT INTO contact_text (rowid, name, note, tags) VALUES (new.id, new.name, new.note, new.tags);
    END;
    CREATE TRIGGER contact_text_update AFTER UPDATE ON contact BEGIN
        INSERT INTO contact_text (contact_text, rowid, name, note, tags)
            VALUES ('delete', old.id, old.name, old.note, old.tags);
        INSERT INTO contact_text (rowid, name, note, tags) VALUES (new.id, new.name, new.note, new.tags);
    END;
    CREATE TRIGGER contact_text_delete AFTER DELETE ON contact BEGIN
        INSERT INTO contact_text (contact_text, rowid, name, note, tags)
            VALUES ('delete', old.id, old.name, old.note, old.tags);
    END;

    CREATE TABLE template (
        name TEXT PRIMARY KEY COLLATE NOCASE,
        body TEXT NOT NULL,
        updated_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE draft_history (            -- what stood in a draft before it was emptied or replaced: a ring
        id INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        party TEXT NOT NULL,
        kind TEXT NOT NULL,
        body BLOB NOT NULL,                 -- as in draft
        kept_us INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX draft_history_of ON draft_history (profile, party, kind, id);

    CREATE TABLE retention (
        profile TEXT PRIMARY KEY,
        days INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    # 6: a draft holds every field of its pane, not its main one alone
    """
    ALTER TABLE draft ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';         -- JSON: names and what was typed
    ALTER TABLE draft_history ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
    """,
    # 7: a person may go on behind events that never come. Every message is in the index of words, the empty
    # ones too: what lacks there is damage to FTS5
    """
    ALTER TABLE gap ADD COLUMN accepted_us INTEGER; -- when a person said to go on behind it

    DROP TRIGGER message_text_insert;
    DROP TRIGGER message_text_update;
    DROP TRIGGER message_text_delete;
    CREATE TRIGGER message_text_insert AFTER INSERT ON message BEGIN
        INSERT INTO message_text (rowid, body) VALUES (new.seq, new.body);
    END;
    CREATE TRIGGER message_text_update AFTER UPDATE OF body ON message WHEN old.body != new.body BEGIN
        INSERT INTO message_text (message_text, rowid, body) VALUES ('delete', old.seq, old.body);
        INSERT INTO message_text (rowid, body) VALUES (new.seq, new.body);
    END;
    CREATE TRIGGER message_text_delete AFTER DELETE ON message BEGIN
        INSERT INTO message_text (message_text, rowid, body) VALUES ('delete', old.seq, old.body);
    END;
    INSERT INTO message_text (message_text) VALUES ('rebuild');
    """,
)
"""Migration N brings `user_version` from N - 1 to N; each runs in one transaction."""
