"""libwbxml (Debian's libwbxml2-utils) as judge: what it makes of an XML document is what we make, and back.

Thousands of documents go through its library, in this process; one goes through its programs.
"""

from __future__ import annotations

import ctypes
import random
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import pytest

from sms_desktop.encoding import wbxml
from sms_desktop.encoding.tree import Annotator
from sms_desktop.encoding.wap_push import (
    SiAction,
    SlAction,
    encode_service_indication,
    encode_service_loading,
)

CASES = 3_000
DOCTYPES = {
    "si": '<!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "http://www.wapforum.org/DTD/si.dtd">',
    "sl": '<!DOCTYPE sl PUBLIC "-//WAPFORUM//DTD SL 1.0//EN" "http://www.wapforum.org/DTD/sl.dtd">',
}
PIECES = [
    "http://",
    "https://",
    "www.",
    ".com/",
    ".edu/",
    ".net/",
    ".org/",
    ".com",
    "com/",
    "/",
    "?q=",
    "&",
    "<",
    '"',
]
LETTERS = "abc XYZ019-_~éßЖ中😀€'>%;:"

Attributes = list[tuple[str, str]]
Convert = Callable[[bytes], bytes]


class Judge:
    """The two conversions of libwbxml2."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def to_wbxml(self, xml: bytes, *, string_table: bool = False, version: int = 2) -> bytes:
        """`version` is the octet of the document: 1 to 3."""
        options = [("set_version", version), ("enable_preserve_whitespaces", None)]
        if not string_table:
            options.append(("disable_string_table", None))
        return self._convert("xml2wbxml", xml, options)

    def to_xml(self, octets: bytes) -> bytes:
        # Canonical form: no white space of its own making.
        return self._convert(
            "wbxml2xml", octets, [("set_gen_type", 2), ("enable_preserve_whitespaces", None)]
        )

    def _convert(self, name: str, given: bytes, options: list[tuple[str, int | None]]) -> bytes:
        prefix = f"wbxml_conv_{name}"
        converter = ctypes.c_void_p()
        assert not getattr(self._library, f"{prefix}_create")(ctypes.byref(converter))
        try:
            for option, value in options:
                arguments = [] if value is None else [ctypes.c_int(value)]
                getattr(self._library, f"{prefix}_{option}")(converter, *arguments)
            made, length = ctypes.c_void_p(), ctypes.c_uint32()
            run = getattr(self._library, f"{prefix}_run")
            error = run(
                converter, given, ctypes.c_uint32(len(given)), ctypes.byref(made), ctypes.byref(length)
            )
            assert error == 0, (error, given)
            octets = ctypes.string_at(made, length.value)
            ctypes.CDLL(None).free(made)
            return octets
        finally:
            getattr(self._library, f"{prefix}_destroy")(converter)


@pytest.fixture(scope="module")
def judge() -> Judge:
    try:
        return Judge(ctypes.CDLL("libwbxml2.so.1"))
    except OSError:
        pytest.fail("this test needs the Debian package libwbxml2-utils")


# -------------------------------------------------------------------------------------------------- documents


def an_address(chance: random.Random) -> str:
    pieces = chance.choices(PIECES, k=chance.randint(1, 5)) + chance.choices(LETTERS.replace(" ", ""), k=3)
    chance.shuffle(pieces)
    start = chance.choice(["", "http://", "http://www.", "https://", "https://www.", "http://www"])
    return start + "".join(pieces)


def a_date(chance: random.Random) -> str:
    moment = datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(9_998 * 365 * 86_400))
    # Often the last parts are zero: they are left out of the octets.
    coarse = chance.choice([1, 60, 3_600, 86_400])
    moment -= timedelta(seconds=moment.hour * 3_600 + moment.minute * 60 + moment.second) % timedelta(
        seconds=coarse
    )
    return moment.replace(tzinfo=None).isoformat() + "Z"


def a_text(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(0, 40))).strip()


def some(chance: random.Random, attributes: Attributes) -> Attributes:
    chosen = [one for one in attributes if chance.random() < 0.6]
    chance.shuffle(chosen)
    return chosen


def an_indication(chance: random.Random) -> tuple[Attributes, str]:
    attributes = [
        ("href", an_address(chance)),
        ("si-id", an_address(chance)),
        ("created", a_date(chance)),
        ("si-expires", a_date(chance)),
        ("action", chance.choice(list(SiAction)).value),
    ]
    return some(chance, attributes), a_text(chance)


def a_loading(chance: random.Random) -> Attributes:
    return some(chance, [("href", an_address(chance)), ("action", chance.choice(list(SlAction)).value)])


def xml_of(root: str, attributes: Attributes, text: str = "") -> bytes:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f"<si><indication{written}>{escaped}</indication></si>" if root == "si" else f"<sl{written}/>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{DOCTYPES[root]}{body}'.encode()


def read(octets: bytes) -> wbxml.Element:
    annotator = Annotator(octets)
    _, root = wbxml.decode(annotator, 0, len(octets))
    assert root is not None
    assert annotator.problems == []
    return root


def chances() -> Iterator[random.Random]:
    return (random.Random(f"libwbxml {case}") for case in range(CASES))


# ----------------------------------------------------------------------------------------------------- judged


def test_service_indications_are_the_same_octets(judge: Judge) -> None:
    for chance in chances():
        attributes, text = an_indication(chance)
        theirs = judge.to_wbxml(xml_of("si", attributes, text))
        assert encode_service_indication(attributes, text) == theirs


def test_service_loadings_are_the_same_octets(judge: Judge) -> None:
    for chance in chances():
        attributes = a_loading(chance)
        assert encode_service_loading(attributes) == judge.to_wbxml(xml_of("sl", attributes))


def test_our_service_indications_are_read_back(judge: Judge) -> None:
    for chance in chances():
        attributes, text = an_indication(chance)
        root = ET.fromstring(judge.to_xml(encode_service_indication(attributes, text)))
        (indication,) = root
        assert indication.attrib == dict(attributes)
        assert (indication.text or "") == text


def test_theirs_are_read_whatever_version_and_with_string_tables(judge: Judge) -> None:
    with_table = 0
    for chance in chances():
        attributes, text = an_indication(chance)
        # A string that occurs twice goes into their string table.
        repeated = [*attributes, ("class", text)] if chance.random() < 0.5 else attributes
        octets = judge.to_wbxml(
            xml_of("si", repeated, text), string_table=True, version=chance.choice([1, 2, 3])
        )
        with_table += octets[3] > 0
        (indication,) = read(octets).children
        assert list(indication.attributes) == repeated
        assert indication.text == text
    assert with_table > CASES / 10


def test_its_programs_agree_about_the_example_of_the_specification(tmp_path: Path) -> None:
    attributes = [
        ("href", "http://www.xyz.com/email/123/abc.wml"),
        ("created", "1999-06-25T15:23:15Z"),
        ("si-expires", "1999-06-30T00:00:00Z"),
    ]
    text = "You have 4 new emails"
    given, made, back = (tmp_path / name for name in ("given.xml", "made.wbxml", "back.xml"))
    given.write_bytes(xml_of("si", attributes, text))
    subprocess.run(["xml2wbxml", "-v", "1.2", "-n", "-o", made, given], check=True, capture_output=True)
    assert made.read_bytes() == encode_service_indication(attributes, text)
    subprocess.run(["wbxml2xml", "-m", "2", "-o", back, made], check=True, capture_output=True)
    assert ET.fromstring(back.read_bytes())[0].attrib == dict(attributes)
