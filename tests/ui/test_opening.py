"""An update of the store that takes long is said in the window; a quick one is not."""

from __future__ import annotations

import itertools
from pathlib import Path

from sms_desktop.background.status import Trouble
from sms_desktop.store.database import Store
from sms_desktop.ui.opening import OpeningNews
from tests.fakes.hands import count

_OLD = Path(__file__).parents[1] / "store" / "fixtures" / "version-1.db"


def _opened(tmp_path: Path, *, seconds_a_look: float) -> list[Trouble | None]:
    """What is shown while an old store is updated by a computer of this speed."""
    file = tmp_path / "store.db"
    file.write_bytes(_OLD.read_bytes())
    shown: list[Trouble | None] = []
    looks = itertools.count()
    news = OpeningNews(shown.append, lambda call: call(), steady=lambda: next(looks) * seconds_a_look)
    store = Store(file, progress=news)
    assert count(store, "message") == 5
    store.close()
    return shown


def test_a_slow_update_is_told_and_what_was_told_goes_when_it_is_done(tmp_path: Path) -> None:
    shown = _opened(tmp_path, seconds_a_look=0.3)
    heads = [each.head for each in shown if each is not None]
    assert any(head.startswith("Updating the store: ") for head in heads)
    assert all(head.endswith("%") for head in heads)
    assert shown[-1] is None


def test_a_quick_update_is_not_worth_a_word(tmp_path: Path) -> None:
    assert _opened(tmp_path, seconds_a_look=0.001) == []
