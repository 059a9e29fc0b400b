from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sms_desktop.encoding.inspect import Inspection, inspect_user_data
from sms_desktop.encoding.reassembly import PartOctets, join
from tests.encoding.inspections import check
from tests.encoding.leaves import find

SI_HEADERS = bytes.fromhex("010601AD")  # text/vnd.wap.si
DOCUMENT = (
    '<?xml version="1.0"?>\n'
    '<!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "http://www.wapforum.org/DTD/si.dtd">\n'
    '<si>\n  <indication href="http://www.xyz.com/email/123/abc.wml?a=1&amp;b=2"'
    ' created="1999-06-25T15:23:15Z" si-expires="1999-06-30T00:00:00Z" action="signal-high" si-id="7">\n'
    "    Four new e-mails from Jürgen &lt;j@example.com&gt;\n  </indication>\n</si>\n"
)
SAID = {
    "type": "wap_push_si",
    "href": "http://www.xyz.com/email/123/abc.wml?a=1&b=2",
    "text": "Four new e-mails from Jürgen <j@example.com>",
    "created": "1999-06-25T15:23:15Z",
    "expires": "1999-06-30T00:00:00Z",
    "action": "signal-high",
    "id": "7",
}


def pushed(body: bytes, headers: bytes = SI_HEADERS) -> Inspection:
    udh = bytes.fromhex("0605040B8423F0")
    found = inspect_user_data(udh=udh, body=headers + body, data_coding=4)
    return check(udh + headers + body, found)


def problems(found: Inspection) -> list[str]:
    return [problem.message for problem in found.problems if "140 octets" not in problem.message]


def test_a_service_indication_as_xml() -> None:
    found = pushed(DOCUMENT.encode())
    assert found.content is not None
    assert found.content.as_dict() == SAID
    assert problems(found) == []
    assert [field.meaning for field in find(found.fields, "XML")] == ["si"]


def test_a_service_loading_as_xml() -> None:
    found = pushed(b'<sl href="http://a.com/" action="cache"/>', bytes.fromhex("010601AF"))
    assert found.content is not None
    said = found.content.as_dict()
    assert (said["type"], said["href"], said["action"]) == ("wap_push_sl", "http://a.com/", "cache")
    assert problems(found) == []


@pytest.mark.parametrize(
    "headers, declared, codec",
    [
        ("03AD8184", "", "latin-1"),  # the transport says ISO-8859-1
        ("03AD8184", ' encoding="UTF-8"', "latin-1"),  # and is right
        ("01AD", ' encoding="ISO-8859-1"', "latin-1"),
        ("01AD", ' encoding="windows-1252"', "cp1252"),
        ("03AD81EA", "", "utf-8"),
    ],
)
def test_character_sets(headers: str, declared: str, codec: str) -> None:
    document = f'<?xml version="1.0"{declared}?><si><indication href="a">é</indication></si>'
    length = f"{len(headers) // 2:02X}"
    found = pushed(document.encode(codec), bytes.fromhex(f"0106{length}{headers}"))
    assert found.content is not None
    assert (found.content.as_dict()["text"], problems(found)) == ("é", [])


@pytest.mark.parametrize(
    "document, problem, at, href",
    [
        ("", "The push has no body.", 0, None),
        ("<si>", "The document ends before its elements do.", 4, None),
        ('<si><indication href="a">x', "The document ends before its elements do.", 26, "a"),
        ('<si><indication href="a">x</si>', "This is no XML from here on: mismatched tag.", 28, "a"),
        ('<si><indication href="a" href="b"/></si>', "duplicate attribute.", 25, None),
        ("si", "syntax error.", 0, None),
        ("<si/>", "A Service Indication has one indication; this has 0.", 0, None),
        ('<!DOCTYPE si [<!ENTITY a "b">]><si>&a;</si>', "defines entities, which no push needs.", 25, None),
        ('<?xml version="1.0" encoding="x-none"?><si/>', "is not known here.", 0, None),
        ("<a>" * 40, "Elements are nested more than 16 deep.", 48, None),
    ],
)
def test_what_breaks_a_rule(document: str, problem: str, at: int, href: str | None) -> None:
    found = pushed(document.encode())
    said = [(each.message, each.bit_offset // 8 - 11) for each in found.problems]
    assert any(words.endswith(problem) and place == at for words, place in said), said
    assert (found.content.as_dict()["href"] if found.content else None) == href


def test_entities_inside_entities_cost_nothing() -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 50}">' for n in range(20))
    found = pushed(f'<!DOCTYPE si [<!ENTITY a0 "x">{entities}]><si>&a20;</si>'.encode())
    assert found.content is None


def test_nothing_outside_the_octets_is_read() -> None:
    document = '<!DOCTYPE si SYSTEM "file:///etc/hostname"><si><indication href="a">x&b;</indication></si>'
    found = pushed(document.encode())
    assert found.content is not None
    assert found.content.as_dict()["text"] == "x"


def test_in_two_parts() -> None:
    octets = SI_HEADERS + DOCUMENT.encode()
    parts = [
        PartOctets(bytes.fromhex(f"0B05040B8423F0000307020{number}"), piece, 4)
        for number, piece in ((1, octets[:128]), (2, octets[128:]))
    ]
    alone = inspect_user_data(udh=parts[0].udh, body=parts[0].user_data, data_coding=4)
    assert alone.problems == ()
    joined = join(parts[::-1])
    assert joined.content is not None
    assert joined.content.as_dict() == SAID


@given(
    st.binary(max_size=60)
    | st.text("<>/=\"'&;![]-?xsi indication href", max_size=80).map(str.encode)
    | st.integers(0, len(DOCUMENT)).map(lambda cut: DOCUMENT.encode()[:cut] + DOCUMENT.encode()[cut + 3 :])
)
@example(b'<?xml version="1.0" encoding="EUC-JP"?><si/>')
@example(b'<?xml version="1.0" encoding="utf-16"?><si/>')
@example(b'<?xml version="1.0" encoding="hex"?><si/>')
@example(b"\xff\xfe<\0s\0i\0/\0>\0")
def test_any_octets(body: bytes) -> None:
    pushed(body)
