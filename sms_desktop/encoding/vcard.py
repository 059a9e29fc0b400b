"""Contacts for phones: vCard 2.1 and 3.0 written, any version read. Called by encode, services and ui.

versit vCard 2.1 and RFC 2426. To be sent as octets (content_lines.to_octets) to port 9204.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeVar

from sms_desktop.encoding.content_components import Component, ContentLine, read, split, unescape
from sms_desktop.encoding.content_lines import CRLF, clean, escape, mime_line, versit_line
from sms_desktop.messages.errors import Mendable

Version = Literal["2.1", "3.0"]


class PhoneKind(StrEnum):
    """What a number is for (vCard 2.1, 2.4.1; RFC 2426 3.3.1)."""

    PREF = "PREF"
    WORK = "WORK"
    HOME = "HOME"
    VOICE = "VOICE"
    FAX = "FAX"
    MSG = "MSG"
    CELL = "CELL"
    PAGER = "PAGER"
    BBS = "BBS"
    MODEM = "MODEM"
    CAR = "CAR"
    ISDN = "ISDN"
    VIDEO = "VIDEO"


class AddressKind(StrEnum):
    """What an address is for (vCard 2.1, 2.3.1; RFC 2426 3.2.1)."""

    PREF = "PREF"
    WORK = "WORK"
    HOME = "HOME"
    DOM = "DOM"
    INTL = "INTL"
    POSTAL = "POSTAL"
    PARCEL = "PARCEL"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number, with pauses if it has any."""

    number: str
    kinds: tuple[PhoneKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; a part may have several lines."""

    street: str = ""
    city: str = ""
    region: str = ""
    code: str = ""
    country: str = ""
    box: str = ""
    extended: str = ""
    kinds: tuple[AddressKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an organisation. `organisation` is its name, then its units, from large to small."""

    family: str = ""
    given: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    formatted_name: str = ""
    organisation: tuple[str, ...] = ()
    title: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    birthday: date | None = None
    note: str = ""
    categories: tuple[str, ...] = ()
    """Words to file it under; version 2.1 has no place for them."""

    @property
    def display_name(self) -> str:
        """What to call it: the formatted name, else the parts of the name, else what is known first."""
        parts = (self.prefix, self.given, self.additional, self.family, self.suffix)
        others = (*self.organisation, *(phone.number for phone in self.phones), *self.emails)
        return self.formatted_name or " ".join(filter(None, parts)) or next(filter(None, others), "")


# ---------------------------------------------------------------------------------------------------- writing


def write(contact: Contact, version: Version = "2.1") -> str:
    """The card with CRLF line ends.

    Version 3.0 demands a formatted name, and both demand a name: where the contact has none, `display_name`
    stands in; phones that ignore the formatted name then show something all the same. Raises Mendable, with
    the field, for a contact without any name, number or address, for an empty number, address of e-mail or
    URL, for what `content_lines.clean` refuses, and for another version.
    """
    if version not in {"2.1", "3.0"}:
        raise Mendable(f"A card is written in version 2.1 or 3.0, not {version}.", field="version")
    if not contact.display_name:
        raise Mendable(
            "A contact needs a name, an organisation, a number or an e-mail address.", field="name"
        )
    card = _Card(version)
    name = (contact.family, contact.given, contact.additional, contact.prefix, contact.suffix)
    card.structured("N", name if any(name) else (contact.display_name, "", "", "", ""), field="name")
    if contact.formatted_name or version == "3.0":
        card.add("FN", contact.formatted_name or contact.display_name, field="formatted_name")
    if any(contact.organisation):
        card.structured("ORG", contact.organisation, field="organisation")
    if contact.title:
        card.add("TITLE", contact.title, field="title")
    for phone in contact.phones:
        card.add("TEL", _given(phone.number, "phones"), types=phone.kinds, field="phones")
    for email in contact.emails:
        card.add("EMAIL", _given(email, "emails"), types=("INTERNET",), field="emails")
    for url in contact.urls:
        card.add_uri("URL", _given(url, "urls"), field="urls")
    for one in contact.addresses:
        parts = (one.box, one.extended, one.street, one.city, one.region, one.code, one.country)
        card.structured("ADR", parts, types=one.kinds, field="addresses")
    if contact.birthday is not None:
        extended = contact.birthday.isoformat()
        card.add("BDAY", extended if version == "3.0" else extended.replace("-", ""), field="birthday")
    if contact.note:
        card.add("NOTE", contact.note, field="note")
    categories = [escape(clean(one, field="categories")) for one in contact.categories if one]
    if categories and version == "3.0":
        card.line(mime_line("CATEGORIES", ",".join(categories)))
    return card.text()


class _Card:
    def __init__(self, version: Version) -> None:
        self._is_versit = version == "2.1"
        self._lines = [f"BEGIN:VCARD{CRLF}VERSION:{version}{CRLF}"]

    def line(self, line: str) -> None:
        """Add a property as it is."""
        self._lines.append(line)

    def add(self, name: str, text: str, *, types: Iterable[str] = (), field: str) -> None:
        text = clean(text, field=field)
        if self._is_versit:
            self._lines.append(versit_line(";".join((name, *types)), text, field=field))
        else:
            self._lines.append(mime_line(_typed(name, types), escape(text)))

    def structured(
        self, name: str, components: Iterable[str], *, types: Iterable[str] = (), field: str
    ) -> None:
        texts = [clean(component, field=field) for component in components]
        if self._is_versit or name == "ORG":
            # Empty parts at the end may be left out, and octets are dear; but some readers count those of
            # addresses, and of names in version 3.0.
            while len(texts) > 1 and name != "ADR" and not texts[-1]:
                texts.pop()
        if self._is_versit:
            self._lines.append(versit_line(";".join((name, *types)), texts, field=field))
        else:
            self._lines.append(mime_line(_typed(name, types), ";".join(map(escape, texts))))

    def add_uri(self, name: str, uri: str, *, field: str) -> None:
        """A URI has no escapes (RFC 2426 3.6.8). What is not allowed in one is escaped all the same."""
        text = clean(uri, field=field)
        if self._is_versit:
            self._lines.append(versit_line(name, text, field=field))
        else:
            self._lines.append(mime_line(name, text.replace("\\", "\\\\").replace("\n", "\\n")))

    def text(self) -> str:
        return "".join((*self._lines, f"END:VCARD{CRLF}"))


def _typed(name: str, types: Iterable[str]) -> str:
    said = ",".join(types)
    return f"{name};TYPE={said}" if said else name


def _given(text: str, field: str) -> str:
    if not text:
        raise Mendable(f"One of the {field} is empty.", field=field)
    return text


# ---------------------------------------------------------------------------------------------------- reading


def read_contacts(text: str) -> tuple[Contact, ...]:
    """The contacts of a text in vCard 2.1, 3.0 or 4.0, in order.

    What a Contact has no place for is left out: pictures, keys, cards inside cards, properties of others'
    making. Raises Mendable, with the line, for what is no vCard or can't be read, and for more than
    `content_components.MAX_CHARACTERS`.
    """
    cards = [one for one in read(text, source="vcard") if one.name == "VCARD"]
    if not cards:
        raise Mendable("The text holds no vCard: BEGIN:VCARD is missing.", field="vcard")
    return tuple(_contact(card) for card in cards)


def _contact(card: Component) -> Contact:
    version = card.first("VERSION")
    is_versit = version is None or version.value.strip() == "2.1"

    def texts(line: ContentLine | None) -> list[str]:
        """The components of a structured value."""
        if line is None:
            return []
        parts = split(line.value, ";", is_versit=is_versit)
        # A component may be a list, which commas separate (RFC 2426 4): it stays one text.
        return [part.replace("\\;", ";") if is_versit else unescape(part) for part in parts]

    def text(line: ContentLine | None) -> str:
        if line is None:
            return ""
        return line.value if is_versit else unescape(line.value)

    name = [*texts(card.first("N")), "", "", "", "", ""]
    organisation = texts(card.first("ORG"))
    while organisation and not organisation[-1]:
        organisation.pop()
    return Contact(
        family=name[0],
        given=name[1],
        additional=name[2],
        prefix=name[3],
        suffix=name[4],
        formatted_name=text(card.first("FN")),
        organisation=tuple(organisation),
        title=text(card.first("TITLE")),
        phones=tuple(
            Phone(_number(line, text(line)), _kinds(PhoneKind, line.types)) for line in card.every("TEL")
        ),
        emails=tuple(text(line) for line in card.every("EMAIL")),
        urls=tuple(text(line) for line in card.every("URL")),
        addresses=tuple(_address(texts(line), line) for line in card.every("ADR")),
        birthday=_birthday(card.first("BDAY")),
        note=text(card.first("NOTE")),
        categories=tuple(
            one.strip() if is_versit else unescape(one).strip()
            for line in card.every("CATEGORIES")
            for one in split(line.value, ",", is_versit=is_versit)
            if one.strip()
        ),
    )


_Kind = TypeVar("_Kind", PhoneKind, AddressKind)


def _kinds(kinds: type[_Kind], types: tuple[str, ...]) -> tuple[_Kind, ...]:
    """The types that are known, each once. A quoted list counts as its members (RFC 6350 5.6)."""
    known = {kind.value: kind for kind in kinds}
    said = ",".join(types).split(",")
    return tuple(dict.fromkeys(known[one] for one in said if one in known))


def _number(line: ContentLine, text: str) -> str:
    """A number; in vCard 4.0 it may be a URI (RFC 6350 6.4.1)."""
    return text.removeprefix("tel:") if line.parameter("VALUE").lower() == "uri" else text


def _address(parts: list[str], line: ContentLine) -> Address:
    box, extended, street, city, region, code, country = [*parts, *[""] * 7][:7]
    return Address(street, city, region, code, country, box, extended, _kinds(AddressKind, line.types))


def _birthday(line: ContentLine | None) -> date | None:
    """A date, if need be of a moment; None for the incomplete dates of vCard 4.0 (RFC 6350 4.3.1)."""
    if line is None:
        return None
    value = line.value.strip()
    found = re.match(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T|$)", value)
    if found is None and re.fullmatch(r"-{0,3}[0-9]{2,4}(?:-?[0-9]{2})?(?:T.*)?", value):
        return None
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise Mendable(f"Line {line.number} holds no date that there is.", field="vcard")
