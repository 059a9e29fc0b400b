"""What concerns the whole profile: a strip under the rail with head, consequence and at most one thing to do.

Made by the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook

if TYPE_CHECKING:  # not before there is any
    from sms_desktop.background.status import Trouble

_BAR = 3
_ICON = 16


class Banner(QWidget):
    """One trouble.

    Signals: `try_now_asked()`; `go_on_asked()`, without what is missing, after a question; `closed()`.
    """

    try_now_asked = Signal()
    go_on_asked = Signal()
    closed = Signal()

    def __init__(self, trouble: Trouble, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.trouble = trouble
        self.setObjectName("banner")
        self.setAccessibleName(f"{trouble.head} {trouble.consequence}")
        self._head = QLabel(trouble.head)
        self._consequence = QLabel(trouble.consequence)
        self._consequence.setWordWrap(True)
        self._consequence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for label in (self._head, self._consequence):
            label.setTextFormat(Qt.TextFormat.PlainText)
        close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN, height_extra=8)
        close.setObjectName("close_banner")
        close.setAccessibleName(self.tr("Close"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16 + _ICON + 8, 7, 10, 7)
        layout.setSpacing(8)
        layout.addWidget(self._head)
        layout.addWidget(self._consequence, 1)
        if trouble.action is not None:
            button = Button(self.tr("Try now"), appearance=appearance, icon="retry", height_extra=10)
            button.setObjectName("try_now")
            button.clicked.connect(self.try_now_asked)
            layout.addWidget(button)
        self._go_on = Button("", appearance=appearance, height_extra=10)
        self._go_on.setObjectName("go_on")
        self._go_on.setVisible(trouble.action == "go_on")
        self._is_asked = False
        layout.addWidget(self._go_on)
        layout.addWidget(close)
        self._ask_to_go_on()
        self._restyle()

        close.clicked.connect(self.closed)
        self._go_on.clicked.connect(self._go_on_pressed)
        appearance.changed.connect(self._restyle)

    def _ask_to_go_on(self) -> None:
        self._go_on.set_label(
            self.tr("Never show what is missing") if self._is_asked else self.tr("Go on without them…")
        )

    @Slot()
    def _go_on_pressed(self) -> None:
        """The first press asks, the second one is the answer."""
        if self._is_asked:
            self.go_on_asked.emit()
            return
        self._is_asked = True
        self._consequence.setText(
            self.tr("Receipts and replies in that range will not come. They stay on record as missing.")
        )
        self._ask_to_go_on()

    @Slot()
    def _restyle(self) -> None:
        self._head.setFont(self._appearance.fonts.strong)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, bar, icon and hairline."""
        theme = self._appearance.theme
        severe = self.trouble.severity == "error"
        ground, ink = (theme.bad_ground, theme.bad) if severe else (theme.warn_ground, theme.warn)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(self.width() - _BAR if mirrored else 0, 0, _BAR, self.height(), ink)
        x = self.width() - 16 - _ICON if mirrored else 16
        icon = "error" if severe else "warning"
        self._appearance.icons.paint(painter, icon, ink, x, (self.height() - _ICON) / 2)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line)


class BannerArea(QWidget):
    """At most four banners: the profile's trouble, the store's opening, a failure of this window, and a note.

    Signals: `try_now_asked()`; `go_on_asked()`, without what is missing.
    """

    try_now_asked = Signal()
    go_on_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._banners: dict[str, Banner] = {}
        self._closed: Trouble | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Show the profile's trouble; None: there is none any more.

        What was closed stays closed while it lasts.
        """
        if trouble is None:
            self._closed = None
        elif self._closed is not None and trouble.head == self._closed.head:
            return
        self._show("profile", trouble)

    def show_error(self, error: SmsDesktopError) -> None:
        """Show that something this window wanted could not be done."""
        from sms_desktop.background.status import Trouble

        self._show("window", Trouble(error.message, error.hint or "", "error", None, 0))

    def show_opening(self, trouble: Trouble | None) -> None:
        """Show what takes long while the store is opened; None: it is open."""
        self._show("opening", trouble)

    def show_note(self, note: Trouble | None) -> None:
        """Show something about what the person is doing; None: it is done."""
        self._show("note", note)

    def _show(self, key: str, trouble: Trouble | None) -> None:
        old = self._banners.get(key)
        if old is not None and old.trouble == trouble:
            return
        if old is not None:
            self._drop(key)
        if trouble is not None:
            banner = Banner(trouble, appearance=self._appearance)
            banner.try_now_asked.connect(self.try_now_asked)
            banner.go_on_asked.connect(self.go_on_asked)
            banner.closed.connect(lambda: self._close(key))
            self._banners[key] = banner
            self._layout.insertWidget(0 if key == "profile" else -1, banner)
        self.setVisible(bool(self._banners))

    def _close(self, key: str) -> None:
        if key == "profile":
            self._closed = self._banners[key].trouble
        self._drop(key)
        self.setVisible(bool(self._banners))

    def _drop(self, key: str) -> None:
        banner = self._banners.pop(key)
        self._layout.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
