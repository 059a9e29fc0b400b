"""The pane of WAP Push messages: title, link, and how long they are of use."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.form_sheet import FormSheet


class WapPushSheet(FormSheet):
    """Fields for title and link."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.WAPPUSH, appearance=appearance, parent=parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for name, label in (("title", self.tr("Title")), ("url", self.tr("Link"))):
            field = QLineEdit()
            field.setAccessibleName(label)
            self.hold(name, field)
            form.addRow(label, field)
        form.addRow(self.octets)
