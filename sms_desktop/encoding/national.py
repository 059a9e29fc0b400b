"""Which national tables hold a text most cheaply. Called by encode and `smsctl encode --national`.

For messages that are built and shown: the API's text messages take no national tables, so that a provider
can't be asked to send one as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.concatenation import ReferenceBits, concatenation_octets
from sms_desktop.encoding.gsm7_tables import BLANK, ESCAPE, tables
from sms_desktop.encoding.national_tables import LANGUAGES, LOCKING, SINGLE
from sms_desktop.encoding.segments import lay_out, room
from sms_desktop.messages.errors import Mendable

_SINGLE_SHIFT = 0x24
_LOCKING_SHIFT = 0x25


@dataclass(frozen=True, slots=True)
class TableSet:
    """A locking and a single shift table by their national language identifiers; 0 is none."""

    locking: int = 0
    single: int = 0

    @property
    def header(self) -> bytes:
        """The user data header that announces them, with its length octet; empty for none.

        An element of three octets each (TS 23.040 9.2.3.24.15 and .16).
        """
        elements = b""
        if self.single:
            elements += bytes((_SINGLE_SHIFT, 1, self.single))
        if self.locking:
            elements += bytes((_LOCKING_SHIFT, 1, self.locking))
        return bytes((len(elements),)) + elements if elements else b""

    @property
    def words(self) -> str:
        """As `Turkish locking shift, Turkish single shift`; `default alphabet` for none."""
        said = [f"{LANGUAGES[self.locking]} locking shift"] if self.locking else []
        said += [f"{LANGUAGES[self.single]} single shift"] if self.single else []
        return ", ".join(said) or "default alphabet"


def cheapest(text: str, *, reference_bits: ReferenceBits = 8) -> TableSet:
    """The tables that hold all of `text` in the fewest parts, and of these in the fewest septets.

    Headers count. Between equals the choice is no table, then one, then both, a single shift table before a
    locking one. Raises Mendable when no two tables hold the text together.
    """
    best: tuple[_Cost, TableSet] | None = None
    # A cost that counts only septets is a lower bound: whole pairs may leave a septet of a part free.
    for bound, tried in sorted(_candidates(text, reference_bits), key=lambda candidate: candidate[0]):
        if best is not None and bound >= best[0]:
            break
        cost = _cost(tried, _parts(text, tried, reference_bits), bound.septets, reference_bits)
        if best is None or cost < best[0]:
            best = cost, tried
    if best is None:
        raise _refused(text)
    return best[1]


@dataclass(frozen=True, slots=True, order=True)
class _Cost:
    parts: int
    all_septets: int
    tables: int
    locking: int
    single: int
    septets: int


def _cost(tried: TableSet, parts: int, septets: int, reference_bits: ReferenceBits) -> _Cost:
    header = _header_octets(tried, reference_bits, several=parts > 1)
    each = (8 * header + gsm7.fill_bits(header)) // 7
    return _Cost(
        parts,
        parts * each + septets,
        bool(tried.locking) + bool(tried.single),
        tried.locking,
        tried.single,
        septets,
    )


def _candidates(text: str, reference_bits: ReferenceBits) -> Iterator[tuple[_Cost, TableSet]]:
    """Each pair of tables that holds all characters, with the cost that it has at least."""
    counted = Counter(text)
    distinct = frozenset(counted)
    for locking in (0, *LOCKING):
        shifted = distinct - _characters(locking, None)
        septets = len(text) + sum(counted[character] for character in shifted)
        for single in (0, *SINGLE):
            if shifted <= _characters(None, single):
                tried = TableSet(locking, single)
                parts = 1
                if septets > room("gsm7", _header_octets(tried, reference_bits, several=False)):
                    parts = -(-septets // room("gsm7", _header_octets(tried, reference_bits, several=True)))
                yield _cost(tried, parts, septets, reference_bits), tried


def _parts(text: str, tried: TableSet, reference_bits: ReferenceBits) -> int:
    layout = lay_out(
        text,
        encoding="gsm7",
        reference_bits=reference_bits,
        header_octets=len(tried.header),
        locking=tried.locking,
        single=tried.single,
    )
    return len(layout.unit_ends)


def _header_octets(tried: TableSet, reference_bits: ReferenceBits, *, several: bool) -> int:
    own = len(tried.header)
    return max(own, 1) + concatenation_octets(reference_bits) - 1 if several else own


@cache  # bounded by the tables that there are
def _characters(locking: int | None, single: int | None) -> frozenset[str]:
    """What one table alone can write: of the two, the one that is not None."""
    meant = tables(locking or 0, single or 0)
    table, avoided = (
        (meant.locking, meant.disputed | {ESCAPE})
        if single is None
        else (meant.single, meant.disputed_single)
    )
    return frozenset(one for septet, one in enumerate(table) if septet not in avoided) - {BLANK}


def _refused(text: str) -> Mendable:
    known = frozenset().union(
        *(_characters(locking, None) for locking in (0, *LOCKING)),
        *(_characters(None, single) for single in (0, *SINGLE)),
    )
    message = "No two national tables hold all characters of this text."
    outside = next((position for position, character in enumerate(text) if character not in known), None)
    if outside is not None:
        named = f"Character {outside + 1} (U+{ord(text[outside]):04X})"
        message = f"{named} is in no national table, or in one that phones read differently."
    return Mendable(message, field="text", hint="Replace it, or send the message as Unicode.")
