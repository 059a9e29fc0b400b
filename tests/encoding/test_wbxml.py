from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.encoding import wbxml
from sms_desktop.encoding.tree import Annotator, Field
from sms_desktop.encoding.wbxml_strings import MAX_TEXT
from sms_desktop.encoding.wbxml_tables import SERVICE_INDICATION, VOCABULARIES
from tests.encoding.leaves import assert_annotated, find, leaves

Read = tuple[tuple[Field, ...], wbxml.Element | None, Annotator]

SI = "45C6"  # si with content, indication with attributes and content


def read(octets: str | bytes, charset: int = 0, *, vocabulary: bool = False) -> Read:
    data = octets if isinstance(octets, bytes) else bytes.fromhex(octets)
    annotator = Annotator(data)
    hint = SERVICE_INDICATION if vocabulary else None
    fields, root = wbxml.decode(annotator, 0, len(data), vocabulary=hint, charset=charset)
    assert_annotated(annotator, fields, 0, len(data))
    return fields, root, annotator


def text_of(octets: str, charset: int = 0) -> tuple[str, list[str]]:
    """The text of the indication, and the problems."""
    _, root, annotator = read(octets, charset)
    assert root is not None
    return root.children[0].text, [problem.message for problem in annotator.problems]


@pytest.mark.parametrize("version", ["01", "02", "03"])
def test_versions(version: str) -> None:
    fields, root, annotator = read(f"{version}056A0045860B0361000101")
    assert fields[0].meaning == f"WBXML 1.{int(version)}"
    assert root is not None
    assert root.children[0].attribute("href") == "a"
    assert annotator.problems == []


def test_version_1_0_names_no_character_set() -> None:
    fields, root, annotator = read("000500" + "4546036100" + "0101", charset=106)
    assert [field.name for field in fields[:3]] == ["Version", "Public Identifier", "String Table Length"]
    assert root is not None
    assert root.children[0].text == "a"
    assert annotator.problems == []


def test_a_later_version_is_read_as_the_latest_known() -> None:
    _, root, annotator = read("04056A00" + "4546036100" + "0101")
    assert root is not None
    assert "read as 1.3" in annotator.problems[0].message


@pytest.mark.parametrize(
    "charset, octets, text",
    [
        ("6A", "C3A9F09F9880", "é😀"),
        ("04", "E9", "é"),
        ("03", "61", "a"),
        ("08", "A4", "Є"),
        ("914C", "80", "€"),  # windows-1252
        ("11", "82A0", "あ"),  # Shift_JIS
    ],
)
def test_character_sets(charset: str, octets: str, text: str) -> None:
    assert text_of(f"0205{charset}00454603{octets}000101") == (text, [])


@pytest.mark.parametrize(
    "charset, octets, text",
    [
        ("8777", "20AC0100", "€\u0100"),  # UTF-16 is big-endian; the NUL of 0100 ends nothing
        ("8777", "FEFF20AC", "€"),
        ("8777", "FFFEAC20", "€"),
        ("8775", "D83DDE00", "😀"),
        ("8776", "3DD800DE", "😀"),
        ("8768", "0061", "a"),
    ],
)
def test_character_sets_of_two_octets_end_strings_with_two(charset: str, octets: str, text: str) -> None:
    assert text_of(f"0205{charset}00454603{octets}00000101") == (text, [])


@pytest.mark.parametrize(
    "charset, octets, text, problem",
    [
        ("6A", "E9", "\ufffd", "not UTF-8"),
        ("03", "E9", "\ufffd", "not US-ASCII"),
        ("CE0F", "E9", "é", "Character set 9999 is not known here; the text is read as ISO-8859-1."),
        ("00", "E9", "é", "No character set is named; the text is read as ISO-8859-1."),
    ],
)
def test_text_that_cannot_be_read_for_sure(charset: str, octets: str, text: str, problem: str) -> None:
    found, problems = text_of(f"0205{charset}00454603{octets}000101")
    assert found == text
    assert len(problems) == 1
    assert problem in problems[0]


def test_the_transport_names_the_character_set_that_the_document_does_not() -> None:
    assert text_of("0205000045460380000101", charset=2252) == ("€", [])
    assert text_of("020504004546038000" + "0101", charset=2252)[0] == "\x80"


def test_pieces_of_text_are_joined() -> None:
    # A string table of "and\0more\0"; an inline string, an entity, references to both strings, opaque octets.
    table = "616E64006D6F726500"
    content = "036100" + "02813F" + "8300" + "8305" + "C30162" + "02A6" + "036200"
    found, problems = text_of(f"03056A09{table}4546{content}0101".replace("02A6", "0226"))
    assert found == "a¿andore&b"
    assert problems == []


def test_the_string_table_is_shown_string_by_string() -> None:
    fields, _, _ = read("03056A07" + "61620063640065" + "05")
    assert [(field.meaning, field.bit_length) for field in find(fields, "String")] == [
        ("ab", 24),
        ("cd", 24),
        ("e", 8),
    ]


@pytest.mark.parametrize("name", ["-//WAPFORUM//DTD SI 1.0//EN", "-//WAPFORUM//DTD SL 1.0//EN"])
def test_the_document_type_may_be_named_in_the_string_table(name: str) -> None:
    table = b"x\0" + name.encode() + b"\0"
    fields, root, annotator = read(bytes((3, 0, 2, 106, len(table))) + table + b"\x05")
    assert root is not None
    assert root.name == ("si" if "SI" in name else "sl")
    assert fields[2].name == "Public Identifier Index"
    assert annotator.problems == []


def test_an_unknown_document_type_is_what_the_transport_says() -> None:
    _, root, _ = read("02016A0005", vocabulary=True)
    assert root is not None
    assert root.name == "si"


def test_a_document_type_that_is_not_known_here_keeps_its_shape() -> None:
    fields, root, annotator = read("020B6A00" + "45C60503780001010301")
    assert root is not None
    assert fields[1].meaning == "Provisioning 1.0"
    assert root.name == "tag 05"
    assert root.children[0].attributes == (("attribute 05", "x"),)
    assert [problem.message for problem in annotator.problems] == [
        "The string does not end: its NUL is missing."
    ]


def test_the_longest_beginning_and_the_domains() -> None:
    _, root, annotator = read("02056A0045860F0361008503" + "62008887" + "0101")
    assert root is not None
    assert root.children[0].attribute("href") == "https://www.a.com/b.org/.net/"
    assert annotator.problems == []


@pytest.mark.parametrize(
    "packed, date",
    [
        ("C30719990625152315", "1999-06-25T15:23:15Z"),
        ("C30419990630", "1999-06-30T00:00:00Z"),
        ("C3072000010100000 0".replace(" ", ""), "2000-01-01T00:00:00Z"),
        ("0331393939" + "00", "1999"),  # as a string it is taken as it is
    ],
)
def test_dates(packed: str, date: str) -> None:
    _, root, annotator = read(f"02056A0045860A{packed}0101")
    assert root is not None
    assert root.children[0].attribute("created") == date
    assert annotator.problems == []


@pytest.mark.parametrize(
    "packed", ["C300", "C303199906", "C30419991330", "C304199906AA", "C3081999063000000000", "C30419990600"]
)
def test_what_is_no_date_is_noted(packed: str) -> None:
    _, root, annotator = read(f"02056A0045860A{packed}0101")
    assert root is not None
    assert root.children[0].attribute("created") == ""
    assert [problem.bit_offset for problem in annotator.problems] == [8 * 7]


@pytest.mark.parametrize(
    "body, problem, at",
    [
        ("", "ends before its first element", 4),
        ("01", "An element was expected, not the token 01", 4),
        ("45", "The element si does not end", 5),
        ("4509", "has no tag 09 on page 0", 5),
        ("4500", "The number of the code page is missing", 5),
        ("450001050101", "has no tag 05 on page 1", 7),
        ("4544" + "0501", "Index 5 lies outside the string table, which has 0 octets", 5),
        ("4586", "The attributes do not end", 6),
        ("458603780001", "A value stands before any attribute", 6),
        ("458613", "has no attribute 13 on page 0", 6),
        ("45860B89", "has no attribute value 89 on page 0", 7),
        ("45860B0378000B0379000101", "The attribute href occurs more than once", 10),
        ("454603780001", "The element si does not end", 10),
        ("4546037800010145", "The document has ended, but 1 octet follows.", 11),
        ("454603" + "7878", "The string does not end", 6),
        ("4546C30578", "The opaque data has 5 octets, but 1 octet follows.", 6),
        ("454602", "A number was expected", 7),
        ("4546828001", "has no extension tokens", 6),
        ("454602" + "83B000", "No character has the number 55296", 6),
        ("4546028F80808000", "No character has the number", 6),
        ("4546" + "83" + "9FFFFFFF7F", "A number was expected", 7),
    ],
)
def test_what_breaks_a_rule_is_noted_where_it_stands(body: str, problem: str, at: int) -> None:
    _, _, annotator = read("02056A00" + body)
    found = [(one.message, one.bit_offset // 8) for one in annotator.problems]
    assert any(problem in message and offset == at for message, offset in found), found


def test_names_that_stand_in_the_string_table() -> None:
    table = b"note\0what\0".hex()
    fields, root, annotator = read(f"03016A0A{table}" + "C400" + "0405037800" + "01" + "03486900" + "01")
    assert annotator.problems == []
    assert root is not None
    assert (root.name, root.attributes, root.text) == ("note", (("what", "x"),), "Hi")
    assert [field.meaning for field in find(fields, "Attribute Start")] == ["what"]


def test_a_string_table_longer_than_the_octets() -> None:
    _, _, annotator = read("02056A0561")
    assert "The string table has 5 octets, but 1 octet follows." in annotator.problems[0].message


def test_processing_instructions_and_extensions_are_kept() -> None:
    fields, root, annotator = read(
        "02016A00" + "430578000101".replace("7800", "037800")[:-2] + "45" + "4061008105C001"
    )
    assert root is not None
    assert root.name == "tag 05"
    assert [field.meaning for field in find(fields, "Extension")] == ["a", "5", ""]
    assert find(fields, "Processing Instruction")[0].children[1].meaning == "x"
    assert annotator.problems == []


def test_nesting_is_bounded() -> None:
    fields, _, annotator = read(bytes.fromhex("02056A00") + b"\x45" * 5_000)
    assert f"nested more than {wbxml.MAX_DEPTH} deep" in annotator.problems[0].message
    assert len(list(leaves(fields))) == 4 + wbxml.MAX_DEPTH + 1


def test_text_is_bounded_however_often_it_is_referred_to() -> None:
    table = b"x" * 3_000
    data = bytes.fromhex("02056A") + b"\x97\x38" + table + b"\x45\x46" + b"\x83\x00" * 10_000
    _, root, annotator = read(data)
    assert root is not None
    assert len(root.children[0].text) == MAX_TEXT - 3_000
    assert ["more than 65536 characters" in problem.message for problem in annotator.problems] == [
        True,
        False,
    ]


@pytest.mark.parametrize("behind", ["0241", "8300", "036200"])
def test_text_that_fills_the_bound_exactly_is_no_problem_but_more_is(behind: str) -> None:
    data = bytes.fromhex("02056A0161" + "4546") + b"\x03" + b"x" * (MAX_TEXT - 1) + b"\0"
    _, root, annotator = read(data + bytes.fromhex("0101"))
    assert root is not None
    assert len(root.children[0].text) == MAX_TEXT - 1
    assert annotator.problems == []
    _, _, annotator = read(data + bytes.fromhex(behind + "0101"))
    assert ["more than 65536 characters" in problem.message for problem in annotator.problems] == [True]


def test_the_longest_beginning_of_a_value_comes_first() -> None:
    for vocabulary in VOCABULARIES:
        for starts in vocabulary.start_tokens.values():
            lengths = [len(beginning) for beginning, _ in starts]
            assert lengths == sorted(lengths, reverse=True)


headers = st.sampled_from(
    ["02056A00", "03066A00", "01010400", "0205877700", "03056A06616200636400", "020B0300", ""]
)
single = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    0x0A,
    0x0B,
    0x40,
    0x43,
    0x44,
    0x45,
    0x46,
    0x80,
    0x83,
    0x85,
    0xC1,
    0xC3,
    0xC4,
    0xC6,
)
whole = (b"\x03ab\0", b"\xc3\x02\x19\x99", b"\x02\x41", b"\x83\x03")
tokens = st.sampled_from([*(bytes((token,)) for token in single), *whole])


@settings(max_examples=1_000)
@given(headers, st.lists(tokens, max_size=40).map(b"".join))
def test_any_tokens_are_read(header: str, body: bytes) -> None:
    read(bytes.fromhex(header) + body)


@settings(max_examples=1_000)
@given(st.binary(max_size=80), st.booleans())
def test_any_octets_are_read(data: bytes, vocabulary: bool) -> None:
    read(data, vocabulary=vocabulary)
