from __future__ import annotations

import quopri
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sms_desktop.encoding.content_components import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    Component,
    read,
    split,
    unescape,
)
from sms_desktop.encoding.content_lines import (
    clean,
    escape,
    from_octets,
    mime_line,
    quoted_printable,
    to_octets,
    versit_line,
)
from sms_desktop.messages.errors import Mendable

letters = st.sampled_from("ab ;,:\\=\n\t\"'.éж中😀") | st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=120)


def one_line(text: str) -> str:
    """The value of the property between BEGIN and END."""
    (component,) = read(text, source="vcard")
    (line,) = component.lines[1:]
    return line.value


def card(body: str, version: str = "2.1") -> str:
    return f"BEGIN:X\r\nVERSION:{version}\r\n{body}END:X\r\n"


# ----------------------------------------------------------------------------------------------------- octets


def test_as_sent_every_line_end_is_cr_lf_and_the_rest_is_as_given() -> None:
    given_ = "BEGIN:VCARD\nN:M\u00fcller\r\nX:a\rEND:VCARD"
    assert to_octets(given_, field="vcard") == b"BEGIN:VCARD\r\nN:M\xc3\xbcller\r\nX:a\r\nEND:VCARD"


def test_half_a_character_cannot_be_sent() -> None:
    with pytest.raises(Mendable, match="Character 3 of vcal is only half") as caught:
        to_octets("ab\ud83d", field="vcal")
    assert caught.value.field == "vcal"


@pytest.mark.parametrize(
    "octets, text", [(b"\xef\xbb\xbfa", "a"), (b"\xc3\xa9", "é"), (b"\xe9", "é"), (b"", "")]
)
def test_octets_received_are_read(octets: bytes, text: str) -> None:
    assert from_octets(octets) == text


@pytest.mark.parametrize(
    "text, message",
    [
        ("a\0", r"Character 2 of note \(U\+0000\) is a control character"),
        ("\x7f", r"Character 1 of note \(U\+007F\) is a control character"),
        ("\r\n\x1b", r"Character 2 of note \(U\+001B\) is a control character"),
        ("ab\ud800", r"Character 3 of note \(U\+D800\) is only half of a character"),
    ],
)
def test_what_no_line_can_hold(text: str, message: str) -> None:
    with pytest.raises(Mendable, match=message) as caught:
        clean(text, field="note")
    assert caught.value.field == "note"


def test_line_ends_of_all_kinds_are_one() -> None:
    assert clean("a\r\nb\rc\nd\te", field="note") == "a\nb\nc\nd\te"


# ----------------------------------------------------------------------------------------------------- versit


@pytest.mark.parametrize(
    "value, line",
    [
        ("plain; text, with \\ and = signs", "NOTE:plain; text, with \\ and = signs"),
        ("", "NOTE:"),
        ("é=", "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=A9=3D"),
        ("a\nb", "NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab"),
        (" a\t", "NOTE;ENCODING=QUOTED-PRINTABLE:=20a=09"),
        (["a;b", "c"], "NOTE:a\\;b;c"),
        (["a;b"], "NOTE:a\\;b"),
        (["a\\;", "b\\"], "NOTE:a\\\\;;b\\"),
        (["é;", ""], "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=A9\\;;"),
        ("x" * 71, "NOTE:" + "x" * 71),
        ("x" * 72, "NOTE;ENCODING=QUOTED-PRINTABLE:" + "x" * 44 + "=\r\n" + "x" * 28),
    ],
)
def test_versit_lines(value: str | list[str], line: str) -> None:
    assert versit_line("NOTE", value, field="note") == line + "\r\n"


def test_a_backslash_in_front_of_a_separator_has_no_notation_in_versit() -> None:
    with pytest.raises(Mendable, match="A part of name ends with a backslash") as caught:
        versit_line("N", ["a\\", "b"], field="name")
    assert caught.value.field == "name"
    assert caught.value.hint is not None


@settings(max_examples=500)
@given(texts, st.integers(1, 76))
@example(" " * 200, 5)
@example("\n" * 40, 30)
@example("😀" * 40, 46)
def test_quoted_printable(text: str, room: int) -> None:
    made = quoted_printable(text, room=room)
    lines = made.split("\r\n")
    assert len(lines[0]) <= max(room, 1)
    assert all(len(line) <= 76 for line in lines)
    assert all(line == line.strip(" \t") for line in lines)
    pieces = [line.removesuffix("=") if number < len(lines) else line for number, line in enumerate(lines, 1)]
    # No character is split over two lines, hence no triple either.
    assert "".join(quopri.decodestring(piece).decode() for piece in pieces) == text.replace("\n", "\r\n")
    assert quopri.decodestring(made).decode() == text.replace("\n", "\r\n")


@settings(max_examples=500)
@given(texts)
def test_versit_texts_are_read_back(text: str) -> None:
    line = versit_line("NOTE", text, field="note")
    assert all(len(physical.encode()) <= 76 for physical in line.split("\r\n"))
    assert line.isascii()
    assert one_line(card(line)) == text


@settings(max_examples=500)
@given(st.lists(texts, min_size=1, max_size=5))
def test_versit_components_are_read_back(components: list[str]) -> None:
    if any(component.endswith("\\") for component in components[:-1]):
        with pytest.raises(Mendable):
            versit_line("N", components, field="name")
        return
    value = one_line(card(versit_line("N", components, field="name")))
    parts = [part.replace("\\;", ";") for part in split(value, ";", is_versit=True)]
    assert parts == components


# ------------------------------------------------------------------------------------------------------- mime


@settings(max_examples=500)
@given(texts)
@example("😀" * 100)
@example("x" * 74)
@example("x" * 75)
def test_mime_lines_are_folded_between_characters_and_read_back(text: str) -> None:
    line = mime_line("N", escape(text))
    physical = line.removesuffix("\r\n").split("\r\n")
    assert all(len(one.encode()) <= 75 for one in physical)
    assert all(one.startswith(" ") for one in physical[1:])
    # As long as they may be: no octets are wasted.
    for one, following in pairwise(physical):
        assert len(one.encode()) + len(following[1].encode()) > 75
    assert unescape(one_line(card(line, "3.0"))) == text


@settings(max_examples=500)
@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from(";,"))
def test_mime_components_are_read_back(components: list[str], separator: str) -> None:
    value = one_line(card(mime_line("N", separator.join(map(escape, components))), "3.0"))
    assert [unescape(part) for part in split(value, separator, is_versit=False)] == components


def test_escapes() -> None:
    assert escape("a\\b;c,d:\n") == "a\\\\b\\;c\\,d:\\n"
    assert unescape("a\\\\nb\\N\\:\\x\\") == "a\\nb\n:\\x\\"


# ---------------------------------------------------------------------------------------------------- reading


def only(text: str) -> Component:
    (component,) = read(text, source="vcard")
    return component


def test_lines_and_parameters() -> None:
    text = (
        "\ufeffbegin : vcard \r"
        'item1.Tel;type=cell;Voice;X="a:b;c",d , "";charset=utf-8 : +31 ; x\n'
        "\n"
        "X_A-1;BASE64:QUJD\r\nREVG\r\n  R0hJ\r\n\r\n"
        "end:VCARD"
    )
    component = only(text)
    assert (component.name, component.number) == ("VCARD", 1)
    phone, data = component.lines
    assert (phone.number, phone.name, phone.value) == (2, "TEL", " +31 ; x")
    assert phone.types == ("CELL", "VOICE")
    assert phone.parameters[2:] == (("X", "a:b;c"), ("X", "d"), ("X", ""), ("CHARSET", "utf-8"))
    assert phone.parameter("X") == "a:b;c"
    assert (data.number, data.parameter("ENCODING"), data.value) == (4, "BASE64", "QUJDREVG R0hJ")


def test_versit_unfolds_to_the_white_space_mime_to_nothing() -> None:
    assert one_line(card("NOTE:a\r\n b\r\n\tc\r\n")) == "a b\tc"
    assert one_line(card("NOTE:a\r\n b\r\n\tc\r\n", "3.0")) == "abc"


@pytest.mark.parametrize(
    "line, value",
    [
        ("N;ENCODING=QUOTED-PRINTABLE:a=\r\nb=\r\n\r\n", "ab"),
        ("N;encoding=Quoted-Printable:=41= \r\n B\r\n", "A B"),
        ("N;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=E9\r\n", "é"),
        ("N;QUOTED-PRINTABLE;CHARSET=iso_8859-1:=E9\r\n", "é"),
        ("N;QUOTED-PRINTABLE;CHARSET=Shift_JIS:=82=A0\r\n", "あ"),
        ("N;QUOTED-PRINTABLE;CHARSET=US-ASCII:=E9\r\n", "\ufffd"),
        ("N;QUOTED-PRINTABLE:=C3=A9é=C3\r\n", "éé\ufffd"),
        ("N;QUOTED-PRINTABLE:a=0D=0Ab=0Dc=0Ad\r\n", "a\nb\nc\nd"),
        ("N;QUOTED-PRINTABLE:=ZZ=4\r\n", "=ZZ=4"),
        ("N;ENCODING=8BIT:a=41\r\n", "a=41"),
    ],
)
def test_quoted_printable_values(line: str, value: str) -> None:
    assert one_line(card(line)) == value


def test_components_inside_each_other() -> None:
    outer = only("BEGIN:A\nX:1\nBEGIN:B\nX:2\nEND:b\nX:\nX:3\nEND:A\n")
    assert [line.value for line in outer.every("X")] == ["1", "3"]
    assert [inner.name for inner in outer.components] == ["B"]
    assert outer.first("Y") is None


@pytest.mark.parametrize(
    "text, message",
    [
        ("X:1", "Line 1 stands outside BEGIN and END."),
        ("BEGIN:A\nX:1\n", "Line 1 begins A, which has no end."),
        ("BEGIN:A\n\nEND:B\n", "Line 3 ends B, which was not begun last."),
        ("END:A", "Line 1 stands outside BEGIN and END."),
        ("BEGIN:A\nX\nEND:A", "Line 2 has no colon behind its name."),
        ("BEGIN:A\nX;TYPE\nEND:A", "Line 2 has no colon behind its name."),
        ('BEGIN:A\nX;A="b:c\nEND:A', "Line 2 has no colon behind its name."),
        ("BEGIN:A\n:x\nEND:A", "Line 2 does not begin with a name."),
        ("BEGIN:A\nX;QUOTED-PRINTABLE;CHARSET=ebcdic:x\nEND:A", "Line 2 is in the character set ebcdic"),
        ("BEGIN:A\n" * (MAX_DEPTH + 1), f"Line {MAX_DEPTH + 1} nests more than {MAX_DEPTH} components."),
        (
            "x" * (MAX_CHARACTERS + 1),
            f"The text has {MAX_CHARACTERS + 1} characters; at most {MAX_CHARACTERS}",
        ),
    ],
)
def test_what_is_no_component(text: str, message: str) -> None:
    with pytest.raises(Mendable) as caught:
        read(text, source="vcal")
    assert caught.value.message.startswith(message)
    assert caught.value.field == "vcal"


def test_nothing_is_nothing() -> None:
    assert read("\r\n\n", source="vcard") == []


@pytest.mark.parametrize(
    "unit",
    [
        "X;A=",
        "=",
        ";",
        "a.",
        "X;",
        ";a=b",
        ',"',
        "=\n",
        " \n",
        "\n ",
        "a:\n",
        "X;QUOTED-PRINTABLE:=\n",
        "=41",
        '";',
    ],
)
@pytest.mark.parametrize(
    "start", ["", "BEGIN:A\n", "BEGIN:A\nVERSION:2.1\nX;A=", "BEGIN:A\nX;QUOTED-PRINTABLE:"]
)
def test_hostile_texts_take_no_time(start: str, unit: str) -> None:
    text = (start + unit * (MAX_CHARACTERS // len(unit)))[: MAX_CHARACTERS - 1] + '"'
    begun = time.process_time()
    try:
        for component in read(text, source="vcard"):
            for line in component.lines:
                split(line.value, ";", is_versit=True)
    except Mendable:
        pass
    assert time.process_time() - begun < 5  # quadratic time would be minutes


words = st.sampled_from(
    [
        "BEGIN:",
        "END:",
        "VCARD",
        "A",
        "\r\n",
        "\n",
        " ",
        "\t",
        ":",
        ";",
        "=",
        '"',
        ",",
        "N",
        "QUOTED-PRINTABLE",
        "CHARSET=",
    ]
)


@settings(max_examples=400)
@given(st.lists(words | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_or_refused_with_its_reason(text: str) -> None:
    refusal = None
    try:
        read(text, source="vcard")
    except Mendable as error:
        refusal = error
    if refusal is not None:
        assert refusal.field == "vcard"
        assert refusal.message.startswith("Line ")
