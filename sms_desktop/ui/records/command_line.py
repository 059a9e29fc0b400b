"""A command to run in a terminal, with a button that copies it. Used where the window can't do it itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button

_LINES = 2


class CommandLine(QWidget):
    """Hidden until it has a command to show, which is shown whole."""

    def __init__(self, name: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.field = QPlainTextEdit()
        self.field.setObjectName(name)
        self.field.setAccessibleName(self.tr("Command to run in a terminal"))
        self.field.setReadOnly(True)
        self.field.setTabChangesFocus(True)
        self.field.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.field.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = Button(self.tr("Copy"), appearance=appearance, icon="copy")
        copy.setObjectName(f"copy_{name}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        copy.clicked.connect(self._copy)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_command(self, command: str | None) -> None:
        """Show a command, ready to be copied; None: none."""
        self.setVisible(command is not None)
        if command is not None:
            self.field.setPlainText(command)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.field.toPlainText())

    @Slot()
    def _restyle(self) -> None:
        self.field.setFont(self._appearance.fonts.mono)
        self.field.setFixedHeight(round(_LINES * self.field.fontMetrics().lineSpacing() + 14))
