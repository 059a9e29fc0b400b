"""Two small windows that block nothing: the keys of the window, and what this program is.

Opened from the Help menu.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from sms_desktop import __version__
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.first_start import KeyCap


class _HelpWindow(QDialog):
    """A window with a title and Close; Escape closes it."""

    def __init__(self, title: str, *, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(20, 16, 20, 16)
        self.outer.setSpacing(12)

    def add_close(self) -> None:
        """Put Close under what was added before."""
        close = Button(self.tr("Close"), appearance=self._appearance)
        close.setObjectName("close_window")
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        self.outer.addLayout(row)

    def label(self, text: str, *, strong: bool = False) -> QLabel:
        """A plain label."""
        made = QLabel(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setFont(self._appearance.fonts.strong if strong else self._appearance.fonts.body)
        return made


class ShortcutsWindow(_HelpWindow):
    """Every key of the window, as the menus have them, and those inside its parts."""

    def __init__(self, actions: list[QAction], *, appearance: Appearance, parent: QWidget) -> None:
        super().__init__("", appearance=appearance, parent=parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setObjectName("shortcuts_window")
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        rows = [(_words(action), _keys(action)) for action in actions if action.shortcuts()]
        rows += [
            (self.tr("In the messages: from one to the next"), "↑ ↓"),
            (self.tr("In the messages: what can be done with it"), "Enter"),
            (self.tr("In the messages: the first, the newest"), "Home End"),
            (self.tr("On the kinds: from one to the next"), "← →"),
            (self.tr("In templates and requests: the other of the two"), "Ctrl+Tab"),
            (self.tr("In templates and requests: another name"), "F2"),
        ]
        for number, (words, keys) in enumerate(rows):
            grid.addWidget(self.label(words), number, 0)
            cap = KeyCap(keys, appearance=appearance)
            cap.setFont(appearance.fonts.caption)
            grid.addWidget(cap, number, 1, Qt.AlignmentFlag.AlignRight)
        inside = QWidget()
        inside.setLayout(grid)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(inside.sizeHint().width() + 24)
        self.outer.addWidget(area, 1)
        self.add_close()
        self.resize(self.sizeHint().width(), min(inside.sizeHint().height() + 100, 720))


class AboutWindow(_HelpWindow):
    """Name, version, what it is, licence."""

    def __init__(self, *, appearance: Appearance, parent: QWidget) -> None:
        super().__init__("", appearance=appearance, parent=parent)
        self.setWindowTitle(self.tr("About SMS Desktop"))
        self.setObjectName("about_window")
        title = self.label(f"SMS Desktop {__version__}")
        title.setFont(appearance.fonts.title)
        self.outer.addWidget(title)
        for text in (
            self.tr("A console for SMS: send, watch every message arrive, read and answer replies."),
            self.tr("Apache License 2.0"),
        ):
            self.outer.addWidget(self.label(text))
        self.add_close()


def _words(action: QAction) -> str:
    return action.text().replace("&", "")


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(keys.toString(native) for keys in action.shortcuts())
