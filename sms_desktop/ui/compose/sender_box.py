"""The field From: typed, or one of the own numbers once they are known. Part of the compose pane."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button


class SenderBox(QWidget):
    """A field, and behind it a button with the numbers; Alt+Down opens them, as in every combo box."""

    def __init__(self, sender: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: tuple[str, ...] = ()
        self.edit = QLineEdit(sender)
        self.edit.setObjectName("sender")
        self.edit.setTextMargins(4, 0, 4, 0)
        self.edit.installEventFilter(self)
        self._button = Button("", appearance=appearance, icon="chevron-down")
        self._button.setObjectName("choose_sender")
        self._button.setAccessibleName(self.tr("Choose one of your numbers"))
        self._button.setToolTip(self.tr("Choose one of your numbers"))
        self._button.hide()
        self._button.clicked.connect(self.open_choices)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.edit)
        row.addWidget(self._button)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_choices(self, numbers: tuple[str, ...]) -> None:
        """Offer these; what is typed stays."""
        self._numbers = numbers
        self._button.setVisible(bool(numbers))

    def open_choices(self) -> None:
        """Show the numbers under the field."""
        if not self._numbers:
            return
        menu = QMenu(self)
        menu.setObjectName("sender_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number in self._numbers:
            entry = QAction(f"+{number}" if number.isdigit() and len(number) > 6 else number, menu)
            entry.setCheckable(True)
            entry.setChecked(number == self.edit.text().lstrip("+"))
            entry.triggered.connect(lambda _=False, chosen=number: self._choose(chosen))
            menu.addAction(entry)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def fit(self) -> None:
        """Follow the font."""
        metrics = self.edit.fontMetrics()
        self.edit.setFixedHeight(round(metrics.lineSpacing() + 10))
        # As wide as a number, a little less where the row has no room.
        self.edit.setMinimumWidth(metrics.horizontalAdvance("+00000000000"))
        self.edit.setMaximumWidth(metrics.horizontalAdvance("+00 00 0000 0000 0"))

    def _choose(self, number: str) -> None:
        self.edit.setText(number)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Down in the field opens the numbers."""
        if (
            watched is self.edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and self._numbers
        ):
            event.accept()
            self.open_choices()
            return True
        return super().eventFilter(watched, event)
