"""vobject as judge: it reads back the cards and events that we write, and we read the cards that it writes.

Where it is wrong, the generated texts keep away, and a test of its own says what decides.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import vobject  # type: ignore[import-untyped]

from sms_desktop.encoding.vcal import Event
from sms_desktop.encoding.vcal import write as write_event
from sms_desktop.encoding.vcard import Address, AddressKind, Contact, Phone, PhoneKind, read_contacts, write

CASES = 1_500
LETTERS = "abc XYZ 019-_~.:=/?!()éßЖ中😀€\"'\n"
NAME = ("family", "given", "additional", "prefix", "suffix")
ADDRESS = ("street", "city", "region", "code", "country", "box", "extended")


def chances(name: str) -> Iterator[random.Random]:
    return (random.Random(f"{name} {case}") for case in range(CASES))


def a_text(chance: random.Random, letters: str) -> str:
    return "".join(chance.choices(letters, k=chance.randint(0, 60))).strip()


def a_contact(chance: random.Random, letters: str) -> Contact:
    def text() -> str:
        return a_text(chance, letters)

    def some() -> str:
        return text() or "x"

    def an_address() -> Address:
        kinds = tuple(chance.sample(list(AddressKind), k=chance.randint(0, 2)))
        return Address(text(), text(), text(), text(), text(), text(), text(), kinds)

    def a_phone() -> Phone:
        return Phone(some(), tuple(chance.sample(list(PhoneKind), k=chance.randint(0, 2))))

    return Contact(
        some(),
        text(),
        text(),
        text(),
        text(),
        formatted_name=some(),
        organisation=(some(), some()),
        title=some(),
        phones=tuple(a_phone() for _ in range(chance.randint(0, 3))),
        emails=tuple(some() for _ in range(chance.randint(0, 2))),
        urls=("http://example.com/" + "".join(chance.choices("abc/?=&;%20é", k=chance.randint(0, 90))),),
        addresses=tuple(an_address() for _ in range(chance.randint(0, 2))),
        birthday=date(1, 1, 1) + timedelta(days=chance.randrange(3_600_000)),
        note=some(),
    )


def assert_agreed(theirs: Any, ours: Contact, birthday: str) -> None:
    """What vobject read of a card is the contact."""
    assert parts_of(theirs.n.value, NAME) == parts_of(ours, NAME)
    assert plain(theirs.fn.value) == ours.formatted_name
    assert list(map(plain, theirs.org.value)) == list(ours.organisation)
    assert plain(theirs.title.value) == ours.title
    assert plain(theirs.note.value) == ours.note
    assert theirs.bday.value == birthday
    lists = {name: theirs.contents.get(name, []) for name in ("tel", "email", "url", "adr")}
    assert [plain(line.value) for line in lists["tel"]] == [phone.number for phone in ours.phones]
    assert [kinds_of(line) for line in lists["tel"]] == [list(phone.kinds) for phone in ours.phones]
    assert [plain(line.value) for line in lists["email"]] == list(ours.emails)
    assert [line.value for line in lists["url"]] == list(ours.urls)
    assert [parts_of(line.value, ADDRESS) for line in lists["adr"]] == [
        parts_of(one, ADDRESS) for one in ours.addresses
    ]
    assert [kinds_of(line) for line in lists["adr"]] == [list(one.kinds) for one in ours.addresses]


def plain(text: str) -> str:
    """A text with our line ends: those of quoted-printable are CR LF (RFC 2045 6.7, rule 4)."""
    return text.replace("\r\n", "\n")


def parts_of(value: Any, names: tuple[str, ...]) -> list[str]:
    return [plain(getattr(value, name)) for name in names]


def kinds_of(line: Any) -> list[str]:
    return line.singletonparams + line.params.get("TYPE", [])  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------------- our cards


def test_our_cards_of_version_3_0_are_read_back() -> None:
    for chance in chances("3.0"):
        contact = a_contact(chance, LETTERS + ",;\\")
        assert contact.birthday is not None
        theirs = vobject.readOne(write(contact, "3.0"))
        assert_agreed(theirs, contact, contact.birthday.isoformat())


def test_our_cards_of_version_2_1_are_read_back() -> None:
    # vobject reads 2.1 by the rules of 3.0: commas and backslashes mean something to it unknown to 2.1.
    for chance in chances("2.1"):
        contact = a_contact(chance, LETTERS + ";")
        assert contact.birthday is not None
        theirs = vobject.readOne(write(contact), allowQP=True)
        assert_agreed(theirs, contact, contact.birthday.isoformat().replace("-", ""))


def test_commas_in_version_2_1_are_text() -> None:
    # versit vCard 2.1, 2.1.2: the semicolon alone is a delimiter.
    text = write(Contact("Doe", note="Hello, world"))
    assert vobject.readOne(text).note.value == "Hello"
    assert read_contacts(text)[0].note == "Hello, world"


def test_commas_in_a_url_of_version_3_0_are_part_of_it() -> None:
    # RFC 2426 3.6.8: the value is a URI, not a text, so that it has neither escapes nor lists.
    text = write(Contact("Doe", urls=("http://example.com/a,b",)), "3.0")
    assert "\r\nURL:http://example.com/a,b\r\n" in text
    assert vobject.readOne(text).url.value == "http://example.com/a"
    assert read_contacts(text)[0].urls == ("http://example.com/a,b",)


# ----------------------------------------------------------------------------------------------- their cards


def test_their_cards_are_read() -> None:
    for chance in chances("theirs"):
        contact = a_contact(chance, LETTERS + ",;\\")
        assert contact.birthday is not None
        card = vobject.vCard()
        card.add("n").value = vobject.vcard.Name(**{part: getattr(contact, part) for part in NAME})
        card.add("fn").value = contact.formatted_name
        card.add("org").value = list(contact.organisation)
        card.add("title").value = contact.title
        card.add("note").value = contact.note
        card.add("bday").value = contact.birthday.isoformat()
        for phone in contact.phones:
            line = card.add("tel")
            line.value = phone.number
            if phone.kinds:
                line.type_paramlist = [kind.value for kind in phone.kinds]
        for email in contact.emails:
            card.add("email").value = email
        for one in contact.addresses:
            line = card.add("adr")
            line.value = vobject.vcard.Address(**{part: getattr(one, part) for part in ADDRESS})
            if one.kinds:
                line.type_paramlist = [kind.value for kind in one.kinds]
        assert read_contacts(card.serialize()) == (replace(contact, urls=()),)


# ------------------------------------------------------------------------------------------------ our events


def test_our_events_are_read_back() -> None:
    for chance in chances("events"):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**9))
        version = chance.choice(["1.0", "2.0"])
        letters = LETTERS if version == "1.0" else LETTERS + ",;\\"
        minutes = chance.randrange(100_000)
        event = Event(
            summary=a_text(chance, letters) or "x",
            start=start if chance.random() < 0.5 else start.replace(tzinfo=None),
            location=a_text(chance, letters) or "x",
            description=a_text(chance, letters) or "x",
            alarm=timedelta(minutes=minutes),
        )
        text = write_event(event, "1.0" if version == "1.0" else "2.0")
        theirs = vobject.readOne(text, allowQP=True).vevent
        assert plain(theirs.summary.value) == event.summary
        assert plain(theirs.location.value) == event.location
        assert plain(theirs.description.value) == event.description
        assert theirs.dtstart.value == event.start
        if version == "2.0":
            assert theirs.valarm.trigger.value == -timedelta(minutes=minutes)
