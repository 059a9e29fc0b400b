"""Fields of forms: a control with its words below it. Used by accounts, options and preferences."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import set_ink

LONGEST = 200
"""Characters of a field of a profile."""


class Field(QWidget):
    """A control and, below it, what is wrong, what is probably not meant, or a hint.

    `name` is what the field is called in a profile or in the API. Signals: `changed()`, by the person;
    `left()`, the person went on to another field.
    """

    changed = Signal()
    left = Signal()

    def __init__(
        self, name: str, label: str, *, appearance: Appearance, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.hint = hint
        self._appearance = appearance
        self.label = QLabel(label)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        # Made when there is something to say: a form has many fields, and most of them never have.
        self._hint_label: QLabel | None = None
        self._complaint: IconLabel | None = None
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(self.row)
        appearance.changed.connect(self._restyle_label)
        self._restyle_label()

    def take(self, control: QWidget) -> None:
        """Name the control after the label, and give it the focus that this field gets."""
        control.setAccessibleName(self.label.text())
        control.setObjectName(f"field_{self.name}")
        self.label.setBuddy(control)
        self.setFocusProxy(control)
        self.show_words()

    def show_words(self, problem: str | None = None, warning: str | None = None) -> None:
        """Say what is wrong, else what is probably not meant, else the hint."""
        words = problem or warning or ""
        if words and self._complaint is None:
            self._complaint = IconLabel(appearance=self._appearance, icon="warning", caption=True)
            self._complaint.setObjectName(f"words_{self.name}")
            self._add_below(self._complaint)
        if self._complaint is not None:
            self._complaint.show_words(
                words, icon="error" if problem else "warning", tone="bad" if problem else "warn"
            )
            self._complaint.setVisible(bool(words))
        hint = "" if words else self.hint
        if hint and self._hint_label is None:
            self._hint_label = QLabel()
            self._hint_label.setTextFormat(Qt.TextFormat.PlainText)
            self._add_below(self._hint_label)
            self._restyle_label()
        if self._hint_label is not None:
            self._hint_label.setText(hint)
            self._hint_label.setVisible(bool(hint))
        control = self.focusProxy()
        if control is not None:
            control.setAccessibleDescription(words or self.hint)

    @property
    def complains(self) -> bool:
        """Whether it says that something is wrong, or probably not meant."""
        return self._complaint is not None and not self._complaint.isHidden()

    def _add_below(self, words: QLabel) -> None:
        words.setWordWrap(True)
        words.hide()
        self._column.addWidget(words)

    @Slot()
    def _restyle_label(self) -> None:
        set_ink(self.label, self._appearance.theme.text2)
        self.label.setMinimumHeight(round(self.fontMetrics().lineSpacing() + 10))
        if self._hint_label is not None:
            set_ink(self._hint_label, self._appearance.theme.text2)
            self._hint_label.setFont(self._appearance.fonts.caption)


class TextField(Field):
    """A line of text."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        appearance: Appearance,
        hint: str = "",
        placeholder: str = "",
        mono: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, label, appearance=appearance, hint=hint, parent=parent)
        self._mono = mono
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setTextMargins(4, 0, 4, 0)
        self.edit.setPlaceholderText(placeholder)
        self.row.addWidget(self.edit)
        self.take(self.edit)
        self.edit.textEdited.connect(lambda: self.changed.emit())
        self.edit.editingFinished.connect(self.left)
        appearance.changed.connect(self._restyle)
        self._restyle()

    @property
    def value(self) -> str:
        """What is typed."""
        return self.edit.text()

    def show_value(self, value: str) -> None:
        """Show a text, from its beginning."""
        if value != self.edit.text():
            self.edit.setText(value)
            self.edit.setCursorPosition(0)

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self.edit.setFont(fonts.mono if self._mono else fonts.body)
        self.edit.setFixedHeight(control_height(self))


class ChoiceBox(QComboBox):
    """A combo box as high as the other controls; the wheel scrolls the page and changes nothing."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As wide as its longest choice, as high as a field."""
        return QSize(super().sizeHint().width() + 8, control_height(self))

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must, as high as a field."""
        return QSize(80, control_height(self))

    def wheelEvent(self, event: object) -> None:
        """Leave the wheel to the page."""
        event.ignore()  # type: ignore[attr-defined]  # QWheelEvent


class ChoiceField(Field):
    """One of some values, each with its words."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: Iterable[tuple[str, str]],
        *,
        appearance: Appearance,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, label, appearance=appearance, hint=hint, parent=parent)
        self.box = ChoiceBox(appearance=appearance)
        for value, words in choices:
            self.box.addItem(words, value)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.take(self.box)
        self.box.activated.connect(lambda: self.changed.emit())

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return str(self.box.currentData())

    def show_value(self, value: str) -> None:
        """Choose a value."""
        at = self.box.findData(value)
        self.box.setCurrentIndex(max(at, 0))


class SwitchField(Field):
    """Yes or no: the words stand behind the box."""

    def __init__(
        self,
        name: str,
        label: str,
        words: str,
        *,
        appearance: Appearance,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, label, appearance=appearance, hint=hint, parent=parent)
        self.box = QCheckBox(words)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.take(self.box)
        self.box.setAccessibleName(words)
        self.box.toggled.connect(self._toggled)
        self._showing = False

    @property
    def value(self) -> bool:
        """True if it is ticked."""
        return self.box.isChecked()

    def show_value(self, value: bool) -> None:
        """Tick it or not."""
        self._showing = True
        self.box.setChecked(value)
        self._showing = False

    @Slot()
    def _toggled(self) -> None:
        if not self._showing:
            self.changed.emit()


class SenderField(Field):
    """The usual sender: typed, or one of the account's own numbers."""

    def __init__(
        self, name: str, label: str, *, appearance: Appearance, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, label, appearance=appearance, hint=hint, parent=parent)
        self.box = ChoiceBox(appearance=appearance)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setCompleter(None)  # type: ignore[arg-type]  # None takes the completer away
        self.box.setMinimumContentsLength(20)
        edit = self.box.lineEdit()
        assert edit is not None
        self.edit = edit
        edit.setMaxLength(LONGEST)
        edit.setTextMargins(4, 0, 4, 0)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.take(self.box)
        edit.setAccessibleName(label)
        edit.textEdited.connect(lambda: self.changed.emit())
        edit.editingFinished.connect(self.left)
        self.box.activated.connect(lambda: self.changed.emit())

    @property
    def value(self) -> str:
        """What is typed or chosen."""
        return self.edit.text()

    def show_value(self, value: str) -> None:
        """Show a sender."""
        self.edit.setText(value)

    def show_choices(self, numbers: Iterable[str]) -> None:
        """Offer these; what is typed stays."""
        typed = self.edit.text()
        self.box.clear()
        self.box.addItems(list(numbers))
        self.edit.setText(typed)


def control_height(widget: QWidget) -> int:
    """The height of a field: one line and some air."""
    return round(widget.fontMetrics().lineSpacing() + 10)


def form_grid(rows: Iterable[tuple[QWidget, QWidget]]) -> QGridLayout:
    """Labels and their controls below each other, the labels at the top of their rows."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for row, (label, control) in enumerate(rows):
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(control, row, 1)
    return grid
