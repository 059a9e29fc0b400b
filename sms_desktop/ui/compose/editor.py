"""The field for the text of a message: plain text only, its offending characters boxed.

Part of the compose pane.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextLine,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.ui.appearance import Appearance

LONGEST = 40_000
"""Characters that the editor holds: more than 255 parts of any encoding."""
_FEWEST_LINES = 2
_MOST_LINES = 8
_MARGIN_X, _MARGIN_Y = 8, 6


class MessageEditor(QPlainTextEdit):
    """A plain text editor that grows with its text.

    Signals: `refused(characters)`, something that long was to be pasted and was not; `send_asked()`, Enter
    was pressed where `enter_sends` says that it sends.
    """

    refused = Signal(int)
    send_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._marks = False
        self.enter_sends = False
        self.setObjectName("message_text")
        self.setAccessibleName(self.tr("Message text"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setViewportMargins(_MARGIN_X - 4, _MARGIN_Y - 3, _MARGIN_X - 4, _MARGIN_Y - 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        appearance.changed.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """The text as typed, with line feeds as line ends; nothing is normalised."""
        # How QTextDocument keeps line ends. At each key press: replacing is far quicker than translating.
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def set_text(self, text: str) -> None:
        """Put another text in, as a fresh document without history; the caret goes to its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def replace_text(self, text: str, caret: int) -> None:
        """Replace the whole text as one step that can be undone.

        `caret` counts code points of the new text.
        """
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        cursor.setPosition(len(ucs2.code_units(text[:caret])) // 2)
        self.setTextCursor(cursor)

    def mend(self) -> bool:
        """Take out halves of characters, which no encoding can carry; True if there were any.

        Python never sees them: PySide leaves them out, so that what is shown would not be what is sent.
        """
        text = self.text()
        if len(ucs2.code_units(text)) // 2 == self.document().characterCount() - 1:
            return False
        self.replace_text(text, self.caret())
        return True

    def caret(self) -> int:
        """Where the caret stands, in code points of `text()`."""
        units = ucs2.code_units(self.text())
        return len(units[: 2 * self.textCursor().position()].decode("utf-16-be", "replace"))

    def select_characters(self, start: int, length: int) -> None:
        """Select some characters, by code points of `text()`."""
        first, last = ucs2.code_unit_offsets(self.text(), (start, start + length))
        cursor = self.textCursor()
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def show_marks(self, shown: bool) -> None:
        """Box the characters that are outside GSM-7, or none."""
        if shown != self._marks:
            self._marks = shown
            self.viewport().update()

    @Slot()
    def _fit(self) -> None:
        lines = min(max(round(self.document().size().height()), _FEWEST_LINES), _MOST_LINES)
        height = round(lines * QFontMetricsF(self.font()).lineSpacing() + 2 * _MARGIN_Y + 8)
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(400, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wider field may need fewer lines."""
        super().resizeEvent(event)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only, and only as much as a message could ever hold."""
        text = source.text()
        if len(text) + self.document().characterCount() > LONGEST:
            self.refused.emit(len(text))
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends if the person wants that; Shift+Enter ends a line."""
        if (
            self.enter_sends
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            self.send_asked.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the boxes under the text, then the text."""
        if self._marks:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._appearance.theme.warn, 1))
            painter.setBrush(self._appearance.theme.warn_ground)
            self._paint_marks(painter)
            painter.end()
        super().paintEvent(event)

    def _paint_marks(self, painter: QPainter) -> None:
        offset, block = self.contentOffset(), self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > bottom:
                return
            self._mark_block(painter, block, place.topLeft(), bottom)
            block = block.next()

    def _mark_block(self, painter: QPainter, block: QTextBlock, at: QPointF, bottom: int) -> None:
        if gsm7.is_encodable(block.text()):
            return
        units = ucs2.code_units(block.text())
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            top = at.y() + line.y()
            if top > bottom:
                return
            if top + line.height() < 0:
                continue
            start = line.textStart()
            text = units[2 * start : 2 * (start + line.textLength())].decode("utf-16-be", "replace")
            for first, last in gsm7.unsupported_spans(text):
                left, right = ucs2.code_unit_offsets(text, (first, last))
                x1, x2 = sorted((_x(line, start + left), _x(line, start + right)))
                box = QRectF(at.x() + x1, top, max(x2 - x1, 1.0), line.height()).adjusted(
                    -1.5, 0.5, 1.5, -0.5
                )
                painter.drawRoundedRect(box, 3, 3)
                painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 2), painter.pen().color())


def _x(line: QTextLine, position: int) -> float:
    # PySide gives (x, position) where C++ changes the position it was given; its stubs do not know.
    found: Any = line.cursorToX(position)
    return float(found[0]) if isinstance(found, tuple) else float(found)
