from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7, national_tables
from sms_desktop.encoding.encode import Part, encode
from sms_desktop.encoding.national import TableSet, cheapest
from sms_desktop.encoding.segments import lay_out
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text
from tests.known_answers import known_answers

TABLES = json.loads((Path(__file__).parents[1] / "gsm7_tables.json").read_text("utf-8"))
LOCKING = {int(key): table for key, table in TABLES["locking"].items()}
SINGLE = {
    int(key): {int(septet, 16): point for septet, point in table.items()}
    for key, table in TABLES["single_shift"].items()
}
PAIRS = list(product(LOCKING, SINGLE))
# The cells that the published tables decided by judgement: read, never written.
DISPUTED = {(7, "locking", 0x24), (12, "single_shift", 0x65)}

pairs = st.sampled_from(PAIRS)
septet_strings = st.lists(st.integers(0, 127), max_size=60).map(bytes)


def shown(septets: bytes, locking: int, single: int) -> str:
    """The rule, one septet at a time (TS 23.038 6.2.1.2 and the notes to the tables)."""
    text, escaped = "", False
    for septet in septets:
        plain = LOCKING[locking][septet]
        if not escaped and septet == 0x1B:
            escaped = True
            continue
        if escaped and septet == 0x1B:
            text += " "
        else:
            point = SINGLE[single].get(septet, plain) if escaped else plain
            text += " " if point is None else chr(point)
        escaped = False
    return text + " " * escaped


def writable(locking: int, single: int) -> dict[str, bytes]:
    """Each character that may be written, with its cheapest septets."""
    found: dict[str, bytes] = {}
    for septet, point in enumerate(LOCKING[locking]):
        if point is not None and (locking, "locking", septet) not in DISPUTED:
            found.setdefault(chr(point), bytes([septet]))
    for septet, point in sorted(SINGLE[single].items()):
        if (single, "single_shift", septet) not in DISPUTED:
            found.setdefault(chr(point), bytes([0x1B, septet]))
    return found


WRITABLE = {pair: writable(*pair) for pair in PAIRS}


# ------------------------------------------------------------------------------------------------ the tables


def test_the_tables_are_the_published_ones() -> None:
    for language, table in national_tables.LOCKING.items():
        points = [None if character in "\0\x1b" else ord(character) for character in table]
        assert points == LOCKING[language]
        assert table[gsm7.ESCAPE] == "\x1b"
    for language, table in national_tables.SINGLE.items():
        assert len(table) == 128
        points_ = {septet: ord(character) for septet, character in enumerate(table) if character != "\0"}
        assert points_ == SINGLE[language]
    assert {0, *national_tables.LOCKING} == LOCKING.keys()
    assert {0, *national_tables.SINGLE} == SINGLE.keys()
    assert {str(key): name.lower() for key, name in national_tables.LANGUAGES.items()} == {
        key: name for key, name in TABLES["languages"].items() if key != "0"
    }


def test_what_was_decided_by_judgement_is_read_and_never_written() -> None:
    judged = {
        (entry["id"], entry["table"], int(entry["septet"], 16))
        for entry in TABLES["differences"]
        if int(entry["votes"].split(":")[0]) <= int(entry["votes"].split(":")[1])
    }
    assert judged == DISPUTED
    assert {
        (key, "locking", cell) for key, cells in national_tables.DISPUTED_LOCKING.items() for cell in cells
    } | {
        (key, "single_shift", cell)
        for key, cells in national_tables.DISPUTED_SINGLE.items()
        for cell in cells
    } == DISPUTED

    assert gsm7.decode(b"\x24", locking=7) == "ಡ"
    assert not gsm7.is_encodable("ಡ", locking=7, single=7)
    assert [doubt.reason for doubt in gsm7.doubts(b"a\x24", locking=7)] == ["disputed"]

    assert gsm7.decode(b"\x1b\x65", locking=12, single=12) == "€"
    assert not gsm7.is_encodable("€", locking=12, single=12)
    assert [doubt.reason for doubt in gsm7.doubts(b"\x1b\x65", single=12)] == ["disputed"]
    # With another single shift table, or none, it can be written.
    assert gsm7.encode("€", locking=12) == b"\x1b\x65"


def test_parentheses_are_swapped_in_the_tables_4_to_13() -> None:
    for language in range(4, 14):
        assert gsm7.decode(b"\x28\x29", locking=language) == ")("


# ---------------------------------------------------------------------------------------------- known answers


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_national"))
def test_known_messages(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    used = TableSet(given_["id"] if given_["locking"] else 0, given_["id"] if given_["single"] else 0)
    septets = gsm7.encode(given_["text"], locking=used.locking, single=used.single)
    assert list(septets) == expect["septets"]
    assert used.header.hex().upper() == expect["udh_hex"]
    fill = gsm7.fill_bits(len(used.header))
    assert fill == expect["fill_bits"]
    assert gsm7.pack(septets, fill).hex().upper() == expect["user_data_hex_after_header"]
    assert (8 * len(used.header) + fill) // 7 + len(septets) == expect["udl"]
    assert gsm7.decode(septets, locking=used.locking, single=used.single) == given_["text"]


# ----------------------------------------------------------------------------------------- encode and decode


@given(pairs, septet_strings)
def test_septets_show_what_the_tables_say(pair: tuple[int, int], septets: bytes) -> None:
    locking, single = pair
    assert gsm7.decode(septets, locking=locking, single=single) == shown(septets, locking, single)


@given(pairs, septet_strings)
def test_what_the_tables_do_not_say_is_a_doubt(pair: tuple[int, int], septets: bytes) -> None:
    locking, single = pair
    text = gsm7.decode(septets, locking=locking, single=single)
    found = gsm7.doubts(septets, locking=locking, single=single)
    certain = set(range(len(text))) - {doubt.position for doubt in found}
    assert all(text[position] in WRITABLE[pair] for position in certain)
    for doubt in found:
        if doubt.reason in {"blank", "second escape", "escape at end"}:
            assert text[doubt.position] == " "


@given(pairs, st.data())
def test_decoding_undoes_encoding(pair: tuple[int, int], data: st.DataObject) -> None:
    locking, single = pair
    text = data.draw(st.text(st.sampled_from(sorted(WRITABLE[pair])), max_size=60))
    septets = gsm7.encode(text, locking=locking, single=single)
    assert septets == b"".join(WRITABLE[pair][character] for character in text)
    assert gsm7.decode(septets, locking=locking, single=single) == text
    assert gsm7.doubts(septets, locking=locking, single=single) == ()


@pytest.mark.parametrize("locking", LOCKING)
def test_exactly_the_characters_of_the_tables_are_encodable(locking: int) -> None:
    everything = "".join(sorted({character for found in WRITABLE.values() for character in found}))
    strangers = "\0\x1b中😀\ud800ಡ"
    for single in SINGLE:
        mine = WRITABLE[locking, single]
        assert gsm7.characters(locking=locking, single=single) == mine.keys()
        costs = [len(mine.get(character, b"")) for character in everything + strangers]
        assert list(gsm7.septets_of_each(everything + strangers, locking=locking, single=single)) == costs
        outside = {everything[i] for i in range(len(everything)) if not costs[i]}
        spans = gsm7.unsupported_spans(everything, locking=locking, single=single)
        assert {c for start, end in spans for c in everything[start:end]} == outside


def test_a_refusal_says_that_it_is_about_national_tables() -> None:
    with pytest.raises(Mendable, match=r"Character 2 \(U\+4E2D\) is not in these national tables\."):
        gsm7.encode("ş中", locking=1)


@pytest.mark.parametrize("locking, single", [(2, 0), (14, 0), (0, 14), (255, 255), (-1, 0)])
def test_tables_that_do_not_exist_are_refused_when_writing_and_ignored_when_reading(
    locking: int, single: int
) -> None:
    with pytest.raises(ValueError, match="no locking shift table"):
        gsm7.encode("a", locking=locking, single=single)
    assert gsm7.decode(b"\x09\x1b\x65", locking=locking, single=single) == "Ç€"
    assert gsm7.doubts(b"\x09\x1b\x65", locking=locking, single=single) == ()


# ------------------------------------------------------------------------------------------ the cheapest set


def read_by_phone(part: Part) -> str:
    shifts = {0x24: 0, 0x25: 0}
    at = 1
    while at < len(part.udh):
        element, length = part.udh[at], part.udh[at + 1]
        if element in shifts:
            shifts[element] = part.udh[at + 2]
        at += 2 + length
    fill = gsm7.fill_bits(len(part.udh))
    count = part.user_data_length - (8 * len(part.udh) + fill) // 7
    septets = gsm7.unpack(part.user_data, count, fill)
    return gsm7.decode(septets, locking=shifts[0x25], single=shifts[0x24])


def all_costs(text: str) -> dict[TableSet, tuple[int, int, int]]:
    """What each pair of tables costs: parts, septets with headers, number of tables."""
    found = {}
    for locking, single in PAIRS:
        tried = TableSet(locking, single)
        if set(text) <= WRITABLE[locking, single].keys():
            layout = lay_out(
                text,
                encoding="gsm7",
                reference_bits=8,
                header_octets=len(tried.header),
                locking=locking,
                single=single,
            )
            parts = len(layout.unit_ends)
            header = -(-8 * layout.header_octets // 7)
            number = bool(locking) + bool(single)
            found[tried] = (parts, parts * header + layout.unit_ends[-1], number)
    return found


@given(pairs, st.data())
def test_no_other_tables_are_cheaper(pair: tuple[int, int], data: st.DataObject) -> None:
    alphabet = st.sampled_from(sorted(WRITABLE[pair]))
    runs = st.tuples(st.text(alphabet, min_size=1, max_size=6), st.integers(1, 60))
    text = "".join(piece * times for piece, times in data.draw(st.lists(runs, max_size=6)))
    costs = all_costs(text)
    assert costs[cheapest(text)] == min(costs.values())


@given(pairs, st.data(), st.sampled_from([8, 16]))
def test_a_phone_reads_what_was_written(pair: tuple[int, int], data: st.DataObject, bits: Any) -> None:
    alphabet = st.sampled_from(sorted(set(WRITABLE[pair]) - {"\r"}))
    text = data.draw(st.text(alphabet, max_size=400))
    parts = encode(Text(text), reference_bits=bits, national=True)
    assert "".join(read_by_phone(part) for part in parts) == text
    assert all(len(part.udh) + part.octets <= 140 for part in parts)


@pytest.mark.parametrize(
    "text, expect",
    [
        ("", TableSet()),
        ("plain", TableSet()),
        ("one €", TableSet()),  # two septets beat a header of five
        ("ş", TableSet(1, 0)),
        ("Él llegó aquí, ¿qué tal, Ángel?", TableSet(0, 2)),
        ("नमस्ते" * 10 + "१२३", TableSet(6, 6)),
        ("€" * 60, TableSet(1, 0)),  # where the euro sign is one septet
        ("a" * 160, TableSet()),
    ],
)
def test_choices(text: str, expect: TableSet) -> None:
    assert cheapest(text) == expect


def test_a_header_holds_both_tables_and_the_concatenation() -> None:
    first, second = encode(Text("नमस्ते" * 30 + "१२३"), national=True, reference_number=7)
    assert first.udh.hex().upper() == "0B240106250106" + "0003070201"
    assert second.udh.hex().upper() == "0B240106250106" + "0003070202"
    assert TableSet(6, 6).words == "Hindi locking shift, Hindi single shift"
    assert TableSet().words == "default alphabet"


@pytest.mark.parametrize(
    "text, words",
    [
        ("ş中", r"Character 2 \(U\+4E2D\) is in no national table"),
        ("ನಡ", r"Character 2 \(U\+0CA1\) is in no national table, or in one that phones read differently\."),
        ("नন", "No two national tables hold all characters"),
    ],
)
def test_what_no_tables_hold_is_refused(text: str, words: str) -> None:
    with pytest.raises(Mendable, match=words) as caught:
        encode(Text(text), national=True)
    assert caught.value.field == "text"


def test_without_the_wish_no_table_is_used() -> None:
    (part,) = encode(Text("ş"))
    assert (part.udh, read_by_phone(part)) == (b"", "?")
