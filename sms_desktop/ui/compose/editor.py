"""The field for the text of a message: plain text only, its parts tinted, its offending characters boxed.

Part of the compose pane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QToolTip, QWidget

from sms_desktop.encoding import ucs2
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.editor_lines import BlockLines, ShownLine, lines_of, runs_both_ways
from sms_desktop.ui.compose.editor_marks import EditorMarks, Mark

if TYPE_CHECKING:
    from sms_desktop.encoding.suspicious import Suspicion

LONGEST = 40_000
"""Characters that the editor holds: more than 255 parts of any encoding."""
_FEWEST_LINES = 2
_MOST_LINES = 8
_MARGIN_X, _MARGIN_Y = 8, 6
_OVERHANG = 2  # pixels that boxes may reach over their line
_BY_MOUSE = QContextMenuEvent.Reason.Mouse


class MessageEditor(QPlainTextEdit):
    """A plain text editor that grows with its text.

    `describe` gives the words for a character, by its position in code points.

    Signals: `refused(characters)`, something that long was to be pasted and was not; `menu_wanted(menu,
    position)`, the menu of a character is about to be shown; `suggestions_wanted()`, the same is asked for
    the one at the caret; `send_asked()`, Enter was pressed where `enter_sends` says that it sends.
    """

    refused = Signal(int)
    menu_wanted = Signal(object, int)
    suggestions_wanted = Signal()
    send_asked = Signal()

    def __init__(
        self,
        *,
        appearance: Appearance,
        describe: Callable[[int], str] = lambda _: "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # Held so that `viewport()` finds it known: else PySide, at the first key press, would first set up
        # every class that it could be of (10 ms). By its name it is known to be a plain QWidget.
        self._ground = self.findChild(QWidget, "qt_scrollarea_viewport")
        self._appearance = appearance
        self._describe = describe
        self.marks = EditorMarks(appearance)
        self.enter_sends = False
        self.setObjectName("message_text")
        self.setAccessibleName(self.tr("Message text"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setViewportMargins(_MARGIN_X - 4, _MARGIN_Y - 3, _MARGIN_X - 4, _MARGIN_Y - 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text: str | None = None  # of the document as it now stands, once it was asked for
        self._lines = BlockLines()
        self._changed_at: int | None = None  # in this change of the document
        self._changed_since: int | None = None  # the first change since the parts were shown
        self.document().contentsChange.connect(self._contents_changed)
        layout = self.document().documentLayout()
        layout.documentSizeChanged.connect(self._fit)
        layout.update.connect(self._lines.forget)  # all that can be seen is painted
        # Qt would paint the whole paragraph at each key press: we know which of its lines have changed.
        layout.updateBlock.disconnect()
        layout.updateBlock.connect(self._block_laid_out)
        appearance.changed.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """The text as typed, with line feeds as line ends; nothing is normalised."""
        if self._text is None:
            # How QTextDocument keeps line ends. At each key press: replacing is far quicker than translating.
            self._text = self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        return self._text

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
        held = self.document().characterCount() - 1
        if len(text) == held or len(ucs2.code_units(text)) // 2 == held:
            return False
        self.replace_text(text, self.caret())
        return True

    def caret(self) -> int:
        """Where the caret stands, in code points of `text()`."""
        return self.code_points(self.textCursor().position())

    def select_characters(self, start: int, length: int) -> None:
        """Select some characters, by code points of `text()`."""
        first, last = ucs2.code_unit_offsets(self.text(), (start, start + length))
        cursor = self.textCursor()
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def code_points(self, position: int) -> int:
        """A position in UTF-16 code units in code points of `text()`."""
        text = self.text()
        if len(text) == self.document().characterCount() - 1:  # no pairs
            return position
        return len(ucs2.code_units(text)[: 2 * position].decode("utf-16-be", "replace"))

    def put_caret(self, position: int) -> None:
        """Put the caret before a character, by code points of `text()`."""
        (unit,) = ucs2.code_unit_offsets(self.text(), (position,))
        cursor = self.textCursor()
        cursor.setPosition(unit)
        self.setTextCursor(cursor)

    def character_at(self, point: QPoint) -> int:
        """The character at a point of the viewport, in code points."""
        cursor = self.cursorForPosition(point)
        position = cursor.position()
        if position and point.x() < self.cursorRect(cursor).left():
            position -= 1  # the nearest gap is the one behind it
        return self.code_points(position)

    def replace_characters(self, start: int, end: int, text: str) -> None:
        """Replace some characters, by code points of `text()`, as one step that can be undone."""
        first, last = ucs2.code_unit_offsets(self.text(), (start, end))
        cursor = self.textCursor()
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def show_parts(self, ends: tuple[int, ...], *, offending: bool) -> None:
        """Tint the parts, which end at these UTF-16 positions; box what is outside GSM-7, or nothing."""
        since, self._changed_since = self._changed_since, None
        before, several = self.marks.ends, len(ends) > 1
        if offending != self.marks.offending or several != (len(before) > 1):
            self.marks.ends, self.marks.offending = ends, offending
            self.viewport().update()
        elif ends != before:
            self.marks.ends = ends
            if several:
                pairs = zip_longest(before, ends, fillvalue=LONGEST)
                first = next(min(one, other) for one, other in pairs if one != other)
                self._paint_from(first if since is None else min(first, since))

    def show_suspicions(self, found: tuple[Suspicion, ...]) -> None:
        """Mark what is not what it seems."""
        places = sorted({place for one in found for place in (one.position, one.position + one.length)})
        units = dict(zip(places, ucs2.code_unit_offsets(self.text(), places), strict=True))
        marks = tuple(
            Mark(
                units[one.position],
                units[one.position + one.length],
                one.danger.value in ("hidden", "direction"),
            )
            for one in found
        )
        if marks != self.marks.marks:
            self.marks.marks = marks
            self.viewport().update()

    @Slot(int, int, int)
    def _contents_changed(self, position: int, removed: int, added: int) -> None:
        self._text = None
        self._changed_at = position
        since = self._changed_since
        self._changed_since = position if since is None else min(since, position)
        self.marks.shift(position, removed, added)

    @Slot(QTextBlock)
    def _block_laid_out(self, block: QTextBlock) -> None:
        """Have those lines of a block painted that a change of it has moved or changed."""
        position, self._changed_at = self._changed_at, None
        block.layout().setCacheEnabled(True)
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        lines = lines_of(block, place.topLeft(), 0, self.viewport().height())
        top = self._lines.changed_from(block, lines, -1 if position is None else position)
        if not place.isValid():
            self.viewport().update()
            return
        if top is not None and not runs_both_ways(self.text()):
            place.setTop(top)
        self.viewport().update(place.adjusted(-1, -1, 1, 1).toAlignedRect())

    def _paint_from(self, position: int) -> None:
        """Have all lines painted from the one with a position of the text on."""
        block = self.document().findBlock(position)
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        line = block.layout().lineForTextPosition(position - block.position()) if place.isValid() else None
        if line is None or not line.isValid():
            self.viewport().update()
            return
        ground = self.viewport().rect()
        ground.setTop(int(place.top() + line.y()) - 1)
        self.viewport().update(ground)

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
        """Enter sends if the person wants that; Ctrl+. opens what can be done about the character here."""
        if event.key() == Qt.Key.Key_Period and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.suggestions_wanted.emit()
            return
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, with what can be done about the character under the mouse before it."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_mouse = event.reason() is _BY_MOUSE
        at = self.character_at(event.pos()) if by_mouse else self.code_points(self.textCursor().position())
        self.menu_wanted.emit(menu, at)
        menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell about the character under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self._describe(self.character_at(event.pos()))
            if words:
                QToolTip.showText(event.globalPos(), words, self.viewport())
                return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw parts and boxes under the text, the text, then what marks hidden characters."""
        under = self.marks.offending or len(self.marks.ends) > 1
        lines = list(self._lines_in(event.rect())) if under or self.marks.marks else []
        if under:
            painter = QPainter(self.viewport())
            for line in lines:
                self.marks.paint_under(painter, line)
            painter.end()
        super().paintEvent(event)
        if self.marks.marks:
            painter = QPainter(self.viewport())
            for line in lines:
                self.marks.paint_over(painter, line)
            painter.end()

    def _lines_in(self, rect: QRect) -> Iterator[ShownLine]:
        offset, block = self.contentOffset(), self.firstVisibleBlock()
        top = max(rect.top() - _OVERHANG, 0)
        bottom = min(rect.bottom() + 1 + _OVERHANG, self.viewport().height())
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > bottom:
                return
            yield from lines_of(block, place.topLeft(), top, bottom)
            block = block.next()
