"""`sms:` links (RFC 5724): what they may say, and that the rest is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.links import LONGEST_BODY, LONGEST_LINK, MOST_RECIPIENTS, Link, is_link, parse


@pytest.mark.parametrize(
    "uri, expected",
    [
        # The examples of RFC 5724 2.5, with numbers that have a country code.
        ("sms:+15105550101", Link(("15105550101",))),
        ("sms:+15105550101,+15105550102", Link(("15105550101", "15105550102"))),
        ("sms:+15105550101?body=hello%20there", Link(("15105550101",), "hello there")),
        ("SMS:+31612345678", Link(("31612345678",))),
        ("smsto:+31612345678", Link(("31612345678",))),
        ("sms://+31612345678", Link(("31612345678",))),
        ("sms://+31612345678/?body=x", Link(("31612345678",), "x")),
        ("sms:%2B31-6-1234-5678", Link(("31612345678",))),
        ("sms:+31612345678,+31612345678", Link(("31612345678",))),
        ("sms:612345678;phone-context=+31", Link(("31612345678",))),
        ("sms:+31612345678;phone-context=+44", Link(("31612345678",))),
        ("sms:+31612345678;ext=12?body=x", Link(("31612345678",), "x")),
        ("sms:", Link()),
        ("sms:?body=Hi", Link((), "Hi")),
        ("sms:+31612345678?subject=x&body=a%26b&priority=1", Link(("31612345678",), "a&b")),
        ("sms:+31612345678?body=", Link(("31612345678",))),
        ("sms:+31612345678?body=a%0D%0Ab%0Ac", Link(("31612345678",), "a\nb\nc")),
        ("sms:+31612345678?body=1+1=2", Link(("31612345678",), "1+1=2")),
        ("sms:+31612345678?body=caf%C3%A9%20%F0%9F%99%82", Link(("31612345678",), "café 🙂")),
        ("sms:+31612345678?body=a%00b%1B[2Jc%7F", Link(("31612345678",), "ab[2Jc")),
        ("sms:+31612345678?body=x#fragment", Link(("31612345678",), "x")),
    ],
)
def test_reads(uri: str, expected: Link) -> None:
    assert is_link(uri)
    assert parse(uri) == expected


@pytest.mark.parametrize(
    "uri, words",
    [
        ("mailto:a@example.com", "no sms: link"),
        ("", "no sms: link"),
        ("--profile", "no sms: link"),
        ("sms:0612345678", "no country code"),
        ("sms:*%2306%23", "digits only"),
        ("sms:911", "7 to 15"),
        ("sms:+31612345678,nobody", "digits only"),
        ("sms:+31612345678?body=100%", "two hexadecimal digits"),
        ("sms:+31612345678?body=%ff%fe", "not UTF-8"),
        ("sms:+31612345678?body=\udcff", "not UTF-8"),
        ("sms:+31612345678?body=a&body=b", "more than one text"),
        ("sms:+31612345678?body=" + "a" * (LONGEST_BODY + 1), "at most 3,200"),
        ("sms:" + "1" * LONGEST_LINK, "At most 20,000"),
        ("sms:" + ",".join(f"+3161234567{n:02}" for n in range(MOST_RECIPIENTS + 1)), "At most 20"),
    ],
)
def test_refuses_in_words(uri: str, words: str) -> None:
    with pytest.raises(Mendable, match=words) as refused:
        parse(uri)
    assert refused.value.field == "link"
    assert len(refused.value.message) < 250


_NUMBERS = st.lists(st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True), max_size=5, unique=True)
_BODIES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], include_characters="\n"), max_size=300
)


@given(_NUMBERS, _BODIES)
def test_what_is_written_is_read_again(numbers: list[str], body: str) -> None:
    link = Link(tuple(numbers), body)
    uri = link.as_uri()
    assert parse(uri) == link
    assert uri.isascii()
    assert " " not in uri
    assert uri.isprintable()


@given(
    st.text(max_size=200) | st.from_regex(r"sms:[+0-9,;=%a-f?&/#-]{0,60}\??(body=)?.{0,80}", fullmatch=True)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        link = parse(text)
    except Mendable:
        return
    assert all(number.isascii() and number.isdigit() and 7 <= len(number) <= 15 for number in link.recipients)
    assert all(character in "\n\t" or ord(character) >= 32 for character in link.body)
    assert parse(link.as_uri()) == link
