"""The form of one account: what smsctl profiles can set, each field with its words. Used by the dialog."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import JSON_TYPES, Authentication, ReceiptsBy, RequestFormat
from sms_desktop.services import account_fields
from sms_desktop.services.account_book import Kept
from sms_desktop.services.account_fields import Values
from sms_desktop.settings.secrets import SecretName
from sms_desktop.ui.accounts.colour_field import ColourField
from sms_desktop.ui.accounts.fields import ChoiceField, Field, SenderField, SwitchField, TextField
from sms_desktop.ui.accounts.secret_field import SecretField
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook

ValueField = TextField | ChoiceField | SwitchField | SenderField | ColourField
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
        self._fields: dict[str, ValueField] = {}
        self._secrets: dict[SecretName, SecretField] = {}
        self._id_words = ""
        self._taken: tuple[str, ...] = ()
        self._make_account()
        self._make_relay()
        self._make_details()
        self._more = Button("", appearance=appearance, icon="chevron-right", look=ButtonLook.PLAIN)
        self._more.setObjectName("more_settings")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._fit)
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

    def _add(self, field: ValueField) -> None:
        self._fields[field.name] = field

    def _text(
        self, name: str, label: str, *, hint: str = "", placeholder: str = "", mono: bool = False
    ) -> None:
        self._add(
            TextField(name, label, appearance=self._appearance, hint=hint, placeholder=placeholder, mono=mono)
        )

    def _secret(self, name: SecretName, label: str, purpose: str) -> None:
        self._secrets[name] = SecretField(name, label, appearance=self._appearance, purpose=purpose)

    def _make_account(self) -> None:
        look = self._appearance
        self._text("name", self.tr("Name"))
        self._add(
            ChoiceField(
                "provider",
                self.tr("Provider"),
                (
                    (Provider.VONAGE.value, self.tr("Vonage SMS API")),
                    (Provider.KPN.value, self.tr("KPN SMS API")),
                    (Provider.SANDBOX.value, self.tr("Sandbox gateway of your own")),
                ),
                appearance=look,
            )
        )
        self._add(
            ColourField(
                "colour",
                self.tr("Colour"),
                appearance=look,
                hint=self.tr("Shown wherever this account can send."),
            )
        )
        self._text("api_key", self.tr("API key"), mono=True)
        self._text("client_id", self.tr("Client ID"), mono=True)
        self._add(
            ChoiceField(
                "authentication",
                self.tr("Authentication"),
                (
                    (Authentication.BODY.value, self.tr("Key and secret")),
                    (Authentication.BASIC.value, self.tr("HTTP Basic")),
                    (Authentication.SIGNATURE.value, self.tr("Signature")),
                    (Authentication.BEARER.value, self.tr("Access token")),
                ),
                appearance=look,
            )
        )
        purpose = self.tr("Goes to the keyring, never into a file.")
        self._secret(SecretName.API_SECRET, self.tr("API secret"), purpose)
        self._secret(SecretName.CLIENT_SECRET, self.tr("Client secret"), purpose)
        self._add(
            ChoiceField(
                "algorithm",
                self.tr("Sign requests"),
                (
                    (SignatureAlgorithm.MD5HASH.value, self.tr("MD5 hash (account default)")),
                    (SignatureAlgorithm.MD5.value, "HMAC-MD5"),
                    (SignatureAlgorithm.SHA1.value, "HMAC-SHA1"),
                    (SignatureAlgorithm.SHA256.value, "HMAC-SHA256"),
                    (SignatureAlgorithm.SHA512.value, "HMAC-SHA512"),
                ),
                appearance=look,
            )
        )
        self._secret(SecretName.SIGNATURE_SECRET, self.tr("Signature secret"), purpose)
        self._add(
            SwitchField(
                "test_application", self.tr("Application"), self.tr("is a test application"), appearance=look
            )
        )
        self._text(
            "phone", self.tr("Test phone"), hint=self.tr("The phone that the test application sends to.")
        )
        self._add(
            SwitchField(
                "inbound", self.tr("Replies"), self.tr("ask for replies at the webhook"), appearance=look
            )
        )
        self._add(SenderField("sender", self.tr("Default sender"), appearance=look))

    def _make_relay(self) -> None:
        self._text(
            "relay_url",
            self.tr("Relay"),
            placeholder="https://relay.example",
            hint=self.tr("Receipts and replies come from here. Without one, only sending works."),
            mono=True,
        )
        self._secret(
            SecretName.RELAY_TOKEN, self.tr("Reader token"), self.tr("Lets this computer read the relay.")
        )
        self._secret(
            SecretName.INGEST_TOKEN,
            self.tr("Ingest token"),
            self.tr("Stands in the address that the gateway writes to."),
        )

    def _make_details(self) -> None:
        look = self._appearance
        self._add(
            ChoiceField(
                "receipts",
                self.tr("Receipts"),
                (
                    (ReceiptsBy.MESSAGE.value, self.tr("each message names the relay")),
                    (ReceiptsBy.ACCOUNT.value, self.tr("the account has the address")),
                    (ReceiptsBy.NONE.value, self.tr("go elsewhere")),
                ),
                appearance=look,
            )
        )
        self._text("stream", self.tr("Stream"), placeholder="main", mono=True)
        self._text(
            "gateway_url",
            self.tr("Gateway"),
            placeholder=self.tr("the provider's own address"),
            mono=True,
        )
        self._add(
            ChoiceField(
                "format",
                self.tr("Requests"),
                (
                    (RequestFormat.FORM.value, self.tr("form, answered in JSON")),
                    (RequestFormat.JSON.value, "JSON"),
                    (RequestFormat.XML.value, self.tr("form, answered in XML")),
                    (RequestFormat.GET.value, self.tr("GET, all in the address")),
                ),
                appearance=look,
            )
        )
        self._add(
            ChoiceField(
                "json_type", self.tr("JSON is called"), ((one, one) for one in JSON_TYPES), appearance=look
            )
        )
        self._text("proxy", self.tr("Proxy"), placeholder=self.tr("none, or http://proxy:3128"), mono=True)
        self._text(
            "ca_file",
            self.tr("Certificates"),
            placeholder=self.tr("the system's own"),
            hint=self.tr("Certificate authorities in PEM, instead of the usual ones."),
            mono=True,
        )
        browse = Button(self.tr("Choose…"), appearance=look)
        browse.setObjectName("choose_ca_file")
        browse.clicked.connect(self._choose_file)
        self._fields["ca_file"].row.addWidget(browse)

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
