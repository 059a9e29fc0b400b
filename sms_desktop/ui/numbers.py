"""Numbers as people read them, and what people call them: asked off the window's thread and remembered.

Asked by list, head, search and recipient field.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLocale, QObject, Signal

from sms_desktop.messages.addresses import NumberWords, number_words
from sms_desktop.ui.reading import Reading, TaskRunner

_REMEMBERED = 5_000


class NumberBook(QObject):
    """What is known of each number.

    Signals: `learned`, after descriptions of some more numbers came in.
    """

    learned = Signal()

    def __init__(self, *, reading: Reading, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._names: dict[str, str] = {}
        self._known: dict[str, NumberWords] = {}
        self._asked: set[str] = set()

    def words(self, number: str) -> NumberWords:
        """What is known now: without region and country until `learn` has described it."""
        known = self._known.get(number)
        return known if known is not None else NumberWords(plain(number), "")

    def name(self, number: str) -> str:
        """The name of the contact with this number, "" where there is none."""
        return self._names.get(number, "")

    def called(self, number: str) -> str:
        """How a number is called: by its contact's name, or as people read it."""
        return self._names.get(number) or self.words(number).formatted

    def refresh(self) -> None:
        """Ask again for the names of all numbers: contacts changed."""
        known = tuple(self._known)
        self._tasks.run(lambda: self._reading.names(known), self._named)

    def learn(self, numbers: Iterable[str]) -> None:
        """Have these numbers described; what is known already is not asked again."""
        wanted = [number for number in numbers if number not in self._known and number not in self._asked]
        if not wanted:
            return
        self._asked.update(wanted)
        self._tasks.run(
            lambda: ({number: number_words(number) for number in wanted}, self._reading.names(wanted)),
            lambda found: self._learned(*found),
        )

    def _learned(self, words: dict[str, NumberWords], names: dict[str, str]) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
            self._names.clear()
        self._known |= words
        self._names |= names
        self._asked -= words.keys()
        self.learned.emit()

    def _named(self, names: dict[str, str]) -> None:
        self._names = names
        self.learned.emit()


def country(region: str) -> str:
    """The name of a region (`NL`) in the window's language, "" for none."""
    return QLocale.territoryToString(QLocale.codeToTerritory(region)) if region else ""


def plain(party: str) -> str:
    """A party without grouping: `+` before a number, a word sender as it is."""
    return f"+{party}" if party.isdigit() and len(party) >= 7 else party
