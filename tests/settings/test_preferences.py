from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.settings.preferences import Preferences, load, save


def test_what_was_saved_is_read_back_and_is_this_users_alone(tmp_path: Path) -> None:
    file = tmp_path / "config" / "preferences.json"
    wanted = Preferences(confirm_parts=0, confirm_price="", undo_seconds=30, enter_sends=True)
    save(file, wanted)
    assert load(file) == wanted
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [None, "", "[", "[]", "null", '"x"', "[" * 100_000, "\x00"])
def test_a_file_that_is_not_there_or_damaged_stops_nobody(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "preferences.json"
    if content is not None:
        file.write_text(content)
    assert load(file) == Preferences()


def test_each_value_that_cannot_be_is_as_usual_and_the_others_hold(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    file.write_text(
        '{"confirm_parts": 300, "undo_seconds": "5", "sandbox_undo_seconds": 3, "enter_sends": 1, '
        '"confirm_price": "much", "of a later version": true}'
    )
    assert load(file) == replace(Preferences(), sandbox_undo_seconds=3)


@pytest.mark.parametrize(
    "field, value",
    [
        ("confirm_parts", -1),
        ("confirm_parts", 256),
        ("confirm_price", "much"),
        ("confirm_price", "-1"),
        ("confirm_price", "NaN"),
        ("undo_seconds", 31),
        ("sandbox_undo_seconds", -1),
    ],
)
def test_what_is_out_of_range_is_not_saved(tmp_path: Path, field: str, value: object) -> None:
    file = tmp_path / "preferences.json"
    with pytest.raises(Mendable) as refused:
        save(file, replace(Preferences(), **{field: value}))  # type: ignore[arg-type]  # of the field's own type
    assert refused.value.field == field
    assert not file.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    with pytest.raises(Mendable, match="can't be"):
        save(tmp_path / "config" / "preferences.json", Preferences())
