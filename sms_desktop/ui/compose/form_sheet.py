"""A sheet that is a form: one field for each of a draft's. Base of the sheets that are no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from sms_desktop.encoding.encode import Part, encode
from sms_desktop.messages.drafts import MAIN_FIELD, OTHER_FIELDS, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.drafting import Written
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.octet_meter import OctetMeter
from sms_desktop.ui.compose.sheet import Sheet

if TYPE_CHECKING:
    from sms_desktop.services.prices import Price

Field = QLineEdit | QPlainTextEdit | QComboBox
"""What a value is typed in. A combo box holds the value in the data of its items."""


class FormSheet(Sheet):
    """Fields by the API's names, and under them the octets that they make.

    Those who derive from it make their widgets, hand them to `hold`, and lay them out.
    """

    def __init__(self, kind: Kind, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self._appearance = appearance
        self._held: dict[str, Field] = {}
        self._putting = False
        self._parts: tuple[Part, ...] = ()
        self.octets = OctetMeter(appearance=appearance)

    @property
    def parts(self) -> int:
        """How many parts the octets take; 0 while nothing is written."""
        return len(self._parts)

    def hold(self, name: str, field: Field) -> None:
        """Take a widget as the field of a name; the first one is where the focus goes."""
        field.setObjectName(f"{self._kind.value}_{name}")
        if not self._held:
            self.setFocusProxy(field)
        self._held[name] = field
        match field:
            case QComboBox():
                field.currentIndexChanged.connect(self._typed)
            case _:
                field.textChanged.connect(self._typed)

    def draft(self) -> Draft:
        """What is typed."""
        typed = {name: _value(field) for name, field in self._held.items()}
        main = typed.pop(MAIN_FIELD[self._kind], "")
        return Draft(self._kind, main, {name: value for name, value in typed.items() if value})

    def put(self, draft: Draft) -> None:
        """Show a draft."""
        self._putting = True
        main = MAIN_FIELD[self._kind]
        for name in (main, *OTHER_FIELDS[self._kind]):
            if name in self._held:
                _set(self._held[name], draft.text if name == main else draft.fields.get(name, ""))
        self._putting = False

    def show_written(self, written: Written) -> None:
        """Show the octets of what is written."""
        self._parts = ()
        refused: str | None = None
        if self.draft():
            try:
                self._parts = encode(written.message)
            except Mendable as error:
                refused = error.message
        self.octets.show_parts(self._parts, refused=refused)

    def show_price(self, price: Price | None) -> None:
        """Show what the parts cost."""
        self.octets.show_price(price)

    def fields(self) -> Mapping[str, QWidget]:
        """The fields."""
        return dict(self._held)

    @Slot()
    def _typed(self) -> None:
        if not self._putting:
            self.changed.emit()


def _value(field: Field) -> str:
    match field:
        case QLineEdit():
            return field.text()
        case QPlainTextEdit():
            return field.toPlainText()
        case QComboBox():
            return str(field.currentData() or "")


def _set(field: Field, value: str) -> None:
    if value == _value(field):
        return
    match field:
        case QLineEdit():
            field.setText(value)
        case QPlainTextEdit():
            field.setPlainText(value)
        case QComboBox():
            field.setCurrentIndex(max(field.findData(value), 0))
