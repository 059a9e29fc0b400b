"""The dialog of one contact: name, note and tags of the number whose conversation is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.fields import TextField, form_grid
from sms_desktop.ui.reading import TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.contacts import Contacts
    from sms_desktop.store.contacts import Contact

_WIDTH = 66  # characters of the font
_NOTE_LINES = 4


class ContactDialog(QDialog):
    """Does not block other windows.

    Signals: `changed(number)`, the contact was saved or removed.
    """

    changed = Signal(str)

    def __init__(
        self,
        number: str,
        formatted: str,
        *,
        contacts: Callable[[], Contacts],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._number = number
        self._contacts = contacts
        self._tasks = tasks
        self._appearance = appearance
        self.setObjectName("contact")
        self.setWindowTitle(self.tr("Contact"))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._head = QLabel(formatted)
        self._head.setTextFormat(Qt.TextFormat.PlainText)
        self._name = TextField("contact_name", self.tr("Name"), appearance=appearance)
        self._tags = TextField(
            "contact_tags",
            self.tr("Tags"),
            appearance=appearance,
            hint=self.tr("Words to find it by, with commas between them."),
        )
        self._note_label = QLabel(self.tr("Note"))
        self._note = QPlainTextEdit()
        self._note.setObjectName("contact_note")
        self._note.setAccessibleName(self.tr("Note"))
        self._note.setTabChangesFocus(True)
        self._note_label.setBuddy(self._note)
        self._words = QLabel()
        self._words.setObjectName("contact_words")
        self._words.setWordWrap(True)
        self._words.hide()
        self._save = Button(self.tr("Save"), appearance=appearance, look=ButtonLook.PRIMARY)
        self._save.setObjectName("save_contact")
        self._save.setDefault(True)
        self._remove = Button(self.tr("Remove"), appearance=appearance, look=ButtonLook.PLAIN, icon="trash")
        self._remove.setObjectName("remove_contact")
        self._remove.hide()
        cancel = Button(self.tr("Cancel"), appearance=appearance)
        cancel.setObjectName("cancel_contact")
        self._lay_out(cancel)
        self._restyle()

        cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._keep)
        self._remove.clicked.connect(self._drop)
        appearance.changed.connect(self._restyle)
        tasks.run(lambda: contacts().find(number), self._found, self._failed)

    def _found(self, contact: Contact | None) -> None:
        if contact is None or self._name.value:
            return
        self._name.show_value(contact.name)
        self._tags.show_value(", ".join(contact.tags))
        self._note.setPlainText(contact.note)
        self._remove.show()

    @Slot()
    def _keep(self) -> None:
        name, note = self._name.value, self._note.toPlainText()
        tags = self._tags.value.split(",")
        if not name.strip():
            self._name.show_words(self.tr("A contact needs a name."))
            self._name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._tasks.run(
            lambda: self._contacts().save(self._number, name, note=note, tags=tags),
            lambda _: self._done(),
            self._failed,
            lane="writes",
        )

    @Slot()
    def _drop(self) -> None:
        self._tasks.run(
            lambda: self._contacts().remove(self._number),
            lambda _: self._done(),
            self._failed,
            lane="writes",
        )

    def _done(self) -> None:
        self.changed.emit(self._number)
        self.accept()

    def _failed(self, error: SmsDesktopError) -> None:
        self._words.setText(f"{error.message} {error.hint or ''}".strip())
        self._words.show()

    @Slot()
    def _restyle(self) -> None:
        self._head.setFont(self._appearance.fonts.title)
        self.setMinimumWidth(_WIDTH * self.fontMetrics().averageCharWidth())
        self._note.setFixedHeight(round(_NOTE_LINES * self.fontMetrics().lineSpacing() + 16))

    def _lay_out(self, cancel: Button) -> None:
        grid = form_grid(
            (
                (self._name.label, self._name),
                (self._tags.label, self._tags),
                (self._note_label, self._note),
            )
        )
        foot = QHBoxLayout()
        foot.addWidget(self._remove)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._head)
        layout.addLayout(grid)
        layout.addWidget(self._words)
        layout.addStretch(1)
        layout.addLayout(foot)
