"""The file of profiles: read whole, or one sentence that names the profile and the field."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Authentication, ReceiptsBy, RequestFormat
from sms_desktop.settings.profiles import SANDBOX, Profile, find, load, save

_LIVE = {
    "id": "live",
    "name": "Helpdesk NL",
    "provider": "vonage",
    "api_key": "abcd1234",
    "sender": "Helpdesk",
}
_LOCAL = {
    "id": "local",
    "name": "Local",
    "provider": "sandbox",
    "api_key": "key",
    "sender": "+31 97 0105 2200",
    "gateway_url": "http://127.0.0.1:40123/",
    "relay_url": "https://relay.example.com/",
    "stream": "team-nl",
    "colour": "teal",
}


def _file(tmp_path: Path, content: object) -> Path:
    file = tmp_path / "profiles.json"
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_without_a_file_there_is_the_sandbox() -> None:
    assert load(Path("/nowhere/profiles.json")) == (SANDBOX,)
    assert SANDBOX.is_sandbox


def test_profiles_come_in_the_order_of_the_file_behind_the_sandbox(tmp_path: Path) -> None:
    sandbox, live, local = load(_file(tmp_path, [_LIVE, _LOCAL]))
    assert sandbox == SANDBOX
    assert live == Profile("live", "Helpdesk NL", Provider.VONAGE, "abcd1234", "Helpdesk")  # type: ignore[arg-type]
    assert not live.is_sandbox
    assert (local.provider, local.sender) == (Provider.SANDBOX, "319701052200")
    assert (local.gateway_url, local.relay_url) == ("http://127.0.0.1:40123", "https://relay.example.com")
    assert (local.stream, local.colour) == ("team-nl", "teal")
    assert not local.is_sandbox


@pytest.mark.parametrize(
    "change, field",
    [
        ({"id": ""}, "id"),
        ({"id": "Live"}, "id"),
        ({"id": "../live"}, "id"),
        ({"id": "x" * 33}, "id"),
        ({"id": 7}, "id"),
        ({"id": None}, "id"),
        ({"id": "sandbox"}, "id"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"provider": "acme"}, "provider"),
        ({"provider": None}, "provider"),
        ({"provider": "sandbox"}, "gateway_url"),
        ({"api_key": ""}, "api_key"),
        ({"api_key": "\ud800"}, "api_key"),
        ({"api_key": ["abcd1234"]}, "api_key"),
        ({"sender": "TwelveLetter"}, "sender"),
        ({"sender": "Help-desk"}, "sender"),
        ({"sender": ""}, "sender"),
        ({"gateway_url": "http://rest.example.com"}, "gateway_url"),
        ({"gateway_url": "nowhere"}, "gateway_url"),
        ({"gateway_url": None}, "gateway_url"),
        ({"relay_url": "http://relay.example.com"}, "relay_url"),
        ({"relay_url": "https://me:hunter2@relay.example.com"}, "relay_url"),
        ({"stream": "two words"}, "stream"),
        ({"stream": ""}, "stream"),
        ({"colour": 3}, "colour"),
        ({"api_secret": "hunter2"}, "api_secret"),
        ({"colour ": "plum"}, "colour "),
    ],
)
def test_a_wrong_field_is_named_with_its_profile(
    tmp_path: Path, change: dict[str, object], field: str
) -> None:
    file = _file(tmp_path, [_LOCAL, _LIVE | change])
    with pytest.raises(Mendable) as told:
        load(file)
    assert told.value.field == field
    assert told.value.message.startswith("Profile 2 in profiles.json: ")
    assert field in told.value.message
    assert "hunter2" not in told.value.message
    assert len(told.value.message) < 300


@pytest.mark.parametrize("missing", ["id", "name", "provider", "api_key", "sender"])
def test_a_missing_field_is_named(tmp_path: Path, missing: str) -> None:
    fields = {name: value for name, value in _LIVE.items() if name != missing}
    with pytest.raises(Mendable) as told:
        load(_file(tmp_path, [fields]))
    assert told.value.field == missing
    assert f"{missing}: it is missing." in told.value.message


def test_an_id_that_is_used_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(Mendable, match="'live' is used twice") as told:
        load(_file(tmp_path, [_LIVE, _LOCAL, _LIVE]))
    assert told.value.message.startswith("Profile 3 in ")


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "not JSON"),
        (b"[{]", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"{}", "list of objects"),
        (b"null", "list of objects"),
        (b'["live"]', "Profile 1 in profiles.json: it must be an object"),
        (b"[" * 100_000, "list of objects"),
        (b"[" + b" " * 1_000_000 + b"]", "more than 1,000,000 octets"),
    ],
)
def test_a_file_that_is_no_list_of_profiles_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "profiles.json"
    file.write_bytes(content)
    with pytest.raises(Mendable) as told:
        load(file)
    assert words in told.value.message
    assert "profiles.json" in told.value.message


def test_a_file_that_can_t_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Mendable) as told:
        load(tmp_path)
    assert str(tmp_path) in told.value.message


def test_a_profile_is_found_by_its_id_and_the_others_are_listed(tmp_path: Path) -> None:
    profiles = load(_file(tmp_path, [_LIVE, _LOCAL]))
    assert find(profiles, "local").name == "Local"
    with pytest.raises(Mendable, match=r"'liv'. There are: sandbox, live, local\.") as told:
        find(profiles, "liv")
    assert told.value.field == "profile"


_KPN = {
    "id": "kpn",
    "name": "KPN",
    "provider": "kpn",
    "client_id": "client-1",
    "sender": "31612345678",
    "test_application": True,
    "phone": "+31 6 1234 5678",
    "inbound": True,
}


def test_an_account_of_kpn_has_a_client_and_no_key(tmp_path: Path) -> None:
    _, kpn = load(_file(tmp_path, [_KPN]))
    assert (kpn.provider, kpn.authentication, kpn.client_id) == (
        Provider.KPN,
        Authentication.BEARER,
        "client-1",
    )
    assert (kpn.api_key, kpn.phone, kpn.test_application, kpn.inbound) == ("", "31612345678", True, True)


def test_an_older_file_is_read_with_what_was_usual_then(tmp_path: Path) -> None:
    _, live = load(_file(tmp_path, [_LIVE]))
    assert (live.authentication, live.format) == (Authentication.BODY, RequestFormat.FORM)
    assert (live.receipts, live.proxy, live.ca_file) == (ReceiptsBy.MESSAGE, None, None)


@pytest.mark.parametrize(
    "base, change, field",
    [
        (_LIVE, {"authentication": "bearer"}, "authentication"),
        (_KPN, {"authentication": "basic"}, "authentication"),
        (_LIVE, {"authentication": "trust"}, "authentication"),
        (_LIVE, {"algorithm": "sha3"}, "algorithm"),
        (_LIVE, {"format": "yaml"}, "format"),
        (_LIVE, {"json_type": "text/plain"}, "json_type"),
        (_KPN, {"format": "xml"}, "format"),
        (_LIVE, {"receipts": "mail"}, "receipts"),
        (_KPN, {"client_id": None}, "client_id"),
        (_KPN, {"phone": "0612345678"}, "phone"),
        (_KPN, {"test_application": "yes"}, "test_application"),
        (_LIVE, {"proxy": "proxy:3128"}, "proxy"),
        (_LIVE, {"proxy": "http://user:canary@proxy:3128"}, "proxy"),
        (_LIVE, {"proxy": "http://[::1"}, "proxy"),
        (_LIVE, {"ca_file": 1}, "ca_file"),
    ],
)
def test_a_wrong_new_field_is_named(
    tmp_path: Path, base: dict[str, object], change: dict[str, object], field: str
) -> None:
    with pytest.raises(Mendable) as told:
        load(_file(tmp_path, [base | change]))
    assert told.value.field == field
    assert "canary" not in told.value.message


def test_what_is_saved_is_read_back_and_holds_nothing_usual(tmp_path: Path) -> None:
    file = tmp_path / "new" / "profiles.json"
    profiles = load(
        _file(tmp_path, [_LIVE, _LOCAL, _KPN | {"proxy": "http://proxy:3128", "ca_file": "/ca.pem"}])
    )
    save(file, profiles)
    assert load(file) == profiles
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = json.loads(file.read_text("utf-8"))
    assert written[0] == _LIVE
    assert [path.name for path in file.parent.iterdir()] == ["profiles.json"]


def test_what_could_not_be_read_back_is_not_saved(tmp_path: Path) -> None:
    file = _file(tmp_path, [_LIVE])
    _, live = load(file)
    with pytest.raises(Mendable):
        save(file, [replace(live, proxy="nowhere")])
    assert load(file)[1] == live
    with pytest.raises(Mendable, match=r"can't be (used|written)"):
        save(file / "below" / "profiles.json", [live])


@pytest.mark.parametrize(
    "receipts, relay, hears",
    [("message", True, True), ("message", False, False), ("account", False, True), ("none", True, False)],
)
def test_who_would_hear_a_receipt_follows_from_relay_and_choice(
    tmp_path: Path, receipts: str, relay: bool, hears: bool
) -> None:
    fields = _LIVE | {"receipts": receipts} | ({"relay_url": "https://relay.example"} if relay else {})
    assert load(_file(tmp_path, [fields]))[1].hears_receipts is hears
    assert SANDBOX.hears_receipts
