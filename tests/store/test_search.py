"""Finding: words without diacritics, beginnings, phrases, numbers, ids; newest first, within filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.services import inbox, upkeep
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import search
from sms_desktop.store.database import Store
from sms_desktop.store.search import Query
from tests.fakes import pages
from tests.fakes.desk import Desk
from tests.fakes.hands import PHONE, Clock, fill, row_of, send

_OTHER = "447700900142"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def _texts(store: Store, query: Query | str, limit: int = 50) -> list[str]:
    with store.read() as db:
        asked = Query(query) if isinstance(query, str) else query
        return [row.text for row in search.found(db, asked, limit=limit)]


@pytest.mark.parametrize(
    "text,finds",
    [
        ("creme", True),
        ("CRÈME", True),
        ("crè", True),
        ("brulee crème", True),
        ('"crème brûlée"', True),
        ('"brûlée crème"', False),
        ("cr", True),
        ("cr ready", False),
        ("rème", False),
        ('creme" OR "x', False),
        ("body:creme", False),
        ("creme AND", False),
        ("-creme", True),
        ("***", False),
        ("\0", False),
    ],
)
def test_words_are_found_as_people_type_them(store: Store, text: str, finds: bool) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("Crème brûlée is ready", type="unicode")))
    assert bool(_texts(store, text)) is finds


def test_the_newest_come_first_and_pages_go_on(store: Store) -> None:
    for number in range(7):
        send(store, f"parcel {number}")
    with store.read() as db:
        first = search.found(db, Query("parcel"), limit=3)
        second = search.found(db, Query("parcel"), limit=3, before=first[-1].seq)
    assert [row.text[-1] for row in (*first, *second)] == list("654321")


@pytest.mark.parametrize("typed", ["31612345678", "+31 6 1234 5678", "0612345678", "345", "5678"])
def test_a_piece_of_a_number_finds_its_messages(store: Store, typed: str) -> None:
    send(store, "one")
    send(store, "two", to=_OTHER)
    assert _texts(store, typed) == ["one"]
    with store.read() as db:
        [row] = search.parties(db, typed, SANDBOX.id, limit=5)
    assert row.party == PHONE


def test_a_number_inside_a_text_is_found_beside_the_conversation(store: Store) -> None:
    send(store, "call 31612345678", to=_OTHER)
    send(store, "hello")
    assert _texts(store, "31612345678") == ["hello", "call 31612345678"]


def test_ids_of_every_kind_find_their_message(store: Store) -> None:
    desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
    message = desk.send(PHONE, "sent", minutes_ago=1)
    [gateway_id] = desk.answered(message, "0")
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("received", "0B00000099")))
    with store.read() as db:
        ref = str(next(db.execute("SELECT client_ref FROM attempt"))[0])
        assert search.by_any_id(db, gateway_id) == (message,)
    for text in (message, gateway_id, ref):
        assert _texts(store, text) == ["sent"]
    assert _texts(store, "0B00000099") == ["received"]


def test_filters_narrow_what_is_found(store: Store) -> None:
    clock = Clock()
    outbox = Outbox(store, clock=clock)
    early = send(store, "parcel early", clock=clock)
    clock.pass_seconds(100)
    send(store, "parcel late", clock=clock)
    outbox.cancel(early)
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("parcel received", type="unicode")))
    work = replace(SANDBOX, id=ProfileId("work"))
    send(store, "parcel at work", profile=work, clock=clock)
    query = Query("parcel")
    assert _texts(store, replace(query, states=(State.CANCELLED,))) == ["parcel early"]
    assert _texts(store, replace(query, kinds=(Kind.UNICODE,))) == ["parcel received"]
    assert _texts(store, replace(query, inbound=True)) == ["parcel received"]
    assert _texts(store, replace(query, profile=work.id)) == ["parcel at work"]
    assert _texts(store, replace(query, since_us=clock.us, inbound=False)) == [
        "parcel at work",
        "parcel late",
    ]
    assert _texts(store, Query(until_us=clock.us, since_us=clock.us - 100_000_000)) == ["parcel early"]
    assert _texts(store, Query(profile=work.id)) == ["parcel at work"]
    assert len(_texts(store, Query())) == 4


def test_the_index_follows_the_texts(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.part("first ", 1, 2)))
    assert _texts(store, "second") == []
    inbox.apply_page(store, SANDBOX, pages.page(pages.part("second", 2, 2), first=2))
    assert _texts(store, "first second") == ["first second"]
    assert upkeep.check(store).ok
    with store.write() as writing:  # behind the triggers' back
        writing.db.execute("INSERT INTO message_text (rowid, body) VALUES (77, 'ghost')")
    assert not upkeep.check(store).ok
    upkeep.rebuilt(store)
    assert upkeep.check(store).ok


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(one_store: Store, text: str) -> None:
    _texts(one_store, text)
    with one_store.read() as db:
        search.parties(db, text, SANDBOX.id, limit=5)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("one") / "store.db")
    fill(opened, PHONE, 50)
    yield opened
    opened.close()


def test_a_frequent_word_is_neither_ranked_nor_sorted(one_store: Store) -> None:
    message = send(one_store, "Message of the day")
    assert _texts(one_store, "message", limit=1) == ["Message of the day"]
    ours = SANDBOX.id
    statements: list[str] = []

    def keep(event: dict[str, str]) -> None:
        statements.append(event["sql"])

    with one_store.read() as db:
        for asked in (Query("message"), Query("message", profile=ours), Query(profile=ours), Query()):
            statements.clear()
            db.trace_v2(1, keep)
            search.found(db, asked, limit=5)
            db.trace_v2(0)
            marks = [None] * statements[0].count("?")
            plan = db.execute(f"EXPLAIN QUERY PLAN {statements[0]}", marks).fetchall()
            assert not any("TEMP B-TREE" in str(row[3]) for row in plan), plan
    assert row_of(one_store, message).text
