"""The pane of binary messages: header and body in hexadecimal, protocol identifier."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.form_sheet import FormSheet


class BinarySheet(FormSheet):
    """Fields for the user data header, the body and the protocol identifier."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.BINARY, appearance=appearance, parent=parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for name, label in (
            ("udh", self.tr("Header (UDH)")),
            ("body", self.tr("Body")),
            ("protocol-id", self.tr("Protocol")),
        ):
            field = QLineEdit()
            field.setAccessibleName(label)
            self.hold(name, field)
            form.addRow(label, field)
        form.addRow(self.octets)
