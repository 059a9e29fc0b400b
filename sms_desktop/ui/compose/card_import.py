"""Cards from files: asked for, read behind the window, one of several chosen. Used by the card sheets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.card_files import CardText, read_card_file
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.card_fields import spoken
from sms_desktop.ui.compose.raw_text import LONGEST
from sms_desktop.ui.reading import TaskRunner


class CardImport(QObject):
    """Reads files of one kind of card for `window`, whose dialogs they are.

    Signals: `taken(text)`, a card that fits; `told(sentence, bad)`, how it goes.
    """

    taken = Signal(str)
    told = Signal(str, bool)

    def __init__(self, kind: Kind, window: QWidget, *, tasks: TaskRunner, appearance: Appearance) -> None:
        super().__init__(window)
        self._kind = kind
        self._window = window
        self._tasks = tasks
        self._appearance = appearance

    def ask(self, filters: list[str]) -> None:
        """Let a file be chosen."""
        dialog = QFileDialog(self._window, self.tr("Take a card from a file"))
        dialog.setObjectName("card_file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([*filters, self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda file: self.read(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read(self, path: Path) -> None:
        """Read a file on a worker, and take the card in it; one of several is chosen."""
        self.told.emit(self.tr("Reading %1").replace("%1", spoken(path.name)), False)
        self._tasks.run(
            lambda: read_card_file(path, self._kind), lambda found: self._found(path.name, found), self.refuse
        )

    def refuse(self, error: SmsDesktopError) -> None:
        """Say what went wrong."""
        self.told.emit(error.message, True)

    def _found(self, name: str, found: tuple[CardText, ...]) -> None:
        if len(found) == 1:
            self._take(name, found[0])
            return
        from sms_desktop.ui.compose.pick_dialog import PickDialog  # seldom needed

        self.told.emit("", False)
        title = self.tr("%1 holds %2 cards. One fits into a message.")
        title = title.replace("%1", spoken(name)).replace("%2", f"{len(found):,}")
        names = [card.name for card in found]
        dialog = PickDialog(title, names, appearance=self._appearance, parent=self._window)
        dialog.picked.connect(lambda place: self._take(name, found[place]))
        dialog.open()

    def _take(self, name: str, card: CardText) -> None:
        if len(card.text) > LONGEST:
            words = self.tr("%1 in %2 has %3 characters: more than any message holds. Nothing was changed.")
            words = words.replace("%1", spoken(card.name)).replace("%2", spoken(name))
            self.told.emit(words.replace("%3", f"{len(card.text):,}"), True)
            return
        self.taken.emit(card.text)
        words = self.tr("Taken from %1.").replace("%1", spoken(name))
        if card.left_out:
            left = self.tr("Left out, since no message could carry it: %1.")
            words = f"{words} {left.replace('%1', ', '.join(card.left_out))}"
        self.told.emit(words, bool(card.left_out))
