"""The text of a card as it is sent: plain, bounded, and kept in step with a form. Used by the card sheets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from sms_desktop.encoding import ucs2
from sms_desktop.ui.appearance import Appearance

LONGEST = 32_000
"""Characters: about as many as 255 parts of octets hold."""
_LINES, _FEWEST_LINES, _MOST_LINES = 9, 5, 14


class RawText(QPlainTextEdit):
    """An editor whose text a form may replace, undoably.

    Signals: `refused(sentence)`, something was to be pasted and was not; `file_given(path)`, a file was
    dropped or pasted.
    """

    refused = Signal(str)
    file_given = Signal(object)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setViewportMargins(4, 3, 4, 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def text(self) -> str:
        """The text as typed, with line feeds as line ends; no-break spaces stay."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def replace_text(self, text: str) -> None:
        """Put another text in its place, as one step that can be undone; the view stays where it is."""
        if text == self.text():
            return
        at = self.verticalScrollBar().value()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(at)

    def mend(self) -> bool:
        """Take out halves of characters, which nothing can carry; True if there were any."""
        text = self.text()
        if len(ucs2.code_units(text)) // 2 == self.document().characterCount() - 1:
            return False
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        return True

    @Slot()
    def _restyle(self) -> None:
        self.setFont(self._appearance.fonts.mono)
        self.setMaximumHeight(self._height(_MOST_LINES))
        self.updateGeometry()

    def _height(self, lines: int) -> int:
        return round(lines * QFontMetricsF(self._appearance.fonts.mono).lineSpacing() + 22)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """A small card is seen whole."""
        return QSize(320, self._height(_LINES))

    def minimumSizeHint(self) -> QSize:
        """Some lines are always seen."""
        return QSize(200, self._height(_FEWEST_LINES))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take files and pictures too: to read the former, and to say a word about the latter."""
        return source.hasUrls() or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text, at most what a message could ever hold; a file is read instead."""
        local = next((url.toLocalFile() for url in source.urls() if url.isLocalFile()), None)
        if local is not None:
            self.file_given.emit(Path(local))
            return
        text = source.text()
        if not text and source.hasImage():
            self.refused.emit(
                self.tr("The clipboard holds a picture, and this takes text. Nothing was pasted.")
            )
            return
        kept = self.document().characterCount() - 1 - len(self.textCursor().selectedText())
        if len(text) + kept > LONGEST:
            words = self.tr("That has %1 characters, and this holds at most %2. Nothing was pasted.")
            self.refused.emit(words.replace("%1", f"{len(text):,}").replace("%2", f"{LONGEST:,}"))
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()
