"""A corpus of disguises, and of honest texts that look a little like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding.suspicious import Danger, suspicious, without_hidden

ATTACKS = {
    # hidden
    "Pay\u200bPal": ("hidden",),
    "soft\u00adhyphen": ("hidden",),
    "\ufeffbegin": ("hidden",),
    "word\u2060joiner": ("hidden",),
    "zero\u200dwidth": ("hidden",),
    "hangul\u3164filler": ("hidden",),
    "tag\U000e0041\U000e0042": ("hidden", "hidden"),
    "variation\ufe0f": ("hidden",),
    "null\0": ("hidden",),
    "bell\x07": ("hidden",),
    # direction
    "invoice\u202efdp.exe": ("direction",),
    "\u2066open isolate": ("direction",),
    "\u202aembedded\u202c": ("direction", "direction"),
    "mark\u200f alone": ("direction",),
    # look-alikes
    "Your P\u0430ss": ("look-alike",),
    "W\u0456n": ("look-alike",),
    "\u0440\u0430\u0443\u0440\u0430l": ("look-alike",) * 5,
    "Dear \u0441\u0443\u0445\u0430": ("look-alike",) * 4,
    "\U0001d401\U0001d5ee\u006ek": ("look-alike", "look-alike"),
    "\uff22ank": ("look-alike",),
    # links
    "http://bank.example@evil.example/": ("link",),
    "https://bank.example\\@evil.example": (),
    "https://xn--pypal-4ve.com/x": ("link",),
    "see xn--pple-43d.com": ("link",),
    "http://3232235777/": ("link",),
    "http://0x7f000001/": ("link",),
    "https://b\u0430nk.example": ("link", "look-alike"),
    "b\u0430nk.example": ("link", "look-alike"),
    "https://bank.example\u2215path.evil.example": ("link",),
    "bank\u3002example": ("link",),
}

HONEST = [
    "",
    "Hello, your code is 123456.",
    "naïve café, façade, Zürich, İbrahim Yıldız, Łódź, smørrebrød",
    "Привет, как дела? Сбор в 10:00",
    "Καλημέρα κόσμε",
    "谢谢，我星期五会来拿",
    "こんにちは ＡＢＣ",
    "שלום\u200f! 050-123",
    "می\u200cخواهم",
    "क्\u200dष",
    "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 🇳🇱",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "10 kΩ, Δt, 5 µm",
    "a@b.example, http://ok.example/@me?x=a@b, https://ok.example:8080/",
    "www.пример.рф",
    "münchen.de",
    "日本語text.jp",
    "line\nline\r\ntab\t.",
    "1.5 or 2.5, e.g. this...",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_a_disguise_is_found(text: str) -> None:
    assert tuple(one.danger.value for one in suspicious(text)) == ATTACKS[text]


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_text_is_left_alone(text: str) -> None:
    assert suspicious(text) == ()


def test_what_it_looks_like_is_told() -> None:
    (found,) = suspicious("W\u0456n")
    assert (found.instead, found.names) == ("i", "U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I")


@pytest.mark.parametrize(
    "text, without",
    [("a\u200bb\u202ec", "abc"), ("p\u0430y", "p\u0430y"), ("plain", "plain"), ("\u200b", "")],
)
def test_only_what_is_hidden_is_taken_out(text: str, without: str) -> None:
    assert without_hidden(text) == without


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_is_read_and_every_finding_lies_in_it(text: str) -> None:
    for one in suspicious(text):
        assert text[one.position : one.position + one.length] == one.text
        assert one.length > 0
        assert (one.reason == "") == (one.danger is not Danger.LINK)
    assert not {one.danger for one in suspicious(without_hidden(without_hidden(text)))} & {Danger.HIDDEN}


@given(st.text(alphabet=st.sampled_from("ab\u200b\u200d\u202e\ufe0f\u05d0❤"), max_size=30))
def test_what_is_taken_out_is_only_hidden(text: str) -> None:
    kept = without_hidden(text)
    assert [each for each in kept if each in "ab\u05d0❤"] == [each for each in text if each in "ab\u05d0❤"]
