"""The field for a secret: typed unseen, never shown again once it is kept. Used by the form."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from sms_desktop.services.account_book import secret_problem
from sms_desktop.settings.secrets import Place, SecretName
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.fields import Field, control_height

_DOTS = "•" * 16
_LONGEST = 1_000


class SecretField(Field):
    """A secret that is kept (dots, and a button to replace it), or one that is typed."""

    def __init__(
        self,
        secret: SecretName,
        label: str,
        *,
        appearance: Appearance,
        purpose: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(secret.value, label, appearance=appearance, hint=purpose, parent=parent)
        self.secret = secret
        self._purpose = purpose
        self._place: Place | None = None
        self._keyring: str | None = None
        self._replacing = False
        self.edit = QLineEdit()
        self.edit.setMaxLength(_LONGEST)
        self.edit.setTextMargins(4, 0, 4, 0)
        self._eye = Button("", appearance=appearance, icon="eye")
        self._eye.setObjectName(f"reveal_{secret.value}")
        self._eye.setCheckable(True)
        self._replace = Button(self.tr("Replace"), appearance=appearance)
        self._replace.setObjectName(f"replace_{secret.value}")
        self.row.addWidget(self.edit)
        self.row.addWidget(self._eye)
        self.row.addWidget(self._replace)
        self.take(self.edit)
        self._show()
        self._restyle()

        self.edit.textEdited.connect(lambda: self.changed.emit())
        self.edit.editingFinished.connect(self.left)
        self._eye.toggled.connect(self._reveal)
        self._replace.clicked.connect(self._switch)
        appearance.changed.connect(self._restyle)

    @property
    def typed(self) -> str:
        """The secret that was typed; "" for none."""
        return self.edit.text() if self._place is None or self._replacing else ""

    def problem(self) -> str | None:
        """What is wrong with what is typed."""
        return secret_problem(self.secret, self.typed) if self.typed else None

    @property
    def is_kept(self) -> bool:
        """True if a secret is kept, replaced or not."""
        return self._place is not None

    def show_secret(self, place: Place | None, keyring: str | None, typed: str) -> None:
        """Show that a secret is kept somewhere, or none; `typed` is one that was typed before."""
        self._place, self._keyring = place, keyring
        self._replacing = bool(typed)
        self._show(typed)

    def _show(self, typed: str = "") -> None:
        kept = self._place is not None and not self._replacing
        self._eye.setChecked(False)
        self._eye.setVisible(not kept)
        self.edit.setReadOnly(kept)
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if kept else QLineEdit.EchoMode.Password)
        self.edit.setText(_DOTS if kept else typed)
        self._replace.setVisible(self._place is not None)
        self._replace.set_label(self.tr("Replace") if kept else self.tr("Keep the old one"))
        self.hint = self._kept_words() if kept else self._purpose
        self.show_words()
        state = self.tr("kept, not shown") if kept else self.tr("typed unseen")
        self.edit.setAccessibleName(f"{self.label.text()}, {state}")
        self._replace.setAccessibleName(f"{self._replace.label}: {self.label.text()}")

    def _kept_words(self) -> str:
        if self._place is Place.MEMORY:
            return self.tr("Kept in memory until you quit.")
        if self.secret in (SecretName.RELAY_TOKEN, SecretName.INGEST_TOKEN):
            return self.tr("Kept in the keyring.")
        keyring = self._keyring or self.tr("this computer's")
        return self.tr("Kept in the keyring (%1), never in a file.").replace("%1", keyring)

    @Slot()
    def _switch(self) -> None:
        self._replacing = not self._replacing
        self._show()
        self.edit.setFocus()
        self.changed.emit()

    @Slot(bool)
    def _reveal(self, shown: bool) -> None:
        if not self.edit.isReadOnly():
            mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
            self.edit.setEchoMode(mode)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        shown = self._eye.isChecked()
        self._eye.set_icon_name("eye-off" if shown else "eye")
        words = self.tr("Hide what is typed") if shown else self.tr("Show what is typed")
        self._eye.setToolTip(words)
        self._eye.setAccessibleName(f"{words}: {self.label.text()}")
        self.edit.setFont(self._appearance.fonts.mono)
        self.edit.setFixedHeight(control_height(self))
