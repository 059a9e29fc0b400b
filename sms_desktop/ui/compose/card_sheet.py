"""The panes of vCards and vCalendars: the text that is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from sms_desktop.messages.drafts import MAIN_FIELD
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.form_sheet import FormSheet


class CardSheet(FormSheet):
    """The raw text of a card or an event."""

    def __init__(self, kind: Kind, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(kind, appearance=appearance, parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        text = QPlainTextEdit()
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("Text that is sent"))
        self.hold(MAIN_FIELD[kind], text)
        column.addWidget(text)
        column.addWidget(self.octets)


class VCardSheet(CardSheet):
    """A contact."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.VCARD, appearance=appearance, parent=parent)


class VCalSheet(CardSheet):
    """An event."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.VCAL, appearance=appearance, parent=parent)
