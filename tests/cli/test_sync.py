"""`smsctl messages sync`: what waits goes out, what the relay has comes in, and a doubt is settled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sms_desktop.background import supervisor
from sms_desktop.background.profile_lock import ProfileLock
from sms_desktop.cli import run
from sms_desktop.messages.states import State
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.paths import make_private, places
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from tests.fakes.hands import PHONE, send, state_of

_LOSES_THE_ANSWER = "31600000004"


@pytest.fixture(autouse=True)
def quick_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SPEED", 40.0)


@pytest.fixture
def capfd_json(capfd: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: str, status: int = 0) -> Any:
        assert run([*arguments, "--json"]) == status
        return json.loads(capfd.readouterr().out)

    return called


def test_what_waits_goes_out(capfd_json: Any) -> None:
    store = Store(make_private(places().data) / "store.db")
    message = send(store)
    told = capfd_json("messages", "sync")
    assert (told["relay"], told["queued"], told["behind"]) == ("connected", 0, 0)
    assert state_of(store, message) not in {State.QUEUED, State.SENDING}
    store.close()


def test_a_paused_queue_stays_and_receipts_come_in_all_the_same(capfd_json: Any) -> None:
    store = Store(make_private(places().data) / "store.db")
    message = send(store)
    Outbox(store).pause(SANDBOX.id)
    told = capfd_json("messages", "sync")
    assert (told["relay"], told["queued"], told["paused"]) == ("connected", 1, True)
    assert state_of(store, message) is State.QUEUED
    store.close()


def test_a_doubt_is_settled_by_a_receipt_that_comes_later(capfd_json: Any) -> None:
    sent = capfd_json(
        *("send", "text", "--to", _LOSES_THE_ANSWER, "--from", "Helpdesk", "--text", "Hello"), status=3
    )
    assert sent["state"] == "uncertain"
    shown = sent
    for _ in range(30):  # the carrier takes its time
        capfd_json("messages", "sync")
        shown = capfd_json("messages", "show", sent["id"])
        if shown["state"] == "delivered":
            break
    assert shown["state"] == "delivered"
    [attempt] = shown["attempts"]
    assert attempt["outcome"] == "uncertain"
    assert [receipt["decides"] for receipt in attempt["parts"][0]["receipts"]].count(True) == 1


def test_another_program_that_is_at_it_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    make_private(places().data)
    with ProfileLock(places().profile(SANDBOX.id)) as mine:
        assert mine
        assert run(["messages", "sync"]) == 0
    assert "Another program" in capfd.readouterr().out


def test_an_unknown_profile_is_named(capfd_json: Any) -> None:
    assert capfd_json("messages", "sync", "--profile", "nobody", status=1)["error"]["field"] == "profile"
    assert PHONE not in str(capfd_json("messages", "queue"))
