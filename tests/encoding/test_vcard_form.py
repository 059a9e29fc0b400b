from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sms_desktop.encoding.vcard import read_contacts
from sms_desktop.encoding.vcard_form import FIELDS, VERSIONS, in_version, read_form, write_form
from sms_desktop.messages.errors import Mendable

letters = st.sampled_from('ab ;,:=\n\t".éж中😀\u202e\u200b') | st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=40)
SIMPLE = [name for name in FIELDS if name not in {"phone-kind", "birthday", "formatted"}]
values = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(SIMPLE, texts.filter(bool)),
        "birthday": st.dates().map(lambda day: day.isoformat()),
    },
)
ADA = {
    "given": "Ada",
    "family": "Lovelace",
    "organisation": "Analytical Engines",
    "mobile": "+31612345678",
    "email": "ada@example.org",
    "web": "http://engines.example",
    "note": "Collects at desk 4, weekdays",
}
PHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Somebody//EN
N:Lovelace;Ada;Augusta;Lady;
FN:Lady Ada Augusta Lovelace
item1.TEL;type=CELL;type=VOICE;type=pref:+31 6 1234
item1.X-ABLabel:mine
TEL;TYPE=WORK:+31201234567
TEL;TYPE=HOME:+31207654321
EMAIL;TYPE=INTERNET:ada@example.org
PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K
 GgoAAAAN
X-THING;a="x:y;z":left\\, alone
END:VCARD
"""


def test_a_form_as_the_picture_has_it() -> None:
    assert write_form("", ADA, "2.1").text.split("\n") == [
        "BEGIN:VCARD",
        "VERSION:2.1",
        "N:Lovelace;Ada",
        "ORG:Analytical Engines",
        "TEL;CELL:+31612345678",
        "EMAIL;INTERNET:ada@example.org",
        "URL:http://engines.example",
        "NOTE:Collects at desk 4, weekdays",
        "END:VCARD",
        "",
    ]


@settings(max_examples=100, deadline=None)
@given(values, st.sampled_from(VERSIONS))
def test_what_is_typed_into_the_form_is_read_back(typed: dict[str, str], version: str) -> None:
    written = write_form("", typed, version)
    found = read_form(written.text)
    kept = {name: value for name, value in typed.items() if name not in written.problems}
    if kept and not {"given", "family"} & kept.keys():
        # Phones want a name: another field stands in for it, and a card of an address alone has none.
        assert not {"given", "family"} & found.values.keys()
    if "given" not in kept and kept.get("family") in kept.values():
        kept.pop("family", None)  # reads like a stand-in
        assert {name: found.values.get(name, "") for name in kept} == kept
        return
    assert dict(found.values) == kept
    if kept:
        read_contacts(written.text)


@settings(max_examples=100, deadline=None)
@given(values, st.sampled_from(FIELDS), texts, st.sampled_from(VERSIONS))
def test_a_change_of_one_field_leaves_the_others(
    typed: dict[str, str], name: str, value: str, version: str
) -> None:
    text = write_form("", {**typed, "given": "Ada"}, version).text
    before = dict(read_form(text).values)
    after = dict(read_form(write_form(text, {**before, name: value}, version).text).values)
    for each in set(FIELDS) - {name, "given", "family", "formatted", "phone-kind"}:
        assert after.get(each) == before.get(each), each


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SIMPLE), texts)
def test_what_the_form_does_not_know_survives_its_edits(name: str, value: str) -> None:
    found = read_form(PHONE)
    assert set(found.kept) == {"PRODID", "TEL", "X-ABLABEL", "PHOTO", "X-THING"}
    text = write_form(PHONE, {**found.values, name: value}, "3.0").text
    for kept in (
        "PRODID:-//Somebody//EN",
        "item1.X-ABLabel:mine",
        "TEL;TYPE=HOME:+31207654321",
        "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K\n GgoAAAAN",
        'X-THING;a="x:y;z":left\\, alone',
    ):
        assert kept in text
    if name != "mobile":
        assert "item1.TEL;type=CELL;type=VOICE;type=pref:+31 6 1234" in text


def test_nothing_changes_where_nothing_was_changed() -> None:
    assert write_form(PHONE, read_form(PHONE).values, "2.1").text == PHONE


def test_the_formatted_name_follows_the_name_it_repeats() -> None:
    found = read_form(PHONE)
    assert "formatted" not in found.values
    text = write_form(PHONE, {**found.values, "given": "Grace"}, "3.0").text
    assert "\nN:Lovelace;Grace;Augusta;Lady;\nFN:Lady Grace Augusta Lovelace\n" in text
    other = PHONE.replace("FN:Lady Ada Augusta Lovelace", "FN:The Countess")
    assert read_form(other).values["formatted"] == "The Countess"
    assert "FN:The Countess" in write_form(other, {**read_form(other).values, "given": "Grace"}, "3.0").text


def test_a_name_that_stands_in_follows() -> None:
    text = write_form("", {"organisation": "Engines"}, "3.0").text
    assert "\nN:Engines;;;;\nFN:Engines\nORG:Engines\n" in text
    text = write_form(text, {"organisation": "Engines of Ada"}, "3.0").text
    assert "\nN:Engines of Ada;;;;\nFN:Engines of Ada\nORG:Engines of Ada\n" in text
    text = write_form(text, {"organisation": "Engines of Ada", "given": "Ada"}, "3.0").text
    assert "\nN:;Ada;;;\nFN:Ada\n" in text
    assert write_form(text, {}, "3.0").text == ""


def test_the_kind_of_the_other_number() -> None:
    text = write_form("", {"given": "A", "phone": "123", "phone-kind": "WORK"}, "2.1").text
    assert "TEL;WORK:123" in text
    text = write_form(text, {"given": "A", "phone": "123", "phone-kind": "HOME"}, "2.1").text
    assert "TEL;HOME:123" in text
    assert "TEL:123" in write_form(text, {"given": "A", "phone": "123", "phone-kind": ""}, "2.1").text


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("birthday", "yesterday", "'yesterday' is no date. Write it as 1990-02-03."),
        ("note", "a\0b", "Character 2 of note (U+0000) is a control character."),
        ("family", "a\\", "ends with a backslash"),
    ],
)
def test_what_cannot_be_written_is_said_and_the_rest_is_written(name: str, value: str, sentence: str) -> None:
    written = write_form("", {"given": "Ada", "email": "a@b.c", name: value}, "2.1")
    assert sentence in written.problems[name]
    assert dict(read_form(written.text).values) == {"given": "Ada", "email": "a@b.c"}


def test_the_other_version_keeps_everything() -> None:
    older = in_version(PHONE, "2.1")
    assert "VERSION:2.1" in older
    assert "item1.TEL;CELL;VOICE;pref:+31 6 1234" in older
    assert "PHOTO;PNG;ENCODING=BASE64:iVBORw0K\n GgoAAAAN" in older
    assert dict(read_form(older).values) == dict(read_form(PHONE).values)
    newer = in_version(older, "3.0")
    assert dict(read_form(newer).values) == dict(read_form(PHONE).values)
    assert set(read_form(newer).kept) == set(read_form(PHONE).kept)
    assert in_version("", "3.0") == ""


@settings(max_examples=100, deadline=None)
@given(values)
def test_the_other_version_says_the_same(typed: dict[str, str]) -> None:
    assume(not any(value.endswith("\\") for value in typed.values()))  # 2.1 has no notation for it
    text = write_form("", {**typed, "given": "Ada"}, "3.0").text
    older = in_version(text, "2.1")
    assert dict(read_form(older).values) == dict(read_form(text).values)


@pytest.mark.parametrize(
    "text", ["hello", "BEGIN:VCARD", "BEGIN:VCARD\nnothing\nEND:VCARD", "\0", "BEGIN:A\nEND:A"]
)
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(Mendable):
        read_form(text)
