"""The values of a template's variables, asked for one under the other, with the text that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.services.collection import filled_draft, variables_of
from sms_desktop.services.templates import Variable
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.library.entries import Entry
from sms_desktop.ui.style import set_ink

_SHOWN = 5_000
_NAMES = frozenset({"name", "contact", "contact name", "full name", "naam"})
_FIRST_NAMES = frozenset({"first name", "firstname", "first_name", "first-name"})
_NUMBERS = frozenset({"number", "phone", "phone number", "msisdn", "to", "mobile"})


class FillForm(QWidget):
    """One field a variable, its default in it; Enter goes on and finishes at the last.

    Signals: `finished(draft)`, the whole with its values; `given_up()`.
    """

    finished = Signal(object)
    given_up = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._entry: Entry | None = None
        self._variables: tuple[Variable, ...] = ()
        self._fields: dict[str, QLineEdit] = {}
        self._last: QLineEdit | None = None
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = IconLabel(appearance=appearance, icon="error", tone="bad", caption=True)
        self.problem.setObjectName("fill_problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.preview = QPlainTextEdit()
        self.preview.setObjectName("fill_preview")
        self.preview.setAccessibleName(self.tr("With these values"))
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setFrameShape(QFrame.Shape.NoFrame)
        self.preview.document().setDocumentMargin(10)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offers = QHBoxLayout()
        self._offers.setSpacing(4)
        self.done = Button("", appearance=appearance, look=ButtonLook.PRIMARY)
        self.done.setObjectName("fill_done")
        self._leave = Button(self.tr("Leave the variables in"), appearance=appearance)
        self._leave.setObjectName("fill_leave")
        self._back = Button(self.tr("Back"), appearance=appearance)
        self._back.setObjectName("fill_back")
        self.setFocusProxy(self.done)
        self._lay_out()
        self.done.clicked.connect(self._finish)
        self._leave.clicked.connect(self._hand_over)
        self._back.clicked.connect(self.given_up)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def ask(self, entry: Entry, offers: Mapping[str, str], *, action: str) -> None:
        """Ask for the variables of an entry; `offers` are the contact's `name` and `number` where known."""
        same = entry == self._entry
        typed = {name: field.text() for name, field in self._fields.items()} if same else {}
        self._entry, self._variables = entry, variables_of(entry.draft)
        self.title.setText(entry.name)
        self.done.set_label(action)
        self._fields = {}
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(2, 2, 6, 2)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(6)
        for variable in self._variables:
            field = QLineEdit(typed.get(variable.name, _first(variable, offers)))
            field.setObjectName(f"fill_{variable.name}")
            field.setAccessibleName(variable.name)
            field.setTextMargins(4, 0, 4, 0)
            field.setFixedHeight(round(field.fontMetrics().lineSpacing() + 10))
            field.setMaxLength(2_000)
            if variable.default is not None:
                words = self.tr("Default: %1").replace("%1", variable.default.strip() or self.tr("nothing"))
                field.setAccessibleDescription(words)
                field.setToolTip(words)
                field.setPlaceholderText(words)
            field.textChanged.connect(self._show)
            field.returnPressed.connect(self._go_on)
            label = QLabel(variable.name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(field)
            set_ink(label, self._appearance.theme.text2)
            form.addRow(label, field)
            self._fields[variable.name] = field
        self._area.setWidget(inside)
        self._area.setMaximumHeight(inside.sizeHint().height() + 2)
        self._show_offers(offers)
        self._show()
        first = next(iter(self._fields.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            first.selectAll()

    def values(self) -> dict[str, str]:
        """What is typed; an empty field has its default."""
        return {name: field.text() for name, field in self._fields.items() if field.text()}

    @Slot()
    def _show(self) -> None:
        if self._entry is None:
            return
        values = self.values()
        shown = {
            variable.name: values.get(variable.name, variable.default or f"‹{variable.name}›")
            for variable in self._variables
        }
        whole = Entry(self._entry.name, filled_draft(self._entry.draft, shown))
        self.preview.setPlainText(whole.text()[:_SHOWN])
        self.problem.hide()

    @Slot()
    def _go_on(self) -> None:
        fields = list(self._fields.values())
        focused = QApplication.focusWidget()
        at = fields.index(focused) if isinstance(focused, QLineEdit) and focused in fields else len(fields)
        if at + 1 < len(fields):
            fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
            fields[at + 1].selectAll()
        else:
            self._finish()

    @Slot()
    def _finish(self) -> None:
        if self._entry is None:
            return
        values = self.values()
        missing = [each.name for each in self._variables if each.default is None and each.name not in values]
        if missing:
            words = self.tr("Give a value for %1.").replace("%1", ", ".join(missing))
            self.problem.show_words(words)
            self.problem.show()
            self._fields[missing[0]].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        entry, self._entry = self._entry, None
        self.finished.emit(filled_draft(entry.draft, values))

    @Slot()
    def _hand_over(self) -> None:
        """The whole as it is kept: to change the request or template itself."""
        if self._entry is not None:
            entry, self._entry = self._entry, None
            self.finished.emit(entry.draft)

    def _show_offers(self, offers: Mapping[str, str]) -> None:
        while (item := self._offers.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for key, value in offers.items():
            icon = "contact" if key == "name" else "number"
            button = Button(
                value, appearance=self._appearance, icon=icon, look=ButtonLook.CHIP, height_extra=6
            )
            button.setObjectName(f"offer_{key}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(self.tr("Put this into the field"))
            button.clicked.connect(self._giving(value))
            self._offers.addWidget(button)
        self._offers.addStretch(1)

    def _giving(self, value: str) -> Callable[[], None]:
        def give() -> None:
            field = self._last or next(iter(self._fields.values()), None)
            if field is not None:
                field.setText(value)
                field.setFocus(Qt.FocusReason.OtherFocusReason)

        return give

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(new, QLineEdit) and new in self._fields.values():
            self._last = new
            self._area.ensureWidgetVisible(new)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self._area, 4)
        layout.addLayout(self._offers)
        layout.addWidget(self.problem)
        layout.addWidget(self.preview, 2)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.done)
        row.addWidget(self._leave)
        row.addWidget(self._back)
        row.addStretch(1)
        layout.addLayout(row)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    @Slot()
    def _restyle(self) -> None:
        self.title.setFont(self._appearance.fonts.strong)
        self.preview.setFont(self._appearance.fonts.body)


def _first(variable: Variable, offers: Mapping[str, str]) -> str:
    name = variable.name.strip().casefold()
    if name in _NUMBERS and "number" in offers:
        return offers["number"]
    if name in _NAMES and "name" in offers:
        return offers["name"]
    if name in _FIRST_NAMES and "name" in offers:
        return offers["name"].split(" ")[0]
    return variable.default or ""
