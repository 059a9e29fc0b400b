"""The pane of vCards: a contact as a form, as a phone may show it, and as the text that is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from sms_desktop.encoding import vcard_form
from sms_desktop.encoding.property_text import FormText
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.wire import Route
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.card_fields import Spec, spoken
from sms_desktop.ui.compose.card_preview import Shown
from sms_desktop.ui.compose.card_sheet import CardSheet
from sms_desktop.ui.reading import TaskRunner

if TYPE_CHECKING:
    from sms_desktop.store.contacts import Contact


class VCardSheet(CardSheet):
    """A contact. `contacts` reads those of the store; it is called on a worker."""

    def __init__(
        self,
        *,
        usual: Route,
        tasks: TaskRunner,
        contacts: Callable[[], tuple[Contact, ...]],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            Kind.VCARD, vcard_form, usual=usual, tasks=tasks, appearance=appearance, parent=parent
        )
        self._tasks = tasks
        self._contacts = contacts
        self.caution.show_words(self.tr("iPhones do not accept contact cards by SMS."))
        self.contact_button = Button(
            self.tr("From contact"),
            appearance=appearance,
            icon="contact",
            look=ButtonLook.PLAIN,
            height_extra=6,
        )
        self.contact_button.setObjectName("vcard_from_contact")
        self.contact_button.clicked.connect(self._ask_contact)
        self.add_button(self.contact_button)

    def specs(self) -> tuple[Spec, ...]:
        """Name, organisation, mobile, e-mail, web, note; and what is seldom needed."""
        kinds = (
            ("", self.tr("no kind")),
            ("WORK", self.tr("Work")),
            ("HOME", self.tr("Home")),
            ("FAX", self.tr("Fax")),
        )
        return (
            Spec("given", self.tr("Given name")),
            Spec("family", self.tr("Family name")),
            Spec("formatted", self.tr("Shown as"), seldom=True),
            Spec("organisation", self.tr("Organisation")),
            Spec("title", self.tr("Title"), seldom=True),
            Spec("mobile", self.tr("Mobile")),
            Spec("phone", self.tr("Other phone"), seldom=True),
            Spec("phone-kind", self.tr("Kind of the other phone"), choices=kinds),
            Spec("email", self.tr("E-mail")),
            Spec("web", self.tr("Web")),
            Spec("street", self.tr("Street"), seldom=True),
            Spec("code", self.tr("Postal code"), seldom=True),
            Spec("city", self.tr("City"), seldom=True),
            Spec("country", self.tr("Country"), seldom=True),
            Spec("birthday", self.tr("Birthday"), "1990-02-03", seldom=True),
            Spec("note", self.tr("Note")),
        )

    def versions(self) -> dict[str, str]:
        """2.1 is what most phones take."""
        return {"2.1": "vCard 2.1", "3.0": "vCard 3.0"}

    def routes(self) -> dict[Route, str]:
        """Octets of ours, or the API's own type."""
        return {
            Route.BINARY: self.tr("Binary, port 9204"),
            Route.API: self.tr("The gateway builds it (type=vcard)"),
        }

    def file_filters(self) -> list[str]:
        """Files of contacts."""
        return [self.tr("Contacts (*.vcf *.vcard)")]

    def shown(self, values: Mapping[str, str]) -> Shown:
        """A card as an address book shows it."""
        name = " ".join(values[part] for part in ("given", "family") if part in values)
        called = values.get("formatted") or name or values.get("organisation") or values.get("mobile", "")
        below = ", ".join(
            each
            for each in (values.get("title"), values.get("organisation"))
            if each is not None and each != called
        )
        place = " ".join(values[part] for part in ("code", "city") if part in values)
        address = ", ".join(each for each in (values.get("street"), place, values.get("country")) if each)
        web = values.get("web", "")
        rows = (
            ("handset", values.get("mobile", "")),
            ("number", values.get("phone", "")),
            ("kind-text", values.get("email", "")),
            ("kind-wappush", web.removeprefix("http://").removeprefix("https://")),
            ("pin", address),
            ("clock", values.get("birthday", "")),
            ("log", values.get("note", "")),
        )
        words = called[:200].split()
        initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
        return Shown(initials, called, below, tuple((icon, text) for icon, text in rows if text))

    def kept_words(self, said: FormText) -> str:
        """Further cards, and properties without a field."""
        words = []
        if said.count > 1:
            more = self.tr("The text holds %1 cards; the form shows the first, and all are sent.")
            words.append(more.replace("%1", str(said.count)))
        if said.version and said.version not in vcard_form.VERSIONS:
            other = self.tr("It is vCard %1, which phones may not read. Choose 2.1 or 3.0 to rewrite it.")
            words.append(other.replace("%1", spoken(said.version, 10)))
        if said.kept:
            kept = self.tr("Sent as they are, beyond the form: %1.")
            words.append(kept.replace("%1", spoken(", ".join(said.kept), 120)))
        return " ".join(words)

    @Slot()
    def _ask_contact(self) -> None:
        self._tasks.run(
            self._contacts, self._offer_contacts, lambda error: self.tell(error.message, bad=True)
        )

    def _offer_contacts(self, found: tuple[Contact, ...]) -> None:
        if not found:
            self.tell(self.tr("There are no contacts yet."))
            return
        from sms_desktop.ui.compose.pick_dialog import PickDialog

        names = [f"{contact.name}   +{contact.number}" for contact in found]
        dialog = PickDialog(self.tr("Which contact?"), names, appearance=self._appearance, parent=self)
        dialog.picked.connect(lambda place: self._take_contact(found[place]))
        dialog.open()

    def _take_contact(self, contact: Contact) -> None:
        given, _, family = contact.name.partition(" ")
        values = {"given": given, "family": family, "mobile": f"+{contact.number}", "note": contact.note}
        written = vcard_form.write_form("", values, str(self.version.currentData() or "2.1"))
        self.take_text(written.text)
        self.tell("")
