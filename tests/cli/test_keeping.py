"""The store from the command line: find, decide, keep people, write out, back up, forget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sms_desktop.cli import run
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.services import inbox
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.paths import make_private, places
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from tests.fakes import pages
from tests.fakes.desk import Desk, busy_morning
from tests.fakes.hands import PHONE

_NOW = 1_800_000_000_000_000


@pytest.fixture
def party() -> str:
    """A desk's morning in the store of this user; the party to look at."""
    store = Store(make_private(places().data) / "store.db")
    found = busy_morning(Desk(store, SANDBOX, _NOW))
    store.close()
    return found


def _json(capfd: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--json"]) == status
    document = json.loads(capfd.readouterr().out)
    assert isinstance(document, dict)
    return document


def _text(capfd: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert run([*arguments]) == status
    return capfd.readouterr().out


def test_conversations_and_messages_are_listed_and_found(
    party: str, capfd: pytest.CaptureFixture[str]
) -> None:
    listed = _json(capfd, "conversations", "list")["conversations"]
    assert party in {each["number"] for each in listed}
    assert [each["number"] for each in _json(capfd, "conversations", "search", "1234")["conversations"]]
    rows = _json(capfd, "messages", "list", "--with", f"+{party}")["messages"]
    found = _json(capfd, "messages", "search", "passport")["messages"]
    assert found[0]["id"] in {row["id"] for row in rows}
    only = _json(capfd, "messages", "search", "--state", "uncertain", "--since", "2020-01-01")["messages"]
    assert [row["state"] for row in only] == ["uncertain"]
    assert "laptop" in _text(capfd, "messages", "list", "--with", party)
    assert _json(capfd, "messages", "list", "--with", "80012")["messages"] == []  # a short code
    shown = _text(capfd, "messages", "show", found[0]["id"])
    assert "part 2 of 3: has not arrived" in shown
    assert _text(capfd, "conversations", "list", "--unread")


def test_a_doubt_is_settled_by_a_late_receipt_or_by_a_person(
    party: str, capfd: pytest.CaptureFixture[str]
) -> None:
    [row] = _json(capfd, "messages", "search", "--state", "uncertain")["messages"]
    assert "uncertain" in _text(capfd, "messages", "show", row["id"])
    store = Store(places().store)
    with store.read() as db:
        [ref] = next(
            db.execute(
                """
                SELECT a.client_ref FROM attempt a JOIN request r ON r.id = a.request_id
                WHERE r.message_id = ?
                """,
                (row["id"],),
            )
        )
    inbox.apply_page(store, SANDBOX, pages.page(pages.receipt("LATE1", client_ref=str(ref))))
    store.close()
    settled = _json(capfd, "messages", "show", row["id"])
    [attempt] = settled["attempts"]
    assert (attempt["outcome"], attempt["client_ref"]) == ("uncertain", ref)
    assert [each["decides"] for each in attempt["parts"][0]["receipts"]] == [True]
    assert "receipt for LATE1: delivered 0 2611211200  <- decides" in _text(
        capfd, "messages", "show", row["id"]
    )
    assert (settled["state"], settled["parts"][0]["message_id"]) == ("delivered", "LATE1")
    assert _json(capfd, "messages", "arrived", row["id"], status=1)["error"]["message"]


def test_a_person_decides_from_the_command_line(capfd: pytest.CaptureFixture[str]) -> None:
    store = Store(make_private(places().data) / "store.db")
    desk = Desk(store, SANDBOX, _NOW)
    lost = desk.send(PHONE, "lost", minutes_ago=1)
    desk.lost(lost, "The connection broke.")
    waits = desk.send(PHONE, "waits", minutes_ago=1)
    store.close()
    assert _json(capfd, "messages", "arrived", lost)["state"] == "delivered"
    assert _json(capfd, "messages", "pause")["paused"]
    queue = _json(capfd, "messages", "queue")
    assert (queue["paused"], [row["id"] for row in queue["messages"]]) == (True, [waits])
    assert "paused" in _text(capfd, "messages", "queue")
    assert not _json(capfd, "messages", "resume")["paused"]
    assert _json(capfd, "messages", "cancel", waits)["cancelled"]
    assert not _json(capfd, "messages", "cancel", waits, status=1)["cancelled"]
    deeds = [deed["what"] for deed in _json(capfd, "store", "audit")["deeds"]]
    assert deeds == ["cancel", "resume", "pause", "arrived", "send", "send"]
    assert "cancel" in _text(capfd, "store", "audit")


def test_drafts_with_their_history_are_shown_and_a_conversation_is_read(
    party: str, capfd: pytest.CaptureFixture[str]
) -> None:
    store = Store(places().store)
    for text in ("half a thought", "", "\x1b[2J another"):
        Outbox(store).save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, text))
    Outbox(store).save_draft(SANDBOX.id, "", Draft(Kind.BINARY, "00FF", {"udh": "0605"}))
    store.close()
    told = _json(capfd, "conversations", "drafts", "--with", f"+{PHONE}")
    assert [(each["kind"], each["text"]) for each in told["drafts"]] == [("text", "\x1b[2J another")]
    assert [each["text"] for each in told["former"]] == ["half a thought"]
    shown = _text(capfd, "conversations", "drafts", "--with", PHONE)
    assert "half a thought  (until " in shown
    assert "\x1b" not in shown
    [nobody] = _json(capfd, "conversations", "drafts")["drafts"]
    assert nobody == {"kind": "binary", "text": "00FF", "fields": {"udh": "0605"}}
    [unread, *_] = _json(capfd, "conversations", "list", "--unread")["conversations"]
    assert _json(capfd, "conversations", "read", unread["number"])["read"]
    listed = _json(capfd, "conversations", "list", "--unread")["conversations"]
    assert unread["number"] not in {each["number"] for each in listed}
    assert not _json(capfd, "conversations", "read", "31699999999", status=1)["read"]


def test_gaps_and_orphans_are_shown(party: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "Nothing is missing" in _text(capfd, "messages", "gaps")
    store = Store(places().store)
    inbox.apply_page(store, SANDBOX, pages.page(pages.receipt("STRANGER")))
    with pytest.raises(inbox.EventsMissing) as hole:
        inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("x"), first=9))
    inbox.note_hole(store, SANDBOX, hole.value)
    store.close()
    [gap] = _json(capfd, "messages", "gaps", status=1)["gaps"]
    assert (gap["first"], gap["last"], gap["closed"]) == (2, 8, None)
    assert "Events 2 to 8 are missing: 7 in all." in _text(capfd, "messages", "gaps", status=1)
    [gap] = _json(capfd, "messages", "gaps", "--go-on", status=1)["gaps"]
    assert gap["accepted"] is not None
    assert "to go on behind them" in _text(capfd, "messages", "gaps", status=1)
    [orphan] = _json(capfd, "messages", "orphans")["receipts"]
    assert orphan["message_id"] == "STRANGER"
    assert "STRANGER" in _text(capfd, "messages", "orphans")


def test_do_not_contact_from_the_command_line(party: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert [s["number"] for s in _json(capfd, "opt-outs", "list")["suggestions"]] == ["31628471190"]
    assert _json(capfd, "opt-outs", "add", "+31628471190", "--reason", "asked")["was_suggested"]
    refused = _json(
        capfd, "send", "text", "--to", "31628471190", "--from", "Helpdesk", "--text", "Hi", status=1
    )
    assert "not to contact" in refused["error"]["message"]
    assert "31628471190" in _text(capfd, "opt-outs", "export")
    assert _json(capfd, "opt-outs", "import", "31600000009,no")["new"] == 1
    assert "asked" in _text(capfd, "opt-outs", "list")
    assert _json(capfd, "opt-outs", "remove", "31628471190")["removed"]
    assert not _json(capfd, "opt-outs", "dismiss", "31628471190", status=1)["dismissed"]


def test_templates_and_contacts_from_the_command_line(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _json(capfd, "templates", "save", "Ready", "Hi {{name}}")["variables"] == ["name"]
    assert _text(capfd, "templates", "fill", "ready", "--set", "name=Noor") == "Hi Noor\n"
    assert _json(capfd, "templates", "fill", "ready", status=1)["error"]["field"] == "name"
    assert "Ready" in _text(capfd, "templates", "list")
    assert _json(capfd, "templates", "rename", "ready", "Ready now")["name"] == "Ready now"
    assert _json(capfd, "templates", "rename", "ready", "x", status=1)["error"]["field"] == "name"
    assert _json(capfd, "templates", "remove", "ready now")["removed"]
    assert _json(capfd, "contacts", "save", PHONE, "Noor", "--tag", "vip")["tags"] == ["vip"]
    assert "Noor" in _text(capfd, "contacts", "list", "noo")
    cards = tmp_path / "cards.vcf"
    cards.write_text(_text(capfd, "contacts", "export", "--format", "vcf"), encoding="utf-8")
    assert _json(capfd, "contacts", "remove", PHONE)["removed"]
    assert _json(capfd, "contacts", "import", str(cards))["contacts"] == 1
    assert _json(capfd, "contacts", "list")["contacts"][0]["name"] == "Noor"


def test_export_check_backup_restore_and_forget(
    party: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for style in ("csv", "jsonl", "html"):
        file = tmp_path / f"out.{style}"
        written = _json(capfd, "export", str(file), "--with", party)["messages"]
        assert written == 5
        assert file.stat().st_size > 500
    assert _json(capfd, "export", str(tmp_path / "out.csv"), "--with", party, "--received")["messages"] == 2
    assert (
        _json(capfd, "export", str(tmp_path / "out.csv"), "--kind", "vcard", "--since", "2020-01-01")[
            "messages"
        ]
        == 0
    )
    assert _json(capfd, "store", "check")["ok"]
    assert _json(capfd, "store", "rebuild")["differences"] == []
    backup = _json(capfd, "store", "backup")["backup"]
    assert _json(capfd, "store", "backups")["backups"][0]["file"] == backup
    assert _json(capfd, "store", "forget", party)["messages"] == 5
    assert _json(capfd, "messages", "list", "--with", party)["messages"] == []
    newest = _json(capfd, "store", "backups")["backups"][0]["file"]
    assert newest != backup
    assert _json(capfd, "store", "restore")["restored"] == newest
    deeds = _json(capfd, "store", "audit")["deeds"]
    assert [deed["what"] for deed in deeds[:1]] == ["restore"]
    assert deeds[0]["on"] == Path(newest).name
    assert "forget" in {deed["what"] for deed in deeds}
    assert _json(capfd, "store", "retention", "--profile", "sandbox", "--days", "30")["retention"] == {
        "sandbox": 30
    }
    assert _json(capfd, "store", "retention", "--now")["removed"] >= 0
    assert all(not each["gaps"] for each in _json(capfd, "store", "salvage")["tables"])
    assert "whole" in _text(capfd, "store", "check")
    assert [deed["what"] for deed in _json(capfd, "store", "audit")["deeds"]][:2] == ["salvage", "rebuild"]
