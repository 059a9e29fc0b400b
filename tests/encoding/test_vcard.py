from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.encoding.vcard import (
    Address,
    AddressKind,
    Contact,
    Phone,
    PhoneKind,
    Version,
    read_contacts,
    write,
)
from sms_desktop.messages.errors import Mendable

letters = st.sampled_from('ab ;,:\\=\n\t".éж中😀') | st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=60)
given_texts = st.text(letters, min_size=1, max_size=60)
addresses = st.builds(
    Address,
    *[texts] * 7,
    kinds=st.lists(st.sampled_from(AddressKind), unique=True, max_size=3).map(tuple),
)
phones = st.builds(
    Phone, number=given_texts, kinds=st.lists(st.sampled_from(PhoneKind), unique=True, max_size=3).map(tuple)
)
contacts = st.builds(
    Contact,
    family=given_texts,
    given=texts,
    additional=texts,
    prefix=texts,
    suffix=texts,
    formatted_name=texts,
    organisation=st.lists(texts, max_size=3).map(lambda parts: tuple(parts) if parts and parts[-1] else ()),
    title=texts,
    phones=st.lists(phones, max_size=3).map(tuple),
    emails=st.lists(given_texts, max_size=2).map(tuple),
    urls=st.lists(given_texts, max_size=2).map(tuple),
    addresses=st.lists(addresses, max_size=2).map(tuple),
    birthday=st.none() | st.dates(),
    note=texts,
)

JANE = Contact(
    family="Doe",
    given="Jane",
    formatted_name="Jane Doe",
    organisation=("Acme; Ltd", "Sales"),
    title="Head",
    phones=(
        Phone("+31612345678", (PhoneKind.CELL,)),
        Phone("+31201234567", (PhoneKind.HOME, PhoneKind.VOICE)),
    ),
    emails=("jane@example.com",),
    urls=("http://example.com/a,b;c",),
    addresses=(Address("1 High Street", "Town", code="AB1", country="UK", kinds=(AddressKind.WORK,)),),
    birthday=date(1990, 2, 3),
    note="Hi, there; you",
)


def test_version_2_1() -> None:
    assert write(JANE).split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:2.1",
        "N:Doe;Jane",
        "FN:Jane Doe",
        "ORG:Acme\\; Ltd;Sales",
        "TITLE:Head",
        "TEL;CELL:+31612345678",
        "TEL;HOME;VOICE:+31201234567",
        "EMAIL;INTERNET:jane@example.com",
        "URL:http://example.com/a,b;c",
        "ADR;WORK:;;1 High Street;Town;;AB1;UK",
        "BDAY:19900203",
        "NOTE:Hi, there; you",
        "END:VCARD",
        "",
    ]


def test_version_3_0() -> None:
    assert write(JANE, "3.0").split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:Doe;Jane;;;",
        "FN:Jane Doe",
        "ORG:Acme\\; Ltd;Sales",
        "TITLE:Head",
        "TEL;TYPE=CELL:+31612345678",
        "TEL;TYPE=HOME,VOICE:+31201234567",
        "EMAIL;TYPE=INTERNET:jane@example.com",
        "URL:http://example.com/a,b;c",
        "ADR;TYPE=WORK:;;1 High Street;Town;;AB1;UK",
        "BDAY:1990-02-03",
        "NOTE:Hi\\, there\\; you",
        "END:VCARD",
        "",
    ]


def test_what_is_not_ascii() -> None:
    contact = Contact("Müller", "Jürgen", note="Grüße\naus Köln")
    assert write(contact).split("\r\n")[2:-2] == [
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen",
        "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=C3=9Fe=0D=0Aaus K=",
        "=C3=B6ln",
    ]
    assert write(contact, "3.0").split("\r\n")[2:-2] == [
        "N:Müller;Jürgen;;;",
        "FN:Jürgen Müller",
        "NOTE:Grüße\\naus Köln",
    ]


@pytest.mark.parametrize(
    "contact, name",
    [
        (Contact("Doe", "Jane", "Q.", "Dr.", "Jr."), "Dr. Jane Q. Doe Jr."),
        (Contact("Doe", formatted_name="J. Doe"), "J. Doe"),
        (Contact(organisation=("", "Sales")), "Sales"),
        (Contact(phones=(Phone("123"),)), "123"),
        (Contact(emails=("a@b.c",)), "a@b.c"),
        (Contact(), ""),
    ],
)
def test_what_a_contact_is_called(contact: Contact, name: str) -> None:
    assert contact.display_name == name
    if name and not contact.family:  # what stands in for a name is written as one
        assert f"\r\nN:{name}\r\n" in write(contact)
        assert f"\r\nN:{name};;;;\r\nFN:{name}\r\n" in write(contact, "3.0")


@pytest.mark.parametrize("version", ["2.1", "3.0"])
@pytest.mark.parametrize(
    "contact, field, message",
    [
        (Contact(note="a"), "name", "A contact needs a name"),
        (Contact("a\0"), "name", "Character 2 of name"),
        (Contact("a", title="\x07"), "title", "Character 1 of title"),
        (Contact("a", phones=(Phone(""),)), "phones", "One of the phones is empty"),
        (Contact("a", emails=("",)), "emails", "One of the emails is empty"),
        (Contact("a", urls=("",)), "urls", "One of the urls is empty"),
        (Contact("a", urls=("\ud800",)), "urls", "only half of a character"),
        (Contact("a", addresses=(Address(city="\x1f"),)), "addresses", "control character"),
    ],
)
def test_what_cannot_be_written(contact: Contact, field: str, message: str, version: Version) -> None:
    with pytest.raises(Mendable, match=message) as caught:
        write(contact, version)
    assert caught.value.field == field


def test_a_backslash_in_front_of_a_separator_needs_version_3() -> None:
    contact = Contact("a\\", "b")
    with pytest.raises(Mendable, match="name ends with a backslash"):
        write(contact)
    assert read_contacts(write(contact, "3.0"))[0].family == "a\\"


def test_another_version_cannot_be_written() -> None:
    with pytest.raises(Mendable, match=r"2\.1 or 3\.0, not 4\.0") as caught:
        write(JANE, "4.0")  # type: ignore[arg-type]
    assert caught.value.field == "version"


@settings(max_examples=400)
@given(contacts, st.sampled_from(["2.1", "3.0"]))
def test_what_is_written_is_read_back(contact: Contact, version: Version) -> None:
    structured: list[tuple[str, ...]] = [contact.organisation]
    structured.append((contact.family, contact.given, contact.additional, contact.prefix, contact.suffix))
    structured += [
        (one.box, one.extended, one.street, one.city, one.region, one.code, one.country)
        for one in contact.addresses
    ]
    try:
        text = write(contact, version)
    except Mendable:
        assert version == "2.1"
        assert any(part.endswith("\\") for parts in structured for part in parts)
        return
    assert text.endswith("\r\nEND:VCARD\r\n")
    limit = 76 if version == "2.1" else 75
    assert all(len(line.encode()) <= limit or line.startswith("TEL") for line in text.split("\r\n"))
    expected = contact
    if version == "3.0" and not contact.formatted_name:
        expected = replace(contact, formatted_name=contact.display_name)
    assert read_contacts(text) == (expected,)


# ---------------------------------------------------------------------------------------------------- reading


def test_a_card_of_version_4() -> None:
    (contact,) = read_contacts(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Simon Perreault\nN:Perreault;Simon;;;ing. jr,M.Sc.\nBDAY:--0203\n"
        'TEL;VALUE=uri;TYPE="voice,cell":tel:+1-418-656-9254;ext=102\n'
        "ORG:Viagenie\nEMAIL;TYPE=work:simon@example.com\nPHOTO:data:image/png;base64,AAAA\nEND:VCARD\n"
    )
    assert contact == Contact(
        family="Perreault",
        given="Simon",
        suffix="ing. jr,M.Sc.",
        formatted_name="Simon Perreault",
        organisation=("Viagenie",),
        phones=(Phone("+1-418-656-9254;ext=102", (PhoneKind.VOICE, PhoneKind.CELL)),),
        emails=("simon@example.com",),
    )


def test_a_card_of_an_address_book_with_what_we_do_not_know() -> None:
    (contact,) = read_contacts(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 9.3//EN\r\nN:Doe;Jane;;;\r\n"
        "item1.URL;type=pref:http\\://www.example.com\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\n"
        "TEL;type=IPHONE;type=CELL;type=pref:+1 555\r\nORG:Acme, Inc.;\r\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n  SkZJRg\r\nEND:VCARD\r\n"
    )
    assert contact.urls == ("http://www.example.com",)
    assert contact.phones == (Phone("+1 555", (PhoneKind.CELL, PhoneKind.PREF)),)
    assert contact.organisation == ("Acme, Inc.",)


def test_several_cards_and_cards_inside_cards() -> None:
    found = read_contacts(
        "BEGIN:VCARD\nVERSION:2.1\nN:A\nAGENT:\nBEGIN:VCARD\nN:B\nEND:VCARD\nEND:VCARD\n\n"
        "BEGIN:VCARD\nVERSION:3.0\nN:C\\;D\nN:second\nEND:VCARD\n"
    )
    assert [contact.family for contact in found] == ["A", "C;D"]


@pytest.mark.parametrize(
    "value, birthday",
    [
        ("19900203", date(1990, 2, 3)),
        ("1990-02-03", date(1990, 2, 3)),
        ("1990-02-03T00:00:00Z", date(1990, 2, 3)),
        (" 1990-02-03 ", date(1990, 2, 3)),
        ("", None),
        ("1990", None),
        ("1990-02", None),
        ("--0203", None),
        ("---03", None),
    ],
)
def test_birthdays(value: str, birthday: date | None) -> None:
    (contact,) = read_contacts(f"BEGIN:VCARD\nVERSION:4.0\nN:A\nBDAY:{value}\nEND:VCARD")
    assert contact.birthday == birthday


@pytest.mark.parametrize("value", ["1990-02-30", "yesterday", "0000-00-00", "19900203x", "²0²²0203"])
def test_a_birthday_that_is_none(value: str) -> None:
    with pytest.raises(Mendable, match="Line 4 holds no date that there is") as caught:
        read_contacts(f"BEGIN:VCARD\nVERSION:2.1\nN:A\nBDAY:{value}\nEND:VCARD")
    assert caught.value.field == "vcard"


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR\nEND:VCALENDAR"])
def test_what_is_no_card(text: str) -> None:
    with pytest.raises(Mendable, match="BEGIN:VCARD is missing"):
        read_contacts(text)


names = st.sampled_from(
    ["N", "FN", "ORG", "TEL", "TEL;CELL", "URL", "ADR", "BDAY", "NOTE;QUOTED-PRINTABLE", "EMAIL"]
)


@settings(max_examples=400)
@given(st.sampled_from(["2.1", "3.0", "4.0", "x"]), st.lists(st.tuples(names, texts), max_size=8))
def test_any_values_are_read_or_refused_with_their_line(version: str, lines: list[tuple[str, str]]) -> None:
    body = "".join(f"{name}:{value}\r\n" for name, value in lines)
    refusal = None
    try:
        (contact,) = read_contacts(f"BEGIN:VCARD\r\nVERSION:{version}\r\n{body}END:VCARD\r\n")
    except Mendable as error:
        refusal = error
    else:
        assert isinstance(contact.display_name, str)
    if refusal is not None:
        assert refusal.field == "vcard"
        assert refusal.message.startswith("Line ")
