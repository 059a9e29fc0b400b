"""The bubbles of the open conversation: painted, scrolled by the pixel, driven by mouse and keys.

Part of the conversation page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from sms_desktop.messages.ids import MessageId
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.conversations.bubble_width import widest
from sms_desktop.ui.conversations.message_window import MessageWindow
from sms_desktop.ui.conversations.places import Entry, Places
from sms_desktop.ui.conversations.verdict import BubbleAction
from sms_desktop.ui.times import day, now_us

if TYPE_CHECKING:
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.ui.conversations.bubble_layout import BubbleLayout, PlacedButton
    from sms_desktop.ui.conversations.bubbles import Bubbles

MARGIN = 20
_AT_END = 4
_LOADING_MS = 300


class Timeline(QAbstractScrollArea):
    """Shows a `MessageWindow`.

    Signals: `acted(row, action)`, the person asked for something to be done with a message;
    `at_end_changed(bool)`; `laid_out()`, after places changed or the view was scrolled.
    """

    acted = Signal(object, object)
    at_end_changed = Signal(bool)
    laid_out = Signal()

    def __init__(
        self, *, appearance: Appearance, window: MessageWindow, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._window = window
        self._made: Bubbles | None = None
        self._places = Places()
        self._widest = 0.0
        self._at_end = True
        self._stick = True  # new rows at the end keep the end in view
        self._placing = False
        self._waits_for: str | None = None
        self._expanded: set[MessageId] = set()
        self._focused: MessageId | None = None
        self._hovered: tuple[MessageId, BubbleAction] | None = None
        self._pressed: tuple[MessageId, BubbleAction] | None = None
        self._new = 0
        # A viewport of our own: to wrap Qt's, PySide would first set up every class that it could be of.
        self.setViewport(QWidget())
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setObjectName("timeline")
        self.setAccessibleName(self.tr("Messages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._chip = Button(
            "", appearance=appearance, icon="arrow-down", height_extra=6, parent=self.viewport()
        )
        self._chip.setObjectName("new_messages")
        self._chip.hide()
        self._loading = QTimer(self)
        self._loading.setSingleShot(True)
        self._loading.setInterval(_LOADING_MS)
        self._says_loading = False
        self._loading.timeout.connect(lambda: self._say_loading(True))
        self._chip.clicked.connect(self.go_to_newest)
        appearance.changed.connect(self._lay_out_again)
        window.replaced.connect(self._replaced)
        window.inserted.connect(self._inserted)
        window.removed.connect(self._removed)
        window.changed.connect(self._changed)
        window.arrived.connect(self._arrived)
        window.reached.connect(self._show_message)
        window.awaiting.connect(self._awaiting)

    # What the page asks

    @property
    def is_at_end(self) -> bool:
        """True while the newest message is on the screen."""
        return self._at_end and not self._window.has_newer

    @property
    def focused_row(self) -> MessageRow | None:
        """The message that the keyboard is at."""
        entry = self._places.find(self._focused)
        return None if entry is None else entry.row

    @property
    def waits_for(self) -> str | None:
        """What keeps the sender, in words."""
        return self._waits_for

    def set_waits_for(self, words: str | None) -> None:
        """Say what keeps the sender: messages that wait say so too."""
        if words != self._waits_for:
            self._waits_for = words
            self._lay_out_again()

    def visible_entries(self) -> list[Entry]:
        """What is on the screen, from the top."""
        first, last = self._visible_range()
        return self._places.entries[first : last + 1]

    def bubble_rect(self, entry: Entry) -> QRectF:
        """Where a bubble is, in the viewport's coordinates."""
        width = entry.bubble.size_width
        right = entry.row.inbound == self._mirrored()
        # The scroll bar stands inside the margin: the right edge is the editor's, with it and without.
        left, right_edge = self._edges()
        x = right_edge - width if right else left
        return QRectF(x, entry.bubble_top - self._offset(), width, entry.bubble.height)

    def _edges(self) -> tuple[float, float]:
        if not self._mirrored():
            return MARGIN, self.width() - MARGIN
        return MARGIN - (self.width() - self.viewport().width()), self.viewport().width() - MARGIN

    @Slot()
    def go_to_newest(self) -> None:
        """Show the newest message, and stay there."""
        self._set_new(0)
        self._stick = True
        if self._window.has_newer:
            self._window.read_newest()
        else:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            self._note_scrolled()

    def refresh_waiting(self) -> None:
        """Say again how long missing parts have been waited for."""
        for entry in self._places.entries:
            if self._bubbles.grows_old(entry.row):
                entry.bubble = self._bubble(entry.row)
        self._place()

    def act(self, row: MessageRow, action: BubbleAction) -> None:
        """Do what can be done here, and hand on the rest."""
        if action is BubbleAction.SHOW_ALL:
            self._expanded.add(row.id)
            entry = self._places.find(row.id)
            if entry is not None:
                entry.bubble = self._bubble(row)
                self._place()
            return
        self.acted.emit(row, action)

    # Changes of the window's rows

    @Slot()
    def _replaced(self) -> None:
        self._expanded.clear()
        self._hovered = self._pressed = None
        if self._focused is not None and all(row.id != self._focused for row in self._window.rows):
            self._focused = None
        self._places.entries = [Entry(row, self._bubble(row)) for row in self._window.rows]
        self._stick = True
        self._set_new(0)
        self._place()

    @Slot(int, int)
    def _inserted(self, first: int, count: int) -> None:
        rows = self._window.rows[first : first + count]
        self._places.entries[first:first] = [Entry(row, self._bubble(row)) for row in rows]
        self._place()

    @Slot(int, int)
    def _removed(self, first: int, count: int) -> None:
        del self._places.entries[first : first + count]
        self._place()

    @Slot(int, int)
    def _changed(self, first: int, last: int) -> None:
        for position in range(first, last + 1):
            entry = self._places.entries[position]
            entry.row = self._window.rows[position]
            entry.bubble = self._bubble(entry.row)
        self._place()

    @Slot(int)
    def _arrived(self, inbound: int) -> None:
        if not self.is_at_end:
            self._set_new(self._new + inbound)
            self._chip.show()

    @Slot(str)
    def _show_message(self, message: str) -> None:
        """Put the keyboard at a message, in the middle of the view where there is room."""
        entry = self._places.find(MessageId(message))
        if entry is None:
            return
        self._stick = False
        self._set_focused(entry)
        middle = (entry.top + entry.bottom - self.viewport().height()) / 2
        self.verticalScrollBar().setValue(round(min(middle, entry.top)))

    # Places

    @Slot()
    def _lay_out_again(self) -> None:
        for entry in self._places.entries:
            entry.bubble = self._bubble(entry.row)
        self._place()

    def _bubble(self, row: MessageRow) -> BubbleLayout:
        return self._bubbles.lay_out(
            row,
            waits_for=self._waits_for,
            available=self.width() - 2 * MARGIN,
            expanded=row.id in self._expanded,
        )

    @property
    def _bubbles(self) -> Bubbles:
        if self._made is None:
            from sms_desktop.ui.conversations.bubbles import Bubbles

            self._made = Bubbles(self._appearance)
        return self._made

    def _place(self) -> None:
        """Put the entries under one another, keeping the end or the first visible message where it is."""
        anchor = None if self._stick else self._places.anchor(self._offset())
        self._places.put(day_height=self._day_height(), today=day(now_us()))
        self._set_range(anchor)
        self.viewport().update()
        self._note_scrolled()

    def _set_range(self, anchor: tuple[MessageId, float] | None) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        self._placing = True
        bar.setPageStep(height)
        bar.setSingleStep(round(2 * QFontMetricsF(self._appearance.fonts.body).lineSpacing()))
        bar.setRange(0, max(0, round(self._places.total - height)))
        if anchor is None:
            bar.setValue(bar.maximum())
        else:
            entry = self._places.find(anchor[0])
            if entry is not None:
                bar.setValue(round(entry.bubble_top - anchor[1]))
        self._placing = False

    def _offset(self) -> float:
        """What stands at the upper edge of the viewport; few messages stand at its lower edge."""
        slack = self.viewport().height() - self._places.total
        return -slack if slack > 0 else float(self.verticalScrollBar().value())

    def _day_height(self) -> float:
        return round(QFontMetricsF(self._appearance.fonts.caption_strong).lineSpacing() + 14)

    def _visible_range(self) -> tuple[int, int]:
        offset = self._offset()
        return self._places.between(offset, offset + self.viewport().height())

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    @Slot(bool)
    def _awaiting(self, awaited: bool) -> None:
        """Say that messages are read when that takes long enough to be noticed."""
        if awaited:
            self._loading.start()
        else:
            self._loading.stop()
            self._say_loading(False)

    def _say_loading(self, said: bool) -> None:
        if said != self._says_loading:
            self._says_loading = said
            self.viewport().update()

    def _note_scrolled(self) -> None:
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - _AT_END
        self._stick = at_end and not self._window.has_newer
        changed = at_end != self._at_end
        self._at_end = at_end
        first, last = self._visible_range()
        self._window.note_seen(first, last)
        reach = self.viewport().height()
        if bar.value() < reach and self._window.has_older:
            self._window.read_older()
        elif bar.value() > bar.maximum() - reach and self._window.has_newer:
            self._window.read_newer()
        if self.is_at_end:
            self._set_new(0)
        if changed:
            self.at_end_changed.emit(self.is_at_end)
        self.laid_out.emit()

    def _set_new(self, count: int) -> None:
        self._new = count
        if not count:
            self._chip.hide()
            self._chip.set_label(self.tr("Newest messages"))
            return
        self._chip.set_label(self.tr("%n new message(s)", "", count))
        self._place_chip()

    def _place_chip(self) -> None:
        self._chip.resize(self._chip.sizeHint())
        view = self.viewport()
        self._chip.move((view.width() - self._chip.width()) // 2, view.height() - self._chip.height() - 12)

    # The keyboard's bubble

    def _move_focus(self, step: int) -> None:
        if not self._places.entries:
            return
        positions = {entry.row.id: position for position, entry in enumerate(self._places.entries)}
        current = positions.get(self._focused) if self._focused is not None else None
        if current is None:
            first, last = self._visible_range()
            wanted = last if step <= 0 else first
        else:
            wanted = current + step
        self._set_focused(self._places.entries[min(max(wanted, 0), len(self._places.entries) - 1)])

    def _set_focused(self, entry: Entry) -> None:
        self._focused = entry.row.id
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if entry.top < bar.value():
            bar.setValue(round(entry.top) - 8)
        elif entry.bottom > bar.value() + height:
            bar.setValue(min(round(entry.bottom) + 12 - height, round(entry.top)))
        self.viewport().update()
        self.laid_out.emit()

    def open_actions(self, row: MessageRow, at: QPoint) -> None:
        """Open the menu of what can be done with a message, at a place on the screen."""
        menu = self._bubbles.menu(row, waits_for=self._waits_for, act=self.act, parent=self)
        menu.popup(at)

    def _button_under(self, point: QPointF) -> tuple[Entry, PlacedButton] | None:
        entry = self._entry_under(point)
        if entry is None:
            return None
        button = entry.bubble.button_at(point - self.bubble_rect(entry).topLeft())
        return None if button is None else (entry, button)

    def _entry_under(self, point: QPointF) -> Entry | None:
        return next(
            (entry for entry in self.visible_entries() if self.bubble_rect(entry).contains(point)), None
        )

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bubbles that are on the screen."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self._appearance.theme.base)
        offset = self._offset()
        left, right = self._edges()
        focused = self._focused if self.hasFocus() else None
        for entry in self.visible_entries():
            if entry.day:
                rect = QRectF(left, entry.top - offset, right - left, self._day_height())
                self._bubbles.paint_day(painter, rect, entry.day)
            hovered = self._hovered[1] if self._hovered and self._hovered[0] == entry.row.id else None
            self._bubbles.paint(
                painter,
                self.bubble_rect(entry).topLeft(),
                entry,
                mirrored=self._mirrored(),
                focused=focused == entry.row.id,
                hovered=hovered,
            )
        if self._says_loading:
            painter.setFont(self._appearance.fonts.caption)
            painter.setPen(self._appearance.theme.text2)
            rect = QRectF(left, 4, right - left, self._day_height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter, self.tr("Loading messages"))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lay out again only if bubbles may become wider or narrower."""
        available = self.width() - 2 * MARGIN
        if widest(available) != self._widest:
            self._widest = widest(available)
            for entry in self._places.entries:
                entry.bubble = self._bubble(entry.row)
        self._place()
        self._place_chip()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Draw at the new place, and read what comes near."""
        self.viewport().update()
        if not self._placing:
            self._note_scrolled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from bubble to bubble, Home and End to the ends, Enter opens what can be done."""
        entry = self._places.find(self._focused)
        match event.key():
            case Qt.Key.Key_Up:
                self._move_focus(-1)
            case Qt.Key.Key_Down:
                self._move_focus(1)
            case Qt.Key.Key_Home if self._places.entries:
                self._set_focused(self._places.entries[0])
            case Qt.Key.Key_End if self._places.entries:
                self._set_focused(self._places.entries[-1])
                self.go_to_newest()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Menu if entry is not None:
                at = self.bubble_rect(entry).bottomLeft().toPoint()
                self.open_actions(entry.row, self.viewport().mapToGlobal(at))
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the ring on a bubble when the keyboard brought the focus."""
        super().focusInEvent(event)
        if self._places.find(self._focused) is None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._move_focus(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which button would be pressed."""
        found = self._button_under(event.position())
        hovered = (found[0].row.id, found[1].action) if found is not None else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a press on a button, or put the keyboard on a bubble."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self._button_under(event.position())
        self._pressed = (found[0].row.id, found[1].action) if found is not None else None
        entry = self._entry_under(event.position())
        self._focused = entry.row.id if entry is not None else None
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what the button says if it is still under the mouse."""
        found = self._button_under(event.position())
        pressed, self._pressed = self._pressed, None
        if found is not None and pressed == (found[0].row.id, found[1].action):
            self.act(found[0].row, found[1].action)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click does nothing: one press, one message."""
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open what can be done with the bubble under the mouse."""
        entry = self._entry_under(QPointF(event.pos()))
        if entry is not None:
            self._focused = entry.row.id
            self.open_actions(entry.row, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Say state and time in words when the mouse rests on a bubble."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = self._entry_under(QPointF(event.pos()))
            if entry is not None:
                QToolTip.showText(event.globalPos(), self._bubbles.words(entry.row), self.viewport())
                return True
            QToolTip.hideText()
        elif event.type() == QEvent.Type.Leave and self._hovered is not None:
            self._hovered = None
            self.viewport().update()
        return super().viewportEvent(event)
