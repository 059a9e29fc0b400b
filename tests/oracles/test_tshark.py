"""Wireshark's dissectors (Debian's tshark) as judge of texts and pushes: GSM SMS, WSP and WBXML.

Pushes travel as SMPP, whose user data tshark joins and hands to WSP and WBXML by port.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import inspect_user_data
from sms_desktop.encoding.reassembly import PartOctets, join
from sms_desktop.encoding.segmentation import segment
from sms_desktop.encoding.tpdu import Submit, UserData, build
from sms_desktop.encoding.tree import Field
from sms_desktop.messages.message import Text, Unicode, WapPush
from tests.oracles.tshark import RAW_IP, dissect, dissect_tpdus, every

SEED = 20_261_121
TEXTS = 1_500
PUSHES = 400
_GSM = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?ABCXYZÄÖÑÜ§abcxyzäöñüà^{}\\[~]|€"
_WIDE = "Привет мир 中文 ありがとう — “é” ẞ"


def submit_sm(user_data: bytes, sequence: int, source: str) -> bytes:
    """An SMPP 3.4 submit_sm with a user data header, 8-bit data."""
    body = b"\0\1\1" + source.encode() + b"\0\1\1447700900002\0" + bytes((0x40, 0, 0)) + b"\0\0"
    body += bytes((0, 0, 4, 0, len(user_data))) + user_data
    return struct.pack(">IIII", 16 + len(body), 4, 0, sequence) + body


def over_tcp(payload: bytes, at: int) -> bytes:
    """One IPv4 packet with one TCP segment to SMPP's port; checksums are not checked."""
    tcp = struct.pack(">HHIIBBHHH", 40_000, 2_775, at, 1, 0x50, 0x18, 65_535, 0, 0)
    size = 20 + len(tcp) + len(payload)
    return struct.pack(">BBHHHBBHII", 0x45, 0, size, 1, 0, 64, 6, 0, 0x7F000001, 0x7F000001) + tcp + payload


def texts(maker: random.Random, alphabet: str, count: int) -> list[str]:
    return ["".join(maker.choices(alphabet, k=maker.randint(1, 400))) for _ in range(count)]


def submits(message: Text | Unicode, number: int) -> list[bytes]:
    return [
        build(
            Submit(
                Address.of("+447700900123"),
                UserData.of(part.udh, part.user_data, part.user_data_length),
                data_coding=part.data_coding,
            )
        )
        for part in encode(message, reference_number=number & 0xFF)
    ]


@pytest.mark.parametrize("alphabet, kind", [(_GSM, Text), (_WIDE, Unicode)], ids=["gsm7", "ucs2"])
def test_each_part_says_what_we_cut(tmp_path: Path, alphabet: str, kind: type[Text | Unicode]) -> None:
    maker = random.Random(SEED)
    expected: list[str] = []
    tpdus: list[tuple[bytes, bool]] = []
    for number, text in enumerate(texts(maker, alphabet, TEXTS)):
        expected += [
            part.text for part in segment(text, encoding="gsm7" if kind is Text else "ucs2").segments
        ]
        tpdus += [(tpdu, True) for tpdu in submits(kind(text), number)]
    seen = dissect_tpdus(tmp_path, tpdus)
    assert len(seen) == len(tpdus) > TEXTS
    for layers, text in zip(seen, expected, strict=True):
        assert every(layers, "gsm_sms.sms_text") == [text]
        assert every(layers, "gsm_sms.tp-da") == ["447700900123"]


def leaves(fields: Sequence[Field]) -> list[Field]:
    return [leaf for field in fields for leaf in (leaves(field.children) if field.children else [field])]


def test_a_push_of_any_length_is_joined_and_read_alike(tmp_path: Path) -> None:
    maker = random.Random(SEED)
    frames: list[bytes] = []
    last: dict[int, tuple[WapPush, list[Field]]] = {}
    at = 1
    for number in range(PUSHES):
        push = WapPush(
            "".join(maker.choices("Hello world 019 é€中", k=maker.randint(1, 200))),
            maker.choice(("http://", "https://", "http://www.", "https://www."))
            + "".join(maker.choices("abcxyz", k=maker.randint(1, 20)))
            + maker.choice((".com/", ".net/", ".org/", ".edu/", ".nl/"))
            + "".join(maker.choices("abc/?=&019", k=maker.randint(0, 120))),
        )
        parts = encode(push, reference_number=number & 0xFF)
        for part in parts:
            # A sender of its own keeps parts of different messages apart.
            payload = submit_sm(part.udh + part.user_data, len(frames) + 1, f"4477{number:08}")
            frames.append(over_tcp(payload, at))
            at += len(payload)
        if len(parts) == 1:
            tree = inspect_user_data(
                udh=parts[0].udh, body=parts[0].user_data, data_coding=4, protocol_id=0, udl=None
            ).fields
        else:
            joined = join([PartOctets(part.udh, part.user_data, part.data_coding) for part in parts])
            assert joined.inspection is not None
            tree = joined.inspection.fields
        last[len(frames) - 1] = (push, leaves(tree))
    seen = dissect(
        tmp_path,
        RAW_IP,
        frames,
        "-o",
        "gsm_sms_ud.port_number_udh_means_wsp:TRUE",
        "-o",
        "smpp.decode_sms_over_smpp:TRUE",
    )
    assert len(seen) == len(frames)
    for index, (push, ours) in last.items():
        layers = seen[index]
        assert every(layers, "wsp.header.content_type") == ["application/vnd.wap.sic"]
        assert every(layers, "wbxml.known_tag") == ["si", "indication"]
        strings = [field.meaning for field in ours if field.name == "Inline String"]
        assert every(layers, "wbxml.str_i") == strings
        starts = [field.meaning for field in ours if field.name == "Attribute Start"]
        values = [field.meaning for field in ours if field.name == "Attribute Value"]
        assert len(every(layers, "wbxml.known_attrstart")) == len(starts) == 1
        assert len(every(layers, "wbxml.known_attrvalue")) == len(values)
        assert strings[-1] == push.title
