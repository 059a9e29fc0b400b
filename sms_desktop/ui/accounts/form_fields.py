"""The fields of an account, each with its label and choices. Made for the form."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import JSON_TYPES, Authentication, ReceiptsBy, RequestFormat
from sms_desktop.settings.secrets import SecretName
from sms_desktop.ui.accounts.colour_field import ColourField
from sms_desktop.ui.accounts.secret_field import SecretField
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.fields import ChoiceField, SenderField, SwitchField, TextField

ValueField = TextField | ChoiceField | SwitchField | SenderField | ColourField
"""A field whose value is kept with the profile."""


class FormFields(QObject):
    """All fields, by their names in the profile, and all secrets."""

    def __init__(self, *, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.fields: dict[str, ValueField] = {}
        self.secrets: dict[SecretName, SecretField] = {}
        self._make_account()
        self._make_relay()
        self._make_details()

    def _add(self, field: ValueField) -> None:
        self.fields[field.name] = field

    def _text(
        self, name: str, label: str, *, hint: str = "", placeholder: str = "", mono: bool = False
    ) -> None:
        self._add(
            TextField(name, label, appearance=self._appearance, hint=hint, placeholder=placeholder, mono=mono)
        )

    def _secret(self, name: SecretName, label: str, purpose: str) -> None:
        self.secrets[name] = SecretField(name, label, appearance=self._appearance, purpose=purpose)

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
