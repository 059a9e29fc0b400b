"""Shows and takes out what is not what it seems, in any field that holds text. Asked by the compose pane."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from sms_desktop.encoding import ucs2
from sms_desktop.encoding.suspicious import DOCUMENTS, suspicious, without_hidden
from sms_desktop.messages.findings import Finding


def show_in(field: QWidget, finding: Finding) -> None:
    """Put the caret into the field, with the first thing selected that the finding is about."""
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    text = _text(field)
    found = next((one for one in suspicious(text) if DOCUMENTS[one.danger] == finding.document), None)
    if found is None:
        return
    start, end = ucs2.code_unit_offsets(text, (found.position, found.position + found.length))
    match field:
        case QLineEdit():
            field.setSelection(start, end - start)
        case QPlainTextEdit():
            cursor = field.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            field.setTextCursor(cursor)
            field.ensureCursorVisible()
        case _:
            pass


def take_out(field: QWidget) -> None:
    """Take all that is hidden out of a field, as one step that can be undone."""
    kept = without_hidden(_text(field))
    match field:
        case QLineEdit():
            field.selectAll()
            field.insert(kept)
        case QPlainTextEdit():
            cursor = field.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(kept)
            field.setTextCursor(cursor)
        case _:
            pass


def _text(field: QWidget) -> str:
    match field:
        case QLineEdit():
            return field.text()
        case QPlainTextEdit():
            return field.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        case _:
            return ""
