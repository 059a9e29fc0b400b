"""What a text would cost to send, and what stands in the way.

Pure; asked at each key press by the compose pane.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.segments import SegmentCount, count, count_with_ends
from sms_desktop.messages.kinds import Kind

_FEW = 20
_CERTAINLY_FINE = 10  # parts: fewer never hold too many characters


class Offender(NamedTuple):
    """A character outside GSM-7, how often it occurs, and what could stand for it (None: nothing fits)."""

    character: str
    occurrences: int
    suggestion: str | None


class Measure(NamedTuple):
    """A text's figures.

    While characters are outside GSM-7 and their loss is not accepted, the figures are those of Unicode.
    `cured` is the number of parts once every suggestion is taken; `cheaper` the number of parts as Text,
    where Unicode needs more; `problem` says why a text of this size can't be sent. `ends` is where each part
    ends, in UTF-16 code units.
    """

    figures: SegmentCount
    offenders: tuple[Offender, ...]
    cured: int | None
    cheaper: int | None
    problem: str | None
    ends: tuple[int, ...] = ()

    @property
    def parts(self) -> int:
        """How many parts."""
        return self.figures.segment_count

    @property
    def replaceable(self) -> tuple[Offender, ...]:
        """The offenders for which something fits."""
        return tuple(offender for offender in self.offenders if offender.suggestion is not None)


def measure(
    text: str, kind: Kind, *, accept_loss: bool, counted: tuple[SegmentCount, tuple[int, ...]] | None = None
) -> Measure:
    """Measure a text as it stands in the editor. Linear in its length.

    `counted` is what `count_with_ends` would give, where it is known already.
    """
    match kind:
        case Kind.TEXT:
            figures, ends = counted or count_with_ends(text, encoding="gsm7" if accept_loss else "auto")
            outside = accept_loss or figures.encoding == "ucs2"
            offenders = _offenders(text) if outside else ()
            return Measure(figures, offenders, _cured(text, offenders), None, _problem(text, figures), ends)
        case Kind.UNICODE:
            figures, ends = counted or count_with_ends(text, encoding="ucs2")
            cheaper = _as_text(text, figures.segment_count)
            return Measure(figures, (), None, cheaper, _problem(text, figures), ends)
        case _:
            raise ValueError(f"{kind} is not measured as a text")


def character_name(character: str) -> str:
    """A character as it is named in a sentence: itself, or its code point where it could not be seen."""
    if character.isspace() or unicodedata.category(character)[0] in "CM":
        return f"U+{ord(character):04X}"
    return character


def _offenders(text: str) -> tuple[Offender, ...]:
    from sms_desktop.encoding.transliteration import suggest  # tables: loaded with the first offender

    counted = Counter(gsm7.unsupported_characters(text))
    return tuple(Offender(character, number, suggest(character)) for character, number in counted.items())


def _cured(text: str, offenders: tuple[Offender, ...]) -> int | None:
    curable = [offender for offender in offenders if offender.suggestion is not None]
    if not curable:
        return None
    # Replacing a few characters one after the other is far quicker than translating all.
    for offender in curable[:_FEW]:
        text = text.replace(offender.character, offender.suggestion or "")
    if len(curable) > _FEW:
        from sms_desktop.encoding.transliteration import transliterate

        text = transliterate(text)
    return count(text).segment_count


def _as_text(text: str, parts: int) -> int | None:
    if parts < 2 or not gsm7.is_encodable(text):
        return None
    as_text = count(text, encoding="gsm7").segment_count
    return as_text if as_text < parts else None


def _problem(text: str, figures: SegmentCount) -> str | None:
    if figures.segment_count < _CERTAINLY_FINE:
        return None
    from sms_desktop.encoding.concatenation import MAX_PARTS
    from sms_desktop.messages.options import TEXT_MAXIMUM

    if figures.segment_count > MAX_PARTS:
        words = QCoreApplication.translate("Measure", "%1 parts. One message has %2 at most.")
        return words.replace("%1", f"{figures.segment_count:,}").replace("%2", str(MAX_PARTS))
    if len(text) > TEXT_MAXIMUM:
        words = QCoreApplication.translate(
            "Measure", "%1 characters. The gateway takes at most %2 in one message."
        )
        return words.replace("%1", f"{len(text):,}").replace("%2", f"{TEXT_MAXIMUM:,}")
    return None
