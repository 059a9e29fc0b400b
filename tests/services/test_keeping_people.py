"""Templates, contacts, drafts of before, exports, and forgetting without a trace."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.services import inbox, upkeep
from sms_desktop.services.contacts import Contacts
from sms_desktop.services.export import ExportCancelled, ExportFormat, export
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.services.outbox import Outbox
from sms_desktop.services.tables import neutral, plain
from sms_desktop.services.templates import Templates, Variable, filled, variables
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import audit, drafts, search
from sms_desktop.store.database import Store
from sms_desktop.store.search import Query
from tests.fakes import pages
from tests.fakes.desk import Desk, busy_morning
from tests.fakes.hands import PHONE, Clock, count, fill, rows_with, send

_OTHER = "447700900142"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "data" / "store.db")
    yield opened
    opened.close()


def test_a_template_asks_for_its_variables_and_puts_values_in_as_they_are() -> None:
    body = "Dear {{name}}, desk {{ desk | 4 }}, {{name}}: {{code}}"
    assert variables(body) == (Variable("name", None), Variable("desk", " 4 "), Variable("code", None))
    with pytest.raises(Mendable, match="name, code"):
        filled(body, {})
    assert (
        filled(body, {"name": "{{code}} \\1", "code": "7"}) == "Dear {{code}} \\1, desk  4 , {{code}} \\1: 7"
    )
    assert filled("{{ }} {{1}} {not} {{a|}}", {}) == "{{ }} {{1}} {not} "


def test_a_template_gets_another_name(store: Store) -> None:
    kept = Templates(store)
    kept.save("Ready", "It is ready.")
    kept.save("Late", "We are late.")
    kept.rename("ready", "READY")
    with pytest.raises(Mendable, match="already"):
        kept.rename("READY", "late")
    with pytest.raises(Mendable, match="no template"):
        kept.rename("Gone", "x")
    with pytest.raises(Mendable):
        kept.rename("late", " ")
    assert [(each.name, each.body) for each in kept.every()] == [
        ("Late", "We are late."),
        ("READY", "It is ready."),
    ]


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_any_text_is_a_template(body: str, values: dict[str, str]) -> None:
    wanted = {variable.name: "x" for variable in variables(body)}
    filled(body, {**wanted, **values})


def test_templates_are_kept_by_name(store: Store) -> None:
    templates = Templates(store)
    templates.save("Ready", "Hello {{name}}")
    templates.save("ready", "Hi {{name}}")
    assert templates.named("READY").body == "Hi {{name}}"
    assert len(templates.every()) == 1
    assert templates.remove("Ready")
    with pytest.raises(Mendable, match="no template"):
        templates.named("Ready")
    for name, body in (("", "x"), ("x", ""), ("x" * 61, "x"), ("a\nb", "x")):
        with pytest.raises(Mendable):
            templates.save(name, body)


def test_contacts_come_in_and_go_out_as_cards_and_as_csv(store: Store, tmp_path: Path) -> None:
    contacts = Contacts(store)
    tags = ["vip", "vip", " desk ", "a,b;c\\d"]
    contacts.save("+31 6 1234 5678", "Noor  Bakker", note="=cmd", tags=tags)
    contacts.save(_OTHER, "Émile")
    other = Store(tmp_path / "other.db")
    taken = Contacts(other)
    assert taken.take_in_csv("\ufeff" + contacts.as_csv()) == 2
    assert taken.every() == contacts.every()
    assert taken.every("EMILE") == contacts.every("emi") != ()
    assert taken.every("vip")[0].note == "=cmd"
    third = Contacts(Store(tmp_path / "third.db"))
    assert third.take_in_vcards(contacts.as_vcards()) == 2
    assert third.every() == contacts.every()
    third._store.close()
    other.close()


def test_a_row_that_is_no_contact_is_named_and_nothing_is_taken_in(store: Store) -> None:
    with pytest.raises(Mendable, match="Line 3"):
        Contacts(store).take_in_csv("number,name\n31612345678,Noor\n0612,Bram\n")
    assert Contacts(store).every() == ()


def test_a_contact_is_found_with_its_conversation(store: Store) -> None:
    send(store)
    Contacts(store).save(PHONE, "Noor")
    with store.read() as db:
        assert [row.party for row in search.parties(db, "noo", SANDBOX.id, limit=5)] == [PHONE]
    assert Contacts(store).remove(PHONE)
    with store.read() as db:
        assert search.parties(db, "noo", SANDBOX.id, limit=5) == ()
    assert upkeep.check(store).ok


def test_what_was_typed_and_cleared_can_be_found_again(store: Store) -> None:
    outbox = Outbox(store)

    def type_(text: str) -> None:
        outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, text))

    for end in range(1, 12):
        type_("Hello world"[:end])
    for end in range(10, -1, -1):  # deleted letter by letter
        type_("Hello world"[:end])
    type_("Something else")
    type_("x")
    with store.read() as db:
        assert [each.draft.text for each in drafts.history(db, SANDBOX.id, PHONE, Kind.TEXT)] == [
            "Something else",
            "Hello world",
        ]
    for number in range(50):
        type_(f"{number} begins another way")
        type_("")
    with store.read() as db:
        assert len(drafts.history(db, SANDBOX.id, PHONE, Kind.TEXT)) == drafts.LONGEST_HISTORY


def test_typing_and_deleting_in_the_middle_does_not_fill_the_history(store: Store) -> None:
    outbox = Outbox(store)
    steps = [f"See you{' quickly and quietly'[:end]} there" for end in range(21)]
    for text in ("The one before", "", *steps, *reversed(steps), "Other"):
        outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, text))
    with store.read() as db:
        former = [each.draft.text for each in drafts.history(db, SANDBOX.id, PHONE, Kind.TEXT)]
    assert former == [steps[-1], "The one before"]


def test_what_one_kind_of_a_pane_held_is_kept_when_the_other_replaces_it(store: Store) -> None:
    outbox = Outbox(store)
    for draft in (Draft(Kind.TEXT, "Plain"), Draft(Kind.UNICODE, "Plain ę"), Draft(Kind.TEXT, "Else")):
        outbox.save_draft(SANDBOX.id, PHONE, draft)
    with store.read() as db:
        assert drafts.history(db, SANDBOX.id, PHONE, Kind.TEXT) == ()
        (former,) = drafts.history(db, SANDBOX.id, PHONE, Kind.UNICODE)
    assert former.draft == Draft(Kind.UNICODE, "Plain ę")


def test_a_link_that_was_replaced_is_kept_with_all_fields(store: Store) -> None:
    outbox = Outbox(store)
    link = Draft(Kind.WAPPUSH, "", {"url": "https://one.example", "validity": "2 days"})
    outbox.save_draft(SANDBOX.id, PHONE, link)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.WAPPUSH, "", {"url": "http://another.example"}))
    with store.read() as db:
        (former,) = drafts.history(db, SANDBOX.id, PHONE, Kind.WAPPUSH)
    assert former.draft == link


@given(st.text())
def test_a_neutral_cell_is_no_formula_and_can_be_read_back(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(neutral(cell)) == cell or cell.startswith("'")


_HOSTILE = "=1+1\n<script>alert('x')</script> & \u202eevil \"quoted\", comma"


def _hostile(store: Store) -> None:
    party = busy_morning(Desk(store, SANDBOX, 1_800_000_000_000_000))
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound(_HOSTILE, type="unicode", msisdn=party)))
    Contacts(store).save(party, "@Noor <b>")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def test_exports_hold_every_message_and_nothing_that_runs(store: Store, tmp_path: Path) -> None:
    _hostile(store)
    total = count(store, "message")
    files = {style: tmp_path / f"out.{style}" for style in ExportFormat}
    for style, file in files.items():
        assert export(store, Query(), style, file) == total
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(files[ExportFormat.CSV].read_bytes().decode())))
    assert len(rows) == total
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row.values() if cell)
    assert plain(rows[0]["text"]) == _HOSTILE
    lines = files[ExportFormat.JSONL].read_bytes().decode().removesuffix("\n").split("\n")
    assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in rows]
    assert json.loads(lines[0])["text"] == _HOSTILE
    html = files[ExportFormat.HTML].read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(html)
    assert "script" not in tags.seen
    assert "b" not in tags.seen
    assert "default-src 'none'" in html
    assert {path.name for path in tmp_path.iterdir()} == {"data", *(file.name for file in files.values())}
    with store.read() as db:
        deeds = [(deed.action, deed.subject) for deed in audit.page(db, limit=3)]
    assert deeds == [("export", f"{total} messages")] * 3


def test_an_export_can_be_stopped_and_leaves_the_file_as_it_was(store: Store, tmp_path: Path) -> None:
    fill(store, PHONE, 2_000)
    file = tmp_path / "out.csv"
    file.write_text("before", encoding="utf-8")
    told: list[int] = []
    with pytest.raises(ExportCancelled):
        export(store, Query(), ExportFormat.CSV, file, progress=told.append, cancelled=lambda: 1_000 in told)
    assert told == [0, 500, 1_000]
    assert file.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out.csv"]
    with pytest.raises(Mendable, match="can't be written"):
        export(store, Query(), ExportFormat.CSV, tmp_path / "nowhere" / "out.csv")


def test_an_export_of_one_number_holds_no_others(store: Store, tmp_path: Path) -> None:
    send(store, "one")
    send(store, "two", to=_OTHER)
    export(store, Query(party=_OTHER), ExportFormat.JSONL, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["two"]


def _octets(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_a_killed_program_left_of_a_copy_goes_too(store: Store, tmp_path: Path) -> None:
    send(store)
    upkeep.backup(store)
    copy = upkeep.kept_backups(store.file)[0].file
    left = [
        copy.with_suffix(".part"),
        store.file.with_name("store.db.restoring"),
        store.file.with_name("store.db.salvaged-wal"),
    ]
    for file in left:
        file.write_bytes(copy.read_bytes())
    Forgetting(store).number(PHONE)
    assert not any(file.exists() for file in left)
    assert PHONE.encode() not in _octets(tmp_path)


def test_half_a_backup_of_long_ago_goes_when_the_next_is_made(store: Store) -> None:
    send(store)
    folder = upkeep.backup(store).parent
    for name, age in (("store-1.part", 7_200), ("store-2.part", 0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age, time.time() - age))
    upkeep.backup(store)
    assert [path.name for path in folder.glob("*.part")] == ["store-2.part"]  # somebody may be at it


def test_a_forgotten_number_leaves_nothing_anywhere(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, SANDBOX, 1_800_000_000_000_000)
    secret = "Xylophonic"
    for number in range(60):
        message = desk.send(PHONE, f"{secret} {number}", minutes_ago=5)
        [gateway_id] = desk.answered(message, "0")
        desk.receipt(PHONE, gateway_id, "delivered")
        desk.send(_OTHER, f"Quagmire {number}", minutes_ago=5)
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound(f"{secret} back"), pages.receipt("orphan")))
    outbox = Outbox(store)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, f"{secret} draft"))
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, ""))
    Contacts(store).save(PHONE, f"{secret} name")
    upkeep.backup(store)
    assert _octets(tmp_path).count(secret.encode()) > 50
    assert Forgetting(store).number("+31 6 1234 5678") == 61
    for trace in (secret.encode(), secret.lower().encode(), PHONE.encode(), b"xylo"):
        assert trace not in _octets(tmp_path), trace
    assert b"Quagmire" in _octets(tmp_path)
    assert len(rows_with(store, _OTHER)) == 60
    assert len(upkeep.kept_backups(store.file)) == 1
    assert upkeep.check(store).ok
    # An event that was applied is not applied again because it was emptied.
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound(f"{secret} back"), pages.receipt("orphan")))
    assert rows_with(store) == ()


@pytest.mark.parametrize("party", ["80012", "INFO"])
def test_forgetting_a_short_code_or_a_word_leaves_what_others_said(store: Store, party: str) -> None:
    other = pages.inbound(f"{party} told me 180012 things", "I2")
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("code 7", msisdn=party), other))
    assert Forgetting(store).number(party) == 1
    assert rows_with(store, party) == ()
    with store.read() as db:
        [first, second] = [
            json.loads(str(each)) for (each,) in db.execute("SELECT payload FROM event ORDER BY seq")
        ]
    assert first == {}
    assert second["text"] == f"{party} told me 180012 things"


def test_forgetting_a_number_leaves_a_longer_one_that_holds_it(store: Store) -> None:
    longer = f"{PHONE}9"
    events = [pages.inbound("a", msisdn=f"00{PHONE}"), pages.inbound("b", "I2", msisdn=longer)]
    inbox.apply_page(store, SANDBOX, pages.page(*events))
    assert Forgetting(store).number(PHONE) == 1
    with store.read() as db:
        payloads = [str(each) for (each,) in db.execute("SELECT payload FROM event ORDER BY seq")]
    assert payloads[0] == "{}"
    assert longer in payloads[1]


def test_forgetting_asks_what_becomes_of_do_not_contact(store: Store, tmp_path: Path) -> None:
    send(store)
    OptOuts(store).add(PHONE)
    with pytest.raises(Mendable, match="Say whether"):
        Forgetting(store).number(PHONE)
    assert Forgetting(store).number(PHONE, keep_opt_out=True) == 1
    assert OptOuts(store).find(PHONE) is not None
    Forgetting(store).number(PHONE, keep_opt_out=False)
    assert PHONE.encode() not in _octets(tmp_path)


def test_many_old_messages_go_though_others_stay_among_them(store: Store) -> None:
    work = replace(SANDBOX, id=ProfileId("work"))
    fill(store, PHONE, 700, profile=work)
    fill(store, PHONE, 1_200)
    fill(store, _OTHER, 700, profile=work)
    forgetting = Forgetting(store)
    forgetting.set_retention(SANDBOX.id, 1)
    told: list[int] = []
    assert forgetting.old(progress=told.append) == 1_200
    assert told == [500, 1_000, 1_200]
    assert count(store, "message") == 1_400
    assert upkeep.check(store).ok


def test_what_is_older_than_a_profile_keeps_goes_and_what_waits_stays(store: Store) -> None:
    clock = Clock()
    desk = Desk(store, SANDBOX, clock.us)
    desk.delivered(PHONE, "old", minutes_ago=40 * 1_440)
    desk.delivered(PHONE, "new", minutes_ago=5)
    desk.send(_OTHER, "waits", minutes_ago=40 * 1_440)
    work = replace(SANDBOX, id=ProfileId("work"))
    Desk(store, work, clock.us).delivered(PHONE, "of another profile", minutes_ago=90 * 1_440)
    forgetting = Forgetting(store, clock=clock)
    assert forgetting.old() == 0
    forgetting.set_retention(SANDBOX.id, 30)
    assert forgetting.retention() == {SANDBOX.id: 30}
    assert forgetting.older(SANDBOX.id, 30) == 1
    assert forgetting.old(only=ProfileId("another")) == 0
    assert forgetting.old(only=SANDBOX.id) == 1
    assert forgetting.older(SANDBOX.id, 30) == 0
    assert [row.text for row in rows_with(store)] == ["new"]
    assert [row.text for row in rows_with(store, _OTHER)] == ["waits"]
    assert [row.text for row in rows_with(store, profile=work)] == ["of another profile"]
    joined = count(store, "receipt")
    orphans = [pages.receipt(f"S{at}", msisdn=_OTHER) for at in range(2)]
    inbox.apply_page(store, SANDBOX, pages.page(*orphans))  # of November 2026
    assert count(store, "receipt") == joined + 2
    assert forgetting.old() == 0
    assert count(store, "receipt") == joined
    forgetting.set_retention(SANDBOX.id, None)
    assert forgetting.retention() == {}
    assert upkeep.check(store).ok
