"""However a log is cut into pages, applying it gives the same rows: events of a page concern each other."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.messages.ids import ComposeId, GatewayMessageId, MessageId, RequestId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.relay.events import INBOUND, RECEIPT, Cursor, Event, Page
from sms_desktop.services import inbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import attempts, conversations, messages
from sms_desktop.store.attempts import NewPart
from sms_desktop.store.changes import Changes
from sms_desktop.store.conversations import News
from sms_desktop.store.database import Store, Writing
from sms_desktop.store.rebuild import differences, index_is_sound
from tests.fakes.hands import PHONE
from tests.fakes.pages import EPOCH, inbound, part, receipt

_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_NOON_US = round(_NOON.timestamp() * 1_000_000)
_HOUR_US = 3_600_000_000
_OTHER = "31600000002"
_TABLES = (
    "conversation",
    "message",
    "part",
    "event",
    "relay_cursor",
    "receipt",
    "inbound_part",
    "reassembly",
    "opt_out_suggestion",
)

_Fields = tuple[str, dict[str, str]]

_receipts = st.builds(
    receipt,
    st.sampled_from(("G1", "G2", "G3", "X1", "X2", "X3")),
    st.sampled_from(("accepted", "delivered", "failed", "Delivered")),
    scts=st.sampled_from(("2611211200", "2611211201", "soon")),
    client_ref=st.sampled_from(("", "whole", "parts", "twice", "long", "stranger")),
    msisdn=st.sampled_from((PHONE, "+" + PHONE, _OTHER)),
    api_key=st.sampled_from((SANDBOX.api_key, SANDBOX.api_key, "stranger")),
)
_people = {"msisdn": st.sampled_from((PHONE, _OTHER, "Bank")), "to": st.sampled_from(("Helpdesk", "Sales"))}
_replies = st.builds(
    inbound,
    st.sampled_from(("Hello", "STOP", "stop please", "")),
    st.sampled_from(("", "I1", "I2", "I3", "I4")),
    type=st.sampled_from(("text", "unicode")),
    api_key=st.sampled_from((SANDBOX.api_key, SANDBOX.api_key, "stranger")),
    **_people,
)


@st.composite
def _parts(draw: st.DrawFn) -> _Fields:
    total = draw(st.integers(2, 3))
    number = draw(st.integers(1, total))
    ids = st.sampled_from(("", f"P{number}", f"Q{number}"))
    fields = {name: draw(values) for name, values in _people.items()}
    return part(f"<{number}>", number, total, ref=draw(st.sampled_from("78")), gateway_id=draw(ids), **fields)


@st.composite
def _binary(draw: st.DrawFn) -> _Fields:
    """One with a header of its own says there which part it is; the last number is impossible."""
    udh = draw(st.sampled_from(("", "zz", "06050415811581", *(f"050003070{2}0{no}" for no in (1, 2, 3)))))
    place = draw(_parts())[1] if draw(st.booleans()) else draw(_replies)[1]
    del place["text"]
    return INBOUND, place | {"type": "binary", "udh": udh, "data": draw(st.sampled_from(("0123", "4", "")))}


_unusual = st.sampled_from(
    (("unreadable", {"problem": "x"}), (RECEIPT, {}), (INBOUND, {}), ("of a later version", {"text": "x"}))
)
_events = st.lists(
    st.tuples(
        st.one_of(_receipts, _receipts, _replies, _parts(), _parts(), _binary(), _unusual),
        st.integers(0, 30),  # the relay's name for it: the same one twice is one event
        st.sampled_from((0, 1, 1, 20, 30, -1)),  # hours since noon: the relay's clock may be set
    ),
    min_size=1,
    max_size=24,
)
_cuts = st.sets(st.integers(1, 23))


def _event(seq: int, given_event: tuple[_Fields, int, int]) -> Event:
    (kind, payload), name, hours = given_event
    return Event(
        seq=seq,
        id=f"id{name}",
        stream=SANDBOX.stream,
        kind=kind,
        received_at=_NOON + timedelta(hours=hours, microseconds=seq),
        signature="valid",
        duplicates=0,
        payload=payload,
    )


def _pages(events: Sequence[Event], cuts: set[int]) -> list[Page]:
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    return [
        Page(
            stream=SANDBOX.stream,
            epoch=EPOCH,
            events=list(events[first:last]),
            next=str(Cursor(EPOCH, last)),
            head=len(events),
            oldest=1,
            has_more=last < len(events),
            poll_after_ms=0,
        )
        for first, last in pairwise(edges)
    ]


def _sent(
    writing: Writing, name: str, outcome: Outcome, *ids: str, ref: str, total: int, requests: int = 1
) -> None:
    """A message to PHONE whose first request was tried."""
    db = writing.db
    message = MessageId(name)
    conversation = conversations.ensure(db, SANDBOX.id, PHONE)
    seq = messages.insert_outbound(
        db,
        message,
        conversation=conversation,
        profile=SANDBOX.id,
        kind=Kind.TEXT,
        text=name,
        own="Helpdesk",
        options=Options(),
        compose=ComposeId(name),
        parts_total=total,
        now_us=_NOON_US,
        deadline_us=_NOON_US + 10 * _HOUR_US,
        requests=requests,
    )
    conversations.touch(db, [News(conversation, seq, _NOON_US, unread=0)])
    request = next(db.execute("SELECT min(id) FROM request WHERE message_id = ?", (message,)))[0]
    attempt = attempts.open_attempt(
        db, RequestId(int(str(request))), client_ref=ref, exact={}, now_us=_NOON_US
    )
    attempts.close_attempt(
        db,
        attempt,
        outcome=outcome,
        phase="answered",
        http_status=None,
        response=None,
        reason=None,
        parts=[NewPart("0", GatewayMessageId(each)) for each in ids],
        now_us=_NOON_US,
    )
    db.execute("UPDATE message SET next_try_us = NULL WHERE id = ?", (message,))
    attempts.project(db, message)


def _send_some(store: Store) -> None:
    """Messages that receipts belong to, some of them in doubt, one of several requests."""
    with store.write() as writing:
        _sent(writing, "answered", Outcome.ANSWERED, "G1", "G2", ref="done", total=2)
        _sent(writing, "begun", Outcome.ANSWERED, "G3", ref="begun", total=2, requests=2)
        _sent(writing, "whole", Outcome.UNCERTAIN, ref="whole", total=1)
        _sent(writing, "parts", Outcome.UNCERTAIN, ref="parts", total=2)
        _sent(writing, "one of two", Outcome.UNCERTAIN, ref="twice", total=1)
        _sent(writing, "two of two", Outcome.UNCERTAIN, ref="twice", total=1)
        _sent(writing, "long", Outcome.UNCERTAIN, ref="long", total=3, requests=3)


def _applied(events: Sequence[Event], cuts: set[int]) -> dict[str, object]:
    """Every row, and what was announced, with numbers for the random ids of messages."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store.db")
        _send_some(store)
        seen: list[Changes] = []
        store.subscribe(seen.append)
        for page in _pages(events, cuts):
            inbox.apply_page(store, SANDBOX, page, clock=lambda: 1)
        changes = Changes()
        for each in seen:
            changes |= each
        with store.write() as writing:
            assert list(differences(writing.db)) == []
            assert index_is_sound(writing)
            rows = _rows(writing.db)
            numbers = _numbers(writing.db)
        store.close()
    return rows | {
        "changed": (
            sorted(changes.conversations),
            sorted(numbers[message] for message in changes.messages),
            changes.everything,
        )
    }


def _numbers(db: apsw.Connection) -> dict[object, int]:
    return {message: int(str(seq)) for message, seq in db.execute("SELECT id, seq FROM message")}


def _rows(db: apsw.Connection) -> dict[str, object]:
    numbers = _numbers(db)
    return {
        table: sorted(
            (
                tuple(numbers.get(value, value) for value in row)
                for row in db.execute(f"SELECT * FROM {table}")
            ),
            key=repr,
        )
        for table in _TABLES
    }


@settings(max_examples=60)
@given(_events, _cuts)
def test_the_same_rows_however_the_log_is_cut(
    given_events: list[tuple[_Fields, int, int]], cuts: set[int]
) -> None:
    events = [_event(seq, each) for seq, each in enumerate(given_events, start=1)]
    one_by_one = _applied(events, set(range(len(events))) - {0})
    assert _applied(events, set()) == one_by_one
    assert _applied(events, cuts) == one_by_one
