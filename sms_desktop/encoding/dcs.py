"""The data coding scheme of TS 23.038 4: one octet, both ways and in words. Called by inspect and tpdu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sms_desktop.encoding.tree import Annotator, Field

Alphabet = Literal["gsm7", "8bit", "ucs2"]
"""How user data is to be read: septets, plain octets, or UTF-16BE."""

WaitingKind = Literal["voicemail", "fax", "email", "other"]
"""What waits for the person, in the order of the two bits that say so."""

ALPHABETS: Final[dict[Alphabet, str]] = {
    "gsm7": "GSM 7-bit default alphabet",
    "8bit": "8-bit data",
    "ucs2": "UCS-2",
}

EIGHT_BIT: Final = 0x04
"""8-bit data, no class, not compressed."""

MESSAGE_CLASSES: Final = ("flash: shown at once", "phone memory", "SIM", "terminal equipment")
"""What each message class asks for (TS 23.038 4)."""

_KINDS: Final[tuple[WaitingKind, ...]] = ("voicemail", "fax", "email", "other")
_KIND_WORDS: Final[dict[WaitingKind, str]] = {
    "voicemail": "voicemail",
    "fax": "fax",
    "email": "e-mail",
    "other": "other message",
}
_BY_BITS: Final[tuple[Alphabet, ...]] = ("gsm7", "8bit", "ucs2")
_ALPHABET_BITS = (*ALPHABETS.values(), "reserved, read as GSM 7-bit default alphabet")


@dataclass(frozen=True, slots=True)
class MessageWaiting:
    """A message waiting indication: set or clear (`active`), of a kind, with a text to keep or to discard."""

    active: bool
    kind: WaitingKind
    store: bool


@dataclass(frozen=True, slots=True)
class DataCoding:
    """What a data coding octet says.

    `alphabet` is the one to read with: GSM-7 where the octet is `reserved`, as the standard asks.
    `message_class` is 0 to 3, or None. `automatic_deletion` marks a message that goes once it was read.
    """

    alphabet: Alphabet
    compressed: bool = False
    message_class: int | None = None
    automatic_deletion: bool = False
    waiting: MessageWaiting | None = None
    reserved: bool = False

    @property
    def words(self) -> str:
        """The whole octet in words, the alphabet first."""
        said = [ALPHABETS[self.alphabet]]
        if self.reserved:
            said[0] = f"reserved, read as {said[0]}"
        if self.compressed:
            said.append("compressed")
        if self.message_class is not None:
            said.append(f"class {self.message_class} ({MESSAGE_CLASSES[self.message_class]})")
        if self.automatic_deletion:
            said.append("deleted once read")
        if self.waiting is not None:
            state = "waiting" if self.waiting.active else "no longer waiting"
            said.append(f"{_KIND_WORDS[self.waiting.kind]} {state}")
            said.append("text stored" if self.waiting.store else "text discarded")
        return ", ".join(said)


def parse(octet: int) -> DataCoding:
    """What the octet says; every one of the 256 has a meaning.

    Raises ValueError when it is no octet.
    """
    _refuse_what_is_no_octet(octet)
    match octet >> 4:
        case group if group < 0b1000:
            alphabet = octet >> 2 & 3
            return DataCoding(
                alphabet=_BY_BITS[alphabet] if alphabet < 3 else "gsm7",
                compressed=bool(octet & 0x20),
                message_class=octet & 3 if octet & 0x10 else None,
                automatic_deletion=bool(octet & 0x40),
                reserved=alphabet == 3,
            )
        case 0b1100 | 0b1101 | 0b1110 as group:
            waiting = MessageWaiting(bool(octet & 8), _KINDS[octet & 3], store=group != 0b1100)
            return DataCoding("ucs2" if group == 0b1110 else "gsm7", waiting=waiting)
        case 0b1111:
            return DataCoding("8bit" if octet & 4 else "gsm7", message_class=octet & 3)
        case _:
            return DataCoding("gsm7", reserved=True)


def build(coding: DataCoding, *, class_group: bool = False) -> int:
    """The octet that says `coding`.

    A class can be said in two ways: in the general group (0x10 and up), or in the group 0xF0 that says only
    an alphabet and a class (`class_group`). Raises ValueError for what no octet can say.
    """
    if coding.message_class is not None and not 0 <= coding.message_class <= 3:
        raise ValueError(f"there is no message class {coding.message_class}")
    if coding.waiting is not None:
        return _waiting_octet(coding, coding.waiting)
    plain = not (coding.compressed or coding.automatic_deletion or coding.reserved)
    if class_group:
        if coding.message_class is None or coding.alphabet == "ucs2" or not plain:
            raise ValueError("the group 0xF0 says a class with GSM-7 or 8-bit data, and nothing else")
        return 0xF0 | (4 if coding.alphabet == "8bit" else 0) | coding.message_class
    if coding.reserved and coding.alphabet != "gsm7":
        raise ValueError("a reserved octet is read as GSM-7")
    bits = 3 if coding.reserved else _BY_BITS.index(coding.alphabet)
    message_class = 0 if coding.message_class is None else 0x10 | coding.message_class
    return coding.automatic_deletion << 6 | coding.compressed << 5 | message_class | bits << 2


def _waiting_octet(coding: DataCoding, waiting: MessageWaiting) -> int:
    if coding != DataCoding(coding.alphabet, waiting=waiting) or coding.alphabet == "8bit":
        raise ValueError("a message waiting octet says GSM-7 or UCS-2, and no class, compression or deletion")
    if coding.alphabet == "ucs2" and not waiting.store:
        raise ValueError("no octet asks to discard a message waiting text in UCS-2")
    group = 0xE0 if coding.alphabet == "ucs2" else 0xD0 if waiting.store else 0xC0
    return group | waiting.active << 3 | _KINDS.index(waiting.kind)


def read(annotator: Annotator, at: int, name: str) -> tuple[DataCoding, Field]:
    """The octet at `at` as a field with a child for each group of bits; problems for bits not 0."""
    octet = annotator.data[at]
    coding = parse(octet)
    bits = annotator.bits
    group = octet >> 4
    children: tuple[Field, ...]
    if group < 0b1000:
        message_class = MESSAGE_CLASSES[octet & 3] if octet & 0x10 else "not used"
        children = (
            bits("Message Class", at, 0, 2, message_class),
            bits("Alphabet", at, 2, 2, _ALPHABET_BITS[octet >> 2 & 3]),
            bits("Class Present", at, 4, 1, "the class counts" if octet & 0x10 else "no class"),
            bits("Compressed", at, 5, 1, "compressed (TS 23.042)" if octet & 0x20 else "not compressed"),
            bits("Coding Group", at, 6, 2, "general, deleted once read" if octet & 0x40 else "general"),
        )
        if octet & 3 and not octet & 0x10:
            annotator.problem(
                at, "Bits 1 and 0 of the data coding say a class only with bit 4, and should be 0."
            )
    elif group == 0b1111:
        children = (
            bits("Message Class", at, 0, 2, MESSAGE_CLASSES[octet & 3]),
            bits("Alphabet", at, 2, 1, ALPHABETS[coding.alphabet]),
            bits("Reserved", at, 3, 1),
            bits("Coding Group", at, 4, 4, "alphabet and class"),
        )
        if octet & 8:
            annotator.problem(at, "Bit 3 of the data coding is reserved and should be 0.", bit=3)
    elif coding.waiting is not None:
        children = (
            bits("Waiting Kind", at, 0, 2, _KIND_WORDS[coding.waiting.kind]),
            bits("Reserved", at, 2, 1),
            bits("Indication", at, 3, 1, "set active" if coding.waiting.active else "set inactive"),
            bits("Coding Group", at, 4, 4, f"message waiting, {coding.words.rpartition(', ')[2]}"),
        )
        if octet & 4:
            annotator.problem(at, "Bit 2 of the data coding is reserved and should be 0.", bit=2)
    else:
        children = (bits("Reserved", at, 0, 4), bits("Coding Group", at, 4, 4, "reserved"))
    if coding.reserved:
        annotator.problem(at, f"Data coding {octet:02X} is reserved; phones read it as GSM-7.")
    return coding, annotator.octets(name, at, at + 1, coding.words, children)


def _refuse_what_is_no_octet(number: int) -> None:
    if not 0 <= number <= 255:
        raise ValueError(f"{number} is no octet")
