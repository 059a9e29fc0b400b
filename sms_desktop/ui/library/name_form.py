"""One field for a name: to save, to rename, to duplicate. A page of the popup."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import set_ink


class NameForm(QWidget):
    """Asks for a name; what is wrong with it is said under the field.

    Signals: `finished(name)`; `given_up()`.
    """

    finished = Signal(str)
    given_up = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.field = QLineEdit()
        self.field.setObjectName("library_name")
        self.field.setAccessibleName(self.tr("Name"))
        self.field.setMaxLength(60)
        self.field.setTextMargins(4, 0, 4, 0)
        self.setFocusProxy(self.field)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.problem = IconLabel(appearance=appearance, icon="error", tone="bad", caption=True)
        self.problem.setObjectName("name_problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.done = Button("", appearance=appearance, look=ButtonLook.PRIMARY)
        self.done.setObjectName("name_done")
        back = Button(self.tr("Back"), appearance=appearance)
        back.setObjectName("name_back")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.done)
        row.addWidget(back)
        row.addStretch(1)
        for widget in (self.title, self.field, self.problem, self.words):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addStretch(1)
        self.field.textChanged.connect(self.problem.hide)
        self.field.returnPressed.connect(self._finish)
        self.done.clicked.connect(self._finish)
        back.clicked.connect(self.given_up)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def ask(self, title: str, name: str, words: str, *, action: str) -> None:
        """Ask for a name, beginning with `name`; `words` say what will be kept."""
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.done.set_label(action)
        self.problem.hide()
        self.field.setText(name)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Say why this name will not do."""
        self.problem.show_words(sentence)
        self.problem.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _finish(self) -> None:
        if not self.field.text().strip():
            self.show_problem(self.tr("Give it a name."))
            return
        self.finished.emit(self.field.text())

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self.title.setFont(fonts.strong)
        self.words.setFont(fonts.caption)
        set_ink(self.words, self._appearance.theme.text2)
        self.field.setFixedHeight(round(self.field.fontMetrics().lineSpacing() + 10))
