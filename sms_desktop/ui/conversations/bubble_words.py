"""The words of a bubble: its text as it is shown, its meta line, and what a screen reader says.

Called by layout and access.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.states import State
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.conversations.cards import Card, card_of
from sms_desktop.ui.conversations.verdict import Verdict
from sms_desktop.ui.states import STATE_ICONS, in_sentence, state_word
from sms_desktop.ui.times import clock, now_us

CLIPPED_AT = 2_000
"""Characters of a text that are laid out before it is asked for whole."""
_TICKS_AT_MOST = 6
_LINE_SEPARATOR = "\u2028"  # QTextLayout breaks lines here, and not at a line feed
# Other control characters are shown by their pictures (U+2400 and following) instead of being lost.
_SHOWN = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421, 0x09: 0x09}
_SHOWN |= {0x0A: ord(_LINE_SEPARATOR), 0x0C: ord(_LINE_SEPARATOR)}


@dataclass(frozen=True, slots=True)
class Missing:
    """Parts of a received message that have not arrived: a block at their place."""

    words: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The small line: one state per tick (empty: no ticks), words, and the icon at its end ("" for none)."""

    ticks: tuple[State, ...]
    words: str
    icon: str
    icon_state: State


def shown(text: str) -> str:
    """A text as it is laid out: every line end is one, and control characters can be seen."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SHOWN)


def missing_parts(row: MessageRow) -> tuple[int, ...]:
    """The numbers of the parts of a received message that have not arrived."""
    if not row.inbound or row.parts_total < 2:
        return ()
    there = {part.index for part in row.parts if part.text is not None}
    return tuple(number for number in range(1, row.parts_total + 1) if number not in there)


def blocks_of(row: MessageRow) -> tuple[str | Missing | Card, ...]:
    """What stands in the bubble, in order: texts, a card, and blocks for what has not arrived."""
    missing = set(missing_parts(row))
    if not missing:
        return (card_of(row) or row.text,)
    texts = {part.index: part.text for part in row.parts}
    blocks: list[str | Missing | Card] = []
    number = 1
    while number <= row.parts_total:
        first = number
        while number <= row.parts_total and (number in missing) == (first in missing):
            number += 1
        if first in missing:
            blocks.append(Missing(_missing_words(first, number - 1, row)))
        else:
            blocks.append("".join(texts[index] or "" for index in range(first, number)))
    return tuple(blocks)


def meta_of(row: MessageRow, verdict: Verdict | None) -> Meta:
    """The small line of a bubble."""
    time = clock(row.created_us)
    missing = missing_parts(row)
    if row.inbound:
        if not missing:
            return Meta((), time, "", row.state)
        there = _parts_words("%1 of %2 parts", row.parts_total - len(missing), row.parts_total)
        return Meta((), f"{there} · {time}", "state-missing-part", State.PARTIAL)
    said = []
    ticks: tuple[State, ...] = ()
    if row.parts_total > 1:
        delivered = sum(1 for part in row.parts if part.state is State.DELIVERED)
        known = {part.index: part.state for part in row.parts}
        if row.parts_total <= _TICKS_AT_MOST:
            ticks = tuple(known.get(number, row.state) for number in range(1, row.parts_total + 1))
        if delivered:
            said.append(_parts_words("%1 of %2 parts delivered", delivered, row.parts_total))
        else:
            said.append(QCoreApplication.translate("Bubble", "%n part(s)", "", row.parts_total))
    if verdict is None and row.state is not State.DELIVERED:
        said.append(in_sentence(_state_word(row)))
    said.append(time)
    return Meta(ticks, " · ".join(said), STATE_ICONS[row.state], row.state)


def spoken(row: MessageRow, name: str, verdict: Verdict | None) -> str:
    """One line for a screen reader: from whom, to whom, what, state, when."""
    missing = missing_parts(row)
    card = None if missing else card_of(row)
    text = card.spoken if card is not None else one_line(row.text)
    time = clock(row.created_us)
    if row.inbound:
        said = [name, text]
        if missing:
            said.append(_missing_words(missing[0], missing[0], row))
        return ", ".join((*said, time))
    you = QCoreApplication.translate("Bubble", "You, to %1").replace("%1", name)
    said = [you, text]
    if row.parts_total > 1:
        said.append(meta_of(row, verdict).words.split(" · ")[0])
    said.append(in_sentence(verdict.head if verdict is not None else _state_word(row)))
    return ", ".join((*said, time))


def tooltip(row: MessageRow) -> str:
    """The state in words."""
    return _state_word(row)


def _state_word(row: MessageRow) -> str:
    word = next((part.word for part in row.parts if part.state is State.UNKNOWN and part.word), None)
    if row.state is State.UNKNOWN and word:
        return QCoreApplication.translate("Bubble", 'Unknown status "%1"').replace("%1", one_line(word))
    return state_word(row.state)


def _parts_words(pattern: str, some: int, of: int) -> str:
    return QCoreApplication.translate("Bubble", pattern).replace("%1", str(some)).replace("%2", str(of))


def _missing_words(first: int, last: int, row: MessageRow) -> str:
    if first == last:
        words = _parts_words("Part %1 of %2 has not arrived", first, row.parts_total)
    else:
        words = QCoreApplication.translate("Bubble", "Parts %1 to %3 of %2 have not arrived")
        words = words.replace("%1", str(first)).replace("%3", str(last)).replace("%2", str(row.parts_total))
    minutes = max(0, now_us() - row.created_us) // 60_000_000
    if minutes >= 1:
        words += " · " + QCoreApplication.translate("Bubble", "waited %n min", "", minutes)
    return words
