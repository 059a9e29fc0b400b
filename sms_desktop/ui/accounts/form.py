"""The form of one account: what smsctl profiles can set, each field with its words. Used by the dialog."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import JSON_TYPES, Authentication, ReceiptsBy, RequestFormat
from sms_desktop.services import account_fields
from sms_desktop.services.account_book import Kept
from sms_desktop.services.account_fields import Values
from sms_desktop.settings.secrets import SecretName
from sms_desktop.ui.accounts.form_fields import FormFields
from sms_desktop.ui.accounts.secret_field import SecretField
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.fields import Field, SenderField, TextField

_DETAILS = ("receipts", "stream", "gateway_url", "format", "json_type", "proxy", "ca_file")


class AccountForm(QWidget):
    """All fields of an account; those that its provider does not have are hidden.

    Signals: `changed()`, the person changed something.
    """

    changed = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("account_form")
        self._id_words = ""
        self._taken: tuple[str, ...] = ()
        made = FormFields(appearance=appearance)
        self._fields, self._secrets = made.fields, made.secrets
        self._more = Button("", appearance=appearance, icon="chevron-right", look=ButtonLook.PLAIN)
        self._more.setObjectName("more_settings")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._fit)
        browse = Button(self.tr("Choose…"), appearance=appearance)
        browse.setObjectName("choose_ca_file")
        browse.clicked.connect(self._choose_file)
        self._fields["ca_file"].row.addWidget(browse)
        self._lay_out()
        for field in (*self._fields.values(), *self._secrets.values()):
            field.changed.connect(self._changed)
            field.left.connect(self._complain)
        self._fit()

    # What the dialog asks

    def show_account(
        self,
        values: Values,
        typed: Mapping[SecretName, str],
        kept: Kept,
        *,
        id_words: str,
        taken: tuple[str, ...],
    ) -> None:
        """Show an account; `taken` are the names of the others."""
        self._id_words, self._taken = id_words, taken
        for name, value in values.items():
            field = self._fields[name]
            field.show_value(value)  # type: ignore[arg-type]  # switches are bool, all others text
        self.show_kept(kept, typed)
        if any(self._fields[name].value not in ("", default) for name, default in _USUAL.items()):
            self._more.setChecked(True)
        self.show_words()
        self._fit()

    def show_kept(self, kept: Kept, typed: Mapping[SecretName, str]) -> None:
        """Say which secrets are kept where; what is typed stays."""
        for name, field in self._secrets.items():
            field.show_secret(kept.places.get(name), kept.keyring, typed.get(name, ""))

    @property
    def values(self) -> dict[str, str | bool]:
        """What is typed and chosen."""
        return {name: field.value for name, field in self._fields.items()}

    @property
    def typed(self) -> dict[SecretName, str]:
        """The secrets that are typed and apply."""
        return {
            name: field.typed for name, field in self._secrets.items() if field.typed and not field.isHidden()
        }

    def show_words(self, *, complain: bool = False) -> tuple[str, ...]:
        """Say beside each field what is wrong; returns the fields that are.

        What is merely missing is said only with `complain`.
        """
        values = self.values
        problems = self.problems()
        warnings = account_fields.warnings(values)
        for name, field in self._fields.items():
            problem = problems.get(name)
            if problem and not complain and not str(field.value).strip():
                problem = None
            if name == "name":
                field.hint = self._id_words
            field.show_words(problem, warnings.get(name))
        for secret in self._secrets.values():
            secret.show_words(secret.problem())
        return tuple(problems)

    def problems(self) -> dict[str, str]:
        """What is wrong, by field."""
        found = account_fields.problems(self.values)
        if "name" not in found and not account_fields.free_name(str(self._fields["name"].value), self._taken):
            found["name"] = self.tr("Another account is called so: the two could be confused.")
        found = {name: words for name, words in found.items() if name in self._fields and self._applies(name)}
        for secret in self._secrets.values():
            problem = secret.problem()
            if problem and not secret.isHidden():
                found[secret.name] = problem
        return found

    def show_problem(self, name: str, words: str) -> bool:
        """Say what was found wrong with a field, and go there; False if there is no such field."""
        field = self._field(name)
        if field is None:
            return False
        field.show_words(words)
        self.go_to(name)
        return True

    def go_to(self, name: str) -> None:
        """Put the caret into a field."""
        field = self._field(name)
        if field is None:
            return
        if name in _DETAILS:
            self._more.setChecked(True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(field, TextField | SecretField):
            field.edit.selectAll()

    def label_of(self, name: str) -> str:
        """How a field is called, "" if there is none."""
        field = self._field(name)
        return "" if field is None else field.label.text()

    def show_numbers(self, numbers: tuple[str, ...]) -> None:
        """Offer the account's own numbers as senders."""
        field = self._fields["sender"]
        assert isinstance(field, SenderField)
        field.show_choices(numbers)

    # Inside

    def _field(self, name: str) -> Field | None:
        return self._fields.get(name) or (
            self._secrets.get(SecretName(name)) if name in set(SecretName) else None
        )

    @Slot()
    def _changed(self) -> None:
        self._fit()
        self.show_words()
        self.changed.emit()

    @Slot()
    def _complain(self) -> None:
        self.show_words()

    def _applies(self, name: str) -> bool:
        provider = Provider(str(self._fields["provider"].value))
        kpn = provider is Provider.KPN
        signs = not kpn and self._fields["authentication"].value == Authentication.SIGNATURE
        match name:
            case "api_key" | "authentication" | SecretName.API_SECRET:
                return not kpn
            case "algorithm" | SecretName.SIGNATURE_SECRET:
                return signs
            case "client_id" | "test_application" | "inbound" | SecretName.CLIENT_SECRET:
                return kpn
            case "phone":
                return kpn and bool(self._fields["test_application"].value)
            case "format":
                return not kpn
            case "json_type":
                return not kpn and self._fields["format"].value == RequestFormat.JSON
            case _:
                return True

    @Slot()
    def _fit(self) -> None:
        """Show the fields that apply."""
        opened = self._more.isChecked()
        self._more.set_icon_name("chevron-down" if opened else "chevron-right")
        self._more.set_label(self.tr("Fewer settings") if opened else self.tr("More settings"))
        sandbox = self._fields["provider"].value == Provider.SANDBOX
        wrong = account_fields.problems(self.values)
        for name, field in {**self._fields, **{s.value: f for s, f in self._secrets.items()}}.items():
            folded = name in _DETAILS and not opened and name not in wrong
            shown = self._applies(name) and (not folded or (name == "gateway_url" and sandbox))
            field.setVisible(shown)
            field.label.setVisible(shown)

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Certificate authorities"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Certificates (*.pem *.crt *.cer)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    @Slot(str)
    def _file_chosen(self, file: str) -> None:
        field = self._fields["ca_file"]
        assert isinstance(field, TextField)
        field.show_value(file)
        self._changed()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(_ORDER):
            if name == "":
                grid.addWidget(self._more, row, 1, Qt.AlignmentFlag.AlignLeft)
            else:
                field = self._field(name)
                assert field is not None, name
                grid.addWidget(field.label, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(field, row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addLayout(grid)
        layout.addStretch(1)


_USUAL = {
    "receipts": ReceiptsBy.MESSAGE.value,
    "stream": "main",
    "gateway_url": "",
    "format": RequestFormat.FORM.value,
    "json_type": JSON_TYPES[0],
    "proxy": "",
    "ca_file": "",
}
"""What stands in the details of most accounts: they are unfolded where something else does."""

_ORDER = (
    "name",
    "provider",
    "colour",
    "api_key",
    "client_id",
    "authentication",
    "api_secret",
    "client_secret",
    "algorithm",
    "signature_secret",
    "test_application",
    "phone",
    "inbound",
    "sender",
    "relay_url",
    "relay_token",
    "ingest_token",
    "",
    *_DETAILS,
)
"""The fields from top to bottom; "" is the button that unfolds the details."""
