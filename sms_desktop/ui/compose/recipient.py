"""The field for the number of a new message: normalised and described in words while it is typed.

Part of the page's head.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from sms_desktop.messages.addresses import NumberWords, number_words, recipient
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import number
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.numbers import country
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink

_DELAY_MS = 150
_LONGEST = 80


class RecipientField(QWidget):
    """`To`, the field, and beside it what the number is or what is wrong with it.

    Signals: `finished()`, Enter was pressed in a field whose number is right.
    """

    finished = Signal()

    def __init__(self, *, tasks: TaskRunner, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._appearance = appearance
        self._label = QLabel(self.tr("To"))
        self.field = QLineEdit()
        self.field.setObjectName("recipient")
        self.field.setTextMargins(4, 0, 4, 0)
        self.field.setAccessibleName(self.tr("To"))
        self.field.setPlaceholderText(self.tr("Number with country code, as in +31 6 1234 5678"))
        self.field.setMaxLength(_LONGEST)
        self._label.setBuddy(self.field)
        self._words = IconLabel(appearance=appearance, icon="number", tone="quiet")
        self._words.setObjectName("recipient_words")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._label)
        layout.addWidget(self.field)
        layout.addWidget(self._words, 1)
        self.setFocusProxy(self.field)

        self._timer.timeout.connect(self._describe)
        self.field.textChanged.connect(self._changed)
        self.field.editingFinished.connect(self._complain)
        self.field.returnPressed.connect(self._finish)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def typed(self) -> str:
        """What stands in the field, as typed."""
        return self.field.text()

    def clear(self) -> None:
        """Begin with an empty field."""
        self.field.clear()

    @Slot()
    def _changed(self) -> None:
        self._words.show_words("")
        self._timer.start()

    @Slot()
    def _describe(self) -> None:
        typed = self.typed()
        if typed.strip():
            self._tasks.run(
                lambda: number_words(recipient(typed)),
                lambda words: self._described(typed, words),
                lambda _: None,  # it may not be complete yet: said when the field is left
            )

    def _described(self, typed: str, words: NumberWords) -> None:
        if typed != self.typed():
            return
        name = country(words.region) or self.tr("no known country")
        self._words.show_words(f"{number(words.formatted)} · {name}", icon="number", tone="quiet")

    @Slot()
    def _complain(self) -> None:
        typed = self.typed()
        if not typed.strip():
            return
        try:
            recipient(typed)
        except SmsDesktopError as error:
            self._words.show_words(error.message, icon="warning", tone="warn")

    @Slot()
    def _finish(self) -> None:
        try:
            recipient(self.typed())
        except SmsDesktopError as error:
            self._words.show_words(error.message, icon="warning", tone="warn")
            return
        self.finished.emit()

    @Slot()
    def _restyle(self) -> None:
        metrics = self.field.fontMetrics()
        self.field.setFixedHeight(round(metrics.lineSpacing() + 10))
        self.field.setFixedWidth(round(metrics.horizontalAdvance(self.field.placeholderText()) + 20))
        set_ink(self._label, self._appearance.theme.text2)

    def focus(self) -> None:
        """Put the caret into the field, all of it selected."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
