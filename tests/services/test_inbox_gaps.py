"""What did not come, and what came and fits nowhere: kept, shown with its exact range, and joined later."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.encoding import vcard
from sms_desktop.encoding.content_lines import to_octets
from sms_desktop.encoding.encode import as_binary
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import GatewayMessageId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, VCard, WapPush
from sms_desktop.messages.states import State
from sms_desktop.relay.errors import CursorAhead, CursorGone, PositionLost, StreamReset
from sms_desktop.services import inbox, reassembly, upkeep
from sms_desktop.services.export import ExportFormat, export
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.services.inbox import EventsMissing
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import audit, conversations, gaps, receipts, search
from sms_desktop.store.database import Store
from sms_desktop.store.search import Query
from tests.fakes import pages
from tests.fakes.desk import Desk
from tests.fakes.hands import Clock, count, row_of, rows_with, send

_PARTY = "31612345678"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def _gaps(store: Store) -> tuple[gaps.Gap, ...]:
    with store.read() as db:
        return gaps.every(db, SANDBOX.id)


def _orphans(store: Store) -> list[str]:
    with store.read() as db:
        return [orphan.gateway_id for orphan in receipts.orphans(db, SANDBOX.id, limit=50)]


def test_a_hole_is_kept_with_its_range_and_closed_when_it_is_filled(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("one"), first=4))
    holed = pages.page(pages.inbound("four", "I4"), first=8)
    for _ in range(3):
        with pytest.raises(EventsMissing) as hole:
            inbox.apply_page(store, SANDBOX, holed)
        inbox.note_hole(store, SANDBOX, hole.value)
    [gap] = _gaps(store)
    assert (gap.kind, gap.first, gap.last, gap.closed_us) == ("hole", 5, 7, None)
    assert gap.words == "Events 5 to 7 are missing: 3 in all."
    whole = pages.page(*(pages.inbound(f"{n}", f"I{n}") for n in range(5, 9)), first=5)
    inbox.apply_page(store, SANDBOX, whole)
    [gap] = _gaps(store)
    assert gap.closed_us is not None
    assert len(rows_with(store)) == 5


def test_a_hole_that_is_never_filled_is_passed_when_a_person_says_so_and_stays_on_record(
    store: Store,
) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("one"), first=4))
    holed = pages.page(pages.inbound("five", "I5"), pages.inbound("eight", "I8"), numbers=[5, 8])
    for _ in range(2):
        with pytest.raises(EventsMissing) as hole:
            inbox.apply_page(store, SANDBOX, holed)
        inbox.note_hole(store, SANDBOX, hole.value)
    assert inbox.go_on_behind_holes(store, ProfileId("another")) == 0
    assert inbox.go_on_behind_holes(store, SANDBOX.id) == 1
    assert inbox.go_on_behind_holes(store, SANDBOX.id) == 0
    inbox.apply_page(store, SANDBOX, holed)
    assert [row.text for row in rows_with(store)] == ["one", "five", "eight"]
    [gap] = _gaps(store)
    assert (gap.first, gap.last, gap.closed_us, gap.accepted_us is None) == (6, 7, None, False)
    with store.read() as db:
        assert [deed.action for deed in audit.page(db, limit=5)] == ["gap accepted"]
    # The word holds for these events alone.
    with pytest.raises(EventsMissing):
        inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("ten", "I10"), first=10))


@pytest.mark.parametrize(
    "lost,kind,last",
    [
        (CursorGone("gone", epoch=pages.EPOCH, oldest=31, missed=25), "gone", 30),
        (CursorAhead("ahead", epoch=pages.EPOCH, oldest=1, missed=None), "ahead", None),
        (StreamReset("reset", epoch=pages.OTHER_EPOCH, oldest=1, missed=None), "reset", None),
    ],
)
def test_a_lost_position_is_kept_with_what_is_known_of_it(
    store: Store, lost: PositionLost, kind: str, last: int | None
) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("one"), first=5))
    kept = inbox.go_on_from(store, SANDBOX, lost.resume, lost=lost)
    [gap] = _gaps(store)
    assert kept == gap
    assert (gap.kind, gap.epoch, gap.first, gap.last) == (kind, pages.EPOCH, 6, last)
    inbox.apply_page(
        store, SANDBOX, pages.page(pages.inbound("two", "I2"), first=lost.oldest, epoch=lost.epoch)
    )
    assert [row.text for row in rows_with(store)] == ["one", "two"]


def test_a_restored_log_that_tells_everything_anew_changes_nothing(store: Store) -> None:
    page = pages.page(pages.inbound("no id of its own", ""), pages.receipt("G1"))
    inbox.apply_page(store, SANDBOX, page)
    lost = StreamReset("reset", epoch=pages.OTHER_EPOCH, oldest=1, missed=None)
    inbox.go_on_from(store, SANDBOX, lost.resume, lost=lost)
    told_again = pages.page(
        pages.inbound("no id of its own", ""),
        pages.receipt("G1"),
        epoch=pages.OTHER_EPOCH,
        ids_of=pages.EPOCH,
    )
    inbox.apply_page(store, SANDBOX, told_again)
    assert len(rows_with(store)) == 1
    assert count(store, "receipt") == 1


def test_a_receipt_without_a_message_is_listed_until_its_answer_comes(store: Store) -> None:
    desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
    message = desk.send(_PARTY, "Hello", minutes_ago=1)
    inbox.apply_page(store, SANDBOX, pages.page(pages.receipt("0A00000012345001"), pages.receipt("STRANGER")))
    assert _orphans(store) == ["STRANGER", "0A00000012345001"]
    assert desk.answered(message, "0") == [GatewayMessageId("0A00000012345001")]
    assert _orphans(store) == ["STRANGER"]
    assert row_of(store, message).state is State.DELIVERED
    assert upkeep.check(store).ok


def test_another_accounts_receipt_stays_an_orphan(store: Store) -> None:
    desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
    message = desk.send(_PARTY, "Hello", minutes_ago=1)
    [gateway_id] = desk.answered(message, "0")
    inbox.apply_page(store, SANDBOX, pages.page(pages.receipt(gateway_id, api_key="another")))
    assert _orphans(store) == [gateway_id]
    assert row_of(store, message).state is State.SUBMITTED


def test_parts_that_never_come_are_given_up_after_a_day(store: Store) -> None:
    clock = Clock(1_795_262_400_000_000)
    inbox.apply_page(store, SANDBOX, pages.page(pages.part("first ", 1, 3), pages.part("third", 3, 3)))
    assert inbox.give_up_waiting(store, SANDBOX.id, clock=clock) == 0
    clock.pass_seconds(86_400 + 60)
    assert inbox.give_up_waiting(store, SANDBOX.id, clock=clock) == 1
    assert inbox.give_up_waiting(store, SANDBOX.id, clock=clock) == 0
    [row] = rows_with(store)
    assert (row.incomplete, row.text) == (True, "first third")
    assert [part.text for part in row.parts] == ["first ", None, "third"]
    # A part with the same reference is a stranger's by then.
    late = pages.page(pages.part("second", 2, 3, gateway_id="late"), first=3, hours=25)
    inbox.apply_page(store, SANDBOX, late)
    assert [found.incomplete for found in rows_with(store)] == [True, False]
    assert reassembly.WINDOW_US == 86_400_000_000


def _binary(binary: Binary, gateway_id: str = "B1", **fields: str) -> tuple[str, dict[str, str]]:
    kind, payload = pages.inbound(
        "", gateway_id, type="binary", udh=binary.udh.hex(), data=binary.body.hex(), **fields
    )
    payload.pop("text")
    return kind, payload


def test_a_received_card_says_whose_it_is_and_keeps_its_octets(store: Store) -> None:
    card = vcard.write(vcard.Contact(family="Bakker", given="Noor", phones=(vcard.Phone("+31612345678"),)))
    parts = as_binary(VCard(card))
    inbox.apply_page(store, SANDBOX, pages.page(_binary(parts[0])))
    [row] = rows_with(store)
    assert row.kind is Kind.BINARY
    assert row.text.startswith("vCard: Noor Bakker, port 9204 (vCard), ")
    assert row.content is not None
    assert bytes.fromhex(json.loads(row.content)["body"]) == to_octets(card, field="vcard")


def test_a_long_card_is_joined_by_its_own_headers_in_any_order(store: Store, tmp_path: Path) -> None:
    card = vcard.write(vcard.Contact(family="Bakker", given="Noor", note="x" * 230))
    parts = as_binary(VCard(card), reference_number=9)
    assert len(parts) == 3
    for number, order in enumerate(itertools.permutations(range(3))):
        each = Store(tmp_path / f"{number}.db")
        inbox.apply_page(each, SANDBOX, pages.page(*(_binary(parts[place], f"B{place}") for place in order)))
        [row] = rows_with(each)
        assert row.text.startswith("vCard: Noor Bakker, port 9204 (vCard), ")
        assert row.parts_total == 3
        assert upkeep.check(each).ok
        each.close()


def test_a_part_of_a_card_says_how_many_are_here(store: Store) -> None:
    card = vcard.write(vcard.Contact(family="Bakker", given="Noor", note="x" * 230))
    inbox.apply_page(store, SANDBOX, pages.page(_binary(as_binary(VCard(card))[0])))
    [row] = rows_with(store)
    assert row.text.endswith("1 of 3 parts")


def test_a_received_push_shows_its_title_and_link(store: Store) -> None:
    push = as_binary(WapPush("Your parcel", "http://example.com/p"))[0]
    inbox.apply_page(store, SANDBOX, pages.page(_binary(push)))
    assert rows_with(store)[0].text.startswith("WAP Push: Your parcel http://example.com/p, port 2948")


@pytest.mark.parametrize(
    "udh,data,words",
    [
        ("", "00FF10", "Binary data, 3 octets"),
        ("06050415811581", "0011", "Binary data, port 5505 (ring tone), 2 octets"),
        ("zz", "00", "Binary message that is not hexadecimal: zz 00"),
        ("", "abc", "Binary message that is not hexadecimal: abc"),
        ("FF", "", "Binary data, 0 octets"),
    ],
)
def test_any_octets_are_shown(store: Store, udh: str, data: str, words: str) -> None:
    kind, payload = pages.inbound("", type="binary", udh=udh, data=data)
    payload.pop("text")
    inbox.apply_page(store, SANDBOX, pages.page((kind, payload)))
    assert rows_with(store)[0].text == words


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["udh", "data", "text", "type", "msisdn", "concat-ref"]), st.text()))
def test_whatever_comes_is_kept_and_shown(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str]
) -> None:
    store = Store(tmp_path_factory.mktemp("any") / "store.db")
    try:
        storable = {name: value.encode("utf-8", "replace").decode("utf-8") for name, value in fields.items()}
        inbox.apply_page(store, SANDBOX, pages.page(("inbound", storable), ("receipt", storable)))
        assert count(store, "event") == 2
        assert upkeep.check(store).ok
    finally:
        store.close()


def test_an_empty_message_is_no_damage_and_goes_without_a_trace(store: Store) -> None:
    kind, payload = pages.inbound("")
    payload.pop("text")
    inbox.apply_page(
        store, SANDBOX, pages.page(pages.inbound("", "I0"), (kind, payload), pages.part("", 1, 2))
    )
    assert [row.text for row in rows_with(store)] == ["", "", ""]
    assert upkeep.check(store).damage == ()
    upkeep.rebuilt(store)
    assert upkeep.check(store).damage == ()
    inbox.apply_page(store, SANDBOX, pages.page(pages.part("end", 2, 2), first=4))
    assert upkeep.check(store).damage == ()
    assert Forgetting(store).number(_PARTY) == 3
    assert upkeep.check(store).damage == ()


def test_ten_megabytes_are_kept_shown_found_and_written_out(store: Store, tmp_path: Path) -> None:
    text = "héllo \U0001f642 " * 1_000_000 + "needle"
    assert len(text.encode()) > 10_000_000
    page = pages.page(pages.inbound("", type="unicode"))
    [event] = page.events
    event.payload["text"] = text  # longer than a relay's page may be
    inbox.apply_page(store, SANDBOX, page)
    [row] = rows_with(store)
    assert row.text == text
    with store.read() as db:
        assert [found.id for found in search.found(db, Query("needle hello"), limit=5)] == [row.id]
        [conversation] = conversations.page(db, SANDBOX.id, limit=5)
    assert len(conversation.last_text) == 200
    for text_now in (text, text + "x", "y" + text[:-1], ""):
        Outbox(store).save_draft(SANDBOX.id, _PARTY, Draft(Kind.TEXT, text_now))
    assert export(store, Query(), ExportFormat.HTML, tmp_path / "out.html") == 1
    assert (tmp_path / "out.html").stat().st_size > 10_000_000
    assert upkeep.check(store).ok
    with pytest.raises(Mendable):
        send(store, text)


_WORDS = st.sampled_from(["delivered", "Failed", "accepted", "buffered", "expired", "weird", ""])
_RECEIPTS = st.lists(
    st.tuples(_WORDS, st.sampled_from(["0", "1"]), st.sampled_from(["2611211200", "2611211201", "x"])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40)
@given(_RECEIPTS, st.randoms(use_true_random=False))
def test_receipts_in_any_order_with_duplicates_end_in_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, str]], random: object
) -> None:
    import random as randoms

    assert isinstance(random, randoms.Random)
    shuffled = [*told, *random.choices(told, k=3)]
    random.shuffle(shuffled)
    rows = []
    for order in (told, shuffled, [*reversed(told), *told]):
        store = Store(tmp_path_factory.mktemp("order") / "store.db")
        desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
        message = desk.send(_PARTY, "Hello", minutes_ago=1)
        half = random.randint(0, len(order))
        events = [
            pages.receipt("0A00000012345001", word, err_code=code, scts=scts) for word, code, scts in order
        ]
        if events[:half]:  # these come before the answer
            inbox.apply_page(store, SANDBOX, pages.page(*events[:half]))
        desk.answered(message, "0")
        if events[half:]:
            inbox.apply_page(store, SANDBOX, pages.page(*events[half:], first=half + 1))
        row = row_of(store, message)
        rows.append((row.state, row.parts, row.contradicted))
        assert upkeep.check(store).ok
        store.close()
    assert rows[0] == rows[1] == rows[2]


def test_two_final_receipts_that_differ_are_flagged(store: Store) -> None:
    desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
    message = desk.send(_PARTY, "Hello", minutes_ago=1)
    [gateway_id] = desk.answered(message, "0")
    inbox.apply_page(
        store,
        SANDBOX,
        pages.page(pages.receipt(gateway_id, "delivered"), pages.receipt(gateway_id, "failed")),
    )
    row = row_of(store, message)
    assert (row.state, row.contradicted) == (State.DELIVERED, True)
