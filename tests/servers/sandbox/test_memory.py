"""What a sandbox finds again after a restart, and what it does not write down."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sms_desktop.gateway.sandbox_control import SOCKET, SandboxControl
from tests.servers.sandbox.running import refused_supervised, supervised
from tests.servers.sandbox.sink import sink

OLD_TOKEN, NEW_TOKEN = "canary-old-token-22chr", "canary-new-token-22chr"


def test_receipts_and_conversations_go_on_after_a_restart(tmp_path: Path) -> None:
    folder = str(tmp_path / "data")
    assert len(OLD_TOKEN) == len(NEW_TOKEN) == 22
    with (
        sink() as old,
        supervised(mo_callback=f"{old.url}/h/{OLD_TOKEN}/m", folder=folder, speed=1.0) as first,
    ):
        callback = f"{old.url}/h/{OLD_TOKEN}/d"
        parts = first.send(callback=callback, client_ref="over the restart", text="echo I am back")
        first.send(to="31600000040", from_="447700900000", text="echo STOP")
        spent = parts[0]["remaining-balance"]
    with sink() as new, supervised(mo_callback=f"{new.url}/h/{NEW_TOKEN}/m", folder=folder) as second:
        (arrived,) = new.about(1, client_ref="over the restart", status="delivered")
        assert arrived.path == f"/h/{NEW_TOKEN}/d", "the relay has another address and token now"
        assert arrived.fields["messageId"] == parts[0]["message-id"]
        assert new.about(1, text="I am back")[0].path == f"/h/{NEW_TOKEN}/m"
        control = SandboxControl(socket=tmp_path / "data" / SOCKET)
        assert {part.phone for part in control.messages()} == {"31612345678", "31600000040"}
        assert float(control.state().balance) == pytest.approx(float(spent) - 0.0333)
        assert control.state().taken == 2
        second.send(
            to="31600000040", from_="447700900000", callback=f"{new.url}/h/{NEW_TOKEN}/d", client_ref="no"
        )
        assert new.about(1, client_ref="no")[0].fields["err-code"] == "9"
        control.reset()
    with supervised(folder=folder) as third:
        state = SandboxControl(socket=tmp_path / "data" / SOCKET).state()
        assert (state.taken, state.waiting) == (0, 0)
        assert third.send()[0]["status"] == "0"


def test_no_token_is_written_down(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with supervised(
        mo_callback=f"http://127.0.0.1:9/h/{OLD_TOKEN}/m", folder=str(folder), speed=1.0
    ) as running:
        for callback in (f"http://127.0.0.1:9/h/{OLD_TOKEN}/d", f"http://127.0.0.1:8/h/{NEW_TOKEN}/d"):
            running.send(callback=callback)
        running.send(callback="http://127.0.0.1:8/plain")
    with sqlite3.connect(folder / "sandbox.db") as db:
        callbacks = {row[0] for row in db.execute("SELECT callback FROM webhook")}
    db.close()
    assert callbacks == {"relay:/d", "http://127.0.0.1:8/plain"}
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"canary" not in written
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").write_bytes(b"canary, not a database" * 100)
    status, said = refused_supervised(folder=str(tmp_path))
    assert (status, said.count("\n")) == (1, 1)
    assert "can't be used" in said
