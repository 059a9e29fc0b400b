"""The message class in words. Part of the Binary sheet; the value is an option that all kinds share."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class ClassBox(QComboBox):
    """A class, or none; the data of an item is the value as drafts have it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.addItem(self.tr("No class"), "")
        for value, words in enumerate(
            (
                self.tr("Show at once (flash)"),
                self.tr("Store on the phone"),
                self.tr("Store on the SIM"),
                self.tr("For the terminal"),
            )
        ):
            self.addItem(f"{value} · {words}", str(value))

    def put(self, value: str) -> None:
        """Show a class without telling; one that does not exist is shown as none."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(value), 0))
        self.blockSignals(blocked)
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as a field."""
        return QSize(super().sizeHint().width() + 8, round(self.fontMetrics().lineSpacing() + 10))

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must."""
        return QSize(80, self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls around it."""
        event.ignore()
