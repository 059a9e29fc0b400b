"""The lines under the fields: what is wrong with what is written, and which document says so.

Part of the compose pane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import FOCUS_WIDTH, frame

if TYPE_CHECKING:
    from sms_desktop.messages.findings import Finding

_AT_MOST = 2


class _Sentence(IconLabel):
    """A finding that can be clicked, or taken with Enter.

    Signals: `taken()`.
    """

    taken = Signal()

    def __init__(self, *, appearance: Appearance) -> None:
        super().__init__(appearance=appearance, icon="warning", caption=True)
        self.setObjectName("lint_sentence")
        self.setWordWrap(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """All lines that it takes: a label that wraps would give up some where the room is short."""
        return QSize(super().minimumSizeHint().width(), self.heightForWidth(self.width()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the field."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the field."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.taken.emit()
        else:
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
        """Draw the ring around icon and words."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame(painter, QRectF(self.rect()), self._appearance.theme.accent, width=FOCUS_WIDTH)


class _Row(QWidget):
    """One finding, with buttons where something can be done at once."""

    def __init__(self, *, appearance: Appearance) -> None:
        super().__init__()
        self.sentence = _Sentence(appearance=appearance)
        self.remove = Button(self.tr("Remove"), appearance=appearance, height_extra=4)
        self.remove.setObjectName("lint_remove")
        self.show_it = Button(self.tr("Show"), appearance=appearance, height_extra=4)
        self.show_it.setObjectName("lint_show")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.remove)
        layout.addWidget(self.show_it)


class LintLine(QWidget):
    """At most two findings, the rest behind a button.

    Signals: `chosen(finding)`, the person wants to see what it is about; `remove_asked(finding)`, what is
    hidden shall go.
    """

    chosen = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._findings: tuple[Finding, ...] = ()
        self._open = False
        self._rows: list[_Row] = []
        self.setObjectName("lint_line")
        self.more = Button("", appearance=appearance, look=ButtonLook.PLAIN, height_extra=4)
        self.more.setObjectName("lint_more")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeading)
        self.more.clicked.connect(self._toggle)
        self.hide()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is told now."""
        return self._findings

    @Slot(object)
    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Tell about other findings, and speak of an error that is new."""
        if findings == self._findings:
            return
        before, self._findings = self._findings, findings
        if len(findings) <= _AT_MOST:
            self._open = False
        self._show()
        new = [each for each in findings if each not in before and each.is_error]
        if new:
            self._speak(new[0].sentence)

    def _speak(self, sentence: str) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # not before there is an error

        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def words(self) -> tuple[str, ...]:
        """The lines as they are shown."""
        return tuple(row.sentence.text() for row in self._rows if not row.isHidden())

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._show()

    def _show(self) -> None:
        shown = self._findings if self._open else self._findings[:_AT_MOST]
        while len(self._rows) < len(shown):
            self._add_row()
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(shown))
            if number < len(shown):
                self._fill(row, shown[number])
        hidden = len(self._findings) - _AT_MOST
        self.more.setVisible(hidden > 0)
        if hidden > 0:
            self.more.set_label(self.tr("Show fewer") if self._open else self.tr("and %n more", "", hidden))
        self.setVisible(bool(shown))

    def _fill(self, row: _Row, finding: Finding) -> None:
        is_error = finding.is_error
        words = f"{finding.sentence} ({finding.document})"
        row.sentence.show_words(
            words, icon="error" if is_error else "warning", tone="bad" if is_error else "warn"
        )
        kind = self.tr("Error") if is_error else self.tr("Warning")
        row.sentence.setAccessibleName(f"{kind}: {words}")
        row.sentence.setToolTip(self.tr("Go to the field"))
        row.remove.setVisible(is_hidden(finding))
        row.show_it.setVisible(is_doubtful(finding))

    def _add_row(self) -> None:
        row, number = _Row(appearance=self._appearance), len(self._rows)
        self._rows.append(row)
        self._layout.insertWidget(number, row)
        # Made after the row below, they stand before it: behind the row above, and before the button.
        before: QWidget = self.more if not number else self._rows[number - 1].show_it
        for widget in (row.sentence, row.remove, row.show_it, self.more):
            QWidget.setTabOrder(before, widget)
            before = widget
        row.sentence.taken.connect(lambda: self.chosen.emit(self._findings[number]))
        row.show_it.clicked.connect(lambda: self.chosen.emit(self._findings[number]))
        row.remove.clicked.connect(lambda: self.remove_asked.emit(self._findings[number]))


def is_doubtful(finding: Finding) -> bool:
    """Whether it is about something that is not what it seems."""
    from sms_desktop.encoding.suspicious import DOCUMENTS

    return finding.document in DOCUMENTS.values()


def is_hidden(finding: Finding) -> bool:
    """Whether it is about something that can be left out without a loss."""
    from sms_desktop.encoding.suspicious import DOCUMENTS, Danger

    return finding.document in (DOCUMENTS[Danger.HIDDEN], DOCUMENTS[Danger.DIRECTION])
