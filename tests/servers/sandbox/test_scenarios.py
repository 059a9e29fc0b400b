"""The scenario that ships with the program, read from its file, and played."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.sandbox.script import read_document, read_file
from tests.servers.sandbox.running import supervised

BAD_DAY = Path(__file__).parents[3] / "resources" / "scenarios" / "bad-day.toml"


def test_the_scenario_that_ships_can_be_played() -> None:
    document = read_file(BAD_DAY)
    assert read_document(document).name == "bad day"
    with supervised(scenario=document) as running:
        assert running.control.state().rate == 10
        assert [part["status"] for part in running.send(text="long" + "x" * 200)] == ["0", "5"]


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.toml", b"seed = "),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.toml", b"\xff"),
        ("a.toml", b"x" * 1_100_000),
    ],
)
def test_a_file_that_can_t_be_read_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Mendable, match=r"The file .* (can.t be read|is larger than)"):
        read_file(path)
    with pytest.raises(Mendable, match="can't be read: No such file"):
        read_file(tmp_path / "missing.toml")
