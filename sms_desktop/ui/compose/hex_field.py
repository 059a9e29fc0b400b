"""A field for octets in hexadecimal, with offsets and text beside it. Part of the Binary sheet."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from sms_desktop.encoding import hexadecimal
from sms_desktop.messages.errors import Mendable
from sms_desktop.services.octet_files import MOST_OCTETS
from sms_desktop.ui.appearance import Appearance

LONGEST_PASTE = 8 * MOST_OCTETS
"""Characters: an octet takes six in a list of C's, with some room."""
_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
_OFFSET_DIGITS = 4
_INSET = 6


class HexField(QPlainTextEdit):
    """Octets as typed; what is pasted is put into spaced capitals, as one step that can be undone.

    `octets` is what stands there, None while it can't be read; `problem` is the sentence that says why.

    Signals: `file_offered(path)`, a file was dropped or pasted; `noted(words)`, what was made of a paste that
    was no hexadecimal; `refused(words)`, why nothing was pasted.
    """

    file_offered = Signal(object)
    noted = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        name: str,
        *,
        appearance: Appearance,
        lines: tuple[int, int],
        beside: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._appearance = appearance
        self._fewest, self._most = lines
        self._beside = beside
        self.octets: bytes | None = b""
        self.problem: str | None = None
        self._spaced = True
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # octets are counted from the left everywhere
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._offsets = _Gutter(self._paint_offsets, self)
        self._texts = _Gutter(self._paint_texts, self)
        self.textChanged.connect(self._read)
        self.updateRequest.connect(lambda *_: self._repaint_beside())
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def put_octets(self, octets: bytes) -> None:
        """Replace everything by these octets, as one step that can be undone."""
        self.replace_text(hexadecimal.spaced(octets))

    def replace_text(self, text: str) -> None:
        """Replace everything by a text, as one step that can be undone."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    # Slots

    @Slot()
    def _read(self) -> None:
        text = self.toPlainText()
        try:
            self.octets, self.problem = hexadecimal.parse(text, field=self._name), None
        except Mendable as error:
            self.octets = None
            words = error.message.removeprefix(f"{self._name}: ")  # it stands under the field
            self.problem = f"{words[0].upper()}{words[1:]}"
        self._spaced = self.octets is not None and text == hexadecimal.spaced(self.octets)
        self._repaint_beside()

    @Slot()
    def _restyle(self) -> None:
        self.setFont(self._appearance.fonts.mono)
        self._make_room()
        self._fit()
        self._repaint_beside()

    @Slot()
    def _fit(self) -> None:
        there = round(self.document().size().height())
        lines = min(max(there, self._fewest), self._most)
        edges = 2 * (_INSET - 3 + self.frameWidth() + self.document().documentMargin()) + 2
        height = math.ceil(lines * QFontMetricsF(self.font()).lineSpacing() + edges)
        policy = Qt.ScrollBarPolicy
        wanted = policy.ScrollBarAlwaysOn if there > self._most else policy.ScrollBarAlwaysOff
        if wanted != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(wanted)
            self._make_room()
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    # Inside

    def _paste(self, text: str) -> None:
        if len(text) > LONGEST_PASTE:
            words = self.tr(
                "The clipboard holds %1 characters, more than 255 parts can carry. Nothing was pasted."
            )
            self.refused.emit(words.replace("%1", f"{len(text):,}"))
            return
        note = ""
        try:
            octets: bytes | None = hexadecimal.parse(text, field=self._name)
        except Mendable:
            octets = hexadecimal.as_base64(text)
            if octets is not None:
                note = self.tr("Read as base64, %n octet(s).", "", len(octets))
        if octets is None:
            self._insert(text)
            return
        if len(octets) > MOST_OCTETS:
            words = self.tr(
                "The clipboard holds %1 octets, more than 255 parts can carry. Nothing was pasted."
            )
            self.refused.emit(words.replace("%1", f"{len(octets):,}"))
            return
        self._insert_octets(octets)
        if note:
            self.noted.emit(note)

    def _insert(self, text: str) -> None:
        """Put a text at the caret as a step of its own, which the typing before does not go into."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _insert_octets(self, octets: bytes) -> None:
        """Put octets at the caret, in place of what is selected, with spaces to what stands there."""
        text = self.toPlainText()
        cursor = self.textCursor()
        before = (
            text[cursor.selectionStart() - 1 : cursor.selectionStart()] if cursor.selectionStart() else ""
        )
        behind = text[cursor.selectionEnd() : cursor.selectionEnd() + 1]
        space = (" " if before.strip() else "", " " if behind.strip() else "")
        self._insert(f"{space[0]}{hexadecimal.spaced(octets)}{space[1]}" if octets else "")

    def _make_room(self) -> None:
        """Leave room for offsets and text, such that a line holds 16 octets, or 8 where that is too many."""
        self._offsets.setVisible(self._beside)
        self._texts.setVisible(self._beside)
        if not self._beside:
            self.setViewportMargins(_INSET - 2, _INSET - 3, _INSET - 2, _INSET - 3)
            return
        cell = QFontMetricsF(self.font()).horizontalAdvance("0")
        frame, margin = self.frameWidth(), self.document().documentMargin()
        bar = self.verticalScrollBar().sizeHint().width()
        inner = self.width() - 2 * frame - bar
        left = (_OFFSET_DIGITS + 1) * cell
        per_line = 16 if inner >= left + (16 * 4 + 3) * cell + 2 * margin else 8
        hexadecimals = (3 * per_line - 0.5) * cell + 2 * margin
        scrolls = self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        right = max(0.0, inner - left - hexadecimals) + (0 if scrolls else bar)
        self.setViewportMargins(round(left), _INSET - 3, round(right), _INSET - 3)
        room = self.contentsRect()
        viewport_right = room.x() + round(left) + round(hexadecimals)
        self._offsets.setGeometry(room.x(), room.y(), round(left), room.height())
        width = min(round((per_line + 1) * cell), room.right() - viewport_right - round(cell))
        self._texts.setGeometry(viewport_right + round(cell), room.y(), max(0, width), room.height())

    def _repaint_beside(self) -> None:
        if self._beside:
            self._offsets.update()
            self._texts.update()

    def _lines(self) -> Iterator[tuple[float, int, str]]:
        """The lines that can be seen: where they stand, at which character they begin, and what they hold."""
        block = self.firstVisibleBlock()
        top = self.viewport().y() - self.contentsRect().y()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > self.viewport().height():
                return
            layout = block.layout()
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                y = place.top() + line.y()
                if y >= self.viewport().height():
                    return
                if y > -line.height():
                    begin = line.textStart()
                    held = block.text()[begin : begin + line.textLength()]
                    yield top + y, block.position() + begin, held
            block = block.next()

    def _paint_offsets(self, painter: QPainter, width: float) -> None:
        if not self._spaced or not self.octets:
            return
        painter.setPen(self._appearance.theme.text3)
        for y, begin, _ in self._lines():
            place = QRectF(0, y, width - QFontMetricsF(self.font()).horizontalAdvance("0"), 100)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight), f"{begin // 3:03}")

    def _paint_texts(self, painter: QPainter, width: float) -> None:
        if self.octets is None:
            return
        painter.setPen(self._appearance.theme.text2)
        for y, _, held in self._lines():
            text = as_text(bytes.fromhex("".join(_PAIR.findall(held))))
            painter.drawText(QRectF(0, y, width + 1, 100), int(Qt.AlignmentFlag.AlignLeft), text)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(400, self.minimumHeight())

    def event(self, event: QEvent) -> bool:
        """A line may hold more or fewer octets now: known before the viewport takes its size."""
        if event.type() == QEvent.Type.Resize:
            self._make_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be more or fewer lines now."""
        super().resizeEvent(event)
        self._fit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files and text can be dropped here."""
        return source.hasUrls() or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop a file, or text in any form that is read."""
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if files:
            self.file_offered.emit(Path(files[0]))
        elif source.hasText():
            self._paste(source.text())


class _Gutter(QWidget):
    """A strip beside the text that another paints."""

    def __init__(self, paint: Callable[[QPainter, float], None], parent: HexField) -> None:
        super().__init__(parent)
        self._paint = paint
        self._field = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Let the field paint."""
        painter = QPainter(self)
        painter.setFont(self._field.font())
        self._paint(painter, self.width())


def as_text(octets: bytes) -> str:
    """Octets as ASCII, those that can't be seen as dots."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else "·" for octet in octets)
