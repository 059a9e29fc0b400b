"""A strip over the dialog's foot: what happened or is asked, and what can be done. Used by the dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.flow_layout import FlowLayout

Action = tuple[str, str, str, Callable[[], None]]
"""Object name, label, icon, and what it does."""
_ICON = 16


class Notice(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._tone: Literal["warn", "bad", "ok"] = "warn"
        self.setObjectName("account_notice")
        self.head = QLabel()
        self.head.setObjectName("notice_head")
        self.words = QLabel()
        self.words.setObjectName("notice_words")
        for label in (self.head, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QWidget()
        self._flow = FlowLayout(parent=self._buttons)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._buttons.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20 + _ICON + 8, 10, 20, 10)
        layout.setSpacing(4)
        layout.addWidget(self.head)
        layout.addWidget(self.words)
        layout.addSpacing(2)
        layout.addWidget(self._buttons)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(
        self, head: str, words: str, *actions: Action, tone: Literal["warn", "bad", "ok"] = "warn"
    ) -> None:
        """Say something; the first action gets the focus if nothing that is typed into has it."""
        self.clear()
        self._tone = tone
        self.head.setText(head)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        for name, label, icon, act in actions:
            button = Button(label, appearance=self._appearance, icon=icon or None, height_extra=8)
            button.setObjectName(name)
            button.clicked.connect(_calling(act))
            self._flow.addWidget(button)
        self._buttons.setVisible(bool(actions))
        self.setAccessibleName(f"{head} {words}")
        self.show()
        self.update()

    def clear(self) -> None:
        """Say nothing any more."""
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.hide()

    @Slot()
    def _restyle(self) -> None:
        self.head.setFont(self._appearance.fonts.strong)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, bar and icon."""
        theme = self._appearance.theme
        ground, ink, icon = {
            "warn": (theme.warn_ground, theme.warn, "warning"),
            "bad": (theme.bad_ground, theme.bad, "error"),
            "ok": (theme.ok_ground, theme.ok, "ok"),
        }[self._tone]
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(QRectF(self.width() - 3 if mirrored else 0, 0, 3, self.height()), ink)
        painter.fillRect(0, 0, self.width(), 1, theme.line)
        x = self.width() - 20 - _ICON if mirrored else 20
        y = self.head.y() + (self.head.fontMetrics().lineSpacing() - _ICON) / 2
        self._appearance.icons.paint(painter, icon, ink, x, y)


def _calling(act: Callable[[], None]) -> Callable[[], None]:
    return lambda: act()
