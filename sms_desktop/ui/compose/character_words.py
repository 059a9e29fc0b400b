"""One character of a text in words: what it is, where it stands, what it costs and why.

Shown and spoken by editor and part map.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from sms_desktop.encoding.segment_map import MappedCharacter, SegmentMap, Why
from sms_desktop.encoding.suspicious import character_names


def described(mapped: MappedCharacter, whole: SegmentMap, *, unicode: bool) -> str:
    """One line about a character; `unicode` says that the person chose Unicode for the whole text."""
    number = _tr("Part %1 of %2")
    number = number.replace("%1", str(mapped.segment)).replace("%2", str(whole.figures.segment_count))
    units = QCoreApplication.translate("Characters", "%n unit(s)", "", mapped.units)
    said = [named(mapped.character), number, f"{units}: {_why(mapped, whole, unicode=unicode)}"]
    if mapped.pushed_over:
        said.append(_tr("begins this part, because it is never split and one unit was left before it"))
    return " · ".join(said)


def named(character: str) -> str:
    """The character itself where it can be seen, its code point and its name."""
    name = character_names(character)
    return f"{character}  {name}" if character.isprintable() and not character.isspace() else name


def _why(mapped: MappedCharacter, whole: SegmentMap, *, unicode: bool) -> str:
    in_gsm7 = whole.figures.encoding == "gsm7"
    match mapped.why:
        case Why.BASIC if in_gsm7:
            return _tr("in the GSM-7 alphabet")
        case Why.EXTENSION | Why.SHIFTED if in_gsm7:
            return _tr("in the extension table of GSM-7: an escape goes before it")
        case Why.BASIC | Why.EXTENSION | Why.SHIFTED if unicode:
            return _tr("needs no Unicode")
        case Why.BASIC:
            return _tr("needs no Unicode, but another character of the text does")
        case Why.EXTENSION | Why.SHIFTED:
            return _tr("needs no Unicode (2 units in GSM-7), but another character of the text does")
        case Why.NEEDS_UCS2 | Why.SURROGATE_PAIR if in_gsm7:
            return _tr("not in GSM-7: it arrives as ?")
        case Why.NEEDS_UCS2:
            return _tr("needs Unicode") if unicode else _tr("needs Unicode, and with it the whole text does")
        case _:
            return (
                _tr("needs Unicode, as a surrogate pair")
                if unicode
                else _tr("needs Unicode, as a surrogate pair, and with it the whole text does")
            )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Characters", text)
