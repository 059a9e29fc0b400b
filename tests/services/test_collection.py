"""Named requests as plain files, previews, and commands taken in."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_desktop.messages.drafts import OPTION_FIELDS, OTHER_FIELDS, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.collection import (
    LARGEST,
    Collection,
    SavedRequest,
    filled_draft,
    variables_of,
)
from sms_desktop.services.curl_import import understand
from sms_desktop.services.request_preview import STYLES, Sketch, preview
from sms_desktop.services.templates import Variable
from sms_desktop.settings.profiles import SANDBOX
from tests.fakes.desktop import LIVE

_HEAD = b'{"format":"sms-desktop request 1","name":"x","kind":"text",'
_VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)


@st.composite
def _drafts(draw: st.DrawFn) -> Draft:
    kind = draw(st.sampled_from(Kind))
    names = [name for name in (*OTHER_FIELDS[kind], *OPTION_FIELDS) if name != "callback"]
    fields = draw(st.dictionaries(st.sampled_from(names), _VALUES))
    return Draft(kind, draw(_VALUES), fields)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path / "requests")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_drafts())
def test_what_is_kept_comes_back(collection: Collection, draft: Draft) -> None:
    collection.save("One", draft)
    assert collection.every().requests == (SavedRequest("One", draft),)


def test_a_file_reads_like_a_form(collection: Collection) -> None:
    fields = {"ttl": "2 days", "as": "binary"}
    card = "BEGIN:VCARD\nFN:{{name}}\nEND:VCARD"
    collection.save("Card of {{name}}", Draft(Kind.VCARD, card, fields))
    (file,) = collection.folder.iterdir()
    assert file.name == "card-of-name.json"
    assert file.read_text() == (
        '{\n  "format": "sms-desktop request 1",\n  "name": "Card of {{name}}",\n  "kind": "vcard",\n'
        '  "fields": {\n    "vcard": [\n      "BEGIN:VCARD",\n      "FN:{{name}}",\n'
        '      "END:VCARD"\n    ],\n'
        '    "as": "binary",\n    "ttl": "2 days"\n  }\n}\n'
    )
    assert file.stat().st_mode & 0o077 == 0


def test_names_are_kept_apart_whatever_their_files_are_called(collection: Collection) -> None:
    for name in ("Déjà vu", "Deja vu", "注文", "ORDER", "order!"):
        collection.save(name, Draft(Kind.TEXT, name))
    collection.save("déjà VU", Draft(Kind.TEXT, "again"))
    assert [each.draft.text for each in collection.every().requests] == [
        "Deja vu", "again", "ORDER", "order!", "注文",
    ]  # fmt: skip
    assert len(list(collection.folder.iterdir())) == 5
    collection.rename("Deja vu", "First")
    collection.rename("First", "FIRST")
    with pytest.raises(Mendable, match="already"):
        collection.rename("FIRST", "order")
    with pytest.raises(Mendable, match="no request"):
        collection.rename("First one", "x")
    assert collection.named("first").draft.text == "Deja vu"
    assert collection.remove("FIRST")
    assert not collection.remove("FIRST")
    assert len(list(collection.folder.iterdir())) == 4


@pytest.mark.parametrize(
    "content, said",
    [
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"{}", "no request of SMS Desktop"),
        (b"[]", "no request of SMS Desktop"),
        (b'{"format":"sms-desktop request 2"}', "another version"),
        (b'{"format":"sms-desktop request 1","api_secret":"x"}', "more than"),
        (b'{"format":"sms-desktop request 1","name":7}', "name"),
        (b'{"format":"sms-desktop request 1","name":"\\u202ex"}', "name"),
        (b'{"format":"sms-desktop request 1","name":"x","kind":"mms"}', "kind"),
        (b'{"format":"sms-desktop request 1","name":"x","kind":["text"]}', "kind"),
        (_HEAD + b'"fields":[]}', "fields"),
        (_HEAD + b'"fields":{"udh":"00"}}', "no field 'udh'"),
        (_HEAD + b'"fields":{"sig":"0"}}', "no field 'sig'"),
        (_HEAD + b'"fields":{"text":7}}', "text"),
        (_HEAD + b'"fields":{"text":"\\ud800"}}', "surrogate"),
        (_HEAD + b'"fields":{"callback":"https://relay.example/h/token/d"}}', "secret"),
        (b" " * (LARGEST + 1), "larger"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_said_and_left_alone(
    collection: Collection, content: bytes, said: str
) -> None:
    collection.save("Good", Draft(Kind.TEXT, "Hello"))
    other = collection.folder / "other.json"
    other.write_bytes(content)
    shelf = collection.every()
    assert [each.name for each in shelf.requests] == ["Good"]
    (unreadable,) = shelf.unreadable
    assert unreadable.file == "other.json"
    assert said in unreadable.sentence
    collection.save("Other", Draft(Kind.TEXT, "Mine"))
    assert other.read_bytes() == content
    assert collection.named("other").draft.text == "Mine"


def test_pipes_folders_and_dangling_links_do_not_hold_anything_up(collection: Collection) -> None:
    collection.save("Good", Draft(Kind.TEXT, "Hello"))
    os.mkfifo(collection.folder / "pipe.json")
    (collection.folder / "folder.json").mkdir()
    (collection.folder / "link.json").symlink_to("/nowhere")
    shelf = collection.every()
    assert [each.file for each in shelf.unreadable] == ["folder.json", "link.json", "pipe.json"]
    assert len(shelf.requests) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "requests").write_text("a file")
    with pytest.raises(Mendable, match="can't be"):
        Collection(tmp_path / "requests").save("x", Draft(Kind.TEXT, "Hello"))


def test_a_disk_that_fails_leaves_what_was_there(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.save("x", Draft(Kind.TEXT, "Before"))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Mendable, match="No space left"):
            collection.save("x", Draft(Kind.TEXT, "After"))
    assert collection.named("x").draft.text == "Before"
    assert len(list(collection.folder.iterdir())) == 1


def test_what_can_not_be_kept_is_refused(collection: Collection) -> None:
    for name, draft in (
        ("", Draft(Kind.TEXT, "x")),
        ("a\nb", Draft(Kind.TEXT, "x")),
        ("x", Draft(Kind.TEXT, "")),
        ("x", Draft(Kind.TEXT, "x" * LARGEST)),
        ("x", Draft(Kind.TEXT, "\ud800")),
    ):
        with pytest.raises(Mendable):
            collection.save(name, draft)
    assert collection.every().requests == ()


def test_an_address_with_a_token_is_not_kept(collection: Collection) -> None:
    for address in ("https://relay.example/h/s3cret/d", "https://me:s3cret@example.com/"):
        said = collection.save("x", Draft(Kind.TEXT, "Hello", {"callback": address, "ttl": "1 hour"}))
        assert said is not None
        assert collection.named("x").draft.fields == {"ttl": "1 hour"}
        assert "s3cret" not in next(collection.folder.iterdir()).read_text()


def test_variables_stand_in_any_field() -> None:
    draft = Draft(
        Kind.WAPPUSH, "For {{name|you}}", {"url": "https://x/{{id}}", "client-ref": "{{a|", "id": "}}"}
    )
    assert variables_of(draft) == (Variable("name", "you"), Variable("id", None))
    assert filled_draft(draft, {"id": "{{name}}"}) == Draft(
        Kind.WAPPUSH, "For you", {"url": "https://x/{{name}}", "client-ref": "{{a|", "id": "}}"}
    )
    with pytest.raises(Mendable, match="id"):
        filled_draft(draft, {})


# Preview


@pytest.mark.parametrize("style", STYLES)
def test_a_preview_holds_what_is_typed_and_no_secret(style: str) -> None:
    profile = replace(LIVE, relay_url="https://relay.example")
    draft = Draft(Kind.TEXT, "Hello", {"ttl": "1 hour"})
    made = preview(Sketch(draft, profile, "+31 6 1234 5678", "Help Desk"), style, client_ref="REF1")
    (command,) = made.commands
    for part in (
        "Hello",
        "31612345678",
        "3600000",
        "***",
        "HelpDesk",
        "REF1",
        "https://relay.example/h/***/d",
    ):
        assert part in command, part


def test_a_message_of_three_requests_is_three_commands() -> None:
    draft = Draft(Kind.VCARD, "BEGIN:VCARD\r\nFN:" + "x" * 300 + "\r\nEND:VCARD", {"as": "binary"})
    made = preview(Sketch(draft, SANDBOX, "31612345678", "Sandbox"), "curl", client_ref=new_id())
    assert len(made.commands) == made.parts == 3


@pytest.mark.parametrize(
    "sketch, field",
    [
        (Sketch(Draft(Kind.TEXT, "Hello"), SANDBOX, "", "Sandbox"), "to"),
        (Sketch(Draft(Kind.TEXT, ""), SANDBOX, "31612345678", "Sandbox"), "text"),
        (Sketch(Draft(Kind.TEXT, "Hello", {"ttl": "soon"}), SANDBOX, "31612345678", "Sandbox"), "ttl"),
        (Sketch(Draft(Kind.BINARY, "0"), SANDBOX, "31612345678", "Sandbox"), "body"),
    ],
)
def test_there_is_no_preview_for_a_reason(sketch: Sketch, field: str) -> None:
    with pytest.raises(Mendable) as refused:
        preview(sketch, "curl", client_ref="x")
    assert refused.value.field == field


# Commands taken in

_SECRET = "Zq7CanaryOf9Secrets"


@pytest.mark.parametrize(
    "arguments, draft",
    [
        ("-d text=Hi -d ttl=172800000 -d status-report-req=1",
         Draft(Kind.TEXT, "Hi", {"ttl": "2 days", "status-report-req": "on"})),
        ("-d text=Hi -d type=unicode -d ttl=x", Draft(Kind.UNICODE, "Hi", {"ttl": "x"})),
        ("-d body=00FF -d udh=0401 -d protocol-id=64",
         Draft(Kind.BINARY, "00FF", {"udh": "0401", "protocol-id": "64"})),
        ("-d type=wappush -d title=T -d url=https%3A//x/ -d validity=60000",
         Draft(Kind.WAPPUSH, "T", {"url": "https://x/", "validity": "1 minute", "as": "api"})),
        ("-d vcal=BEGIN -d from=Desk", Draft(Kind.VCAL, "BEGIN", {"from": "Desk", "as": "api"})),
    ],
)  # fmt: skip
def test_a_command_becomes_a_draft(arguments: str, draft: Draft) -> None:
    assert understand(f"curl https://rest.nexmo.com/sms/json {arguments}", ()).draft == draft


def test_a_command_belongs_to_the_account_with_its_key() -> None:
    profiles = (SANDBOX, LIVE)
    found = understand(
        f"curl https://rest.nexmo.com/sms/json -u abcd1234:{_SECRET} -d to=+316 -d text=x", profiles
    )
    assert (found.profile, found.to, found.secret, found.for_profile) == (LIVE, "316", _SECRET, True)
    other = understand(f"curl https://rest.nexmo.com/sms/json -u other:{_SECRET} -d text=x", profiles)
    assert (other.profile, other.for_profile, other.secret_dropped) == (None, False, True)
    twin = replace(LIVE, id=ProfileId("twin"), gateway_url="https://twin.example")
    twins = understand(f"curl https://twin.example/sms/json -u abcd1234:{_SECRET} -d text=x", (LIVE, twin))
    assert (twins.profile, twins.for_profile) == (twin, True)
    nobody = understand("curl https://rest.nexmo.com/sms/json -d text=x", profiles)
    assert (nobody.profile, nobody.for_profile, nobody.secret) == (LIVE, False, None)
    assert _SECRET not in repr((found, other, twins))


def test_what_is_left_out_is_said_and_no_secret_is_in_the_draft(collection: Collection) -> None:
    found = understand(
        f"curl https://rest.nexmo.com/sms/json -d text=x -d udh=00 -d colour=red -d 'p4ss!={_SECRET}' "
        f"-d callback=https://relay.example/h/{_SECRET}/d -d api_key=abcd1234 -d api_secret={_SECRET}",
        (LIVE,),
    )
    assert [sentence.partition(":")[0] for sentence in found.left_out] == [
        "udh", "colour", "callback", "Parameters that the API does not have",
    ]  # fmt: skip
    collection.save("x", found.draft)
    assert json.loads(next(collection.folder.iterdir()).read_text())["fields"] == {"text": "x"}
    assert _SECRET not in repr((found, found.left_out))
